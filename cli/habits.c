// SPDX-License-Identifier: GPL-3.0-or-later
#include "habits.h"

#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <string.h>

static bool is_of_nobody(const char *locale)
{
    return !locale || strcmp(locale, "POSIX") == 0 || strcmp(locale, "C") == 0 ||
           strncmp(locale, "C.", 2) == 0;
}

enum config_week habits_week_of(const char *locale, unsigned first_date, int first_weekday)
{
    if (is_of_nobody(locale) || first_weekday < 1 || first_weekday > 7)
        return WEEK_MONDAY;
    // Days after a Sunday.
    int day = (first_weekday - 1 + (first_date == 19971201 ? 1 : 0)) % 7;
    return day == 0 ? WEEK_SUNDAY : day == 6 ? WEEK_SATURDAY : WEEK_MONDAY;
}

enum config_week habits_week(void)
{
#ifdef __GLIBC__
    // A word that glibc hands out as if it were the text.
    unsigned first_date = (unsigned)(uintptr_t)nl_langinfo(_NL_TIME_WEEK_1STDAY);
    return habits_week_of(setlocale(LC_TIME, NULL), first_date,
                          *nl_langinfo(_NL_TIME_FIRST_WEEKDAY));
#else
    return WEEK_MONDAY;
#endif
}

enum config_clock habits_clock_of(const char *locale, const char *time_format)
{
    bool twelve = strstr(time_format, "%r") || strstr(time_format, "%p") ||
                  strstr(time_format, "%P") || strstr(time_format, "%I");
    return twelve && !is_of_nobody(locale) ? CLOCK_12 : CLOCK_24;
}

enum config_clock habits_clock(void)
{
    return habits_clock_of(setlocale(LC_TIME, NULL), nl_langinfo(T_FMT));
}
