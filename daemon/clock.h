// SPDX-License-Identifier: GPL-3.0-or-later
// The time that frames are given: the wall clock when it was anchored, and what has elapsed
// since. A night must neither jump nor run backwards when NTP or somebody sets the clock at three
// in the morning, so it is anchored again only between two nights. CLOCK_BOOTTIME, because it
// goes on while the machine sleeps.
#ifndef PSOASMON_CLOCK_H
#define PSOASMON_CLOCK_H

#include <stdint.h>

struct steady_clock {
    int64_t wall_us, elapsed_us; // the two clocks when it was anchored
};

void clock_anchor(struct steady_clock *clock);

// UTC.
int64_t clock_now_us(const struct steady_clock *clock);

// How far the wall clock has been set forward since the anchor; negative: back.
int64_t clock_stepped_us(const struct steady_clock *clock);

// For measuring how long something takes: never set, goes on while the machine sleeps.
int64_t clock_elapsed_us(void);

#endif
