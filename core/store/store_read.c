// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "night/sums.h"
#include "store/store_private.h"

static void column_text(sqlite3_stmt *row, int column, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(row, column);
    snprintf(text, size, "%s", value ? (const char *)value : "");
}

static enum position column_position(sqlite3_stmt *row, int column)
{
    const unsigned char *value = sqlite3_column_text(row, column);
    int position = value ? position_from_identifier((const char *)value) : -1;
    return position < 0 ? POSITION_UNKNOWN : (enum position)position;
}

// 9999-12-31T23:59:59Z: the last second that a date can name. The schema keeps nonsense out of
// databases that psoasmon wrote; a file somebody hands us may hold anything.
#define LAST_S INT64_C(253402300799)

static bool is_interval(int64_t start_s, int64_t end_s)
{
    return start_s >= 0 && start_s <= end_s && end_s <= LAST_S;
}

static int nonsense(struct store *store, const char *what)
{
    return error_set(&store->error, -EBADMSG, "%s: the database holds impossible times", what);
}

int store_read_night(struct store *store, sqlite3_stmt *row, struct store_night *night)
{
    char day[DAY_TEXT_SIZE];
    *night = (struct store_night){
        .id = sqlite3_column_int64(row, 0),
        .start_utc_offset_s = sqlite3_column_int(row, 3),
        .night.start_s = sqlite3_column_int64(row, 4),
        .night.end_s = sqlite3_column_int64(row, 5),
        .open = sqlite3_column_int(row, 6),
    };
    column_text(row, 1, day, sizeof day);
    if (!day_parse(day, &night->night.day) ||
        !is_interval(night->night.start_s, night->night.end_s))
        return nonsense(store, "night");
    column_text(row, 2, night->timezone, sizeof night->timezone);
    column_text(row, 7, night->pad, sizeof night->pad);
    column_text(row, 8, night->model, sizeof night->model);
    column_text(row, 9, night->boot, sizeof night->boot);
    night->boot_s = sqlite3_column_int64(row, 10);
    return 0;
}

static enum bout_source column_source(sqlite3_stmt *row, int column)
{
    const unsigned char *name = sqlite3_column_text(row, column);
    if (!name)
        return BOUT_RECORDED;
    return strcmp((const char *)name, "label") == 0 ? BOUT_LABELLED : BOUT_REREAD;
}

int store_read_bout(struct store *store, sqlite3_stmt *row, int at, struct store_bout *bout)
{
    *bout = (struct store_bout){
        .bout.start_s = sqlite3_column_int64(row, at),
        .bout.end_s = sqlite3_column_int64(row, at + 1),
        .bout.position = column_position(row, at + 2),
        .bout.confidence = sqlite3_column_double(row, at + 3),
        .source = column_source(row, at + 4),
        .recorded = column_position(row, at + 5),
    };
    return is_interval(bout->bout.start_s, bout->bout.end_s) ? 0 : nonsense(store, "bout");
}

int store_open_night(struct store *store, struct store_night *ret)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_OPEN_NIGHT,
                            "SELECT " NIGHT_COLUMNS
                            " FROM nights n WHERE n.open ORDER BY n.start_s DESC LIMIT 1",
                            &statement);
    if (r == 0)
        r = store_step(store, statement, "open night");
    if (r != 1)
        return r;
    r = store_read_night(store, statement, ret);
    return r < 0 ? r : 1;
}

int store_next_night(struct store *store, int64_t time_s, int64_t *ret_start_s)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_NEXT_NIGHT,
                            "SELECT start_s FROM nights WHERE end_s > ?1 ORDER BY start_s LIMIT 1",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, time_s);
    r = store_step(store, statement, "next night");
    if (r == 1)
        *ret_start_s = sqlite3_column_int64(statement, 0);
    return r;
}

int store_newest_day(struct store *store, day_number *ret)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_NEWEST_DAY,
                            "SELECT day FROM nights ORDER BY day DESC LIMIT 1", &statement);
    if (r == 0)
        r = store_step(store, statement, "newest day");
    if (r != 1)
        return r;
    char day[DAY_TEXT_SIZE];
    column_text(statement, 0, day, sizeof day);
    return day_parse(day, ret) ? 1 : nonsense(store, "newest night");
}

// ---- nights, summed up from their bouts as the rows pass ----

struct summing {
    struct store_night night;
    struct night_sums sums;
    position_set friendly;
    int64_t friendly_since_s, friendly_until_s, longest_friendly_s;
};

static void add_bout(struct summing *summing, const struct bout *bout)
{
    night_sums_add(&summing->sums, bout->position, bout->end_s - bout->start_s);
    if (!(summing->friendly & POSITION_BIT(bout->position)))
        return;
    // From one friendly position into the next is one stretch.
    if (bout->start_s != summing->friendly_until_s)
        summing->friendly_since_s = bout->start_s;
    summing->friendly_until_s = bout->end_s;
    int64_t stretch_s = bout->end_s - summing->friendly_since_s;
    if (stretch_s > summing->longest_friendly_s)
        summing->longest_friendly_s = stretch_s;
}

