// SPDX-License-Identifier: GPL-3.0-or-later
// How fast frames come, and how long ago the last one came: by a clock that nobody sets, and
// whatever times the recorder gives the frames.
#ifndef PSOASMON_METER_H
#define PSOASMON_METER_H

#include <stdint.h>

#define METER_SECONDS 10

struct meter {
    uint64_t frames; // so far
    int64_t last_us; // when the last one came, in clock_elapsed_us; 0: none yet
    // The count at each tick of the last METER_SECONDS, a ring.
    struct {
        uint64_t frames;
        int64_t at_us;
    } ticks[METER_SECONDS + 1];
    unsigned n_ticks;
};

// Bytes have been taken: there are so many frames now.
void meter_frames(struct meter *meter, uint64_t frames, int64_t now_us);

// Once a second.
void meter_tick(struct meter *meter, int64_t now_us);

// Frames a second over the last METER_SECONDS.
double meter_rate_hz(const struct meter *meter);

// -1: none came yet.
int64_t meter_age_ms(const struct meter *meter, int64_t now_us);

#endif
