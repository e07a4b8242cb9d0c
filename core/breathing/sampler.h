// SPDX-License-Identifier: GPL-3.0-or-later
// Frames come when they come; what looks for rhythms wants even samples. Between two frames a
// signal is taken to run straight, and a sample is its mean over a quarter of a second: no frame
// counts for more than the time it stands for, and what is faster (hearts) is mostly averaged out.
// Private to core/breathing.
#ifndef PSOASMON_SAMPLER_H
#define PSOASMON_SAMPLER_H

#include <stdint.h>

#include "breathing/rhythm.h"
#include "breathing/signals.h"

#define SAMPLE_US (INT64_C(1000000) / RHYTHM_HZ)

// What has no frame for this long was not seen.
#define SAMPLER_HOLE_US INT64_C(1000000)

struct values {
    float signals[SIGNALS_N];
    float load; // of the whole map
};

struct quarter {
    int64_t number; // of quarters of a second since 1970
    struct values values;
    unsigned frames; // that came in it
};

// Told of each quarter of a second that was seen from its beginning to its end.
typedef void (*sampler_sink)(const struct quarter *quarter, void *userdata);

// Plain storage; all zero is the beginning.
struct sampler {
    bool begun;
    int64_t last_us;
    struct values last;
    int64_t covered_us; // of the sample being filled
    struct quarter quarter;
};

// The next map; times do not go back. A map with nothing on it is a hole.
void sampler_see(struct sampler *sampler, const struct pressure_map *map, int64_t time_us,
                 sampler_sink sink, void *userdata);

#endif
