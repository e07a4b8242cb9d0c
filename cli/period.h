// SPDX-License-Identifier: GPL-3.0-or-later
// The days a report is about. A night belongs to the day its evening has in the calendar of the
// place where it was slept.
#ifndef PSOASMON_PERIOD_H
#define PSOASMON_PERIOD_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "night/night.h"

enum period_kind {
    PERIOD_NIGHT, // one day's
    PERIOD_WEEK,
    PERIOD_MONTH,
    PERIOD_YEAR,
    PERIOD_DATES, // from one day to another
    PERIOD_KIND_N
};

struct period {
    enum period_kind kind;
    day_number from, to; // both belong to it
};

const char *period_kind_name(enum period_kind kind); // "night", "week", ..., "dates"

// The night, week, month or year that `day` belongs to.
struct period period_around(enum period_kind kind, day_number day, enum config_week week);

// The one before it, as long: the month before a month, as many days before so many dates.
// False where that would begin before 1970.
bool period_before(const struct period *period, struct period *before);

unsigned period_days(const struct period *period);

#define WEEKDAY_MONDAY 0
unsigned day_weekday(day_number day);

// The first day of the month that the day lies in.
day_number day_month_start(day_number day);
day_number day_month_end(day_number day);

// A calendar date in words.
struct date {
    int year, month, day;      // 2026, 1..12, 1..31
    const char *month_name;    // "January"
    const char *weekday_name;  // "Monday"
    const char *month_short;   // "Jan"
    const char *weekday_short; // "Mon"
};
struct date day_date(day_number day);

// A title: "Monday 5 to Sunday 11 January 2026", "January 2026".
void period_title(const struct period *period, char *text, size_t size);

#endif
