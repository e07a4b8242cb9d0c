// SPDX-License-Identifier: GPL-3.0-or-later
// What goes along with pain: psoas-friendly time, and changes that lasted. Goes along, not causes.
//
// A change that lasts is a tag that at least half of the entries have from its first on, a new
// pillow or mattress, or stretching on two days a week or more. Before and since are the nights of
// the report's window on either side of its first night. docs/report.md explains it to users.
#ifndef PSOASMON_HELPS_H
#define PSOASMON_HELPS_H

#include "report/report.h"
#include "statistics/statistics.h"

// Of a night with longer gaps, friendly time is not known: the recorded share of the time in bed.
#define HELPS_RECORDED_MIN 0.9
// What is written fewer times is no change yet.
#define HELPS_USES_MIN 3
// Changes within so many days of each other cannot be told apart.
#define HELPS_NEAR_DAYS 14

enum helps_kind {
    HELPS_TAG,
    HELPS_PILLOW,
    HELPS_MATTRESS,
    HELPS_STRETCHING,
    // Only beside others:
    HELPS_PAD,
    HELPS_SITTING,
    HELPS_SPORT,
};

struct helps_change {
    enum helps_kind kind;
    const char *tag;  // HELPS_TAG: the report's own
    day_number since; // its first night
    bool less;        // of sitting and sport: less since then, else more
};

#define HELPS_BESIDE_MAX 6

struct helps_effect {
    struct helps_change change;
    size_t n_before, n_since; // mornings whose pain was told
    struct estimate pain;     // since, less before
    struct helps_change beside[HELPS_BESIDE_MAX];
    unsigned n_beside; // what else changed at the same time; what has no room is left out
};

struct helps {
    bool told;                    // pain was, at least once
    struct estimate friendly;     // pain against psoas-friendly time, rank correlation
    struct helps_effect *effects; // by their first night
    size_t n;
};

// 0, -ENOMEM.
int helps_of(struct helps *ret, const struct report *report);
void helps_free(struct helps *helps);

// For programs: "tag", "new_pillow", ...
const char *helps_kind_name(enum helps_kind kind);

// In sentences, to be read aloud as well.
typedef void (*helps_sink)(const char *sentence, void *userdata);
void helps_words(const struct helps *helps, const struct report *report, helps_sink sink,
                 void *userdata);

#endif
