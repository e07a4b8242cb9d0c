// SPDX-License-Identifier: GPL-3.0-or-later
// Nights whose times turn out to have been wrong: the clock was set, or has only now been learnt.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "store/store_private.h"

// SQLite looks for equal keys row by row, so that rows on their way meet those that have yet to
// leave: all go to the other side of 0 first, where there is nobody, and a minute beyond it.
#define AWAY    "-(start_s + %" PRId64 ") - 60"
#define ARRIVED "-start_s - 60"

#define EPOCH_COLUMNS                                                                              \
    "seconds, probabilities, movement, load, moves, moved_s, breaths_per_min, breath_steadiness"

// Of a minute that was seen twice in part, as where psoasmond was started again, the longer part
// says what it was like.
#define LONGER(column)                                                                             \
#column " = iif(excluded.seconds > seconds, excluded." #column ", " #column ")"
#define MERGE_EPOCHS                                                                               \
    " ON CONFLICT (night_id, start_s) DO UPDATE SET seconds = min(60, seconds + "                  \
    "excluded.seconds), movement = max(movement, excluded.movement), "                             \
    "moves = min(60, moves + excluded.moves), moved_s = min(60, moved_s + "                        \
    "excluded.moved_s), " LONGER(probabilities) ", " LONGER(load) ", " LONGER(                     \
        breaths_per_min) ", " LONGER(breath_steadiness)

