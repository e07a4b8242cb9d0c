// SPDX-License-Identifier: GPL-3.0-or-later
// What was told and done awake, below the nights: on a terminal, and to be read aloud.
#include "awake/report_awake.h"

#include "awake/advice.h"
#include "awake/awake_rows.h"
#include "awake/helps.h"
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

// ---- sentences ----

static int say_advice(const struct report *report, const struct figures *figures, words_sink sink,
                      void *userdata)
{
    struct advice advice;
    advice_of(&advice, report, figures);
    advice_say(&advice, sink, userdata);
    return 0;
}

static int say_helps(const struct report *report, const struct figures *figures, words_sink sink,
                     void *userdata)
{
    (void)figures;
    struct helps helps;
    if (report->period.kind == PERIOD_NIGHT) // of one night nothing goes along with anything
        return 0;
    int r = helps_of(&helps, report);
    if (r == 0)
        helps_words(&helps, report, sink, userdata);
    helps_free(&helps);
    return r;
}

const struct report_sentences report_advice = {N_("Advice"), say_advice};
const struct report_sentences report_helps = {N_("What goes along with pain"), say_helps};

struct list {
    FILE *stream;
    const struct screen *screen;
    const char *heading;
    unsigned n;
};

static void put_sentence(const char *sentence, void *userdata)
{
    struct list *list = userdata;
    bool aloud = !list->screen, bold = list->screen && list->screen->colour;
    if (list->n++ == 0)
        fprintf(list->stream, aloud ? "\n%s%s:%s\n" : "%s%s%s\n", bold ? "\033[1m" : "",
                _(list->heading), bold ? "\033[0m" : "");
    if (aloud)
        fprintf(list->stream, "%s\n", sentence);
    else
        screen_item(list->stream, list->screen, sentence);
}

int report_print_sentences(FILE *stream, const struct screen *screen,
                           const struct report_sentences *sentences, const struct report *report,
                           const struct figures *figures)
{
    struct list list = {.stream = stream, .screen = screen, .heading = sentences->heading};
    int r = sentences->say(report, figures, put_sentence, &list);
    if (screen && list.n > 0)
        fputc('\n', stream);
    return r;
}
