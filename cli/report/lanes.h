// SPDX-License-Identifier: GPL-3.0-or-later
// A night as lanes: what is drawn of it, on a terminal or elsewhere. A lane is a position that
// occurs in the night, or LANE_UNRECORDED: the time that nobody saw.
#ifndef PSOASMON_LANES_H
#define PSOASMON_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

#define LANE_UNRECORDED POSITION_N
#define LANE_N          (POSITION_N + 1)

struct stretch {
    int64_t start_s, end_s;
    unsigned lane;
    enum gap_reason reason; // of LANE_UNRECORDED; GAP_N: nobody knows
};

struct lanes {
    struct stretch *stretches; // in order; between them they fill the night
    size_t n;
    int64_t start_s, end_s;
    int64_t lane_s[LANE_N]; // how much of the night is in it
    // Those that occur, in the order to be shown: what is friendly on top, then what is not, then
    // not known, out of bed, not recorded.
    unsigned order[LANE_N], n_order;
};

// Of a night with its bouts and gaps. 0, -ENOMEM.
int lanes_of(struct lanes *ret, const struct report *report, const struct night_entry *entry);
void lanes_free(struct lanes *lanes);

// "left fetal", at most POSITION_BRIEF_WIDTH.
const char *lane_name(unsigned lane);

#endif