__attribute__((format(printf, 2, 3))) static int run(struct store *store, const char *format, ...)
{
    char sql[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return store_failed(store, "moving a night");
}

// What follows is done as a whole, or not at all.
static int begin(struct store *store)
{
    int r = store_begin(store);
    if (r == 0)
        r = run(store, "SAVEPOINT clock");
    // Readings point to bouts by their start, and follow them a moment later.
    return r < 0 ? r : run(store, "PRAGMA defer_foreign_keys = ON");
}

static int end(struct store *store, int r)
{
    if (r == 0)
        return run(store, "RELEASE clock");
    // The words are those of the failure.
    sqlite3_exec(store->database, "ROLLBACK TO clock; RELEASE clock", NULL, NULL, NULL);
    return r;
}

static int move_bouts(struct store *store, int64_t night_id, int64_t from_s, int64_t by_s)
{
    static const char *const tables[] = {"bouts", "readings"};
    // The end first: it must not lie before the start, wherever that is.
    int r = run(store,
                "UPDATE bouts SET end_s = end_s + %" PRId64 ", start_s = " AWAY
                " WHERE night_id = %" PRId64 " AND start_s >= %" PRId64,
                by_s, by_s, night_id, from_s);
    if (r == 0)
        r = run(store,
                "UPDATE readings SET start_s = " AWAY " WHERE night_id = %" PRId64
                " AND start_s >= %" PRId64,
                by_s, night_id, from_s);
    for (int i = 0; r == 0 && i < 2; i++)
        r = run(store,
                "UPDATE %s SET start_s = " ARRIVED " WHERE night_id = %" PRId64 " AND start_s < 0",
                tables[i], night_id);
    return r;
}

static int move_epochs(struct store *store, int64_t night_id, int64_t from_s, int64_t by_s)
{
    int64_t minutes_s = epoch_move_s(by_s);
    int r = run(store,
                "UPDATE epochs SET start_s = " AWAY " WHERE night_id = %" PRId64
                " AND start_s > %" PRId64,
                minutes_s, night_id, from_s - 60);
    if (r == 0)
        r = run(store,
                "INSERT INTO epochs (night_id, start_s, " EPOCH_COLUMNS ") "
                "SELECT night_id, " ARRIVED ", " EPOCH_COLUMNS " FROM epochs "
                "WHERE night_id = %" PRId64 " AND start_s < 0" MERGE_EPOCHS,
                night_id);
    if (r == 0)
        r = run(store, "DELETE FROM epochs WHERE night_id = %" PRId64 " AND start_s < 0", night_id);
    return r;
}

static int move_gaps(struct store *store, int64_t night_id, int64_t from_s, int64_t by_s)
{
    int r = run(store,
                "DELETE FROM gaps WHERE night_id = %" PRId64 " AND start_s < %" PRId64
                " AND end_s = %" PRId64 " AND end_s + %" PRId64 " <= start_s",
                night_id, from_s, from_s, by_s);
    if (r == 0)
        r = run(store,
                "UPDATE gaps SET end_s = end_s + %" PRId64 ", start_s = start_s + "
                "iif(start_s >= %" PRId64 ", %" PRId64 ", 0) "
                "WHERE night_id = %" PRId64 " AND end_s >= %" PRId64,
                by_s, from_s, by_s, night_id, from_s);
    return r;
}

static int move_night(struct store *store, int64_t night_id, const struct store_move *move)
{
    char day[DAY_TEXT_SIZE];
    day_format(move->day, day);
    int r = run(store,
                "UPDATE nights SET day = '%s', start_utc_offset_s = %" PRId32
                ", start_s = start_s + %" PRId64 ", end_s = end_s + %" PRId64 " WHERE id = %" PRId64
                " AND start_s >= %" PRId64,
                day, move->start_utc_offset_s, move->by_s, move->by_s, night_id, move->from_s);
    if (r == 0 && sqlite3_changes(store->database) == 0)
        r = run(store,
                "UPDATE nights SET end_s = end_s + %" PRId64 " WHERE id = %" PRId64
                " AND end_s >= %" PRId64,
                move->by_s, night_id, move->from_s);
    return r;
}

int store_move(struct store *store, int64_t night_id, const struct store_move *move)
{
    int64_t from_s = move->from_s < 0 ? 0 : move->from_s; // nothing is earlier
    int r = begin(store);
    if (r < 0)
        return r;
    r = move_night(store, night_id, move);
    if (r == 0)
        r = move_bouts(store, night_id, from_s, move->by_s);
    if (r == 0)
        r = move_epochs(store, night_id, from_s, move->by_s);
    if (r == 0)
        r = move_gaps(store, night_id, from_s, move->by_s);
    return end(store, r);
}

static int join_rows(struct store *store, int64_t into_id, int64_t id)
{
    static const char *const tables[] = {"bouts", "readings", "gaps", "clock_steps"};
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof tables / sizeof *tables; i++)
        r = run(store, "UPDATE %s SET night_id = %" PRId64 " WHERE night_id = %" PRId64, tables[i],
                into_id, id);
    if (r == 0)
        r = run(store,
                "INSERT INTO epochs (night_id, start_s, " EPOCH_COLUMNS ") "
                "SELECT %" PRId64 ", start_s, " EPOCH_COLUMNS " FROM epochs "
                "WHERE night_id = %" PRId64 MERGE_EPOCHS,
                into_id, id);
    return r;
}

int store_join(struct store *store, const struct store_night *night,
               const struct store_night *later, enum gap_reason reason)
{
    const struct gap gap = {night->night.end_s, later->night.start_s, reason};
    int r = begin(store);
    if (r < 0)
        return r;
    if (gap.end_s > gap.start_s)
        r = store_gap_add(store, night->id, &gap);
    if (r == 0)
        r = join_rows(store, night->id, later->id);
    if (r == 0)
        r = run(store,
                "UPDATE nights SET (end_s, open, boot, boot_s) = (SELECT end_s, open, boot, boot_s "
                "FROM nights WHERE id = %" PRId64 ") WHERE id = %" PRId64,
                later->id, night->id);
    if (r == 0)
        r = run(store, "DELETE FROM nights WHERE id = %" PRId64, later->id);
    return end(store, r);
}

