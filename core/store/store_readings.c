// SPDX-License-Identifier: GPL-3.0-or-later
// Labels and re-readings, beside what was recorded.
#include <errno.h>
#include <math.h>

#include "store/store_private.h"

const char *bout_source_name(enum bout_source source)
{
    static const char *const names[] = {
        [BOUT_RECORDED] = "recorded",
        [BOUT_REREAD] = "model",
        [BOUT_LABELLED] = "label",
    };
    return names[source];
}

int store_bout_at(struct store *store, int64_t time_s, struct store_night *ret_night,
                  struct store_bout *ret_bout)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_BOUT_AT,
                            "SELECT " NIGHT_COLUMNS ", " BOUT_COLUMNS " FROM nights n "
                            "JOIN bouts b ON b.night_id = n.id" COUNTING_READING
                            "WHERE n.start_s <= ?1 AND n.end_s > ?1 "
                            "AND b.start_s <= ?1 AND b.end_s > ?1 "
                            "ORDER BY n.id DESC, b.start_s DESC LIMIT 1",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, time_s);
    r = store_step(store, statement, "bout");
    if (r != 1)
        return r;
    r = store_read_night(store, statement, ret_night);
    if (r == 0)
        r = store_read_bout(store, statement, NIGHT_COLUMNS_N, ret_bout);
    return r < 0 ? r : 1;
}

// A model's reading, or a label where model is null.
static int put_reading(struct store *store, int64_t night_id, const struct bout *reading,
                       const char *model, int64_t made_s)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_READING_PUT,
                          "INSERT INTO readings (night_id, start_s, source, position, confidence, "
                          "model, made_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_int64(statement, 2, reading->start_s);
    sqlite3_bind_text(statement, 3, bout_source_name(model ? BOUT_REREAD : BOUT_LABELLED), -1,
                      SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, position_identifier(reading->position), -1, SQLITE_STATIC);
    sqlite3_bind_double(statement, 5, fmin(reading->confidence, 1));
    sqlite3_bind_text(statement, 6, model, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 7, made_s);
    return store_run(store, statement, "reading");
}

int store_reread(struct store *store, int64_t night_id, int64_t start_s, enum position position,
                 double confidence, const char *model, int64_t made_s)
{
    const struct bout reading = {
        .start_s = start_s, .position = position, .confidence = confidence};
    return put_reading(store, night_id, &reading, model, made_s);
}

int store_label(struct store *store, int64_t time_s, enum position position, int64_t made_s)
{
    struct store_night night;
    struct store_bout bout;
    int r = store_bout_at(store, time_s, &night, &bout);
    if (r != 1)
        return r < 0 ? r : STORE_NO_BOUT;
    if (bout.source == BOUT_LABELLED && bout.bout.position == position)
        return 0;
    const struct bout label = {.start_s = bout.bout.start_s, .position = position, .confidence = 1};
    return put_reading(store, night.id, &label, NULL, made_s);
}

int store_unlabel(struct store *store, int64_t time_s)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    struct store_night night;
    struct store_bout bout;
    int r = store_bout_at(store, time_s, &night, &bout);
    if (r != 1)
        return r < 0 ? r : STORE_NO_BOUT;
    if (bout.source != BOUT_LABELLED)
        return STORE_NO_LABEL;
    r = store_writing(store, STATEMENT_READING_DELETE,
                      "DELETE FROM readings WHERE id = (SELECT max(id) FROM readings "
                      "WHERE night_id = ?1 AND start_s = ?2 AND source = 'label')",
                      &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night.id);
    sqlite3_bind_int64(statement, 2, bout.bout.start_s);
    return store_run(store, statement, "label");
}

int store_snapshots(struct store *store, int64_t night_id, const char *model,
                    store_snapshot_sink sink, void *userdata)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_SNAPSHOTS,
                            "SELECT " BOUT_COLUMNS ", b.snapshot FROM bouts b" COUNTING_READING
                            "WHERE b.night_id = ?1 AND b.snapshot IS NOT NULL "
                            "AND b.position <> 'empty' AND ?2 <> coalesce("
                            "(SELECT model FROM readings WHERE night_id = b.night_id "
                            "AND start_s = b.start_s AND source = 'model' "
                            "ORDER BY id DESC LIMIT 1), "
                            "(SELECT model FROM nights WHERE id = b.night_id)) "
                            "ORDER BY b.start_s",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    sqlite3_bind_text(statement, 2, model, -1, SQLITE_STATIC);
    while ((r = store_step(store, statement, "snapshots")) == 1) {
        struct store_bout bout;
        r = store_read_bout(store, statement, 0, &bout);
        const void *snapshot = sqlite3_column_blob(statement, BOUT_COLUMNS_N);
        size_t size = (size_t)sqlite3_column_bytes(statement, BOUT_COLUMNS_N);
        if (r == 0)
            r = sink(&bout, snapshot, size, userdata);
        if (r < 0)
            return r;
    }
    return r;
}
