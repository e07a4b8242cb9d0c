// SPDX-License-Identifier: GPL-3.0-or-later
#include "zone.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONEINFO "/zoneinfo/"

_Static_assert(sizeof(time_t) >= sizeof(int64_t), "nights after January 2038");

static int32_t local_offset_s(int64_t time_s, void *userdata)
{
    (void)userdata;
    time_t t = (time_t)time_s;
    struct tm local;
    return localtime_r(&t, &local) ? (int32_t)local.tm_gmtoff : 0;
}

// The name of the system's zone is where /etc/localtime points.
static bool name_of_localtime(char *name, size_t size)
{
    char target[PATH_MAX];
    ssize_t length = readlink("/etc/localtime", target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    const char *zone = strstr(target, ZONEINFO);
    if (!zone)
        return false;
    snprintf(name, size, "%s", zone + strlen(ZONEINFO));
    return true;
}

void zone_local(struct zone *zone)
{
    *zone = (struct zone){.name = "UTC", .offset_s = local_offset_s};
    tzset();
    const char *tz = getenv("TZ");
    if (tz && *tz == ':')
        tz++;
    if (tz && *tz && *tz != '/')
        snprintf(zone->name, sizeof zone->name, "%s", tz);
    else if (!tz || *tz == '/')
        name_of_localtime(zone->name, sizeof zone->name);
}

void zone_use(const char *name, struct zone *zone)
{
    setenv("TZ", name, 1);
    zone_local(zone);
}
