// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/keeper_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

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

int keeper_add_bout(const struct store_bout *stored, void *userdata)
{
    const struct bout *bout = &stored->bout;
    night_sums_add(userdata, bout->position, bout->end_s - bout->start_s);
    return 0;
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
    return store_bouts(keeper->store, stored->id, keeper_add_bout, &keeper->sums);
}

// A night that does not go on ends where it broke off, and may have been too short for one.
int keeper_end_stored(struct keeper *keeper, const struct store_night *stored)
{
    struct night_sums sums = night_sums_none();
    int r = store_bouts(keeper->store, stored->id, keeper_add_bout, &sums);
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
        r = keeper_end_stored(keeper, &stored);
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
    r = keeper->learnt ? keeper_follow_clock(keeper) : 0;
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
    keeper->resumed.seconds = 0;
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
    if (!keeper->sums.was_out)
        keeper->out_since_s = bout->start_s;
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

// A minute in which mostly nobody was seen lying there has no breathing: a rhythm that the pad
// shows then is something else's.
static void add_breath(const struct keeper *keeper, struct epoch *epoch)
{
    struct breath breath;
    float nobody = epoch->probabilities[POSITION_EMPTY] + epoch->probabilities[POSITION_UNKNOWN];
    if (nobody > 0.5f || !breathing_minute(keeper->breathing, epoch->start_s, &breath))
        return;
    epoch->breaths_per_min = breath.per_min;
    epoch->breath_steadiness = breath.steadiness;
}

static uint8_t of_a_minute(int sum)
{
    return (uint8_t)(sum < 60 ? sum : 60);
}

// What had been seen of the minute before the night was taken up.
static void add_resumed(struct epoch *epoch, const struct epoch *resumed)
{
    static const struct epoch none = {0};
    if (epoch->start_s != resumed->start_s)
        resumed = &none;
    epoch->seconds = of_a_minute(epoch->seconds + resumed->seconds);
    epoch->moves = of_a_minute(epoch->moves + resumed->moves);
    epoch->moved_s = of_a_minute(epoch->moved_s + resumed->moved_s);
}

static int on_epoch(const struct epoch *epoch, void *userdata)
{
    struct keeper *keeper = userdata;
    struct epoch whole = *epoch;
    add_resumed(&whole, &keeper->resumed);
    add_breath(keeper, &whole);
    put_night(keeper, 0);
    pending_epoch(keeper->pending, &whole);
    return pass_on(keeper);
}

static int on_taken_back(int64_t since_s, void *userdata)
{
    struct keeper *keeper = userdata;
    keeper->night.end_s = since_s;
    if (keeper->sums.was_out && since_s <= keeper->out_since_s)
        night_sums_take_back_out(&keeper->sums);
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
    keeper->breathing = options->breathing;
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
