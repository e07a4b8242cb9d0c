// SPDX-License-Identifier: GPL-3.0-or-later
// The keeper, where the clock was set or psoasmond was started again: which nights move, go on,
// become one or are two.

#include "recorder/keeper_private.h"

// Of the night that this one turned out to be the rest of.
static int add_bout_before(const struct store_bout *stored, void *userdata)
{
    struct keeper *keeper = userdata;
    return stored->bout.end_s <= keeper->timeline.before_s ? keeper_add_bout(stored, &keeper->sums)
                                                           : 0;
}

static int32_t offset_at(const struct keeper *keeper, int64_t time_s)
{
    return keeper->zone.offset_s(time_s, keeper->zone.userdata);
}

static struct store_move move_of(const struct keeper *keeper, const struct night *night,
                                 int64_t from_s, int64_t by_s)
{
    int64_t start_s = night->start_s + by_s;
    return (struct store_move){
        .from_s = from_s,
        .by_s = by_s,
        .day = night_name(start_s, &keeper->zone, keeper->rules.day_starts_hour),
        .start_utc_offset_s = offset_at(keeper, start_s),
    };
}

// Moves a whole night that is not the one in progress.
static int move_stored(struct keeper *keeper, struct store_night *stored, int64_t by_s)
{
    struct store_move move = move_of(keeper, &stored->night, INT64_MIN, by_s);
    stored->night.start_s += by_s;
    stored->night.end_s += by_s;
    stored->night.day = move.day;
    return store_move(keeper->store, stored->id, &move);
}

// Nights of this boot that were over before it knew the time.
static int name_nights(struct keeper *keeper)
{
    const struct timeline *timeline = &keeper->timeline;
    struct store_night stored;
    int r = 0;
    while (r == 0 && timeline->boot[0] &&
           (r = store_unnamed_night(keeper->store, timeline->boot, TIME_KNOWN_S, &stored)) == 1) {
        int64_t by_s = timeline->offset_s + stored.boot_s - stored.night.end_s;
        if (stored.night.start_s + by_s < TIME_KNOWN_S)
            return 0; // still not known
        r = move_stored(keeper, &stored, by_s);
    }
    return r;
}

static int find_night(struct keeper *keeper, int64_t id, struct store_night *ret)
{
    int r = store_open_night_before(keeper->store, id + 1, ret);
    return r == 1 && ret->id == id ? 1 : r < 0 ? r : 0;
}

// The night in progress turned out to be the rest of that one.
static int join_stored(struct keeper *keeper, const struct store_night *stored)
{
    struct store_night later;
    int r = find_night(keeper, keeper->stored_id, &later);
    if (r != 1)
        return r;
    r = store_join(keeper->store, stored, &later, GAP_DAEMON_DOWN);
    if (r < 0)
        return r;
    keeper->stored_id = keeper->night_id = stored->id;
    keeper->timeline.before_s = stored->night.end_s;
    keeper->timeline.ours_s = keeper->night.start_s;
    keeper->night.start_s = stored->night.start_s;
    keeper->night.day = stored->night.day;
    return store_bouts(keeper->store, stored->id, add_bout_before, keeper);
}

// Nights that were left open because the clock could not say how long ago that was.
static int settle_left_open(struct keeper *keeper)
{
    struct store_night stored;
    int64_t id = keeper->stored_id, by_s;
    int r;
    while ((r = store_open_night_before(keeper->store, id, &stored)) == 1) {
        id = stored.id;
        enum resume resume = timeline_resume(&keeper->timeline, &stored, keeper->night.start_s,
                                             keeper->rules.away_s, &by_s);
        if (by_s != 0)
            r = move_stored(keeper, &stored, by_s);
        if (r >= 0 && resume == RESUME_GO_ON)
            return join_stored(keeper, &stored);
        if (r >= 0 && resume == RESUME_CLOSE)
            r = keeper_end_stored(keeper, &stored);
        if (r < 0)
            return r;
    }
    return r;
}

static int add_closed_bout(const struct store_bout *stored, void *userdata)
{
    struct keeper *keeper = userdata;
    return stored->bout.start_s < keeper->open_bout_s ? keeper_add_bout(stored, &keeper->sums) : 0;
}

// A night was taken up that had been over for long, by a clock that did not know: what was recorded
// since is another.
static int split_stored(struct keeper *keeper)
{
    struct night *night = &keeper->night, first = *night;
    int64_t first_id = keeper->stored_id;
    first.end_s = keeper->timeline.before_s;
    night->start_s = keeper->timeline.ours_s;
    night->day = night_name(night->start_s, &keeper->zone, keeper->rules.day_starts_hour);
    int r = store_split(keeper->store, first_id, first.end_s, night,
                        offset_at(keeper, night->start_s), &keeper->stored_id);
    keeper->night_id = keeper->stored_id;
    keeper->sums = night_sums_none();
    if (r == 0)
        r = store_bouts(keeper->store, first_id, add_closed_bout, keeper);
    if (r < 0)
        return r;
    if (keeper->watch.night_closed)
        keeper->watch.night_closed(&first, &keeper->sums, keeper->watch.userdata);
    if (keeper->watch.night_opened)
        keeper->watch.night_opened(night, keeper->watch.userdata);
    timeline_begin(&keeper->timeline);
    keeper->resumed.seconds = 0;
    keeper->sums = night_sums_none();
    return store_bouts(keeper->store, keeper->stored_id, add_closed_bout, keeper);
}

