// SPDX-License-Identifier: GPL-3.0-or-later
#include "period.h"
#include "words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_S 86400

// Where the parts of "2026-01-05" begin.
#define MONTH_AT 5
#define DAY_AT   8

const char *period_kind_name(enum period_kind kind)
{
    static const char *const names[PERIOD_KIND_N] = {
        [PERIOD_NIGHT] = "night", [PERIOD_WEEK] = "week",   [PERIOD_MONTH] = "month",
        [PERIOD_YEAR] = "year",   [PERIOD_DATES] = "dates",
    };
    return names[kind];
}

// The day with the end of its written form replaced: of its first day of the month, or the year.
static day_number with_tail(day_number day, size_t at, const char *tail)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    snprintf(text + at, sizeof text - at, "%s", tail);
    day_number ret = day;
    day_parse(text, &ret);
    return ret;
}

day_number day_month_start(day_number day)
{
    return with_tail(day, DAY_AT, "01");
}

day_number day_month_end(day_number day)
{
    // 31 days after the first of a month it is always the next month.
    return day_month_start(day_month_start(day) + 31) - 1;
}

unsigned day_weekday(day_number day)
{
    // 1970-01-01 was a Thursday; nothing before 1970 comes here but that week's Monday.
    return (unsigned)((day % 7 + 7 + 3) % 7);
}

// Counted from Monday.
static unsigned first_weekday(enum config_week week)
{
    return week == WEEK_SUNDAY ? 6 : week == WEEK_SATURDAY ? 5 : WEEKDAY_MONDAY;
}

struct period period_around(enum period_kind kind, day_number day, enum config_week week)
{
    struct period period = {.kind = kind, .from = day, .to = day};
    switch (kind) {
    case PERIOD_WEEK:
        if (week == WEEK_LAST_SEVEN) {
            period.from = day - 6;
        } else {
            period.from = day - (day_number)((day_weekday(day) + 7 - first_weekday(week)) % 7);
            period.to = period.from + 6;
        }
        break;
    case PERIOD_MONTH:
        period.from = day_month_start(day);
        period.to = day_month_end(day);
        break;
    case PERIOD_YEAR:
        period.from = with_tail(day, MONTH_AT, "01-01");
        period.to = with_tail(day, MONTH_AT, "12-31");
        break;
    case PERIOD_NIGHT:
    case PERIOD_DATES:
    case PERIOD_KIND_N:
        break;
    }
    return period;
}

bool period_before(const struct period *period, struct period *before)
{
    day_number last = period->from - 1;
    if (last < 0)
        return false;
    if (period->kind == PERIOD_MONTH || period->kind == PERIOD_YEAR) {
        *before = period_around(period->kind, last, WEEK_MONDAY);
    } else {
        *before = (struct period){
            .kind = period->kind, .from = last - (period->to - period->from), .to = last};
    }
    return before->from >= 0;
}

unsigned period_days(const struct period *period)
{
    return (unsigned)(period->to - period->from) + 1;
}

struct date day_date(day_number day)
{
    static const char *const months[] = {
        N_("January"),   N_("February"), N_("March"),    N_("April"),
        N_("May"),       N_("June"),     N_("July"),     N_("August"),
        N_("September"), N_("October"),  N_("November"), N_("December"),
    };
    static const char *const weekdays[] = {
        N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
        N_("Friday"), N_("Saturday"), N_("Sunday"),
    };
    static const char *const months_short[] = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"),
                                               N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
                                               N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")};
    static const char *const weekdays_short[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                                 N_("Fri"), N_("Sat"), N_("Sun")};
    time_t noon = (time_t)day * DAY_S + DAY_S / 2;
    struct tm tm;
    gmtime_r(&noon, &tm);
    return (struct date){
        .year = tm.tm_year + 1900,
        .month = tm.tm_mon + 1,
        .day = tm.tm_mday,
        .month_name = _(months[tm.tm_mon]),
        .weekday_name = _(weekdays[day_weekday(day)]),
        .month_short = _(months_short[tm.tm_mon]),
        .weekday_short = _(weekdays_short[day_weekday(day)]),
    };
}

// "5 to 11 January 2026", with no more of the first date than differs from the second.
static void title_of_dates(const struct period *period, bool weekdays, char *text, size_t size)
{
    struct date from = day_date(period->from), to = day_date(period->to);
    char first[64];
    if (from.year != to.year)
        snprintf(first, sizeof first, _("%d %s %d"), from.day, from.month_name, from.year);
    else if (from.month != to.month)
        snprintf(first, sizeof first, _("%d %s"), from.day, from.month_name);
    else
        snprintf(first, sizeof first, words_of("day of a month", "%d"), from.day);
    snprintf(text, size, _("%s%s%s to %s%s%d %s %d"), weekdays ? from.weekday_name : "",
             weekdays ? " " : "", first, weekdays ? to.weekday_name : "", weekdays ? " " : "",
             to.day, to.month_name, to.year);
}

void period_title(const struct period *period, char *text, size_t size)
{
    struct date from = day_date(period->from);
    switch (period->kind) {
    case PERIOD_WEEK:
        title_of_dates(period, true, text, size);
        return;
    case PERIOD_MONTH:
        snprintf(text, size, "%s %d", from.month_name, from.year);
        return;
    case PERIOD_YEAR:
        snprintf(text, size, "%d", from.year);
        return;
    case PERIOD_NIGHT:
    case PERIOD_DATES:
    case PERIOD_KIND_N:
        break;
    }
    if (period->from == period->to)
        snprintf(text, size, _("%s %d %s %d"), from.weekday_name, from.day, from.month_name,
                 from.year);
    else
        title_of_dates(period, false, text, size);
}
