// SPDX-License-Identifier: GPL-3.0-or-later
// In bed or not: ticks go in as the model saw them and come out, a little later, with the state
// that lasted. Something on the bed is not somebody in it: to get in, a person must have been seen
// lying there, or have moved like one. Private to core/night.
#ifndef PSOASMON_OCCUPANCY_H
#define PSOASMON_OCCUPANCY_H

#include "night/night.h"

// The longest debounce the rules may ask for.
#define OCCUPANCY_SETTLE_MAX_S 120

// Somebody whose position is never known is a person if they stirred this often, having lain still
// for at least so long before, and not for longer than that: sleepers do, and nothing else on a
// bed.
#define OCCUPANCY_STIRS         3
#define OCCUPANCY_STIR_AFTER_S  300
#define OCCUPANCY_STIR_WITHIN_S 3600

// A tick, and whether somebody moved in it.
struct sighting {
    struct tick tick;
    bool moved;
};

struct occupancy {
    int64_t settle_in_s, settle_out_s, unknown_s;
    float lying_m2;
    bool in_bed;
    struct sighting held[OCCUPANCY_SETTLE_MAX_S]; // those that may be a change of in_bed
    size_t n_held;
    int64_t for_change_s; // how many of them speak for it, less those that speak against it
    float empty_m2;       // pressed while nobody is there: blankets, a baseline that drifted
    // Out of bed: the movements of what might be a person.
    int64_t stirs, first_stir_s, last_moved_s, nobody_s;
    // In bed: up to when somebody was seen to lie there, moved or changed.
    int64_t alive_s;
    enum position last_position;
};

typedef int (*occupancy_sink)(const struct sighting *sighting, bool in_bed, void *userdata);

int occupancy_tick(struct occupancy *occupancy, const struct sighting *sighting,
                   occupancy_sink sink, void *userdata);

// All that is remembered was by_s later.
void occupancy_move(struct occupancy *occupancy, int64_t by_s);

// No more ticks for a while: what is held back did not last.
int occupancy_release(struct occupancy *occupancy, occupancy_sink sink, void *userdata);

// What lies there has neither been in a known position nor moved for `unknown_s`: it is no person,
// and is taken for part of the empty bed. True where that is so, and since when; ticks from then on
// were told as in bed, and were not.
bool occupancy_gone(struct occupancy *occupancy, const struct tick *tick, int64_t *ret_since_s);

// Somebody is taken to be in bed from time_s on, whatever was seen before.
void occupancy_assume(struct occupancy *occupancy, int64_t time_s);

#endif
