// SPDX-License-Identifier: GPL-3.0-or-later
// What people are used to where the locale says they are.
#ifndef PSOASMON_HABITS_H
#define PSOASMON_HABITS_H

#include "config/config.h"

// The week of a locale: LC_TIME's name, and what glibc knows of it (locale(5), LC_TIME): a date
// that is the first day of the calendar's week, 19971130 (a Sunday) or 19971201 (a Monday), and
// which day counted from it, 1 to 7, a week begins with. Where nothing is said, as in the C locale,
// a week begins on Monday (ISO 8601).
enum config_week habits_week_of(const char *locale, unsigned first_date, int first_weekday);

// Hours of the day as they are written there: with am and pm where the locale's format (T_FMT) is.
enum config_clock habits_clock_of(const char *locale, const char *time_format);

// Those of the locale that is set.
enum config_week habits_week(void);
enum config_clock habits_clock(void);

#endif
