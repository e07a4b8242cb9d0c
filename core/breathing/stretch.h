// SPDX-License-Identifier: GPL-3.0-or-later
// A minute of samples, and the part of it in which somebody lay still enough to be heard to
// breathe. Private to core/breathing.
#ifndef PSOASMON_STRETCH_H
#define PSOASMON_STRETCH_H

#include "breathing/sampler.h"

#define MINUTE_SAMPLES RHYTHM_SAMPLES_MAX

struct minute {
    float signals[SIGNALS_N][MINUTE_SAMPLES];
    float loads[MINUTE_SAMPLES];
    uint8_t frames[MINUTE_SAMPLES];
    bool seen[MINUTE_SAMPLES];
};

struct stretch {
    size_t first, n; // samples
};

// The longest stretch without a hole and without a movement. False where none is long enough, or
// where frames came more slowly than `least_hz` in it.
bool stretch_find(const struct minute *minute, double least_hz, struct stretch *ret);

#endif
