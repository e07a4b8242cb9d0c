// SPDX-License-Identifier: GPL-3.0-or-later
// The period's figures, and those of the period before beside them.
#include "report/report_table.h"

#include "table.h"
#include "words.h"

enum column {
    COLUMN_WHAT,
    COLUMN_HERE,
    COLUMN_BEFORE,
    COLUMN_CHANGE,
    COLUMN_ARROW,
    COLUMN_N
};

struct headings {
    const char *here, *before;
};

static const struct headings headings[PERIOD_KIND_N] = {
    [PERIOD_NIGHT] = {N_("NIGHT"), N_("NIGHT BEFORE")},
    [PERIOD_WEEK] = {N_("WEEK"), N_("WEEK BEFORE")},
    [PERIOD_MONTH] = {N_("MONTH"), N_("MONTH BEFORE")},
    [PERIOD_YEAR] = {N_("YEAR"), N_("YEAR BEFORE")},
    [PERIOD_DATES] = {N_("THESE DAYS"), N_("DAYS BEFORE")},
};

static const char *arrow(const struct screen *screen, enum trend trend)
{
    switch (trend) {
    case TREND_MORE:
        return screen->utf8 ? "↑" : "^";
    case TREND_LESS:
        return screen->utf8 ? "↓" : "v";
    case TREND_NOT_JUDGED:
    case TREND_WITHIN:
        break;
    }
    return "";
}

static void put_figure(struct table *table, const struct report *report,
                       const struct figures *figures, enum figure figure)
{
    const struct figure_fact *fact = figure_fact(figure);
    bool single = report->period.kind == PERIOD_NIGHT;
    char text[FIGURE_TEXT_SIZE];
    if (!figure_is_shown(figure, figures, report))
        return;
    table_row(table);
    table_cell(table, COLUMN_WHAT, TABLE_PLAIN, "%s", _(single ? fact->title_one : fact->title));
    figure_text(figure, figures->here[figure], text);
    table_cell(table, COLUMN_HERE, TABLE_PLAIN, "%s", text);
    if (report->previous.nights == 0)
        return;
    figure_text(figure, figures->before[figure], text);
    table_cell(table, COLUMN_BEFORE, TABLE_PLAIN, "%s", text);
    figure_change_text(figure, figures, text);
    table_cell(table, COLUMN_CHANGE, TABLE_PLAIN, "%s", text);
    table_cell(table, COLUMN_ARROW, TABLE_BOLD, "%s", arrow(table->screen, figures->trend[figure]));
}

int report_print_comparison(FILE *stream, const struct screen *screen, const struct report *report,
                            const struct figures *figures)
{
    const struct headings *heading = &headings[report->period.kind];
    bool compared = report->previous.nights > 0;
    const struct table_column columns[COLUMN_N] = {
        [COLUMN_WHAT] = {.heading = "", .width = 28},
        [COLUMN_HERE] = {.heading = heading->here, .width = 10, .right = true},
        [COLUMN_BEFORE] = {.heading = heading->before, .width = 12, .right = true, .drop = 3},
        [COLUMN_CHANGE] = {.heading = N_("CHANGE"), .width = 7, .right = true, .drop = 1},
        [COLUMN_ARROW] = {.heading = "", .width = 1, .drop = 2},
    };
    struct table table;
    table_begin(&table, screen, columns, compared ? COLUMN_N : COLUMN_BEFORE);
    for (int figure = 0; figure < FIGURE_N; figure++)
        put_figure(&table, report, figures, (enum figure)figure);
    int r = table_print(&table, stream);
    table_end(&table);
    return r;
}
