// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/keeper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "recorder/pending.h"
#include "recorder/snapshot.h"
#include "recorder/timeline.h"

struct keeper {
    struct store *store; // null: it could not be opened yet
    struct pending *pending;
    struct zone zone;
    struct night_rules rules;
    bool refuse_overlap;
    struct recorder_watch watch;

    bool night_open;
    struct night night;   // if night_open: as last told
    int64_t stored_id;    // the newest night that is in the store for good; 0: none of ours
    int64_t night_id;     // ... that was written, maybe not for good
    int64_t next_night_s; // no recording from here on: another night begins there
    bool late;            // the store came later: nobody has looked yet what it left open
    struct timeline timeline;
    // The minute in which the night was taken up, and how much of it had been seen by then.
    int64_t resumed_minute_s;
    uint8_t resumed_seconds;
    int64_t open_bout_s; // the bout in progress as last told; INT64_MAX: none
    bool learnt;         // the clock was set: nights before this one may have to follow
    struct night_sums sums;
    struct snapshot snapshot;

    int failure;
    struct error error;
    uint64_t commits, failed_commits, short_stays;
};

static int fail(struct keeper *keeper, int r)
{
    if (r < 0 && keeper->failure == 0) {
        keeper->failure = r;
        error_set(&keeper->error, r, "%s", store_message(keeper->store));
    }
    return 0;
}

int keeper_failure(struct keeper *keeper)
{
    int failure = keeper->failure;
    keeper->failure = 0;
    return failure;
}

void keeper_remember(struct keeper *keeper, int failure)
{
    if (keeper->failure == 0)
        keeper->failure = failure;
}

const char *keeper_message(const struct keeper *keeper)
{
    return keeper->error.text;
}

// ---- into the store ----

static int add_stored_bout(const struct store_bout *stored, void *userdata)
{
    const struct bout *bout = &stored->bout;
    night_sums_add(userdata, bout->position, bout->end_s - bout->start_s);
    return 0;
}

// Of the night that this one turned out to be the rest of.
static int add_bout_before(const struct store_bout *stored, void *userdata)
{
    struct keeper *keeper = userdata;
    return stored->bout.end_s <= keeper->timeline.before_s ? add_stored_bout(stored, &keeper->sums)
                                                           : 0;
}

// The pending night is the rest of one that the store was left with: the time between is a gap.
static int join(struct keeper *keeper, const struct store_night *stored, const struct night *night)
{
    struct gap gap = {stored->night.end_s, night->start_s, GAP_DAEMON_DOWN};
    bool in_progress = keeper->night_open && keeper->night.start_s == night->start_s;
    pending_join(keeper->pending, &stored->night);
    if (gap.end_s > gap.start_s)
        pending_gap(keeper->pending, &gap, true);
    keeper->stored_id = keeper->night_id = stored->id;
    if (!in_progress)
        return 0;
    keeper->night.start_s = stored->night.start_s;
    keeper->night.day = stored->night.day;
    return store_bouts(keeper->store, stored->id, add_stored_bout, &keeper->sums);
}

// A night that does not go on ends where it broke off, and may have been too short for one.
static int end_stored_night(struct keeper *keeper, const struct store_night *stored)
{
    struct night_sums sums = night_sums_none();
    int r = store_bouts(keeper->store, stored->id, add_stored_bout, &sums);
    if (r < 0)
        return r;
    if (night_too_short(&keeper->rules, &stored->night, sums.position_s[POSITION_EMPTY]))
        return store_night_drop(keeper->store, stored->id);
    return store_night_update(keeper->store, stored->id, stored->night.end_s, false);
}

