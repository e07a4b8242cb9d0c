// SPDX-License-Identifier: GPL-3.0-or-later
// In bed or not, with debounce: ticks go in as the model saw them and come out, a little later,
// with the state that lasted. Private to core/night.
#ifndef PSOASMON_OCCUPANCY_H
#define PSOASMON_OCCUPANCY_H

#include "night/night.h"

// The longest debounce the rules may ask for.
#define OCCUPANCY_SETTLE_MAX_S 120

struct occupancy {
    int64_t settle_in_s, settle_out_s;
    bool in_bed;
    struct tick held[OCCUPANCY_SETTLE_MAX_S]; // ticks that speak against in_bed
    size_t n_held;
};

typedef int (*occupancy_sink)(const struct tick *tick, bool in_bed, void *userdata);

int occupancy_tick(struct occupancy *occupancy, const struct tick *tick, occupancy_sink sink,
                   void *userdata);

// The ticks held back were by_s later.
void occupancy_move(struct occupancy *occupancy, int64_t by_s);

// No more ticks for a while: what is held back did not last.
int occupancy_release(struct occupancy *occupancy, occupancy_sink sink, void *userdata);

#endif
