// SPDX-License-Identifier: GPL-3.0-or-later
// The time zone of this process (TZ, else the system's), for core, which has none of its own.
#ifndef PSOASMON_ZONE_H
#define PSOASMON_ZONE_H

#include "night/night.h"

// The zone and its IANA name ("UTC" where it has none).
void zone_local(struct zone *zone);

// Makes NAME the zone of this process. For reports of nights slept elsewhere. A name that the
// system does not know leaves UTC.
void zone_use(const char *name, struct zone *zone);

#endif
