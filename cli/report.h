// SPDX-License-Identifier: GPL-3.0-or-later
// A report, gathered (report.c) and then shown in one form or another (report_*.c).
#ifndef PSOASMON_REPORT_H
#define PSOASMON_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "period.h"
#include "screen.h"
#include "summary.h"

struct report {
    struct period period;
    struct nights nights; // at least one
    struct totals totals;
    struct period before;
    struct totals previous; // of `before`; no nights: none were recorded
    position_set friendly;
    int day_starts_hour;
    int64_t now_s;
    bool bouts; // the nights have their bouts and gaps, and they are to be shown
};

static inline bool report_is_friendly(const struct report *report, enum position position)
{
    return report->friendly & POSITION_BIT(position);
}

// The newest night tells where the sleeper is.
const struct store_night *report_newest(const struct report *report);

// The night is open, and what is known of it is new enough to be growing right now.
bool report_is_recording(const struct report *report, const struct store_night *night);

// Both return 0 or -ENOMEM.
int report_print_json(FILE *stream, const struct report *report);
int report_print_table(FILE *stream, const struct screen *screen, const struct report *report);

// ---- the parts of the table ----

// A row a night, or a row a month where there would be too many.
bool report_has_months(const struct report *report);
// One of the nights is longer than a day, and has a question mark.
bool report_has_doubtful(const struct report *report);
int report_print_nights(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_positions(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_comparison(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_bouts(FILE *stream, const struct screen *screen, const struct report *report,
                       const struct night_entry *entry);

// A few letters for a narrow column, at most POSITION_BRIEF_WIDTH.
#define POSITION_BRIEF_WIDTH 14
const char *position_brief(enum position position);

#endif
