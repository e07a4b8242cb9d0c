// SPDX-License-Identifier: GPL-3.0-or-later
// Times as the clock beside the bed showed them, in the zone where each night was slept.
#ifndef PSOASMON_LOCAL_H
#define PSOASMON_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

// Where this machine is, at now_s, for the functions below: a night that begins then.
struct store_night local_here(int64_t now_s);

// The night's zone where this system knows it; else the offset that the night began with, for
// all of it. Changes the zone of this process.
int32_t local_offset_s(const struct store_night *night, int64_t time_s);

// "2026-03-29T03:00:00+02:00"
#define LOCAL_ISO_SIZE 40
void local_iso(const struct store_night *night, int64_t time_s, char text[LOCAL_ISO_SIZE]);

// "03:00", as the reader writes it.
#define LOCAL_CLOCK_SIZE 16
void local_clock(const struct store_night *night, int64_t time_s, char text[LOCAL_CLOCK_SIZE]);

// "03:00:25", everywhere: as it may be typed again.
void local_clock_s(const struct store_night *night, int64_t time_s, char text[LOCAL_CLOCK_SIZE]);

// The first moment of the night at which that clock showed clock_s, seconds since midnight. False
// if it never did.
bool local_moment(const struct store_night *night, int32_t clock_s, int64_t *ret_s);

// The day that a night beginning at time_s, where `night` was slept, would be named by.
day_number local_day(const struct store_night *night, int64_t time_s, int day_starts_hour);

// The zone's name for people and scripts: "UTC" where the database holds no such thing.
#define LOCAL_ZONE_SIZE 64
void local_zone_name(const struct store_night *night, char name[LOCAL_ZONE_SIZE]);

#endif
