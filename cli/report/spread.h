// SPDX-License-Identifier: GPL-3.0-or-later
// How much nights differ among themselves, and whether two periods differ by more than that.
#ifndef PSOASMON_SPREAD_H
#define PSOASMON_SPREAD_H

#include <stddef.h>

struct spread {
    size_t n;
    double mean;
    double sd; // of a sample, over n - 1; 0 of fewer than two
};

struct spread spread_of(const double *values, size_t n);

// Nothing is judged by fewer nights than this on either side.
#define SPREAD_NIGHTS_MIN 3

enum trend {
    TREND_NOT_JUDGED,
    TREND_WITHIN, // no larger than the nights' own spread
    TREND_MORE,
    TREND_LESS,
};
const char *trend_name(enum trend trend); // "not judged", "within", "more", "less"

// A change counts where the means differ by more than one standard deviation of the nights (that
// of both periods, pooled: half of each one's variance), and by Welch's test (Biometrika 34, 1947,
// 28-35) at 95 % too. The first keeps a small change of many nights from being made much of, the
// second a large one of a few. Of weeks without a change, one in twenty gets an arrow for a
// figure all the same.
enum trend spread_judge(const struct spread *here, const struct spread *before);

#endif
