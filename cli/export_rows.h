// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the database as lines of text: CSV, or JSON. docs/export.md says what they look like.
#ifndef PSOASMON_EXPORT_ROWS_H
#define PSOASMON_EXPORT_ROWS_H

#include <stdbool.h>
#include <stdio.h>

#include "store/store_export.h"

struct export_rows {
    FILE *stream;
    enum store_table table;
    bool csv, snapshots;
    uint64_t n;
};

// CSV: the line with the columns' names.
void export_head(const struct export_rows *rows);

// A store_row_sink; userdata: the struct export_rows. -ENOMEM, -EIO, -EINTR.
int export_row(const struct store_night *night, const struct store_value *values, void *userdata);

#endif
