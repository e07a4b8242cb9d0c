// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of core/store share.
#ifndef PSOASMON_STORE_PRIVATE_H
#define PSOASMON_STORE_PRIVATE_H

#include <sqlite3.h>

#include "store/store.h"

#define STORE_APPLICATION_ID 0x70736F61 // "psoa"
#define STORE_SCHEMA_VERSION 1

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_NIGHT_BEGIN,
    STATEMENT_NIGHT_UPDATE,
    STATEMENT_BOUT_PUT,
    STATEMENT_GAP_ADD,
    STATEMENT_EPOCH_PUT,
    STATEMENT_OPEN_NIGHT,
    STATEMENT_NEXT_NIGHT,
    STATEMENT_NIGHTS,
    STATEMENT_BOUTS,
    STATEMENT_GAPS,
    STATEMENT_NEWEST_DAY,
    STATEMENT_N
};

struct store {
    sqlite3 *database;
    int lock_fd; // STORE_WRITE: holds the lock that keeps other writers out; else -1
    bool in_transaction;
    struct error error;
    sqlite3_stmt *statements[STATEMENT_N]; // prepared at their first use
};

// SQLite's result as a negative errno.
int store_code(int sqlite_result);

// Keeps SQLite's words for store_message; returns the code.
int store_failed(struct store *store, const char *what);

// The statement, ready to bind, and reset behind the caller by `_cleanup_(statement_resetp)`.
int store_statement(struct store *store, enum statement id, const char *sql, sqlite3_stmt **ret);

static inline void statement_resetp(sqlite3_stmt **statement)
{
    if (*statement)
        sqlite3_reset(*statement);
}

// Begins a transaction unless one is open.
int store_begin(struct store *store);

// Runs a statement that returns no rows.
int store_run(struct store *store, sqlite3_stmt *statement, const char *what);

#endif
