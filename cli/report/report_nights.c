// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a report: a night each, or a month each where the period is long.
#include "report/report_table.h"

#include <string.h>

#include "clock_text.h"
#include "report/brief.h"
#include "local.h"
#include "report/report_rows.h"
#include "table.h"
#include "words.h"

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

static void begin_table(struct table *table, const struct screen *screen, bool months,
                        bool doubtful, struct table_column columns[COLUMN_N])
{
    bool titles = screen->width >= TITLES_FROM_WIDTH;
    const struct table_column wanted[COLUMN_N] = {
        [COLUMN_WHEN] = {.heading = months ? N_("MONTH") : N_("NIGHT"), .width = 10},
        [COLUMN_IN_BED] = {.heading = months ? N_("NIGHTS") : N_("IN BED"),
                           .width = months ? 6 : 2 * clock_width() + 1 + doubtful,
                           .right = months,
                           .drop = 4},
        [COLUMN_HOURS] = {.heading = N_("HOURS"), .width = 5, .right = true, .drop = 3},
        [COLUMN_FRIENDLY] = {.heading = N_("FRIENDLY"), .width = 10, .right = true},
        [COLUMN_METER] = {.heading = "", .width = 10, .width_max = 40, .drop = 1},
        [COLUMN_TURNS] = {.heading = N_("TURNS"), .width = 5, .right = true, .drop = 5},
        [COLUMN_LONGEST] = {.heading = N_("LONGEST"), .width = 7, .right = true, .drop = 6},
        [COLUMN_MOSTLY] = {.heading = N_("MOSTLY"),
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
               table->widths[COLUMN_MOSTLY] > POSITION_BRIEF_WIDTH ? _(position_fact(most)->title)
                                                                   : position_brief(most));
}

static void put_day(struct table *table, day_number day, bool nap)
{
    struct date date = day_date(day);
    table_row(table);
    table_cell(table, COLUMN_WHEN, TABLE_PLAIN, "%s %2d %s",
               nap ? words_of("in the place of a weekday", "nap") : date.weekday_short, date.day,
               date.month_short);
}

static void put_night(struct table *table, const struct report *report,
                      const struct report_row *row)
{
    const struct night_summary *summary = &row->entry->summary;
    const struct store_night *night = &summary->night;
    char start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
    local_clock(night, night->night.start_s, start);
    local_clock(night, night->night.end_s, end);
    put_day(table, row->day, summary->nap);
    table_cell(table, COLUMN_IN_BED, TABLE_PLAIN, "%s-%s%s", start,
               report_is_recording(report, night) ? _("now") : end, summary->doubtful ? "?" : "");
    put_totals(table, &row->totals);
}

static void put_month(struct table *table, const struct report_row *row)
{
    struct date date = day_date(row->day);
    table_row(table);
    table_cell(table, COLUMN_WHEN, TABLE_PLAIN, "%s %d", date.month_short, date.year);
    table_cell(table, COLUMN_IN_BED, TABLE_PLAIN, "%u", row->totals.days);
    put_totals(table, &row->totals);
}

static void put_row(struct table *table, const struct report *report, const struct report_row *row)
{
    switch (row->kind) {
    case ROW_NIGHT:
        put_night(table, report, row);
        return;
    case ROW_MONTH:
        put_month(table, row);
        return;
    case ROW_UNRECORDED:
        put_day(table, row->day, false);
        table_cell(table, COLUMN_IN_BED, TABLE_DIM, _("unrecorded"));
        return;
    }
}

int report_print_nights(FILE *stream, const struct screen *screen, const struct report *report)
{
    struct report_rows rows;
    int r = report_rows_of(&rows, report);
    if (r < 0)
        return r;
    struct table_column columns[COLUMN_N];
    struct table table;
    begin_table(&table, screen, report_has_months(report), report_has_doubtful(report), columns);
    for (size_t i = 0; i < rows.n; i++)
        put_row(&table, report, &rows.rows[i]);
    r = table_print(&table, stream);
    table_end(&table);
    report_rows_free(&rows);
    return r;
}
