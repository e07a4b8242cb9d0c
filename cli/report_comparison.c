// SPDX-License-Identifier: GPL-3.0-or-later
// The period's totals and averages, and the period before beside them.
#include "report.h"

#include "table.h"

enum column {
    COLUMN_WHAT,
    COLUMN_HERE,
    COLUMN_BEFORE,
    COLUMN_CHANGE,
    COLUMN_N
};

struct headings {
    const char *here, *before;
};

static const struct headings headings[PERIOD_KIND_N] = {
    [PERIOD_NIGHT] = {"NIGHT", "NIGHT BEFORE"},     [PERIOD_WEEK] = {"WEEK", "WEEK BEFORE"},
    [PERIOD_MONTH] = {"MONTH", "MONTH BEFORE"},     [PERIOD_YEAR] = {"YEAR", "YEAR BEFORE"},
    [PERIOD_DATES] = {"THESE DAYS", "DAYS BEFORE"},
};

struct comparison {
    struct table table;
    const struct totals *here, *before; // before is null if nothing was recorded
};

static void put_duration(struct comparison *comparison, const char *what, int64_t here_s,
                         int64_t before_s)
{
    struct table *table = &comparison->table;
    char text[DURATION_SIZE];
    table_row(table);
    table_cell(table, COLUMN_WHAT, TABLE_PLAIN, "%s", what);
    duration_clock(here_s, text);
    table_cell(table, COLUMN_HERE, TABLE_PLAIN, "%s", text);
    if (!comparison->before)
        return;
    duration_clock(before_s, text);
    table_cell(table, COLUMN_BEFORE, TABLE_PLAIN, "%s", text);
    // Of what is shown, so that the row adds up.
    duration_change(duration_minute(here_s) - duration_minute(before_s), text);
    table_cell(table, COLUMN_CHANGE, TABLE_PLAIN, "%s", text);
}

// Counts and per cents.
static void put_number(struct comparison *comparison, const char *what, const char *unit,
                       long long here, long long before)
{
    struct table *table = &comparison->table;
    table_row(table);
    table_cell(table, COLUMN_WHAT, TABLE_PLAIN, "%s", what);
    table_cell(table, COLUMN_HERE, TABLE_PLAIN, "%lld%s", here, unit);
    if (!comparison->before)
        return;
    table_cell(table, COLUMN_BEFORE, TABLE_PLAIN, "%lld%s", before, unit);
    table_cell(table, COLUMN_CHANGE, TABLE_PLAIN, here == before ? "%lld" : "%+lld", here - before);
}

static void put_longest(struct comparison *comparison, const struct totals *here,
                        const struct totals *before)
{
    put_duration(comparison, "Longest in one position", here->longest_bout_s,
                 before->longest_bout_s);
    put_duration(comparison, "Longest psoas-friendly", here->longest_friendly_s,
                 before->longest_friendly_s);
}

static void put_averages(struct comparison *comparison)
{
    const struct totals none = {0};
    const struct totals *here = comparison->here;
    const struct totals *before = comparison->before ? comparison->before : &none;
    put_number(comparison, "Nights recorded", "", here->days, before->days);
    put_duration(comparison, "Psoas-friendly, in all", here->friendly_s, before->friendly_s);
    put_duration(comparison, "Psoas-friendly, a night", totals_a_night(here, here->friendly_s),
                 totals_a_night(before, before->friendly_s));
    put_number(comparison, "Psoas-friendly share", "%", percent(totals_friendly_share(here)),
               percent(totals_friendly_share(before)));
    put_duration(comparison, "In bed, a night", totals_a_night(here, here->in_bed_s),
                 totals_a_night(before, before->in_bed_s));
    put_duration(comparison, "Position not known, a night", totals_a_night(here, here->unknown_s),
                 totals_a_night(before, before->unknown_s));
    put_number(comparison, "Turns, a night", "", totals_a_night(here, here->turns),
               totals_a_night(before, before->turns));
    put_number(comparison, "Exits from bed, a night", "", totals_a_night(here, here->exits),
               totals_a_night(before, before->exits));
    put_longest(comparison, here, before);
}

static void put_single_night(struct comparison *comparison)
{
    const struct totals none = {0};
    const struct totals *here = comparison->here;
    const struct totals *before = comparison->before ? comparison->before : &none;
    put_duration(comparison, "Psoas-friendly", here->friendly_s, before->friendly_s);
    put_number(comparison, "Psoas-friendly share", "%", percent(totals_friendly_share(here)),
               percent(totals_friendly_share(before)));
    put_duration(comparison, "In bed", here->in_bed_s, before->in_bed_s);
    put_duration(comparison, "Position not known", here->unknown_s, before->unknown_s);
    put_number(comparison, "Turns", "", here->turns, before->turns);
    put_number(comparison, "Exits from bed", "", here->exits, before->exits);
    put_duration(comparison, "Left knee drawn up", here->knees_left_s, before->knees_left_s);
    put_duration(comparison, "Right knee drawn up", here->knees_right_s, before->knees_right_s);
    put_longest(comparison, here, before);
}

int report_print_comparison(FILE *stream, const struct screen *screen, const struct report *report)
{
    const struct headings *heading = &headings[report->period.kind];
    bool compared = report->previous.nights > 0;
    const struct table_column columns[COLUMN_N] = {
        [COLUMN_WHAT] = {.heading = "", .width = 27},
        [COLUMN_HERE] = {.heading = heading->here, .width = 10, .right = true},
        [COLUMN_BEFORE] = {.heading = heading->before, .width = 12, .right = true, .drop = 2},
        [COLUMN_CHANGE] = {.heading = "CHANGE", .width = 7, .right = true, .drop = 1},
    };
    struct comparison comparison = {
        .here = &report->totals,
        .before = compared ? &report->previous : NULL,
    };
    table_begin(&comparison.table, screen, columns, compared ? COLUMN_N : COLUMN_BEFORE);
    if (report->period.kind == PERIOD_NIGHT)
        put_single_night(&comparison);
    else
        put_averages(&comparison);
    int r = table_print(&comparison.table, stream);
    table_end(&comparison.table);
    return r;
}
