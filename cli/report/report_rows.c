// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report_rows.h"

#include <errno.h>
#include <stdlib.h>

#include "local.h"

#define NIGHT_ROWS_MAX 62 // days: two months; a longer period gets a row a month
#define WEEK_DAYS      7

bool report_has_months(const struct report *report)
{
    return period_days(&report->period) > NIGHT_ROWS_MAX;
}

bool report_has_doubtful(const struct report *report)
{
    for (size_t i = 0; i < report->nights.n; i++)
        if (report->nights.entries[i].summary.doubtful)
            return true;
    return false;
}

static void add(struct report_rows *rows, struct report_row row)
{
    rows->rows[rows->n++] = row;
}

static day_number unrecorded_until(const struct report *report)
{
    if (report->period.kind != PERIOD_WEEK)
        return -1;
    day_number today = local_day(report_newest(report), report->now_s, report->day_starts_hour);
    return report->period.to < today ? report->period.to : today - 1;
}

static void add_nights(struct report_rows *rows, const struct report *report)
{
    day_number unrecorded_to = unrecorded_until(report);
    day_number day = report->period.from;
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_entry *entry = &report->nights.entries[i];
        for (; day < entry->summary.night.night.day; day++)
            if (day <= unrecorded_to)
                add(rows, (struct report_row){.kind = ROW_UNRECORDED, .day = day});
        day = entry->summary.night.night.day;
        add(rows, (struct report_row){ROW_NIGHT, day++, entry, totals_of(entry, 1)});
    }
    for (; day <= unrecorded_to; day++)
        add(rows, (struct report_row){.kind = ROW_UNRECORDED, .day = day});
}

static void add_months(struct report_rows *rows, const struct nights *nights)
{
    for (size_t i = 0, end; i < nights->n; i = end) {
        const struct night_entry *entry = &nights->entries[i];
        day_number month = day_month_start(entry->summary.night.night.day);
        day_number last = day_month_end(month);
        for (end = i; end < nights->n; end++) {
            day_number day = nights->entries[end].summary.night.night.day;
            if (day < month || day > last)
                break;
        }
        add(rows, (struct report_row){ROW_MONTH, month, entry, totals_of(entry, end - i)});
    }
}

int report_rows_of(struct report_rows *ret, const struct report *report)
{
    // Each night is in one row at most, and each day of a week without a night.
    *ret = (struct report_rows){.rows = calloc(report->nights.n + WEEK_DAYS, sizeof *ret->rows)};
    if (!ret->rows)
        return -ENOMEM;
    if (report_has_months(report))
        add_months(ret, &report->nights);
    else
        add_nights(ret, report);
    return 0;
}

void report_rows_free(struct report_rows *rows)
{
    free(rows->rows);
    *rows = (struct report_rows){0};
}

static int longer_first(const void *a, const void *b)
{
    const struct spent *left = a, *right = b;
    if (left->seconds != right->seconds)
        return left->seconds > right->seconds ? -1 : 1;
    return (int)left->position - (int)right->position;
}

size_t report_spent(const struct report *report, struct spent spent[POSITION_N])
{
    size_t n = 0;
    for (int p = 0; p < POSITION_N; p++)
        if (p != POSITION_EMPTY && report->totals.position_s[p] > 0)
            spent[n++] = (struct spent){(enum position)p, report->totals.position_s[p]};
    qsort(spent, n, sizeof *spent, longer_first);
    return report->totals.recorded_s > 0 ? n : 0;
}
