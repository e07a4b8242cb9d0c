// SPDX-License-Identifier: GPL-3.0-or-later
// The calendar: days since 1970-01-01 and back. The conversions are Howard Hinnant's
// days_from_civil and civil_from_days ("chrono-Compatible Low-Level Date Algorithms").
#include <stdio.h>
#include <string.h>

#include "night/night.h"

#define DAY_S 86400

static day_number days_from_civil(int year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int)day_of_era - 719468;
}

static void civil_from_days(day_number days, int *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned day_of_era = (unsigned)(days - era * 146097);
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = (int)year_of_era + era * 400 + (*month <= 2);
}

day_number night_day(int64_t time_s, const struct zone *zone, int day_starts_hour)
{
    int64_t local = time_s + zone->offset_s(time_s, zone->userdata) - day_starts_hour * 3600;
    int64_t days = local / DAY_S;
    return (day_number)(local % DAY_S < 0 ? days - 1 : days);
}

day_number night_name(int64_t start_s, const struct zone *zone, int day_starts_hour)
{
    day_number day = night_day(start_s, zone, day_starts_hour);
    return day < 0 ? 0 : day;
}

void day_format(day_number day, char text[DAY_TEXT_SIZE])
{
    int year;
    unsigned month, day_of_month;
    civil_from_days(day, &year, &month, &day_of_month);
    snprintf(text, DAY_TEXT_SIZE, "%04d-%02u-%02u", year % 10000, month % 100, day_of_month % 100);
}

bool day_parse(const char *text, day_number *ret)
{
    static const char shape[] = "dddd-dd-dd";
    if (strlen(text) != strlen(shape))
        return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    int year = 0;
    unsigned month, day;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (text[i] - '0');
    month = (unsigned)((text[5] - '0') * 10 + text[6] - '0');
    day = (unsigned)((text[8] - '0') * 10 + text[9] - '0');
    if (year < 1970 || month < 1 || month > 12 || day < 1)
        return false;
    // A date that does not exist comes back as another one.
    day_number number = days_from_civil(year, month, day);
    char again[DAY_TEXT_SIZE];
    day_format(number, again);
    if (strcmp(again, text) != 0)
        return false;
    *ret = number;
    return true;
}
