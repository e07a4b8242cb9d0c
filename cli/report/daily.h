// SPDX-License-Identifier: GPL-3.0-or-later
// A period's nights day by day: the stays in bed of one evening together.
#ifndef PSOASMON_DAILY_H
#define PSOASMON_DAILY_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

struct day_figures {
    struct totals totals; // of the day's stays
    bool growing;         // one of them is being recorded
    // By the clock beside the bed, seconds after midnight; of the stays that are no nap, from the
    // first one's beginning to the last one's end.
    bool bedtime_known, rising_known;
    double bedtime_s, rising_s, middle_s;
};

struct daily {
    struct day_figures *days; // those that have a night, in order
    size_t n;
};

// 0, -ENOMEM. Freed by daily_free.
int daily_of(struct daily *ret, const struct report *report, const struct nights *nights);
void daily_free(struct daily *daily);

#endif
