// SPDX-License-Identifier: GPL-3.0-or-later
// Every row there is, as it comes off the disk: in the order of the keys, so that nothing is sorted
// and ten years take no more memory than one night.
#include <errno.h>
#include <string.h>

#include "store/store_export.h"
#include "store/store_private.h"

#define COLUMNS_MAX 17

struct table {
    const char *name;
    // Behind NIGHT_COLUMNS, all null for a row of no night. ?1 and ?2: the first and the last day.
    const char *columns_sql, *from_sql;
    struct store_column columns[COLUMNS_MAX]; // as the columns of columns_sql
};

#define OF_NIGHTS      " WHERE n.day BETWEEN ?1 AND ?2 ORDER BY n.id"
#define OR_OF_NONE(at) " WHERE coalesce(n.day, date(" at ", 'unixepoch')) BETWEEN ?1 AND ?2 "

// A session says where it was, as a night does.
#define SESSIONS_AS_NIGHTS                                                                         \
    "(SELECT id, day, timezone, start_utc_offset_s, start_s, end_s, 0 AS open, pad, model, "       \
    "NULL AS boot, NULL AS boot_s, finished FROM stretch_sessions) n "

static const struct table tables[STORE_TABLE_N] = {
    [STORE_NIGHTS] = {"nights",
                      "n.id, n.day, n.timezone, n.start_utc_offset_s, n.start_s, n.end_s, n.open, "
                      "n.pad, n.model",
                      "nights n" OF_NIGHTS,
                      {{"night_id", STORE_INTEGER},
                       {"day", STORE_TEXT},
                       {"timezone", STORE_TEXT},
                       {"start_utc_offset_s", STORE_INTEGER},
                       {"start_s", STORE_TIME},
                       {"end_s", STORE_TIME},
                       {"open", STORE_INTEGER},
                       {"pad", STORE_TEXT},
                       {"model", STORE_TEXT}}},
    [STORE_BOUTS] = {"bouts",
                     "b.night_id, b.start_s, b.end_s, coalesce(r.position, b.position), "
                     "coalesce(r.confidence, b.confidence), coalesce(r.source, 'recorded'), "
                     "b.position, b.confidence, b.snapshot",
                     "nights n JOIN bouts b ON b.night_id = n.id" COUNTING_READING OF_NIGHTS
                     ", b.start_s",
                     {{"night_id", STORE_INTEGER},
                      {"start_s", STORE_TIME},
                      {"end_s", STORE_TIME},
                      {"position", STORE_TEXT},
                      {"confidence", STORE_REAL},
                      {"source", STORE_TEXT},
                      {"recorded_position", STORE_TEXT},
                      {"recorded_confidence", STORE_REAL},
                      {"snapshot", STORE_BYTES}}},
    [STORE_READINGS] = {"readings",
                        "r.night_id, r.start_s, r.source, r.position, r.confidence, r.model, "
                        "r.made_s",
                        "nights n JOIN readings r ON r.night_id = n.id" OF_NIGHTS ", r.start_s",
                        {{"night_id", STORE_INTEGER},
                         {"start_s", STORE_TIME},
                         {"source", STORE_TEXT},
                         {"position", STORE_TEXT},
                         {"confidence", STORE_REAL},
                         {"model", STORE_TEXT},
                         {"made_s", STORE_TIME}}},
    [STORE_GAPS] = {"gaps",
                    "g.night_id, g.start_s, g.end_s, g.reason",
                    "gaps g LEFT JOIN nights n ON n.id = g.night_id" OR_OF_NONE(
                        "g.start_s") "ORDER BY g.id",
                    {{"night_id", STORE_INTEGER},
                     {"start_s", STORE_TIME},
                     {"end_s", STORE_TIME},
                     {"reason", STORE_TEXT}}},
    [STORE_EPOCHS] = {"epochs",
                      "e.night_id, e.start_s, e.seconds, e.probabilities, e.movement, e.load, "
                      "e.moves, e.breaths_per_min, e.breath_steadiness, e.moved_s",
                      "nights n JOIN epochs e ON e.night_id = n.id" OF_NIGHTS ", e.start_s",
                      {{"night_id", STORE_INTEGER},
                       {"start_s", STORE_TIME},
                       {"seconds", STORE_INTEGER},
                       {"probabilities", STORE_PROBABILITIES},
                       {"movement", STORE_REAL},
                       {"load", STORE_REAL},
                       {"moves", STORE_INTEGER},
                       {"breaths_per_min", STORE_REAL},
                       {"breath_steadiness", STORE_REAL},
                       {"moved_s", STORE_INTEGER}}},
    [STORE_CLOCK_STEPS] = {"clock_steps",
                           "c.at_s, c.by_s, c.night_id",
                           "clock_steps c LEFT JOIN nights n ON n.id = c.night_id" OR_OF_NONE(
                               "c.at_s") "ORDER BY c.id",
                           {{"at_s", STORE_TIME},
                            {"by_s", STORE_INTEGER},
                            {"night_id", STORE_INTEGER}}},
    [STORE_DIARY] = {"diary",
                     "d.day, d.made_s, d.pain, d.place, d.side, d.stiffness, d.sitting_s, "
                     "d.sport_s, d.strain, d.massage, d.new_pillow, d.new_mattress, d.note, "
                     "(SELECT group_concat(tag, ';') FROM (SELECT tag FROM diary_tags "
                     "WHERE diary_id = d.id ORDER BY tag))",
                     "diary d LEFT JOIN nights n ON 0 WHERE d.day BETWEEN ?1 AND ?2 ORDER BY d.day",
                     {{"day", STORE_TEXT},
                      {"made_s", STORE_TIME},
                      {"pain", STORE_INTEGER},
                      {"place", STORE_TEXT},
                      {"side", STORE_TEXT},
                      {"stiffness", STORE_INTEGER},
                      {"sitting_s", STORE_INTEGER},
                      {"sport_s", STORE_INTEGER},
                      {"strain", STORE_INTEGER},
                      {"massage", STORE_INTEGER},
                      {"new_pillow", STORE_INTEGER},
                      {"new_mattress", STORE_INTEGER},
                      {"note", STORE_TEXT},
                      {"tags", STORE_TEXT}}},
    [STORE_STRETCHES] = {"stretch_sessions",
                         "n.id, n.day, n.timezone, n.start_utc_offset_s, n.start_s, n.end_s, "
                         "n.finished, n.pad, n.model",
                         SESSIONS_AS_NIGHTS OF_NIGHTS,
                         {{"session_id", STORE_INTEGER},
                          {"day", STORE_TEXT},
                          {"timezone", STORE_TEXT},
                          {"start_utc_offset_s", STORE_INTEGER},
                          {"start_s", STORE_TIME},
                          {"end_s", STORE_TIME},
                          {"finished", STORE_INTEGER},
                          {"pad", STORE_TEXT},
                          {"model", STORE_TEXT}}},
    [STORE_HOLDS] = {"stretch_holds",
                     "h.session_id, h.number, h.position, h.start_s, h.end_s, h.asked_s, "
                     "h.held_s, h.wrong_side_s",
                     SESSIONS_AS_NIGHTS "JOIN stretch_holds h ON h.session_id = n.id" OF_NIGHTS
                                        ", h.number",
                     {{"session_id", STORE_INTEGER},
                      {"number", STORE_INTEGER},
                      {"position", STORE_TEXT},
                      {"start_s", STORE_TIME},
                      {"end_s", STORE_TIME},
                      {"asked_s", STORE_INTEGER},
                      {"held_s", STORE_INTEGER},
                      {"wrong_side_s", STORE_INTEGER}}},
};

