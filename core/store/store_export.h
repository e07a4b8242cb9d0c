// SPDX-License-Identifier: GPL-3.0-or-later
// Every row of every table, whole, for whoever wants to take them elsewhere.
#ifndef PSOASMON_STORE_EXPORT_H
#define PSOASMON_STORE_EXPORT_H

#include "store/store.h"

enum store_table {
    STORE_NIGHTS,
    STORE_BOUTS,    // as they count, and as they were recorded
    STORE_READINGS, // every label, every reading by a model
    STORE_GAPS,
    STORE_EPOCHS,
    STORE_CLOCK_STEPS,
    STORE_DIARY, // tags in one field, as in the diary's CSV
    STORE_STRETCHES,
    STORE_HOLDS,
    STORE_TABLE_N
};
const char *store_table_name(enum store_table table);

enum store_kind {
    STORE_INTEGER,
    STORE_TIME, // seconds since 1970 UTC; the column's name ends with "_s"
    STORE_REAL,
    STORE_TEXT,
    STORE_BYTES,
    STORE_PROBABILITIES, // a byte a position, 255 being 1
};

// Names never change their meaning; new columns come at the end.
struct store_column {
    const char *name;
    enum store_kind kind;
};
// Ends with a null name.
const struct store_column *store_table_columns(enum store_table table);

struct store_value {
    bool null;
    int64_t integer; // INTEGER, TIME
    double real;
    const char *text; // whatever the database holds
    const void *bytes;
    size_t size;
};

// A row, good until the sink returns; the night (or the stretch session, in the form of one) whose
// place its times are told in, or null: of none.
typedef int (*store_row_sink)(const struct store_night *night, const struct store_value *values,
                              void *userdata);

// The rows of the nights, entries and sessions whose day lies in [from, to], and those of no night
// from these days (UTC).
int store_export(struct store *store, enum store_table table, day_number from, day_number to,
                 store_row_sink sink, void *userdata);

// The newest day of a night, an entry or a session. 1 if there is one, 0 if not, negative.
int store_newest_record(struct store *store, day_number *ret);

// Several reads between these two see the same moment of a database that is being written.
int store_hold(struct store *store);
int store_let_go(struct store *store);

#endif
