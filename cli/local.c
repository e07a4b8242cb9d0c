// SPDX-License-Identifier: GPL-3.0-or-later
#include "local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock_text.h"
#include "zone.h"

struct store_night local_here(int64_t now_s)
{
    struct zone zone;
    zone_local(&zone);
    struct store_night night = {.night.start_s = now_s};
    memcpy(night.timezone, zone.name, sizeof night.timezone);
    night.start_utc_offset_s = zone.offset_s(now_s, zone.userdata);
    return night;
}

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

#define DAY_S 86400

// The first that a clock without a battery shows, and the last moment that has a year of four
// digits in any zone.
#define FIRST_S INT64_C(0)
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
    clock_text(tm.tm_hour, tm.tm_min, text);
}

void local_clock_s(const struct store_night *night, int64_t time_s, char text[LOCAL_CLOCK_SIZE])
{
    int32_t offset_s;
    struct tm tm = local_tm(night, time_s, &offset_s);
    strftime(text, LOCAL_CLOCK_SIZE, "%H:%M:%S", &tm);
}

bool local_moment(const struct store_night *night, int32_t clock_s, int64_t *ret_s)
{
    int64_t start_s = night->night.start_s, end_s = night->night.end_s;
    bool found = false;
    for (int i = 0; i < 2; i++) {
        int32_t offset_s = local_offset_s(night, i ? end_s : start_s);
        int64_t time_s = start_s + (clock_s + DAY_S - (start_s + offset_s) % DAY_S) % DAY_S;
        // Where the clocks change within the night, each offset is good for its part of it.
        if (time_s < end_s && local_offset_s(night, time_s) == offset_s &&
            (!found || time_s < *ret_s)) {
            *ret_s = time_s;
            found = true;
        }
    }
    return found;
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