const char *store_table_name(enum store_table table)
{
    return tables[table].name;
}

const struct store_column *store_table_columns(enum store_table table)
{
    return tables[table].columns;
}

static struct store_value read_value(sqlite3_stmt *row, int column, enum store_kind kind)
{
    struct store_value value = {.null = sqlite3_column_type(row, column) == SQLITE_NULL};
    if (value.null)
        return value;
    switch (kind) {
    case STORE_INTEGER:
    case STORE_TIME:
        value.integer = sqlite3_column_int64(row, column);
        break;
    case STORE_REAL:
        value.real = sqlite3_column_double(row, column);
        break;
    case STORE_TEXT:
        value.text = (const char *)sqlite3_column_text(row, column);
        value.null = !value.text;
        break;
    case STORE_BYTES:
    case STORE_PROBABILITIES:
        value.bytes = sqlite3_column_blob(row, column);
        value.size = (size_t)sqlite3_column_bytes(row, column);
        break;
    }
    return value;
}

static int pass_row(struct store *store, sqlite3_stmt *row, const struct table *table,
                    store_row_sink sink, void *userdata)
{
    struct store_night night;
    bool of_night = sqlite3_column_type(row, 0) != SQLITE_NULL;
    int r = of_night ? store_read_night(store, row, &night) : 0;
    if (r < 0)
        return r;
    struct store_value values[COLUMNS_MAX];
    for (int i = 0; i < COLUMNS_MAX && table->columns[i].name; i++)
        values[i] = read_value(row, NIGHT_COLUMNS_N + i, table->columns[i].kind);
    return sink(of_night ? &night : NULL, values, userdata);
}

int store_export(struct store *store, enum store_table table, day_number from, day_number to,
                 store_row_sink sink, void *userdata)
{
    const struct table *t = &tables[table];
    char sql[1024], first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    snprintf(sql, sizeof sql, "SELECT " NIGHT_COLUMNS ", %s FROM %s", t->columns_sql, t->from_sql);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK)
        return store_failed(store, t->name);
    day_format(from, first);
    day_format(to, last);
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, last, -1, SQLITE_STATIC);
    int r;
    while ((r = store_step(store, statement, t->name)) == 1) {
        r = pass_row(store, statement, t, sink, userdata);
        if (r < 0)
            break;
    }
    sqlite3_finalize(statement);
    return r;
}

int store_newest_record(struct store *store, day_number *ret)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database,
                           "SELECT max(day) FROM (SELECT day FROM nights UNION ALL SELECT day FROM "
                           "diary UNION ALL SELECT day FROM stretch_sessions) HAVING count(*) > 0",
                           -1, &statement, NULL) != SQLITE_OK)
        return store_failed(store, "newest record");
    int r = store_step(store, statement, "newest record");
    const char *day = r == 1 ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (r == 1 && (!day || !day_parse(day, ret)))
        r = error_set(&store->error, -EBADMSG, "newest record: no day");
    sqlite3_finalize(statement);
    return r;
}

static int run(struct store *store, const char *sql)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : store_failed(store, "reading");
}

int store_hold(struct store *store)
{
    return run(store, "BEGIN");
}

int store_let_go(struct store *store)
{
    return run(store, "COMMIT");
}
