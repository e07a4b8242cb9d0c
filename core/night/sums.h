// SPDX-License-Identifier: GPL-3.0-or-later
// What a night adds up to, bout by bout. The report and the live view add up with this.
#ifndef PSOASMON_SUMS_H
#define PSOASMON_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "position/position.h"

struct night_sums {
    int64_t recorded_s;     // on the pad, seen
    int64_t longest_bout_s; // in one known position
    int64_t turns;          // changes of known position; getting up and coming back is none
    int64_t exits;          // how often they got up and came back
    int64_t position_s[POSITION_N];
    enum position last_known; // since lying down; POSITION_UNKNOWN: none yet
    bool was_out;             // the last bout was out of bed
    int64_t out_s;            // if it was: for how long, in this bout and those before it
};

struct night_sums night_sums_none(void);
void night_sums_add(struct night_sums *sums, enum position position, int64_t seconds);
// They got up for good: what was added since is none of the night.
void night_sums_take_back_out(struct night_sums *sums);
int64_t night_sums_in(const struct night_sums *sums, position_set positions);

#endif
