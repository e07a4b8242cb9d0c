// SPDX-License-Identifier: GPL-3.0-or-later
// What a report is about and made of. report_gather.c fills it in from the store; report_forms.h
// shows it in one form or another; figures.h has its figures.
#ifndef PSOASMON_REPORT_H
#define PSOASMON_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "awake/awake.h"
#include "period.h"
#include "summary.h"

struct report {
    struct period period;
    struct nights nights; // at least one
    struct totals totals;
    struct period before;
    struct nights earlier;  // of `before`; none, if none were recorded
    struct totals previous; // of `earlier`
    struct awake awake;     // of `before`, `period` and `window`
    // Where what goes along with pain is looked for: the period, or twelve weeks up to its end.
    struct period window;
    struct nights lately; // its nights, where it is not the period and pain was told in it
    position_set friendly;
    int day_starts_hour;
    int64_t now_s;
    bool bouts;   // the nights have their bouts and gaps, and they are to be shown
    bool minutes; // they have what their minutes say about breathing and movement
};

static inline bool report_is_friendly(const struct report *report, enum position position)
{
    return report->friendly & POSITION_BIT(position);
}

// The newest night tells where the sleeper is.
const struct store_night *report_newest(const struct report *report);

// The night is open, and what is known of it is new enough to be growing right now.
bool report_is_recording(const struct report *report, const struct store_night *night);

#define REPORT_WINDOW_DAYS 84
// The nights of `window`.
const struct nights *report_window(const struct report *report);

// Fills in the nights and totals of `period`, `before` and the rest from the store. Negative on
// failure: store_message has the words, or -ENOMEM.
int report_gather(struct report *report, struct store *store);
void report_free(struct report *report);

#endif
