// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/daily.h"

#include <errno.h>
#include <stdlib.h>

#include "report/hours.h"
#include "local.h"

static double clock_of(const struct store_night *night, int64_t time_s)
{
    int64_t local_s = time_s + local_offset_s(night, time_s);
    return (double)((local_s % HOURS_DAY_S + HOURS_DAY_S) % HOURS_DAY_S);
}

static void add_hours(struct day_figures *day, const struct night_entry *entries, size_t n)
{
    const struct store_night *first = NULL, *last = NULL;
    for (size_t i = 0; i < n; i++) {
        if (entries[i].summary.nap)
            continue;
        if (!first)
            first = &entries[i].summary.night;
        last = &entries[i].summary.night;
    }
    if (!first)
        return;
    int64_t start_s = first->night.start_s, end_s = last->night.end_s;
    day->bedtime_known = true;
    day->bedtime_s = clock_of(first, start_s);
    // An open night has no end yet, or its recording broke off.
    if (last->open)
        return;
    day->rising_known = true;
    day->rising_s = clock_of(last, end_s);
    day->middle_s = clock_of(first, start_s + (end_s - start_s) / 2);
}

int daily_of(struct daily *ret, const struct report *report, const struct nights *nights)
{
    *ret = (struct daily){.days = calloc(nights->n ? nights->n : 1, sizeof *ret->days)};
    if (!ret->days)
        return -ENOMEM;
    for (size_t i = 0, end; i < nights->n; i = end) {
        const struct night_entry *entries = &nights->entries[i];
        struct day_figures *day = &ret->days[ret->n++];
        for (end = i; end < nights->n; end++) {
            const struct store_night *night = &nights->entries[end].summary.night;
            if (night->night.day != entries->summary.night.night.day)
                break;
            day->growing = day->growing || report_is_recording(report, night);
        }
        day->totals = totals_of(entries, end - i);
        add_hours(day, entries, end - i);
    }
    return 0;
}

void daily_free(struct daily *daily)
{
    free(daily->days);
    *daily = (struct daily){0};
}