static int end_summary(const struct summing *summing, store_night_sink sink, void *userdata)
{
    const struct night_sums *sums = &summing->sums;
    const struct night *night = &summing->night.night;
    struct night_summary summary = {
        .night = summing->night,
        .in_bed_s = night->end_s - night->start_s - sums->position_s[POSITION_EMPTY],
        .recorded_s = sums->recorded_s,
        .friendly_s = night_sums_in(sums, summing->friendly),
        .longest_friendly_s = summing->longest_friendly_s,
        .knees_left_s =
            sums->position_s[POSITION_LEFT_FETAL] + sums->position_s[POSITION_SUPINE_LEFT_KNEE],
        .knees_right_s =
            sums->position_s[POSITION_RIGHT_FETAL] + sums->position_s[POSITION_SUPINE_RIGHT_KNEE],
        .exits = sums->exits,
        .doubtful = night_is_doubtful(night),
        .unknown_s = sums->position_s[POSITION_UNKNOWN],
        .longest_bout_s = sums->longest_bout_s,
        .turns = sums->turns,
    };
    summary.nap = night_is_nap(night, summary.in_bed_s, summing->night.start_utc_offset_s);
    memcpy(summary.position_s, sums->position_s, sizeof summary.position_s);
    return sink(&summary, userdata);
}

// The night's bouts in order, as they count. Looking for what each was called later costs as much
// as reading it, so it is done where there is something to be found.
static int sum_bouts(struct store *store, struct summing *summing)
{
    _cleanup_(statement_resetp) sqlite3_stmt *any = NULL, *statement = NULL;
    int r = store_statement(store, STATEMENT_ANY_READING,
                            "SELECT EXISTS (SELECT 1 FROM readings WHERE night_id = ?1)", &any);
    if (r < 0)
        return r;
    sqlite3_bind_int64(any, 1, summing->night.id);
    r = store_step(store, any, "readings");
    if (r < 0)
        return r;
    if (sqlite3_column_int(any, 0))
        r = store_statement(store, STATEMENT_SUM_READ_BOUTS,
                            "SELECT b.start_s, b.end_s, coalesce(r.position, b.position) "
                            "FROM bouts b" COUNTING_READING
                            "WHERE b.night_id = ?1 ORDER BY b.start_s",
                            &statement);
    else
        r = store_statement(store, STATEMENT_SUM_BOUTS,
                            "SELECT start_s, end_s, position FROM bouts "
                            "WHERE night_id = ?1 ORDER BY start_s",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, summing->night.id);
    while ((r = store_step(store, statement, "bouts")) == 1) {
        const struct bout bout = {
            .start_s = sqlite3_column_int64(statement, 0),
            .end_s = sqlite3_column_int64(statement, 1),
            .position = column_position(statement, 2),
        };
        if (!is_interval(bout.start_s, bout.end_s))
            return nonsense(store, "bout");
        add_bout(summing, &bout);
    }
    return r;
}

// Night by night rather than joined: what is sorted then are nights, not all of their bouts. The
// outer statement holds the moment that the inner ones read.
int store_nights(struct store *store, day_number from, day_number to, position_set friendly,
                 store_night_sink sink, void *userdata)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_NIGHTS,
                            "SELECT " NIGHT_COLUMNS " FROM nights n "
                            "WHERE n.day BETWEEN ?1 AND ?2 ORDER BY n.start_s, n.id",
                            &statement);
    if (r < 0)
        return r;
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    day_format(from, first);
    day_format(to, last);
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, last, -1, SQLITE_TRANSIENT);
    while ((r = store_step(store, statement, "nights")) == 1) {
        struct summing summing = {.friendly = friendly, .sums = night_sums_none()};
        r = store_read_night(store, statement, &summing.night);
        if (r == 0)
            r = sum_bouts(store, &summing);
        if (r == 0)
            r = end_summary(&summing, sink, userdata);
        if (r < 0)
            return r;
    }
    return r;
}

int store_bouts(struct store *store, int64_t night_id, store_bout_sink sink, void *userdata)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_BOUTS,
                            "SELECT " BOUT_COLUMNS " FROM bouts b" COUNTING_READING
                            "WHERE b.night_id = ?1 ORDER BY b.start_s",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    while ((r = store_step(store, statement, "bouts")) == 1) {
        struct store_bout bout;
        r = store_read_bout(store, statement, 0, &bout);
        if (r == 0)
            r = sink(&bout, userdata);
        if (r < 0)
            return r;
    }
    return r;
}

static enum gap_reason reason_from_name(const unsigned char *name)
{
    for (int i = 0; name && i < GAP_N; i++)
        if (strcmp((const char *)name, gap_reason_name((enum gap_reason)i)) == 0)
            return (enum gap_reason)i;
    return GAP_PAD_SILENT;
}

int store_gaps(struct store *store, int64_t night_id, store_gap_sink sink, void *userdata)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(
        store, STATEMENT_GAPS,
        "SELECT start_s, end_s, reason FROM gaps WHERE night_id = ?1 ORDER BY start_s", &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, night_id);
    while ((r = store_step(store, statement, "gaps")) == 1) {
        struct gap gap = {
            .start_s = sqlite3_column_int64(statement, 0),
            .end_s = sqlite3_column_int64(statement, 1),
            .reason = reason_from_name(sqlite3_column_text(statement, 2)),
        };
        r = is_interval(gap.start_s, gap.end_s) ? sink(&gap, userdata) : nonsense(store, "gap");
        if (r < 0)
            return r;
    }
    return r;
}
