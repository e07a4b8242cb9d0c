// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a report: a night each, or a month each where the period is long.
#include "report_table.h"

#include <string.h>

#include "brief.h"
#include "local.h"
#include "table.h"

#define NIGHT_ROWS_MAX    62 // days: two months; a longer period gets a row a month
#define TITLES_FROM_WIDTH 120

enum column {
    COLUMN_WHEN,
    COLUMN_IN_BED,
    COLUMN_HOURS,
    COLUMN_FRIENDLY,
    COLUMN_METER,
    COLUMN_TURNS,
    COLUMN_LONGEST,
    COLUMN_MOSTLY,
    COLUMN_N
};

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

static void begin_table(struct table *table, const struct screen *screen, bool months,
                        bool doubtful, struct table_column columns[COLUMN_N])
{
    bool titles = screen->width >= TITLES_FROM_WIDTH;
    const struct table_column wanted[COLUMN_N] = {
        [COLUMN_WHEN] = {.heading = months ? "MONTH" : "NIGHT", .width = 10},
        [COLUMN_IN_BED] = {.heading = months ? "NIGHTS" : "IN BED",
                           .width = months     ? 6
                                    : doubtful ? 12
                                               : 11,
                           .right = months,
                           .drop = 4},
        [COLUMN_HOURS] = {.heading = "HOURS", .width = 5, .right = true, .drop = 3},
        [COLUMN_FRIENDLY] = {.heading = "FRIENDLY", .width = 10, .right = true},
        [COLUMN_METER] = {.heading = "", .width = 10, .width_max = 40, .drop = 1},
        [COLUMN_TURNS] = {.heading = "TURNS", .width = 5, .right = true, .drop = 5},
        [COLUMN_LONGEST] = {.heading = "LONGEST", .width = 7, .right = true, .drop = 6},
        [COLUMN_MOSTLY] = {.heading = "MOSTLY",
                           .width = titles ? 35 : POSITION_BRIEF_WIDTH,
                           .drop = 2},
    };
    memcpy(columns, wanted, sizeof wanted);
    table_begin(table, screen, columns, COLUMN_N);
}

// What nights and months have in common; times are averages of the days that have a night.
static void put_totals(struct table *table, const struct totals *totals)
{
    char text[DURATION_SIZE];
    duration_clock(totals_a_night(totals, totals->in_bed_s), text);
    table_cell(table, COLUMN_HOURS, TABLE_PLAIN, "%s", text);
    double share = totals_friendly_share(totals);
    duration_clock(totals_a_night(totals, totals->friendly_s), text);
    table_cell(table, COLUMN_FRIENDLY, TABLE_PLAIN, "%s %3u%%", text, percent(share));
    table_meter(table, COLUMN_METER, share);
    table_cell(table, COLUMN_TURNS, TABLE_PLAIN, "%lld",
               (long long)totals_a_night(totals, totals->turns));
    duration_clock(totals->longest_bout_s, text);
    table_cell(table, COLUMN_LONGEST, TABLE_PLAIN, "%s", text);
    enum position most = totals_most(totals);
    table_cell(table, COLUMN_MOSTLY, TABLE_PLAIN, "%s",
               table->widths[COLUMN_MOSTLY] > POSITION_BRIEF_WIDTH ? position_fact(most)->title
                                                                   : position_brief(most));
}

static void put_day(struct table *table, day_number day, bool nap)
{
    struct date date = day_date(day);
    table_row(table);
    table_cell(table, COLUMN_WHEN, TABLE_PLAIN, "%.3s %2d %.3s", nap ? "nap" : date.weekday_name,
               date.day, date.month_name);
}

static void put_night(struct table *table, const struct report *report,
                      const struct night_entry *entry)
{
    const struct store_night *night = &entry->summary.night;
    char start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
    local_clock(night, night->night.start_s, start);
    local_clock(night, night->night.end_s, end);
    put_day(table, night->night.day, entry->summary.nap);
    table_cell(table, COLUMN_IN_BED, TABLE_PLAIN, "%s-%s%s", start,
               report_is_recording(report, night) ? "now" : end,
               entry->summary.doubtful ? "?" : "");
    struct totals totals = totals_of(entry, 1);
    put_totals(table, &totals);
}

static void put_unrecorded(struct table *table, day_number day)
{
    put_day(table, day, false);
    table_cell(table, COLUMN_IN_BED, TABLE_DIM, "unrecorded");
}

// Days without a recording are shown in a week, but not the days to come.
static day_number unrecorded_until(const struct report *report)
{
    if (report->period.kind != PERIOD_WEEK)
        return -1;
    day_number today = local_day(report_newest(report), report->now_s, report->day_starts_hour);
    return report->period.to < today ? report->period.to : today - 1;
}

static void put_nights(struct table *table, const struct report *report)
{
    day_number unrecorded_to = unrecorded_until(report);
    day_number day = report->period.from;
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_entry *entry = &report->nights.entries[i];
        for (; day < entry->summary.night.night.day; day++)
            if (day <= unrecorded_to)
                put_unrecorded(table, day);
        put_night(table, report, entry);
        day = entry->summary.night.night.day + 1;
    }
    for (; day <= unrecorded_to; day++)
        put_unrecorded(table, day);
}

static void put_months(struct table *table, const struct report *report)
{
    const struct nights *nights = &report->nights;
    for (size_t i = 0, end; i < nights->n; i = end) {
        day_number month = day_month_start(nights->entries[i].summary.night.night.day);
        for (end = i; end < nights->n; end++)
            if (day_month_start(nights->entries[end].summary.night.night.day) != month)
                break;
        struct totals totals = totals_of(&nights->entries[i], end - i);
        struct date date = day_date(month);
        table_row(table);
        table_cell(table, COLUMN_WHEN, TABLE_PLAIN, "%.3s %d", date.month_name, date.year);
        table_cell(table, COLUMN_IN_BED, TABLE_PLAIN, "%u", totals.days);
        put_totals(table, &totals);
    }
}

int report_print_nights(FILE *stream, const struct screen *screen, const struct report *report)
{
    bool months = report_has_months(report);
    struct table_column columns[COLUMN_N];
    struct table table;
    begin_table(&table, screen, months, report_has_doubtful(report), columns);
    if (months)
        put_months(&table, report);
    else
        put_nights(&table, report);
    int r = table_print(&table, stream);
    table_end(&table);
    return r;
}
