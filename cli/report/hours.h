// SPDX-License-Identifier: GPL-3.0-or-later
// Hours of the day lie on a circle: half past eleven and half past twelve at night are an hour
// apart, and midnight is between them.
#ifndef PSOASMON_HOURS_H
#define PSOASMON_HOURS_H

#include <stdbool.h>
#include <stddef.h>

#define HOURS_DAY_S 86400

// From one to the other the shorter way, in [-12 h, 12 h).
double hours_between(double from_s, double to_s);

struct hours {
    size_t n;
    // The circular mean (Mardia & Jupp, Directional Statistics, 2000, 2.2), in [0, 24 h). Not known
    // of none, or where they point all around the clock.
    bool known;
    double mean_s;
    // The standard deviation about it, the shorter way round, over n - 1; not known of fewer than
    // SPREAD_NIGHTS_MIN.
    bool sd_known;
    double sd_s;
};

// Seconds after midnight.
struct hours hours_of(const double *clock_s, size_t n);

#endif
