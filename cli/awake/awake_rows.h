// SPDX-License-Identifier: GPL-3.0-or-later
// What a report shows of the time awake: a row a night or, where its nights are shown so, a month.
#ifndef PSOASMON_AWAKE_ROWS_H
#define PSOASMON_AWAKE_ROWS_H

#include "report/report.h"

struct awake_row {
    day_number from, to; // the same: a night
    struct awake_means means;
};

struct awake_rows {
    struct awake_row *rows;
    size_t n;
};

// None where nothing was told in all of the period; else all nights that were recorded or told
// something of. 0, -ENOMEM.
int awake_rows_of(struct awake_rows *ret, const struct report *report);
void awake_rows_free(struct awake_rows *rows);

// The row that stands for the day.
struct awake_row awake_row_at(const struct report *report, day_number day);

// "Mon 6 Jan", "Jan 2025": as the nights are called. To be read aloud: "Monday 6 January 2025".
#define AWAKE_ROW_SIZE 64
void awake_row_name(const struct awake_row *row, char text[AWAKE_ROW_SIZE]);
void awake_row_words(const struct awake_row *row, char text[AWAKE_ROW_SIZE]);

#endif
