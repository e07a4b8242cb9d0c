// SPDX-License-Identifier: GPL-3.0-or-later
// How long in which position.
#include "report/report_table.h"

#include "report/report_rows.h"
#include "table.h"
#include "words.h"

enum column {
    COLUMN_MARK,
    COLUMN_POSITION,
    COLUMN_PSOAS,
    COLUMN_TIME,
    COLUMN_SHARE,
    COLUMN_BAR,
    COLUMN_N
};

static const struct table_column columns[COLUMN_N] = {
    [COLUMN_MARK] = {.heading = "", .width = 1},
    [COLUMN_POSITION] = {.heading = N_("POSITION"), .width = 35},
    [COLUMN_PSOAS] = {.heading = N_("PSOAS"), .width = 15, .drop = 2},
    [COLUMN_TIME] = {.heading = N_("TIME"), .width = 6, .right = true, .drop = 3},
    [COLUMN_SHARE] = {.heading = N_("SHARE"), .width = 5, .right = true},
    [COLUMN_BAR] = {.heading = "", .width = 10, .width_max = 40, .drop = 1},
};

static void put_position(struct table *table, const struct report *report, struct spent spent,
                         double longest)
{
    const struct position_fact *fact = position_fact(spent.position);
    bool friendly = report_is_friendly(report, spent.position);
    enum table_style style = friendly ? TABLE_GOOD : TABLE_PLAIN;
    double share = share_of(spent.seconds, report->totals.recorded_s);
    char time[DURATION_SIZE], share_text[PERCENT_SIZE];
    percent_text(share, share_text);
    duration_clock(spent.seconds, time);
    table_row(table);
    table_cell(table, COLUMN_MARK, style, "%s", friendly ? "*" : "");
    table_cell(table, COLUMN_POSITION, style, "%s", _(fact->title));
    table_cell(table, COLUMN_PSOAS, style, "%s",
               fact->psoas == PSOAS_NONE ? "" : _(psoas_name(fact->psoas)));
    table_cell(table, COLUMN_TIME, TABLE_PLAIN, "%s", time);
    table_cell(table, COLUMN_SHARE, TABLE_PLAIN, "%s", share_text);
    table_bar(table, COLUMN_BAR, style, share / longest);
}

int report_print_positions(FILE *stream, const struct screen *screen, const struct report *report)
{
    struct spent spent[POSITION_N];
    size_t n = report_spent(report, spent);
    if (n == 0)
        return 0;

    struct table table;
    table_begin(&table, screen, columns, COLUMN_N);
    double longest = share_of(spent[0].seconds, report->totals.recorded_s);
    for (size_t i = 0; i < n; i++)
        put_position(&table, report, spent[i], longest);
    int r = table_print(&table, stream);
    table_end(&table);
    return r;
}
