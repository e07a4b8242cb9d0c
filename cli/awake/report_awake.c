// SPDX-License-Identifier: GPL-3.0-or-later
// What was told and done awake, below the nights: on a terminal, and to be read aloud.
#include "awake/report_awake.h"

#include "awake/awake_rows.h"
#include "table.h"
#include "words.h"

#define SCALE_MAX 10

enum column {
    COLUMN_WHEN,
    COLUMN_PAIN,
    COLUMN_BAR, // of the pain
    COLUMN_STIFFNESS,
    COLUMN_SITTING,
    COLUMN_STRETCHED,
    COLUMN_N
};

static const enum column column_of[AWAKE_ITEM_N] = {
    [AWAKE_STRETCHED] = COLUMN_STRETCHED,
    [AWAKE_PAIN] = COLUMN_PAIN,
    [AWAKE_STIFFNESS] = COLUMN_STIFFNESS,
    [AWAKE_SITTING] = COLUMN_SITTING,
};

static void put_row(struct table *table, const struct awake_row *row)
{
    char text[AWAKE_ROW_SIZE];
    table_row(table);
    awake_row_name(row, text);
    table_cell(table, COLUMN_WHEN, TABLE_PLAIN, "%s", text);
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        char value[AWAKE_TEXT_SIZE];
        awake_text((enum awake_item)item, row->means.of[item], value);
        table_cell(table, column_of[item], TABLE_PLAIN, "%s", value);
    }
    const struct awake_mean *pain = &row->means.of[AWAKE_PAIN];
    if (pain->n > 0)
        table_bar(table, COLUMN_BAR, TABLE_PLAIN, pain->value / SCALE_MAX);
}

int report_print_awake(FILE *stream, const struct screen *screen, const struct report *report)
{
    struct awake_rows rows;
    int r = awake_rows_of(&rows, report);
    if (r < 0 || rows.n == 0)
        return r;
    struct table_column columns[COLUMN_N] = {
        [COLUMN_WHEN] = {.heading = N_("AWAKE"), .width = 10},
        [COLUMN_PAIN] = {.width = 4},
        [COLUMN_BAR] = {.heading = "", .width = 10, .width_max = 40, .drop = 1},
        [COLUMN_STIFFNESS] = {.width = 9, .drop = 2},
        [COLUMN_SITTING] = {.width = 7, .drop = 3},
        [COLUMN_STRETCHED] = {.width = 9, .drop = 4},
    };
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        columns[column_of[item]].heading = awake_fact((enum awake_item)item)->heading;
        columns[column_of[item]].right = true;
    }
    struct table table;
    table_begin(&table, screen, columns, COLUMN_N);
    for (size_t i = 0; i < rows.n; i++)
        put_row(&table, &rows.rows[i]);
    r = table_print(&table, stream);
    if (r >= 0)
        fputc('\n', stream);
    table_end(&table);
    awake_rows_free(&rows);
    return r;
}

static void say_row(FILE *stream, const struct awake_row *row)
{
    char text[AWAKE_ROW_SIZE];
    awake_row_words(row, text);
    fprintf(stream, row->means.days > 0 ? "%s." : _("%s: nothing was told."), text);
    for (int item = 0; row->means.days > 0 && item < AWAKE_ITEM_N; item++) {
        char value[AWAKE_TEXT_SIZE];
        awake_words((enum awake_item)item, row->means.of[item], value);
        if (row->means.of[item].n > 0)
            fprintf(stream, " %s: %s.", _(awake_fact((enum awake_item)item)->title), value);
    }
    fputc('\n', stream);
}

int report_say_awake(FILE *stream, const struct report *report)
{
    struct awake_rows rows;
    int r = awake_rows_of(&rows, report);
    if (r < 0 || rows.n == 0)
        return r;
    fputs(_("\nAwake:\n"), stream);
    for (size_t i = 0; i < rows.n; i++)
        say_row(stream, &rows.rows[i]);
    awake_rows_free(&rows);
    return 0;
}