// What a store that was opened in the middle of things has of the first pending night: all until
// now, where it is the store that was lost; its beginning, where psoasmond was started again; else
// nothing, and the night it was left with is closed where it ended.
static int look_at_open_night(struct keeper *keeper)
{
    bool begins;
    const struct night *night = pending_first_night(keeper->pending, &begins);
    struct store_night stored;
    int r = 0;
    if (!keeper->late || keeper->stored_id > 0 || !night)
        return 0;
    while ((r = store_open_night(keeper->store, &stored)) == 1) {
        int64_t since_s = night->start_s - stored.night.end_s;
        if (begins && since_s >= 0 && since_s < keeper->rules.away_s)
            return join(keeper, &stored, night);
        if (!begins && stored.night.start_s == night->start_s) {
            keeper->stored_id = keeper->night_id = stored.id;
            return 0;
        }
        r = end_stored_night(keeper, &stored);
        if (r < 0)
            return r;
    }
    return r;
}

static int write_pending(struct keeper *keeper)
{
    int r = look_at_open_night(keeper);
    return r < 0 ? r : pending_write(keeper->pending, keeper->store, &keeper->night_id);
}

// ---- the clock was set ----

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
            r = end_stored_night(keeper, &stored);
        if (r < 0)
            return r;
    }
    return r;
}

static int add_closed_bout(const struct store_bout *stored, void *userdata)
{
    struct keeper *keeper = userdata;
    return stored->bout.start_s < keeper->open_bout_s ? add_stored_bout(stored, &keeper->sums) : 0;
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
    keeper->resumed_seconds = 0;
    keeper->sums = night_sums_none();
    return store_bouts(keeper->store, keeper->stored_id, add_closed_bout, keeper);
}

// What the store has of other nights follows the clock in a transaction of its own.
static int follow_clock(struct keeper *keeper)
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
    keeper->resumed_minute_s += epoch_move_s(by_s);
    keeper->learnt = true;
    if (renamed && keeper->watch.night_moved)
        keeper->watch.night_moved(night, by_s, keeper->watch.userdata);
    return from_s;
}

int keeper_commit(struct keeper *keeper)
{
    int failure = keeper_failure(keeper);
    if (!keeper->store) {
        keeper->failed_commits++;
        return error_set(&keeper->error, -EIO, "it is not open");
    }
    int r = write_pending(keeper);
    if (r == 0)
        r = store_commit(keeper->store);
    if (r < 0) {
        keeper->failed_commits++;
        error_set(&keeper->error, r, "%s", store_message(keeper->store));
        store_rollback(keeper->store);
        keeper->night_id = keeper->stored_id;
        return r;
    }
    if (pending_count(keeper->pending) > 0)
        keeper->commits++;
    pending_clear(keeper->pending);
    keeper->stored_id = keeper->night_id;
    keeper->late = keeper->late && keeper->stored_id == 0;
    r = keeper->learnt ? follow_clock(keeper) : 0;
    return r < 0 ? r : failure;
}

// A replay's nights are transactions of any length: nothing of them waits in memory.
static int pass_on(struct keeper *keeper)
{
    if (!keeper->refuse_overlap)
        return 0;
    int r = write_pending(keeper);
    pending_clear(keeper->pending);
    return fail(keeper, r);
}

void keeper_set_store(struct keeper *keeper, struct store *store)
{
    keeper->store = store;
    keeper->stored_id = keeper->night_id = 0;
    keeper->late = true;
}

// ---- what the tracker tells ----

static int on_opened(const struct night *night, void *userdata)
{
    struct keeper *keeper = userdata;
    keeper->night_open = true;
    keeper->night = *night;
    keeper->resumed_seconds = 0;
    timeline_begin(&keeper->timeline);
    keeper->sums = night_sums_none();
    keeper->next_night_s = INT64_MAX;
    snapshot_begin(&keeper->snapshot, night->start_s);
    if (keeper->refuse_overlap) {
        int r = store_next_night(keeper->store, night->start_s, &keeper->next_night_s);
        if (r < 0)
            return fail(keeper, r);
        if (keeper->next_night_s <= night->start_s)
            return keeper_may_record(keeper, night->start_s);
    }
    pending_night_begin(keeper->pending, night);
    if (keeper->watch.night_opened)
        keeper->watch.night_opened(night, keeper->watch.userdata);
    return pass_on(keeper);
}

