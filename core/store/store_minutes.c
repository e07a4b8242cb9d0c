// SPDX-License-Identifier: GPL-3.0-or-later
// What a night's minutes say: breathing, restlessness and settling. Each costs a look at all of
// them, so they are asked for by themselves.
#include "store/store_private.h"

static int add_breathing(struct store *store, struct night_summary *summary)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    // Of an even number the median is the mean of the two in the middle.
    int r = store_statement(
        store, STATEMENT_BREATHING,
        "SELECT count(*), avg(iif(nth_rate IN ((n + 1) / 2, (n + 2) / 2), rate, NULL)), "
        "avg(iif(nth_steady IN ((n + 1) / 2, (n + 2) / 2), steady, NULL)) FROM ("
        "SELECT breaths_per_min AS rate, row_number() OVER (ORDER BY breaths_per_min) AS nth_rate, "
        "breath_steadiness AS steady, row_number() OVER (ORDER BY breath_steadiness) AS "
        "nth_steady, "
        "count(*) OVER () AS n FROM epochs WHERE night_id = ?1 AND breaths_per_min NOT NULL)",
        &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, summary->night.id);
    r = store_step(store, statement, "breathing");
    if (r < 0)
        return r;
    summary->breath_minutes = sqlite3_column_int64(statement, 0);
    summary->breaths_per_min = sqlite3_column_double(statement, 1);
    summary->breath_steadiness = sqlite3_column_double(statement, 2);
    return 0;
}

static int add_minutes(struct store *store, struct night_summary *summary)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_MOVEMENT,
                            "SELECT count(*), coalesce(sum(moved_s > 0), 0), "
                            "coalesce(sum(moves), 0) FROM epochs "
                            "WHERE night_id = ?1 AND moved_s NOT NULL",
                            &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, summary->night.id);
    r = store_step(store, statement, "movements");
    if (r < 0)
        return r;
    int64_t moved = sqlite3_column_int64(statement, 1), moves = sqlite3_column_int64(statement, 2);
    summary->movement_minutes = sqlite3_column_int64(statement, 0);
    if (summary->movement_minutes > 0)
        summary->restlessness = (double)moved / (double)summary->movement_minutes;
    // Each turn is one of them.
    summary->moves = moves > summary->turns ? moves - summary->turns : 0;
    return 0;
}

// Ten minutes in a row that were seen (all but a few seconds of each), without movement, and no
// bout beginning within them.
static int add_settling(struct store *store, struct night_summary *summary)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(
        store, STATEMENT_SETTLING,
        "SELECT e.start_s FROM epochs e WHERE e.night_id = ?1 AND e.start_s >= ?2 "
        "AND (SELECT count(*) FROM epochs f WHERE f.night_id = ?1 AND f.start_s >= e.start_s "
        "AND f.start_s < e.start_s + 600 AND f.moved_s = 0 AND f.seconds >= 55) = 10 "
        "AND NOT EXISTS (SELECT 1 FROM bouts b WHERE b.night_id = ?1 "
        "AND b.start_s > e.start_s AND b.start_s < e.start_s + 600) "
        "ORDER BY e.start_s LIMIT 1",
        &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, summary->night.id);
    // The minute in which the night begins was seen in part; its seconds say how much.
    sqlite3_bind_int64(statement, 2, summary->night.night.start_s - 59);
    r = store_step(store, statement, "settling");
    if (r < 0)
        return r;
    summary->settling_s = -1;
    if (r == 0)
        return 0;
    int64_t after_s = sqlite3_column_int64(statement, 0) - summary->night.night.start_s;
    summary->settling_s = after_s > 0 ? after_s : 0;
    return 0;
}

int store_night_minutes(struct store *store, struct night_summary *summary)
{
    int r = add_breathing(store, summary);
    if (r == 0)
        r = add_minutes(store, summary);
    return r < 0 ? r : add_settling(store, summary);
}
