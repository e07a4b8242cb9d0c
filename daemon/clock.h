// SPDX-License-Identifier: GPL-3.0-or-later
// The time that frames are given: CLOCK_BOOTTIME, which nobody sets and which goes on while the
// machine sleeps, plus a whole number of seconds that makes it the wall clock's time to within a
// second. Where the wall clock is set, in the middle of a night or not, clock_follow says by how
// much, and from then on this clock goes by it; until then it goes on as if nothing had happened.
#ifndef PSOASMON_CLOCK_H
#define PSOASMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct steady_clock {
    int64_t wall_us, elapsed_us; // the two clocks when it was anchored
    int64_t rest_us;             // what the wall clock was ahead of wall_us then
    bool astray;                 // the wall clock shows a time that cannot be; already said
    int64_t slept_us;            // since boot, as last asked
};

void clock_anchor(struct steady_clock *clock);

// UTC.
int64_t clock_now_us(const struct steady_clock *clock);

// What the time is ahead of CLOCK_BOOTTIME, a whole number of seconds.
int64_t clock_offset_s(const struct steady_clock *clock);

// How far the wall clock has been set forward since the anchor; negative: back.
int64_t clock_stepped_us(const struct steady_clock *clock);

enum clock_news {
    CLOCK_STEADY, // what is less than a second is not worth moving a night for
    CLOCK_SET,    // by *by_s, and this clock with it
    CLOCK_ASTRAY, // set back to before TIME_KNOWN_S, which cannot be: this clock knows better
};
enum clock_news clock_follow(struct steady_clock *clock, int64_t *by_s);

// How long the machine has slept since last asked.
int64_t clock_slept_us(struct steady_clock *clock);

// For measuring how long something takes: never set, goes on while the machine sleeps.
int64_t clock_elapsed_us(void);

// The kernel's id for this boot, a UUID in text; empty where it has none.
#define CLOCK_BOOT_SIZE 37
void clock_boot(char boot[CLOCK_BOOT_SIZE]);

#endif