static int split_rows(struct store *store, int64_t night_id, int64_t from_s, int64_t id)
{
    static const char *const tables[] = {"bouts", "readings", "gaps"};
    int r = run(store,
                "UPDATE epochs SET night_id = %" PRId64 " WHERE night_id = %" PRId64
                " AND start_s > %" PRId64,
                id, night_id, from_s - 60);
    for (size_t i = 0; r == 0 && i < sizeof tables / sizeof *tables; i++)
        r = run(store,
                "UPDATE %s SET night_id = %" PRId64 " WHERE night_id = %" PRId64
                " AND start_s >= %" PRId64,
                tables[i], id, night_id, from_s);
    if (r == 0)
        r = run(store,
                "UPDATE gaps SET night_id = NULL WHERE night_id = %" PRId64 " AND end_s = %" PRId64,
                night_id, from_s);
    return r;
}

int store_split(struct store *store, int64_t night_id, int64_t end_s, const struct night *later,
                int32_t start_utc_offset_s, int64_t *ret_id)
{
    char day[DAY_TEXT_SIZE];
    day_format(later->day, day);
    int r = begin(store);
    if (r < 0)
        return r;
    r = run(store,
            "INSERT INTO nights (day, timezone, start_utc_offset_s, start_s, end_s, open, pad, "
            "model, boot, boot_s) SELECT '%s', timezone, %" PRId32 ", %" PRId64
            ", max(end_s, %" PRId64 "), 1, pad, model, boot, boot_s FROM nights "
            "WHERE id = %" PRId64,
            day, start_utc_offset_s, later->start_s, later->start_s, night_id);
    int64_t id = sqlite3_last_insert_rowid(store->database);
    if (r == 0)
        r = split_rows(store, night_id, later->start_s, id);
    if (r == 0)
        r = run(store,
                "UPDATE nights SET end_s = %" PRId64 ", open = 0, boot = NULL, boot_s = NULL "
                "WHERE id = %" PRId64,
                end_s, night_id);
    r = end(store, r);
    if (r == 0)
        *ret_id = id;
    return r;
}

int store_clock_step(struct store *store, int64_t at_s, int64_t by_s, int64_t night_id)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_CLOCK_STEP,
                          "INSERT INTO clock_steps (at_s, by_s, night_id) VALUES (?1, ?2, ?3)",
                          &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, at_s);
    sqlite3_bind_int64(statement, 2, by_s);
    if (night_id > 0)
        sqlite3_bind_int64(statement, 3, night_id);
    return store_run(store, statement, "clock step");
}

int store_open_night_before(struct store *store, int64_t before_id, struct store_night *ret)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_OPEN_NIGHT_BEFORE,
                            "SELECT " NIGHT_COLUMNS " FROM nights n WHERE n.open AND n.id < ?1 "
                            "ORDER BY n.id DESC LIMIT 1",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, before_id);
    r = store_step(store, statement, "open night");
    if (r == 1)
        r = store_read_night(store, statement, ret) < 0 ? -EBADMSG : 1;
    return r;
}

int store_unnamed_night(struct store *store, const char *boot, int64_t known_s,
                        struct store_night *ret)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_UNNAMED_NIGHT,
                            "SELECT " NIGHT_COLUMNS " FROM nights n "
                            "WHERE n.boot = ?1 AND n.start_s < ?2 ORDER BY n.id LIMIT 1",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_text(statement, 1, boot, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 2, known_s);
    r = store_step(store, statement, "night");
    if (r == 1)
        r = store_read_night(store, statement, ret) < 0 ? -EBADMSG : 1;
    return r;
}

int store_last_epoch(struct store *store, int64_t night_id, struct epoch *ret)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r =
        store_statement(store, STATEMENT_LAST_EPOCH,
                        "SELECT start_s, seconds, moves, moved_s FROM epochs WHERE night_id = ?1 "
                        "ORDER BY start_s DESC LIMIT 1",
                        &statement);
    *ret = (struct epoch){0};
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    r = store_step(store, statement, "minute");
    if (r != 1)
        return r;
    ret->start_s = sqlite3_column_int64(statement, 0);
    ret->seconds = (uint8_t)sqlite3_column_int(statement, 1);
    ret->moves = (uint8_t)sqlite3_column_int(statement, 2);
    ret->moved_s = (uint8_t)sqlite3_column_int(statement, 3);
    return 0;
}
