// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be gone for good, and what is kept only for a while.
//
// The writer's connection zeroes what it frees (secure_delete). That leaves traces where SQLite has
// moved rows within a page before, as when a page was split: only rewriting the file (store_scrub)
// is sure to leave none.
#include <errno.h>

#include "store/store_private.h"

static int find_night(struct store *store, int64_t night_id, int64_t start_s, bool *ret_open)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_FIND_NIGHT,
                            "SELECT open FROM nights WHERE id = ?1 AND start_s = ?2", &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, start_s);
    r = store_step(store, statement, "night");
    *ret_open = r == 1 && sqlite3_column_int(statement, 0);
    return r;
}

// What has a night's number: the rest goes with it (ON DELETE CASCADE).
static int delete_night(struct store *store, int64_t night_id)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_DELETE_NIGHT, "DELETE FROM nights WHERE id = ?1",
                          &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    return store_run(store, statement, "deleting a night");
}

static int checkpoint(struct store *store)
{
    int r =
        sqlite3_wal_checkpoint_v2(store->database, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return r == SQLITE_OK ? 0 : store_failed(store, "emptying the journal");
}

int store_delete(struct store *store, int64_t night_id, int64_t start_s, bool even_open)
{
    bool open;
    int r = find_night(store, night_id, start_s, &open);
    if (r != 1)
        return r < 0 ? r : STORE_NO_NIGHT;
    if (open && !even_open)
        return STORE_NIGHT_OPEN;
    r = delete_night(store, night_id);
    if (r == 0)
        r = store_commit(store);
    if (r < 0)
        store_rollback(store);
    return r;
}

int store_scrub(struct store *store)
{
    if (store->in_transaction)
        return error_set(&store->error, -EBUSY, "rewriting: something is not committed");
    if (sqlite3_exec(store->database, "VACUUM", NULL, NULL, NULL) != SQLITE_OK)
        return store_failed(store, "rewriting");
    return checkpoint(store);
}

// ---- what is kept for a while ----

// The closed night after *night_id, by number, that ended before `before_s`.
static int next_night(struct store *store, int64_t before_s, int64_t *night_id)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_OLD_NIGHT,
                            "SELECT id FROM nights WHERE id > ?1 AND NOT open AND end_s < ?2 "
                            "ORDER BY id LIMIT 1",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, *night_id);
    sqlite3_bind_int64(statement, 2, before_s);
    r = store_step(store, statement, "night");
    if (r == 1)
        *night_id = sqlite3_column_int64(statement, 0);
    return r;
}

static int remove_old(struct store *store, enum statement id, const char *sql, int64_t night_id,
                      int64_t before_s, uint64_t *removed)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, id, sql, &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, before_s);
    r = store_run(store, statement, "removing what is old");
    if (r == 0)
        *removed += (uint64_t)sqlite3_changes64(store->database);
    return r;
}

int store_tidy(struct store *store, const struct store_keep *keep, int64_t *night_id,
               struct store_removed *removed)
{
    int64_t first_s =
        keep->snapshots_from_s > keep->epochs_from_s ? keep->snapshots_from_s : keep->epochs_from_s;
    int r = next_night(store, first_s, night_id);
    if (r != 1)
        return r;
    r = remove_old(store, STATEMENT_DROP_SNAPSHOTS,
                   "UPDATE bouts SET snapshot = NULL WHERE night_id = ?1 "
                   "AND snapshot IS NOT NULL "
                   "AND (SELECT end_s FROM nights WHERE id = ?1) < ?2",
                   *night_id, keep->snapshots_from_s, &removed->snapshots);
    if (r == 0)
        r = remove_old(store, STATEMENT_DROP_EPOCHS,
                       "DELETE FROM epochs WHERE night_id = ?1 "
                       "AND (SELECT end_s FROM nights WHERE id = ?1) < ?2",
                       *night_id, keep->epochs_from_s, &removed->epochs);
    return r < 0 ? r : 1;
}

int store_newest_end(struct store *store, int64_t *ret_s)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_NEWEST_END,
                            "SELECT max(end_s) FROM nights HAVING count(*) > 0", &statement);
    if (r == 0)
        r = store_step(store, statement, "newest night");
    if (r == 1)
        *ret_s = sqlite3_column_int64(statement, 0);
    return r;
}