// How far the night is, before what belongs to it: a store that has to begin anew in the middle of
// a night finds all of it there.
static void put_night(struct keeper *keeper, int64_t end_s)
{
    if (end_s > keeper->night.end_s)
        keeper->night.end_s = end_s;
    pending_night_update(keeper->pending, &keeper->night, true);
}

static int on_bout_open(const struct bout *bout, void *userdata)
{
    struct keeper *keeper = userdata;
    put_night(keeper, bout->end_s);
    keeper->open_bout_s = bout->start_s;
    // Only a bout that is over gets its picture: rewriting two kilobytes at each commit would
    // wear the card.
    pending_bout(keeper->pending, bout, NULL);
    return pass_on(keeper);
}

static int on_bout_closed(const struct bout *bout, void *userdata)
{
    struct keeper *keeper = userdata;
    uint8_t bytes[STORE_SNAPSHOT_SIZE];
    bool pictured =
        keeper->snapshot.bout_start_s == bout->start_s && snapshot_encode(&keeper->snapshot, bytes);
    put_night(keeper, bout->end_s);
    keeper->open_bout_s = INT64_MAX;
    pending_bout(keeper->pending, bout, pictured ? bytes : NULL);
    night_sums_add(&keeper->sums, bout->position, bout->end_s - bout->start_s);
    snapshot_begin(&keeper->snapshot, bout->end_s);
    if (keeper->watch.bout_closed)
        keeper->watch.bout_closed(bout, keeper->watch.userdata);
    return pass_on(keeper);
}

static int on_gap(const struct gap *gap, void *userdata)
{
    struct keeper *keeper = userdata;
    if (keeper->night_open)
        put_night(keeper, 0);
    pending_gap(keeper->pending, gap, keeper->night_open);
    if (keeper->watch.gap)
        keeper->watch.gap(gap, keeper->watch.userdata);
    return pass_on(keeper);
}

static int on_epoch(const struct epoch *epoch, void *userdata)
{
    struct keeper *keeper = userdata;
    struct epoch whole = *epoch;
    if (epoch->start_s == keeper->resumed_minute_s)
        whole.seconds = (uint8_t)(whole.seconds + keeper->resumed_seconds);
    if (whole.seconds > 60)
        whole.seconds = 60;
    put_night(keeper, 0);
    pending_epoch(keeper->pending, &whole);
    return pass_on(keeper);
}

static int on_taken_back(int64_t since_s, void *userdata)
{
    struct keeper *keeper = userdata;
    keeper->night.end_s = since_s;
    pending_night_update(keeper->pending, &keeper->night, true);
    pending_cut(keeper->pending, since_s);
    return pass_on(keeper);
}

static int on_closed(const struct night *night, void *userdata)
{
    struct keeper *keeper = userdata;
    keeper->night.end_s = night->end_s;
    keeper->night_open = false;
    pending_night_update(keeper->pending, &keeper->night, false);
    if (keeper->watch.night_closed)
        keeper->watch.night_closed(&keeper->night, &keeper->sums, keeper->watch.userdata);
    return pass_on(keeper);
}

static int on_dropped(const struct night *night, void *userdata)
{
    struct keeper *keeper = userdata;
    keeper->night.end_s = night->end_s;
    // The tracker does not know what it was the rest of.
    if (!night_too_short(&keeper->rules, &keeper->night, keeper->sums.position_s[POSITION_EMPTY]))
        return on_closed(night, userdata);
    keeper->night_open = false;
    keeper->short_stays++;
    pending_night_update(keeper->pending, &keeper->night, false);
    pending_drop(keeper->pending);
    if (keeper->watch.stay_dropped)
        keeper->watch.stay_dropped(&keeper->night, keeper->watch.userdata);
    return pass_on(keeper);
}

struct night_sink keeper_sink(struct keeper *keeper)
{
    return (struct night_sink){
        .opened = on_opened,
        .bout_open = on_bout_open,
        .bout_closed = on_bout_closed,
        .gap = on_gap,
        .taken_back = on_taken_back,
        .epoch = on_epoch,
        .closed = on_closed,
        .dropped = on_dropped,
        .userdata = keeper,
    };
}

