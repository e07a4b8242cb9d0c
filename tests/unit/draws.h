// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that come out the same on every machine, and what a thousand draws may be like.
#ifndef PSOASMON_DRAWS_H
#define PSOASMON_DRAWS_H

#include <math.h>
#include <stdint.h>

// Of 1,000 intervals of 95 % so few or so many cover the truth in one test of a thousand.
#define COVERED_MIN 927
#define COVERED_MAX 973
#define CLAIMS_MAX  73

static uint64_t random_state;

static inline double uniform(void) // xorshift64*
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (double)(random_state * UINT64_C(2685821657736338717) >> 11) / 9007199254740992.0;
}

static inline double normal(void) // Box and Muller
{
    return sqrt(-2 * log(1 - uniform())) * cos(2 * 3.14159265358979323846 * uniform());
}

static inline double binomial(double p) // of ten: the mean is ten times p
{
    int n = 0;
    for (int i = 0; i < 10; i++)
        n += uniform() < p;
    return n;
}

#endif
