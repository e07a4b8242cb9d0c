// SPDX-License-Identifier: GPL-3.0-or-later
// A table that fits the screen: a thin layer over libsmartcols which decides what is shown at
// which width, so that nothing is ever cut in the middle.
#ifndef PSOASMON_TABLE_H
#define PSOASMON_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "screen.h"

struct libscols_table;
struct libscols_line;

struct table_column {
    const char *heading;
    unsigned width;     // of its widest cell
    unsigned width_max; // grows to this where there is room: bars
    bool right;         // numbers
    unsigned drop;      // on a narrow screen the highest goes first; 0 stays
};

#define TABLE_COLUMNS_MAX 12

enum table_style {
    TABLE_PLAIN,
    TABLE_BOLD,
    TABLE_GOOD, // what helps
    TABLE_DIM,  // what is missing
};

struct table {
    struct libscols_table *scols;
    struct libscols_line *row; // the last one
    const struct screen *screen;
    unsigned widths[TABLE_COLUMNS_MAX]; // 0: dropped
    int at[TABLE_COLUMNS_MAX];          // column of libsmartcols; -1: dropped
    bool failed;                        // memory was short; table_print says so
};

// The columns and the screen must outlive the table.
void table_begin(struct table *table, const struct screen *screen,
                 const struct table_column *columns, unsigned n);
void table_end(struct table *table);

void table_row(struct table *table);

// In the last row; nothing happens to a column that was dropped.
void table_cell(struct table *table, unsigned column, enum table_style style, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

// A bar as wide as the column: bar_meter, bar_length.
void table_meter(struct table *table, unsigned column, double share);
void table_bar(struct table *table, unsigned column, enum table_style style, double share);

// 0, -ENOMEM.
int table_print(struct table *table, FILE *stream);

#endif