int keeper_may_record(struct keeper *keeper, int64_t time_s)
{
    if (!keeper->refuse_overlap || !keeper->night_open || time_s < keeper->next_night_s)
        return 0;
    char day[DAY_TEXT_SIZE];
    day_format(night_day(keeper->next_night_s, &keeper->zone, keeper->rules.day_starts_hour), day);
    return error_set(&keeper->error, -EEXIST,
                     "this would overlap the night of %s, which is in the database already", day);
}

bool keeper_night_open(const struct keeper *keeper)
{
    return keeper->night_open;
}

void keeper_see(struct keeper *keeper, const struct night_tracker *tracker, enum position position,
                const struct pressure_map *map)
{
    struct night night;
    struct bout bout;
    if (!night_now(tracker, &night, &bout) || bout.position != position)
        return;
    // The frames come some seconds ahead of the settled bouts: those that look like the bout in
    // progress are taken for its picture, and the first ones that look different are not.
    if (keeper->snapshot.bout_start_s != bout.start_s)
        snapshot_begin(&keeper->snapshot, bout.start_s);
    snapshot_add(&keeper->snapshot, map);
}

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
            r = end_stored_night(keeper, ret);
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
    r = store_last_epoch(keeper->store, stored.id, &keeper->resumed_minute_s,
                         &keeper->resumed_seconds);
    if (r < 0)
        return r;
    keeper->night_open = true;
    keeper->night = stored.night;
    keeper->stored_id = keeper->night_id = stored.id;
    keeper->next_night_s = INT64_MAX;
    keeper->sums = night_sums_none();
    *ret = stored.night;
    r = store_bouts(keeper->store, stored.id, add_stored_bout, &keeper->sums);
    return r < 0 ? r : 1;
}

void keeper_state(const struct keeper *keeper, const struct night_tracker *tracker,
                  struct recorder_state *state)
{
    state->commits = keeper->commits;
    state->failed_commits = keeper->failed_commits;
    state->pending_results = pending_count(keeper->pending);
    state->lost_results = pending_lost(keeper->pending);
    state->short_stays = keeper->short_stays;
    state->night_open = keeper->night_open;
    state->in_bed = night_now(tracker, &state->night, &state->bout);
    if (keeper->night_open) {
        state->night.day = keeper->night.day;
        state->night.start_s = keeper->night.start_s;
    }
    state->so_far = keeper->sums;
    if (state->in_bed)
        night_sums_add(&state->so_far, state->bout.position,
                       state->bout.end_s - state->bout.start_s);
}

int keeper_new(struct keeper **ret, const struct keeper_options *options)
{
    _cleanup_(keeper_freep) struct keeper *keeper = calloc(1, sizeof *keeper);
    if (!keeper)
        return -ENOMEM;
    struct pending_origin origin = {.zone = *options->zone};
    snprintf(origin.pad, sizeof origin.pad, "%s", options->pad_name);
    snprintf(origin.model, sizeof origin.model, "%s", options->model_name);
    if (options->boot) {
        snprintf(origin.boot, sizeof origin.boot, "%s", options->boot);
        snprintf(keeper->timeline.boot, sizeof keeper->timeline.boot, "%s", options->boot);
        keeper->timeline.offset_s = options->boot_offset_s;
    }
    int r = pending_new(&keeper->pending, &origin);
    if (r < 0)
        return r;
    pending_set_offset(keeper->pending, keeper->timeline.offset_s);
    keeper->store = options->store;
    keeper->late = !options->store;
    keeper->zone = *options->zone;
    keeper->rules = *options->rules;
    keeper->refuse_overlap = options->refuse_overlap;
    keeper->watch = *options->watch;
    keeper->sums = night_sums_none();
    keeper->open_bout_s = INT64_MAX;
    *ret = keeper;
    keeper = NULL;
    return 0;
}

void keeper_free(struct keeper *keeper)
{
    if (keeper->pending)
        pending_free(keeper->pending);
    free(keeper);
}
