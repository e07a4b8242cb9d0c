// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/awake_rows.h"

#include <errno.h>
#include <stdio.h>

#include "report/report_rows.h"
#include "words.h"

struct awake_row awake_row_at(const struct report *report, day_number day)
{
    struct awake_row row = {.from = day, .to = day};
    if (report_has_months(report)) {
        row.from = day_month_start(day);
        row.to = day_month_end(day);
        if (row.from < report->period.from)
            row.from = report->period.from;
        if (row.to > report->period.to)
            row.to = report->period.to;
    }
    row.means = awake_means(&report->awake, row.from, row.to);
    return row;
}

// Both lists are in order, and so are the rows; what one has already is not taken again.
static void add_day(struct awake_rows *rows, const struct report *report, day_number day)
{
    if (rows->n == 0 || rows->rows[rows->n - 1].to < day)
        rows->rows[rows->n++] = awake_row_at(report, day);
}

int awake_rows_of(struct awake_rows *ret, const struct report *report)
{
    const struct awake *awake = &report->awake;
    const struct nights *nights = &report->nights;
    *ret = (struct awake_rows){0};
    if (awake_means(awake, report->period.from, report->period.to).days == 0)
        return 0;
    ret->rows = calloc(awake->n + nights->n, sizeof *ret->rows);
    if (!ret->rows)
        return -ENOMEM;
    size_t told = 0;
    while (told < awake->n && awake->days[told].day < report->period.from)
        told++;
    for (size_t slept = 0; told < awake->n || slept < nights->n;) {
        bool is_told = told < awake->n && awake->days[told].day <= report->period.to;
        if (!is_told && slept == nights->n)
            break;
        day_number night = slept < nights->n ? nights->entries[slept].summary.night.night.day : 0;
        if (slept == nights->n || (is_told && awake->days[told].day < night))
            add_day(ret, report, awake->days[told++].day);
        else
            add_day(ret, report, nights->entries[slept++].summary.night.night.day);
    }
    return 0;
}

void awake_rows_free(struct awake_rows *rows)
{
    free(rows->rows);
    *rows = (struct awake_rows){0};
}

void awake_row_name(const struct awake_row *row, char text[AWAKE_ROW_SIZE])
{
    struct date date = day_date(row->from);
    if (row->from == row->to)
        snprintf(text, AWAKE_ROW_SIZE, "%s %2d %s", date.weekday_short, date.day, date.month_short);
    else
        snprintf(text, AWAKE_ROW_SIZE, "%s %d", date.month_short, date.year);
}

void awake_row_words(const struct awake_row *row, char text[AWAKE_ROW_SIZE])
{
    struct date date = day_date(row->from);
    if (row->from == row->to)
        snprintf(text, AWAKE_ROW_SIZE, _("%s %d %s %d"), date.weekday_name, date.day,
                 date.month_name, date.year);
    else
        snprintf(text, AWAKE_ROW_SIZE, "%s %d", date.month_name, date.year);
}
