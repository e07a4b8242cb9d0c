// SPDX-License-Identifier: GPL-3.0-or-later
// The bouts of one night, with what the pad did not see between them.
#include "report/report_table.h"

#include <string.h>

#include "clock_text.h"
#include "local.h"
#include "report/report_words.h"
#include "table.h"
#include "words.h"

enum column {
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_FOR,
    COLUMN_MARK,
    COLUMN_POSITION,
    COLUMN_PSOAS,
    COLUMN_SURE,
    COLUMN_N
};

static const struct table_column columns_of_24[COLUMN_N] = {
    [COLUMN_FROM] = {.heading = N_("FROM"), .width = 5},
    [COLUMN_TO] = {.heading = N_("TO"), .width = 5, .drop = 3},
    [COLUMN_FOR] = {.heading = N_("FOR"), .width = 7, .right = true, .drop = 4},
    [COLUMN_MARK] = {.heading = "", .width = 1},
    [COLUMN_POSITION] = {.heading = N_("POSITION"), .width = 35},
    [COLUMN_PSOAS] = {.heading = N_("PSOAS"), .width = 15, .drop = 2},
    [COLUMN_SURE] = {.heading = N_("SURE"), .width = 4, .right = true, .drop = 1},
};

static void put_interval(struct table *table, const struct store_night *night, int64_t start_s,
                         int64_t end_s)
{
    char text[LOCAL_CLOCK_SIZE], length[DURATION_SIZE];
    table_row(table);
    local_clock(night, start_s, text);
    table_cell(table, COLUMN_FROM, TABLE_PLAIN, "%s", text);
    local_clock(night, end_s, text);
    table_cell(table, COLUMN_TO, TABLE_PLAIN, "%s", text);
    duration_clock_s(end_s - start_s, length);
    table_cell(table, COLUMN_FOR, TABLE_PLAIN, "%s", length);
}

static void put_bout(struct table *table, const struct report *report,
                     const struct store_night *night, const struct bout *bout)
{
    const struct position_fact *fact = position_fact(bout->position);
    bool friendly = report_is_friendly(report, bout->position);
    enum table_style style = friendly                    ? TABLE_GOOD
                             : fact->psoas == PSOAS_NONE ? TABLE_DIM
                                                         : TABLE_PLAIN;
    put_interval(table, night, bout->start_s, bout->end_s);
    table_cell(table, COLUMN_MARK, style, "%s", friendly ? "*" : "");
    table_cell(table, COLUMN_POSITION, style, "%s", words_position(bout->position));
    if (fact->psoas == PSOAS_NONE)
        return;
    table_cell(table, COLUMN_PSOAS, style, "%s", _(psoas_name(fact->psoas)));
    table_cell(table, COLUMN_SURE, TABLE_PLAIN, "%u%%", percent(bout->confidence));
}

static void put_gap(struct table *table, const struct store_night *night, const struct gap *gap)
{
    put_interval(table, night, gap->start_s, gap->end_s);
    table_cell(table, COLUMN_POSITION, TABLE_DIM, "%s", words_gap(gap->reason));
}

int report_print_bouts(FILE *stream, const struct screen *screen, const struct report *report,
                       const struct night_entry *entry)
{
    const struct store_night *night = &entry->summary.night;
    struct table table;
    struct table_column columns[COLUMN_N];
    memcpy(columns, columns_of_24, sizeof columns);
    columns[COLUMN_FROM].width = columns[COLUMN_TO].width = clock_width();
    table_begin(&table, screen, columns, COLUMN_N);
    size_t bout = 0, gap = 0;
    while (bout < entry->n_bouts || gap < entry->n_gaps) {
        bool bout_next =
            gap == entry->n_gaps ||
            (bout < entry->n_bouts && entry->bouts[bout].bout.start_s <= entry->gaps[gap].start_s);
        if (bout_next)
            put_bout(&table, report, night, &entry->bouts[bout++].bout);
        else
            put_gap(&table, night, &entry->gaps[gap++]);
    }
    int r = table_print(&table, stream);
    table_end(&table);
    return r;
}
