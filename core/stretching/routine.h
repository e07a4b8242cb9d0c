// SPDX-License-Identifier: GPL-3.0-or-later
// Which stretches, in which order, for how long.
#ifndef PSOASMON_ROUTINE_H
#define PSOASMON_ROUTINE_H

#include "stretching/stretching.h"

#define ROUTINE_REST_S  12
#define ROUTINE_LASTS_S INT64_C(3600) // at most, without what is not held

struct routine_item {
    enum position position;
    int64_t hold_s;
};

struct routine {
    int64_t rest_s; // between two
    unsigned n;
    struct routine_item items[STRETCH_HOLDS_MAX];
};

// Each knee twice for 30 s, which is as good as a minute (Bandy and Irion, Physical Therapy 74
// (1994) 845-850), each side for a minute, and three minutes of rest on the back.
void routine_usual(struct routine *routine);

// An ini file:
//   [stretch]            rest = 12            seconds
//   [holds]              supine_left_knee = 30, a line a hold, in order; one may come again
// -errno with a message that names file, line and key.
int routine_load(struct routine *ret, const char *path, struct error *error);

// With its rests, if everything is held at once.
int64_t routine_lasts_s(const struct routine *routine);

#endif
