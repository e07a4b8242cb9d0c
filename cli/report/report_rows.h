// SPDX-License-Identifier: GPL-3.0-or-later
// What the rows of a report are: a night each or, where there would be too many, a month each; and
// the positions, the longest first.
#ifndef PSOASMON_REPORT_ROWS_H
#define PSOASMON_REPORT_ROWS_H

#include "report/report.h"

// A row a month.
bool report_has_months(const struct report *report);
// One of the nights is longer than a day, and has a question mark.
bool report_has_doubtful(const struct report *report);

enum report_row_kind {
    ROW_NIGHT,      // a stay in bed
    ROW_MONTH,      // all of a month's
    ROW_UNRECORDED, // a day without a recording
};

struct report_row {
    enum report_row_kind kind;
    day_number day;                  // of a month: its first
    const struct night_entry *entry; // the night; a month's first; null of none
    struct totals totals;            // of a night: its own
};

struct report_rows {
    struct report_row *rows;
    size_t n;
};

// 0, -ENOMEM. Days without a recording are there in a week, but not the days to come.
int report_rows_of(struct report_rows *ret, const struct report *report);
void report_rows_free(struct report_rows *rows);

// How long in which position, the longest first, those that did not occur left out.
struct spent {
    enum position position;
    int64_t seconds;
};
size_t report_spent(const struct report *report, struct spent spent[POSITION_N]);

#endif