int keeper_follow_clock(struct keeper *keeper)
{
    const struct night night = keeper->night;
    const struct timeline timeline = keeper->timeline;
    const struct night_sums sums = keeper->sums;
    int64_t stored_id = keeper->stored_id;
    int r = name_nights(keeper);
    if (r == 0 && keeper->night_open && keeper->stored_id > 0)
        r = settle_left_open(keeper);
    bool parts = timeline_parts(&keeper->timeline, keeper->rules.away_s) &&
                 keeper->night.end_s > keeper->timeline.ours_s;
    if (r == 0 && keeper->night_open && keeper->stored_id > 0 && parts)
        r = split_stored(keeper);
    if (r == 0)
        r = store_commit(keeper->store);
    if (r < 0) {
        error_set(&keeper->error, r, "%s", store_message(keeper->store));
        store_rollback(keeper->store);
        keeper->night = night;
        keeper->timeline = timeline;
        keeper->sums = sums;
        keeper->stored_id = keeper->night_id = stored_id;
        return r;
    }
    keeper->learnt = false;
    return 0;
}

int64_t keeper_move(struct keeper *keeper, int64_t by_s, int64_t now_s)
{
    int64_t from_s = INT64_MAX;
    struct night *night = &keeper->night;
    bool renamed = false;
    if (keeper->night_open) {
        from_s = timeline_move(&keeper->timeline, by_s, now_s);
    } else {
        keeper->timeline.offset_s += by_s;
    }
    if (from_s != INT64_MAX) {
        struct store_move move = move_of(keeper, night, from_s, by_s);
        pending_night_update(keeper->pending, night, true);
        pending_move(keeper->pending, &move);
        renamed = night->start_s >= from_s;
        if (renamed) {
            night->start_s += by_s;
            night->day = move.day;
        }
        if (night->end_s >= from_s)
            night->end_s += by_s;
    }
    pending_clock_step(keeper->pending, now_s, by_s, from_s != INT64_MAX);
    keeper->snapshot.bout_start_s += by_s;
    keeper->resumed.start_s += epoch_move_s(by_s);
    keeper->learnt = true;
    if (renamed && keeper->watch.night_moved)
        keeper->watch.night_moved(night, by_s, keeper->watch.userdata);
    return from_s;
}

// ---- a night that was left open ----

bool keeper_left_open(struct keeper *keeper)
{
    struct store_night stored;
    return keeper->store && !keeper->night_open &&
           store_open_night_before(keeper->store, INT64_MAX, &stored) == 1;
}

void keeper_see_again(struct keeper *keeper, int64_t since_s, int64_t time_s)
{
    timeline_see(&keeper->timeline, since_s, time_s);
}

struct looking {
    const struct timeline *timeline;
    int64_t ours_s;
};

static int look_at_gap(const struct gap *gap, void *userdata)
{
    struct looking *looking = userdata;
    timeline_look_at_gap(looking->timeline, gap, &looking->ours_s);
    return 0;
}

// The clock was set while psoasmond was not running.
static int follow_since(struct keeper *keeper, struct store_night *stored, int64_t by_s,
                        int64_t now_s)
{
    int r = move_stored(keeper, stored, by_s);
    return r < 0 ? r : store_clock_step(keeper->store, now_s, by_s, stored->id);
}

// The newest open night that goes on at now_s: 1; 0: none. Those that are over are closed.
static int find_open_night(struct keeper *keeper, int64_t now_s, struct store_night *ret)
{
    int64_t id = INT64_MAX, by_s;
    int r;
    while ((r = store_open_night_before(keeper->store, id, ret)) == 1) {
        id = ret->id;
        enum resume resume =
            timeline_resume(&keeper->timeline, ret, now_s, keeper->rules.away_s, &by_s);
        if (by_s != 0)
            r = follow_since(keeper, ret, by_s, now_s);
        if (r >= 0 && resume == RESUME_GO_ON)
            return 1;
        if (r >= 0 && resume == RESUME_CLOSE)
            r = keeper_end_stored(keeper, ret);
        if (r < 0)
            return r;
    }
    return r;
}

int keeper_resume(struct keeper *keeper, int64_t now_s, struct night *ret)
{
    struct store_night stored;
    if (!keeper->store)
        return 0;
    int r = find_open_night(keeper, now_s, &stored);
    if (r != 1)
        return r;
    struct looking looking = {.timeline = &keeper->timeline, .ours_s = INT64_MAX};
    r = store_gaps(keeper->store, stored.id, look_at_gap, &looking);
    if (r < 0)
        return r;
    timeline_go_on(&keeper->timeline, &stored, looking.ours_s);
    r = store_last_epoch(keeper->store, stored.id, &keeper->resumed);
    if (r < 0)
        return r;
    keeper->night_open = true;
    keeper->night = stored.night;
    keeper->stored_id = keeper->night_id = stored.id;
    keeper->next_night_s = INT64_MAX;
    keeper->sums = night_sums_none();
    *ret = stored.night;
    r = store_bouts(keeper->store, stored.id, keeper_add_bout, &keeper->sums);
    return r < 0 ? r : 1;
}
