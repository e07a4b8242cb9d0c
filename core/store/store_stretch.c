// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store_awake.h"

#include <errno.h>
#include <stdio.h>

#include "store/store_private.h"

static int put_session(struct store *store, const struct stretch_session *session)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_STRETCH_PUT,
                          "INSERT INTO stretch_sessions (day, timezone, start_utc_offset_s, "
                          "start_s, end_s, pad, model, finished) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                          &statement);
    if (r < 0)
        return r;
    char day[DAY_TEXT_SIZE];
    day_format(session->day, day);
    sqlite3_bind_text(statement, 1, day, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, session->timezone, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, session->start_utc_offset_s);
    sqlite3_bind_int64(statement, 4, session->start_s);
    sqlite3_bind_int64(statement, 5, session->end_s);
    sqlite3_bind_text(statement, 6, session->pad, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, session->model, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 8, session->finished);
    return store_run(store, statement, "stretch session");
}

static int put_hold(struct store *store, int64_t start_s, unsigned number,
                    const struct stretch_hold *hold)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_STRETCH_HOLD_PUT,
                          "INSERT INTO stretch_holds (session_id, number, position, start_s, "
                          "end_s, asked_s, held_s, wrong_side_s) SELECT id, ?2, ?3, ?4, ?5, ?6, "
                          "?7, ?8 FROM stretch_sessions WHERE start_s = ?1",
                          &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, start_s);
    sqlite3_bind_int64(statement, 2, number);
    sqlite3_bind_text(statement, 3, position_identifier(hold->position), -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, hold->start_s);
    sqlite3_bind_int64(statement, 5, hold->end_s);
    sqlite3_bind_int64(statement, 6, hold->asked_s);
    sqlite3_bind_int64(statement, 7, hold->held_s);
    sqlite3_bind_int64(statement, 8, hold->wrong_side_s);
    return store_run(store, statement, "stretch session");
}

int store_stretch_delete(struct store *store, int64_t start_s)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_STRETCH_DELETE,
                          "DELETE FROM stretch_sessions WHERE start_s = ?1", &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, start_s);
    r = store_run(store, statement, "stretch session");
    return r == 0 && sqlite3_changes(store->database) == 0 ? STORE_NO_SESSION : r;
}

int store_stretch_put(struct store *store, const struct stretch_session *session)
{
    int r = store_stretch_delete(store, session->start_s);
    if (r >= 0)
        r = put_session(store, session);
    for (unsigned i = 0; r == 0 && i < session->n_holds; i++)
        r = put_hold(store, session->start_s, i + 1, &session->holds[i]);
    return r;
}

// ---- reading ----

static void column_text(sqlite3_stmt *row, int column, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(row, column);
    snprintf(text, size, "%s", value ? (const char *)value : "");
}

static int read_holds(struct store *store, int64_t id, struct stretch_session *session)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_STRETCH_HOLDS,
                            "SELECT position, start_s, end_s, asked_s, held_s, wrong_side_s "
                            "FROM stretch_holds WHERE session_id = ?1 ORDER BY number",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, id);
    while ((r = store_step(store, statement, "stretch session")) == 1) {
        if (session->n_holds == STRETCH_HOLDS_MAX)
            return error_set(&store->error, -EBADMSG, "stretch session: too many holds");
        char identifier[32];
        column_text(statement, 0, identifier, sizeof identifier);
        int position = position_from_identifier(identifier);
        session->holds[session->n_holds++] = (struct stretch_hold){
            .position = position < 0 ? POSITION_UNKNOWN : (enum position)position,
            .start_s = sqlite3_column_int64(statement, 1),
            .end_s = sqlite3_column_int64(statement, 2),
            .asked_s = sqlite3_column_int64(statement, 3),
            .held_s = sqlite3_column_int64(statement, 4),
            .wrong_side_s = sqlite3_column_int64(statement, 5),
        };
    }
    return r;
}

static int read_session(struct store *store, sqlite3_stmt *row, struct stretch_session *session)
{
    char day[DAY_TEXT_SIZE];
    *session = (struct stretch_session){
        .start_utc_offset_s = sqlite3_column_int(row, 3),
        .start_s = sqlite3_column_int64(row, 4),
        .end_s = sqlite3_column_int64(row, 5),
        .finished = sqlite3_column_int(row, 8),
    };
    column_text(row, 1, day, sizeof day);
    column_text(row, 2, session->timezone, sizeof session->timezone);
    column_text(row, 6, session->pad, sizeof session->pad);
    column_text(row, 7, session->model, sizeof session->model);
    struct error why = {0};
    int r = read_holds(store, sqlite3_column_int64(row, 0), session);
    if (r < 0)
        return r;
    // The schema keeps nonsense out of databases that psoasmon wrote; others may hold anything.
    if (!day_parse(day, &session->day))
        return error_set(&store->error, -EBADMSG, "stretch session: no day");
    if (stretch_session_check(session, &why) < 0)
        return error_set(&store->error, -EBADMSG, "the database holds an impossible %s", why.text);
    return 0;
}

int store_stretches(struct store *store, day_number from, day_number to, store_stretch_sink sink,
                    void *userdata)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_STRETCHES,
                            "SELECT id, day, timezone, start_utc_offset_s, start_s, end_s, pad, "
                            "model, finished FROM stretch_sessions "
                            "WHERE day BETWEEN ?1 AND ?2 ORDER BY start_s",
                            &statement);
    if (r < 0)
        return r;
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    day_format(from, first);
    day_format(to, last);
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, last, -1, SQLITE_TRANSIENT);
    while ((r = store_step(store, statement, "stretch sessions")) == 1) {
        struct stretch_session session;
        r = read_session(store, statement, &session);
        if (r == 0)
            r = sink(&session, userdata);
        if (r < 0)
            return r;
    }
    return r;
}
