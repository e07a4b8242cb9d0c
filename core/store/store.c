// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/store_private.h"

int store_code(int sqlite_result)
{
    switch (sqlite_result & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return 0;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return -EACCES;
    case SQLITE_INTERRUPT:
        return -EINTR;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return -EBADMSG;
    case SQLITE_CONSTRAINT:
        return -EINVAL;
    default:
        return -EIO;
    }
}

int store_failed(struct store *store, const char *what)
{
    int code = store_code(sqlite3_extended_errcode(store->database));
    return error_set(&store->error, code ? code : -EIO, "%s: %s", what,
                     sqlite3_errmsg(store->database));
}

const char *store_message(const struct store *store)
{
    return store->error.text;
}

int store_statement(struct store *store, enum statement id, const char *sql, sqlite3_stmt **ret)
{
    if (!store->statements[id] &&
        sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &store->statements[id], NULL) != SQLITE_OK)
        return store_failed(store, "prepare");
    sqlite3_clear_bindings(store->statements[id]);
    *ret = store->statements[id];
    return 0;
}

int store_run(struct store *store, sqlite3_stmt *statement, const char *what)
{
    return sqlite3_step(statement) == SQLITE_DONE ? 0 : store_failed(store, what);
}

int store_step(struct store *store, sqlite3_stmt *statement, const char *what)
{
    int r = sqlite3_step(statement);
    if (r == SQLITE_ROW)
        return 1;
    return r == SQLITE_DONE ? 0 : store_failed(store, what);
}

static int run_plain(struct store *store, enum statement id, const char *sql)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, id, sql, &statement);
    return r < 0 ? r : store_run(store, statement, sql);
}

int store_begin(struct store *store)
{
    // A failed write may have ended the transaction behind our back.
    if (store->in_transaction && !sqlite3_get_autocommit(store->database))
        return 0;
    int r = run_plain(store, STATEMENT_BEGIN, "BEGIN IMMEDIATE");
    store->in_transaction = r == 0;
    return r;
}

int store_writing(struct store *store, enum statement id, const char *sql, sqlite3_stmt **ret)
{
    int r = store_begin(store);
    return r < 0 ? r : store_statement(store, id, sql, ret);
}

int store_commit(struct store *store)
{
    if (!store->in_transaction)
        return 0;
    if (sqlite3_get_autocommit(store->database)) {
        store->in_transaction = false;
        return error_set(&store->error, -EIO, "commit: the transaction was rolled back before");
    }
    int r = run_plain(store, STATEMENT_COMMIT, "COMMIT");
    // Where the commit failed and the transaction is still open, the next one tries again.
    store->in_transaction = !sqlite3_get_autocommit(store->database);
    return r;
}

void store_rollback(struct store *store)
{
    if (store->in_transaction && !sqlite3_get_autocommit(store->database))
        run_plain(store, STATEMENT_ROLLBACK, "ROLLBACK");
    store->in_transaction = false;
}

void store_free(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_N; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
    // After SQLite has closed: closing any descriptor of the file earlier would drop SQLite's
    // own locks on it.
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    free(store);
}
