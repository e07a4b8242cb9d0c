// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded randomness that is the same on every machine: xoshiro256** (Blackman and Vigna, public
// domain), seeded with splitmix64, and distributions made of sums and products alone.
#ifndef PSOASMON_RANDOM_H
#define PSOASMON_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

// `stream` sets apart what is drawn for different purposes from one seed, so that more of the one
// does not shift the other.
static inline struct random random_seeded(uint64_t seed, uint64_t stream)
{
    struct random random;
    uint64_t x = seed + stream * UINT64_C(0xD1342543DE82EF95);
    for (int i = 0; i < 4; i++) {
        x += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = x;
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        random.state[i] = z ^ z >> 31;
    }
    return random;
}

static inline uint64_t random_rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline uint64_t random_bits(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t result = random_rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = random_rotate(s[3], 45);
    return result;
}

static inline double random_between(struct random *random, double low, double high)
{
    return low + (high - low) * (double)(random_bits(random) >> 11) * 0x1p-53;
}

// Below n, which is not 0.
static inline unsigned random_below(struct random *random, unsigned n)
{
    return (unsigned)((random_bits(random) >> 32) * n >> 32);
}

static inline bool random_chance(struct random *random, double probability)
{
    return random_between(random, 0, 1) < probability;
}

// About normal, mean 0, standard deviation 1, never beyond 3.5: the sum of the four 16-bit
// quarters of one draw. Quick enough for every cell of every frame.
static inline float random_normal(struct random *random)
{
    uint64_t bits = random_bits(random);
    int sum = (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) + (int)(bits >> 32 & 0xFFFF) +
              (int)(bits >> 48);
    return (float)(sum - 131070) * (1.0F / 37837.0F);
}

#endif
