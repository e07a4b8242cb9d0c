// SPDX-License-Identifier: GPL-3.0-or-later
#include "moment.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

// Reads text by a pattern: '0' stands for a digit, everything else for itself.
static bool matches(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++)
        if (*pattern == '0' ? (*text < '0' || *text > '9') : *text != *pattern)
            return false;
    return true;
}

static int number(const char *text, size_t digits)
{
    int value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

// "Z", "+HH:MM", "-HH:MM".
static bool parse_zone(const char *text, int64_t *offset_s)
{
    *offset_s = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if ((!matches(text, "+00:00") && !matches(text, "-00:00")) || text[6] != '\0')
        return false;
    int hours = number(text + 1, 2), minutes = number(text + 4, 2);
    *offset_s = (hours * 60 + minutes) * 60 * (text[0] == '-' ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

static bool same(const struct tm *a, const struct tm *b)
{
    return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon && a->tm_mday == b->tm_mday &&
           a->tm_hour == b->tm_hour && a->tm_min == b->tm_min && a->tm_sec == b->tm_sec;
}

// What the clocks show twice, the C library takes for either, by what it was asked before.
static time_t first_of(const struct tm *shown, time_t time_s)
{
    struct tm tm, day_before;
    time_t earlier = time_s - 86400;
    if (!localtime_r(&time_s, &tm) || !localtime_r(&earlier, &day_before) ||
        day_before.tm_gmtoff <= tm.tm_gmtoff)
        return time_s;
    earlier = time_s - (day_before.tm_gmtoff - tm.tm_gmtoff);
    return localtime_r(&earlier, &tm) && same(&tm, shown) ? earlier : time_s;
}

bool moment_parse(const char *text, int64_t *ret_s)
{
    static const char pattern[] = "0000-00-00T00:00:00";
    if (!matches(text, pattern))
        return false;
    const struct tm asked = {
        .tm_year = number(text, 4) - 1900,
        .tm_mon = number(text + 5, 2) - 1,
        .tm_mday = number(text + 8, 2),
        .tm_hour = number(text + 11, 2),
        .tm_min = number(text + 14, 2),
        .tm_sec = number(text + 17, 2),
        .tm_isdst = -1,
    };
    const char *zone = text + sizeof pattern - 1;
    int64_t offset_s = 0;
    if (*zone && !parse_zone(zone, &offset_s))
        return false;
    // Both calls put right what does not exist (February 30): what they changed is refused.
    struct tm put_right = asked;
    time_t time_s = *zone ? timegm(&put_right) : mktime(&put_right);
    if (asked.tm_year < 70 || !same(&asked, &put_right))
        return false;
    if (!*zone)
        time_s = first_of(&asked, time_s);
    *ret_s = (int64_t)time_s - offset_s;
    return true;
}
