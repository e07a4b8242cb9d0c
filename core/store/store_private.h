// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of core/store share.
#ifndef PSOASMON_STORE_PRIVATE_H
#define PSOASMON_STORE_PRIVATE_H

#include <sqlite3.h>

#include "store/store.h"

#define STORE_APPLICATION_ID 0x70736F61 // "psoa"
#define STORE_SCHEMA_VERSION 4

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_NIGHT_BEGIN,
    STATEMENT_NIGHT_UPDATE,
    STATEMENT_CUT_BOUTS,
    STATEMENT_CUT_EPOCHS,
    STATEMENT_CUT_GAPS,
    STATEMENT_NIGHT_GAPS,
    STATEMENT_NIGHT_DROP,
    STATEMENT_BOUT_PUT,
    STATEMENT_GAP_ADD,
    STATEMENT_EPOCH_PUT,
    STATEMENT_OPEN_NIGHT,
    STATEMENT_NEXT_NIGHT,
    STATEMENT_NIGHTS,
    STATEMENT_ANY_READING,
    STATEMENT_SUM_BOUTS,
    STATEMENT_SUM_READ_BOUTS,
    STATEMENT_BOUTS,
    STATEMENT_GAPS,
    STATEMENT_BREATHING,
    STATEMENT_MOVEMENT,
    STATEMENT_SETTLING,
    STATEMENT_NEWEST_DAY,
    STATEMENT_BOUT_AT,
    STATEMENT_SNAPSHOTS,
    STATEMENT_READING_PUT,
    STATEMENT_READING_DELETE,
    STATEMENT_OPEN_NIGHT_BEFORE,
    STATEMENT_UNNAMED_NIGHT,
    STATEMENT_CLOCK_STEP,
    STATEMENT_LAST_EPOCH,
    STATEMENT_FIND_NIGHT,
    STATEMENT_DELETE_NIGHT,
    STATEMENT_OLD_NIGHT,
    STATEMENT_DROP_SNAPSHOTS,
    STATEMENT_DROP_EPOCHS,
    STATEMENT_NEWEST_END,
    STATEMENT_DIARY_PUT,
    STATEMENT_DIARY_TAG_PUT,
    STATEMENT_DIARY,
    STATEMENT_DIARY_TAGS,
    STATEMENT_DIARY_DELETE,
    STATEMENT_STRETCH_PUT,
    STATEMENT_STRETCH_HOLD_PUT,
    STATEMENT_STRETCHES,
    STATEMENT_STRETCH_HOLDS,
    STATEMENT_STRETCH_DELETE,
    STATEMENT_N
};

struct store {
    sqlite3 *database;
    int lock_fd; // STORE_WRITE: holds the lock that keeps other writers out; else -1
    bool in_transaction;
    char boot[STORE_BOOT_SIZE]; // store_set_boot; empty: not known
    int64_t boot_offset_s;
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

// A statement of the open transaction, beginning one if need be.
int store_writing(struct store *store, enum statement id, const char *sql, sqlite3_stmt **ret);

// Runs a statement that returns no rows.
int store_run(struct store *store, sqlite3_stmt *statement, const char *what);

// Steps once: 1 for a row, 0 at the end, negative on failure.
int store_step(struct store *store, sqlite3_stmt *statement, const char *what);

// Makes sure that a file's name in its directory outlives a loss of power.
int store_sync_directory(const char *path);

// ---- rows ----

// Of `nights n`.
#define NIGHT_COLUMNS                                                                              \
    "n.id, n.day, n.timezone, n.start_utc_offset_s, n.start_s, n.end_s, n.open, n.pad, n.model, "  \
    "n.boot, n.boot_s"
#define NIGHT_COLUMNS_N 11

// Of `bouts b`, with the reading that counts beside it: 'label' comes before 'model', and the
// newest first.
#define COUNTING_READING                                                                           \
    " LEFT JOIN readings r ON r.id = (SELECT id FROM readings WHERE night_id = b.night_id "        \
    "AND start_s = b.start_s ORDER BY source, id DESC LIMIT 1) "
#define BOUT_COLUMNS                                                                               \
    "b.start_s, b.end_s, coalesce(r.position, b.position), "                                       \
    "coalesce(r.confidence, b.confidence), r.source, b.position"
#define BOUT_COLUMNS_N 6

// -EBADMSG where the row holds impossible times. A night's columns are a row's first; a bout's
// begin at `at`.
int store_read_night(struct store *store, sqlite3_stmt *row, struct store_night *night);
int store_read_bout(struct store *store, sqlite3_stmt *row, int at, struct store_bout *bout);

#endif
