// SPDX-License-Identifier: GPL-3.0-or-later
// The nights of a period, and what they come to.
#ifndef PSOASMON_SUMMARY_H
#define PSOASMON_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "period.h"
#include "store/store.h"

// Several nights summed up. The fields are those of struct night_summary.
struct totals {
    unsigned nights; // stays in bed
    unsigned days;   // days that had one; smaller where somebody got up for long and came back
    int64_t in_bed_s, recorded_s, friendly_s, unknown_s;
    int64_t turns;
    int64_t longest_bout_s; // of all nights
    unsigned naps;          // of the stays
    int64_t exits, longest_friendly_s, knees_left_s, knees_right_s;
    int64_t position_s[POSITION_N];
};

// part / whole, 0 where there is no whole.
double share_of(int64_t part_s, int64_t whole_s);

// friendly_s as a share of recorded_s, 0 to 1; 0 where nothing was recorded.
double totals_friendly_share(const struct totals *totals);

// A sum (friendly_s, turns) as the average of the days that have a night, rounded; 0 of none.
int64_t totals_a_night(const struct totals *totals, int64_t sum);

// What the pad did not see.
int64_t totals_unrecorded_s(const struct totals *totals);

// The body position that most time was spent in; POSITION_UNKNOWN if in none.
enum position totals_most(const struct totals *totals);

// One night.
struct night_entry {
    struct night_summary summary;
    struct store_bout *bouts; // in order; none unless asked for
    size_t n_bouts;
    struct gap *gaps;
    size_t n_gaps;
};

struct nights {
    struct night_entry *entries; // in order of their start
    size_t n;
};

// Reads the nights of a period. Negative on failure: store_message has the words, or -ENOMEM.
int nights_read(struct nights *ret, struct store *store, const struct period *period,
                position_set friendly);

// Adds the bouts and gaps of every night.
int nights_read_bouts(struct nights *nights, struct store *store);

// Fills in what the minutes of every night say: breathing and movement.
int nights_read_minutes(struct nights *nights, struct store *store);

void nights_free(struct nights *nights);

// The sum of entries[0..n).
struct totals totals_of(const struct night_entry *entries, size_t n);

#endif
