// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/cleanup.h"
#include "canvas.h"
#include "words.h"

#define GAP_MAX 3 // blanks between columns, where there is room

static unsigned width_of(const unsigned *widths, unsigned n, unsigned gap)
{
    unsigned total = 0;
    for (unsigned i = 0; i < n; i++)
        if (widths[i])
            total += widths[i] + (total ? gap : 0);
    return total;
}

// The column to do without next; n if all that are left must stay.
static unsigned next_dropped(const struct table_column *columns, const unsigned *widths, unsigned n)
{
    unsigned next = n;
    for (unsigned i = 0; i < n; i++)
        if (widths[i] && columns[i].drop > (next < n ? columns[next].drop : 0))
            next = i;
    return next;
}

// Decides which columns are shown and how wide, and returns the gap between them.
static unsigned lay_out(const struct table_column *columns, unsigned n, unsigned width,
                        unsigned *widths)
{
    for (unsigned i = 0; i < n; i++) {
        // In another language a heading may be wider than the cells.
        unsigned heading = canvas_width(_(columns[i].heading));
        widths[i] = columns[i].width > heading ? columns[i].width : heading;
    }
    unsigned dropped;
    while (width_of(widths, n, 1) > width && (dropped = next_dropped(columns, widths, n)) < n)
        widths[dropped] = 0;

    unsigned gap = GAP_MAX;
    while (gap > 1 && width_of(widths, n, gap) > width)
        gap--;
    for (unsigned i = 0; i < n; i++) {
        unsigned used = width_of(widths, n, gap);
        if (!widths[i] || columns[i].width_max <= widths[i] || used >= width)
            continue;
        unsigned room = widths[i] + width - used;
        widths[i] = room < columns[i].width_max ? room : columns[i].width_max;
    }
    return gap;
}

static const char *style_sequence(enum table_style style)
{
    switch (style) {
    case TABLE_BOLD:
        return "\033[1m";
    case TABLE_GOOD:
        return "\033[32m";
    case TABLE_DIM:
        return "\033[2m";
    case TABLE_PLAIN:
        break;
    }
    return NULL;
}

static void add_column(struct table *table, const struct table_column *column, unsigned width)
{
    int flags = column->right ? SCOLS_FL_RIGHT : 0;
    struct libscols_column *scols =
        scols_table_new_column(table->scols, _(column->heading), width, flags);
    if (!scols ||
        scols_cell_set_color(scols_column_get_header(scols), style_sequence(TABLE_BOLD)) < 0)
        table->failed = true;
}

void table_begin(struct table *table, const struct screen *screen,
                 const struct table_column *columns, unsigned n)
{
    *table = (struct table){.screen = screen, .scols = scols_new_table()};
    if (!table->scols) {
        table->failed = true;
        return;
    }
    unsigned gap = lay_out(columns, n, screen->width, table->widths);
    int at = 0;
    for (unsigned i = 0; i < n; i++) {
        table->at[i] = table->widths[i] ? at++ : -1;
        if (table->widths[i])
            add_column(table, &columns[i], table->widths[i]);
    }
    // The layout is ours: libsmartcols is to take these widths as they are.
    scols_table_set_termforce(table->scols, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(table->scols, screen->width);
    scols_table_enable_colors(table->scols, screen->colour);
    if (scols_table_set_column_separator(table->scols, &"   "[GAP_MAX - gap]) < 0)
        table->failed = true;
}

void table_end(struct table *table)
{
    scols_unref_table(table->scols);
    table->scols = NULL;
}

void table_row(struct table *table)
{
    if (table->failed)
        return;
    table->row = scols_table_new_line(table->scols, NULL);
    table->failed = !table->row;
}

static void set_cell(struct table *table, unsigned column, enum table_style style, const char *text)
{
    if (table->failed || table->at[column] < 0)
        return;
    struct libscols_cell *cell = scols_line_get_cell(table->row, (size_t)table->at[column]);
    const char *sequence = style_sequence(style);
    if (!cell || !text || scols_cell_set_data(cell, text) < 0 ||
        (sequence && scols_cell_set_color(cell, sequence) < 0))
        table->failed = true;
}

void table_cell(struct table *table, unsigned column, enum table_style style, const char *format,
                ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    set_cell(table, column, style, length < 0 ? NULL : text);
    if (length >= 0)
        free(text);
}

void table_meter(struct table *table, unsigned column, double share)
{
    _cleanup_(freep) char *bar = bar_meter(table->screen, share, table->widths[column]);
    set_cell(table, column, TABLE_GOOD, bar);
}

void table_bar(struct table *table, unsigned column, enum table_style style, double share)
{
    _cleanup_(freep) char *bar = bar_length(table->screen, share, table->widths[column]);
    set_cell(table, column, style, bar);
}

int table_print(struct table *table, FILE *stream)
{
    _cleanup_(freep) char *text = NULL;
    if (table->failed || scols_print_table_to_string(table->scols, &text) < 0)
        return -ENOMEM;
    // libsmartcols fills an empty last column up with blanks.
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n"), shown = length;
        while (shown > 0 && line[shown - 1] == ' ')
            shown--;
        fprintf(stream, "%.*s\n", (int)shown, line);
        line += length + (line[length] == '\n');
    }
    return 0;
}
