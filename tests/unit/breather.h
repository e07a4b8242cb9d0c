// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody who breathes as told on a virtual pad, with everything that can be in the way: for
// test_breathing and for the bench. Chest and belly move against each other and weigh the same in
// sum, which is the hard case.
#ifndef PSOASMON_BREATHER_H
#define PSOASMON_BREATHER_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "breathing/breathing.h"
#include "random.h"
#include "surface/surface.h"

#define BREATHER_START_S INT64_C(1767648600) // the beginning of a minute

enum lying {
    LYING_BODY,
    LYING_SUITCASE,
    LYING_NOTHING,
};

// All zero but the first three: a body that breathes in and out like a pendulum, seen perfectly.
struct breather {
    double rate_hz, per_min;
    double depth;      // how far a breath moves pressure, as a share of the trunk's, to each side
    double jitter;     // of frame times, in frame times, to both sides
    double noise;      // counts, standard deviation
    double unevenness; // of breath lengths: standard deviation by mean
    double overtone;   // of the breath: a second harmonic, as a share of the breath
    double heart_per_min, heart; // with its second and third harmonic; a share, like depth
    double hum_hz, hum;          // counts on every cell alike
    double ripple_hz, ripple;    // a share of every reading alike
    double drift;                // by which the trunk leans to one side in a minute, as a share
    double walk;                 // the same at random: standard deviation after a second
    double scale;                // of the counts; 0: 1
    enum lying lying;
    double (*breath)(double time_s, double phase); // 0: the sine of the phase
    double (*shove)(double time_s);                // a leg's move, 0 to 1; may be 0
    uint64_t seed;
};

static inline double breather_base(const struct breather *b, int row, int col)
{
    double across = fabs(col - 15.5);
    if (b->lying == LYING_NOTHING)
        return 0;
    if (b->lying == LYING_SUITCASE)
        return row >= 20 && row < 45 && across < 10 ? 180 : 0;
    if (row >= 4 && row < 10)
        return across < 3 ? 150 : 0;
    if (row >= 12 && row < 34)
        return across < 8 ? 260 - 15 * across : 0;
    if (row >= 36 && row < 60)
        return across > 2 && across < 6 ? 120 : 0;
    return 0;
}

// How much a cell of the trunk shows of a breath: chest and belly, in opposite directions.
static inline double breather_part(int row)
{
    if (row >= 13 && row < 21)
        return sin(M_PI * (row - 12.5) / 8);
    if (row >= 23 && row < 31)
        return -sin(M_PI * (row - 22.5) / 8);
    return 0;
}

struct breather_state {
    float base[64][32], part[64];
    struct random random;
    double phase, pace; // cycles; of this breath against the mean
    double walked, last_s;
};

static inline struct breather_state breather_begin(const struct breather *b)
{
    struct breather_state state = {.random = random_seeded(b->seed, 0), .pace = 1};
    for (int row = 0; row < 64; row++) {
        state.part[row] = (float)breather_part(row);
        for (int col = 0; col < 32; col++)
            state.base[row][col] = (float)breather_base(b, row, col);
    }
    return state;
}

static inline void breather_frame(const struct breather *b, const struct pad *pad,
                                  struct breather_state *state, double time_s, uint16_t *counts)
{
    double elapsed_s = time_s - state->last_s, scale = b->scale > 0 ? b->scale : 1;
    double before = floor(state->phase);
    state->last_s = time_s;
    state->phase += elapsed_s * b->per_min / 60 / state->pace;
    if (floor(state->phase) > before)
        state->pace = fmax(0.3, 1 + b->unevenness * (double)random_normal(&state->random));
    state->walked += b->walk * sqrt(elapsed_s) * (double)random_normal(&state->random);
    double angle = 2 * M_PI * state->phase, beat = 2 * M_PI * b->heart_per_min / 60 * time_s;
    double breath = b->breath ? b->breath(time_s, angle) : sin(angle);
    breath = b->depth * (breath + b->overtone * sin(2 * angle + 1));
    double heart = b->heart * (sin(beat) + 0.6 * sin(2 * beat + 1) + 0.4 * sin(3 * beat + 2));
    double hum = b->hum * sin(2 * M_PI * b->hum_hz * time_s);
    double ripple = 1 + b->ripple * sin(2 * M_PI * b->ripple_hz * time_s);
    double lean = b->drift * time_s / 60 + state->walked;
    double shove = b->shove ? b->shove(time_s) : 0;
    for (int row = 0; row < 64; row++) {
        for (int col = 0; col < 32; col++) {
            double share = breath * (double)state->part[row];
            if (row >= 12 && row < 22)
                share += heart;
            if (row >= 12 && row < 34)
                share += lean * (col - 15.5) / 8;
            // The left leg's weight goes to the right one.
            if (row >= 36)
                share += shove * (col < 16 ? -0.8 : 0.8);
            double count = (double)state->base[row][col] * (1 + share) * ripple + hum +
                           b->noise * (double)random_normal(&state->random);
            count = fmin(fmax(scale * count, 0), pad->full_scale);
            counts[row * 32 + col] = (uint16_t)(count + 0.5);
        }
    }
}

// What is said about each of the minutes [0, n): false in found[] where nothing is.
static inline unsigned breather_sleep(const struct breather *b, const struct pad *pad, size_t n,
                                      bool *found, struct breath *breaths)
{
    static struct pressure_map map;
    static uint16_t counts[64 * 32];
    struct surface *surface;
    struct breathing *breathing;
    if (surface_new(&surface, pad) < 0 || breathing_new(&breathing, pad, b->rate_hz) < 0)
        abort();
    struct breather_state state = breather_begin(b);
    struct random times = random_seeded(b->seed, 1);
    unsigned n_found = 0;
    const struct frame frame = {.rows = 64, .cols = 32, .counts = counts};
    size_t minute = 0;
    int64_t last_us = 0;
    for (uint64_t i = 0; minute < n; i++) {
        double time_s = (double)i / b->rate_hz;
        int64_t now_us = BREATHER_START_S * 1000000 + llround(time_s * 1e6);
        // The frame shows its moment; it arrives some time after, and after the one before it.
        int64_t late_us = llround(b->jitter * 1e6 / b->rate_hz * random_between(&times, 0, 2));
        int64_t arrival_us = now_us + late_us > last_us ? now_us + late_us : last_us + 1;
        last_us = arrival_us;
        breather_frame(b, pad, &state, time_s, counts);
        if (surface_read(surface, &frame, &map) == 0)
            breathing_see(breathing, &map, arrival_us);
        if (time_s < 60 * (double)(minute + 1) + 1)
            continue;
        found[minute] =
            breathing_minute(breathing, BREATHER_START_S + 60 * (int64_t)minute, &breaths[minute]);
        n_found += found[minute++];
    }
    breathing_free(breathing);
    surface_free(surface);
    return n_found;
}

#endif
