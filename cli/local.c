// SPDX-License-Identifier: GPL-3.0-or-later
#include "local.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zone.h"

// The database may come from anywhere, and the C library opens what TZ names: no absolute path,
// no way up, no control character.
static bool zone_name_is_sane(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789/_+-,.:<>";
    return *name && *name != '/' && *name != ':' && !strstr(name, "..") &&
           name[strspn(name, allowed)] == '\0';
}

void local_zone_name(const struct store_night *night, char name[LOCAL_ZONE_SIZE])
{
    bool sane = zone_name_is_sane(night->timezone);
    snprintf(name, LOCAL_ZONE_SIZE, "%s", sane ? night->timezone : "UTC");
}

int32_t local_offset_s(const struct store_night *night, int64_t time_s)
{
    if (!zone_name_is_sane(night->timezone))
        return night->start_utc_offset_s;
    struct zone zone;
    zone_use(night->timezone, &zone);
    // A zone that says something else about the night's beginning is not the one it was
    // recorded in, or is unknown here.
    if (zone.offset_s(night->night.start_s, zone.userdata) != night->start_utc_offset_s)
        return night->start_utc_offset_s;
    return zone.offset_s(time_s, zone.userdata);
}

// The first and last moments that have a date of four digits, in any zone.
#define FIRST_S INT64_C(86400)
#define LAST_S  INT64_C(253402128000)

static struct tm local_tm(const struct store_night *night, int64_t time_s, int32_t *offset_s)
{
    if (time_s < FIRST_S)
        time_s = FIRST_S;
    if (time_s > LAST_S)
        time_s = LAST_S;
    *offset_s = local_offset_s(night, time_s);
    time_t shifted = (time_t)(time_s + *offset_s);
    struct tm tm = {0};
    gmtime_r(&shifted, &tm);
    return tm;
}

void local_iso(const struct store_night *night, int64_t time_s, char text[LOCAL_ISO_SIZE])
{
    int32_t offset_s;
    struct tm tm = local_tm(night, time_s, &offset_s);
    size_t length = strftime(text, LOCAL_ISO_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    int minutes = abs(offset_s) / 60;
    snprintf(text + length, LOCAL_ISO_SIZE - length, "%c%02d:%02d", offset_s < 0 ? '-' : '+',
             minutes / 60, minutes % 60);
}

void local_clock(const struct store_night *night, int64_t time_s, char text[LOCAL_CLOCK_SIZE])
{
    int32_t offset_s;
    struct tm tm = local_tm(night, time_s, &offset_s);
    strftime(text, LOCAL_CLOCK_SIZE, "%H:%M", &tm);
}

static int32_t offset_of_night(int64_t time_s, void *userdata)
{
    return local_offset_s(userdata, time_s);
}

day_number local_day(const struct store_night *night, int64_t time_s, int day_starts_hour)
{
    struct store_night place = *night;
    struct zone zone = {.offset_s = offset_of_night, .userdata = &place};
    return night_day(time_s, &zone, day_starts_hour);
}
