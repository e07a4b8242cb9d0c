// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>

#include "store/store_private.h"

void store_set_boot(struct store *store, const char *boot, int64_t offset_s)
{
    snprintf(store->boot, sizeof store->boot, "%s", boot ? boot : "");
    store->boot_offset_s = offset_s;
}

static void bind_boot(const struct store *store, sqlite3_stmt *statement, int at, int64_t end_s)
{
    if (!store->boot[0])
        return; // both null
    sqlite3_bind_text(statement, at, store->boot, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, at + 1, end_s - store->boot_offset_s);
}

int store_night_begin(struct store *store, const struct store_night *night, int64_t *ret_id)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(
        store, STATEMENT_NIGHT_BEGIN,
        "INSERT INTO nights (day, timezone, start_utc_offset_s, start_s, end_s, open, "
        "pad, model, boot, boot_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &statement);
    if (r < 0)
        return r;
    char day[DAY_TEXT_SIZE];
    day_format(night->night.day, day);
    sqlite3_bind_text(statement, 1, day, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, night->timezone, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, night->start_utc_offset_s);
    sqlite3_bind_int64(statement, 4, night->night.start_s);
    sqlite3_bind_int64(statement, 5, night->night.end_s);
    sqlite3_bind_int(statement, 6, night->open);
    sqlite3_bind_text(statement, 7, night->pad, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 8, night->model, -1, SQLITE_STATIC);
    bind_boot(store, statement, 9, night->night.end_s);
    r = store_run(store, statement, "new night");
    if (r == 0)
        *ret_id = sqlite3_last_insert_rowid(store->database);
    return r;
}

int store_night_update(struct store *store, int64_t night_id, int64_t end_s, bool open)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    // An end that stays where it is was not recorded just now.
    int r = store_writing(store, STATEMENT_NIGHT_UPDATE,
                          "UPDATE nights SET end_s = ?2, open = ?3, "
                          "boot = iif(end_s = ?2, boot, ?4), "
                          "boot_s = iif(end_s = ?2, boot_s, ?5) WHERE id = ?1",
                          &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, end_s);
    sqlite3_bind_int(statement, 3, open);
    bind_boot(store, statement, 4, end_s);
    return store_run(store, statement, "night");
}

// A statement about a night, and a moment where it has a second parameter.
static int run_on_night(struct store *store, enum statement id, const char *sql, int64_t night_id,
                        int64_t time_s)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, id, sql, &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    if (sqlite3_bind_parameter_count(statement) > 1)
        sqlite3_bind_int64(statement, 2, time_s);
    return store_run(store, statement, "night");
}

int store_night_cut(struct store *store, int64_t night_id, int64_t time_s)
{
    int r =
        run_on_night(store, STATEMENT_CUT_BOUTS,
                     "DELETE FROM bouts WHERE night_id = ?1 AND start_s >= ?2", night_id, time_s);
    if (r == 0)
        r = run_on_night(store, STATEMENT_CUT_EPOCHS,
                         "DELETE FROM epochs WHERE night_id = ?1 AND start_s >= ?2", night_id,
                         time_s);
    if (r == 0)
        r = run_on_night(store, STATEMENT_CUT_GAPS,
                         "UPDATE gaps SET night_id = NULL WHERE night_id = ?1 AND start_s >= ?2",
                         night_id, time_s);
    return r;
}

int store_night_drop(struct store *store, int64_t night_id)
{
    int r = run_on_night(store, STATEMENT_NIGHT_GAPS,
                         "UPDATE gaps SET night_id = NULL WHERE night_id = ?1", night_id, 0);
    return r < 0 ? r
                 : run_on_night(store, STATEMENT_NIGHT_DROP, "DELETE FROM nights WHERE id = ?1",
                                night_id, 0);
}

int store_bout_put(struct store *store, int64_t night_id, const struct bout *bout,
                   const void *snapshot)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(
        store, STATEMENT_BOUT_PUT,
        "INSERT INTO bouts (night_id, start_s, end_s, position, confidence, snapshot) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
        "end_s = excluded.end_s, position = excluded.position, "
        "confidence = excluded.confidence, "
        "snapshot = coalesce(excluded.snapshot, snapshot)",
        &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, bout->start_s);
    sqlite3_bind_int64(statement, 3, bout->end_s);
    sqlite3_bind_text(statement, 4, position_identifier(bout->position), -1, SQLITE_STATIC);
    sqlite3_bind_double(statement, 5, fmin(bout->confidence, 1));
    if (snapshot)
        sqlite3_bind_blob(statement, 6, snapshot, STORE_SNAPSHOT_SIZE, SQLITE_STATIC);
    return store_run(store, statement, "bout");
}

int store_gap_add(struct store *store, int64_t night_id, const struct gap *gap)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(
        store, STATEMENT_GAP_ADD,
        "INSERT INTO gaps (night_id, start_s, end_s, reason) VALUES (?1, ?2, ?3, ?4)", &statement);
    if (r < 0)
        return r;
    if (night_id > 0)
        sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, gap->start_s);
    sqlite3_bind_int64(statement, 3, gap->end_s);
    sqlite3_bind_text(statement, 4, gap_reason_name(gap->reason), -1, SQLITE_STATIC);
    return store_run(store, statement, "gap");
}

int store_epoch_put(struct store *store, int64_t night_id, const struct epoch *epoch)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r =
        store_writing(store, STATEMENT_EPOCH_PUT,
                      "INSERT OR REPLACE INTO epochs (night_id, start_s, seconds, probabilities, "
                      "movement, load, moves, moved_s, breaths_per_min, breath_steadiness) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                      &statement);
    if (r < 0)
        return r;
    uint8_t probabilities[POSITION_N];
    for (int i = 0; i < POSITION_N; i++)
        probabilities[i] = (uint8_t)lrintf(fminf(fmaxf(epoch->probabilities[i], 0), 1) * 255);
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, epoch->start_s);
    sqlite3_bind_int(statement, 3, epoch->seconds);
    sqlite3_bind_blob(statement, 4, probabilities, sizeof probabilities, SQLITE_TRANSIENT);
    sqlite3_bind_double(statement, 5, (double)epoch->movement);
    sqlite3_bind_double(statement, 6, (double)epoch->load);
    sqlite3_bind_int(statement, 7, epoch->moves);
    sqlite3_bind_int(statement, 8, epoch->moved_s);
    if (epoch->breaths_per_min > 0) {
        sqlite3_bind_double(statement, 9, epoch->breaths_per_min);
        sqlite3_bind_double(statement, 10, epoch->breath_steadiness);
    }
    return store_run(store, statement, "epoch");
}
