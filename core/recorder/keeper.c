// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/keeper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "recorder/snapshot.h"

struct keeper {
    struct store *store;
    struct zone zone;
    int day_starts_hour;
    char pad_name[32], model_name[32];
    bool refuse_overlap;
    struct recorder_watch watch;

    bool night_open;
    int64_t night_id;     // 0: the store could not take the night's beginning
    int64_t next_night_s; // no recording from here on: another night begins there
    struct night_sums sums;
    struct snapshot snapshot;

    int failure;
    struct error error;
    uint64_t failed_commits;
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

const char *keeper_message(const struct keeper *keeper)
{
    return keeper->error.text;
}

static int store_night(struct keeper *keeper, const struct night *night)
{
    struct store_night stored = {
        .night = *night,
        .start_utc_offset_s = keeper->zone.offset_s(night->start_s, keeper->zone.userdata),
        .open = true,
    };
    snprintf(stored.timezone, sizeof stored.timezone, "%s", keeper->zone.name);
    snprintf(stored.pad, sizeof stored.pad, "%s", keeper->pad_name);
    snprintf(stored.model, sizeof stored.model, "%s", keeper->model_name);
    return store_night_begin(keeper->store, &stored, &keeper->night_id);
}

static int on_opened(const struct night *night, void *userdata)
{
    struct keeper *keeper = userdata;
    keeper->night_open = true;
    keeper->night_id = 0;
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
    int r = store_night(keeper, night);
    if (keeper->watch.night_opened)
        keeper->watch.night_opened(night, keeper->watch.userdata);
    return fail(keeper, r);
}

static int put_bout(struct keeper *keeper, const struct bout *bout, bool is_over)
{
    uint8_t bytes[STORE_SNAPSHOT_SIZE];
    // Only a bout that is over gets its picture: rewriting two kilobytes at each commit would
    // wear the card.
    bool pictured = is_over && keeper->snapshot.bout_start_s == bout->start_s &&
                    snapshot_encode(&keeper->snapshot, bytes);
    if (keeper->night_id == 0)
        return 0;
    int r = store_bout_put(keeper->store, keeper->night_id, bout, pictured ? bytes : NULL);
    if (r < 0)
        return r;
    return store_night_update(keeper->store, keeper->night_id, bout->end_s, true);
}

static int on_bout_open(const struct bout *bout, void *userdata)
{
    struct keeper *keeper = userdata;
    return fail(keeper, put_bout(keeper, bout, false));
}

static int on_bout_closed(const struct bout *bout, void *userdata)
{
    struct keeper *keeper = userdata;
    int r = put_bout(keeper, bout, true);
    night_sums_add(&keeper->sums, bout->position, bout->end_s - bout->start_s);
    snapshot_begin(&keeper->snapshot, bout->end_s);
    if (keeper->watch.bout_closed)
        keeper->watch.bout_closed(bout, keeper->watch.userdata);
    return fail(keeper, r);
}

static int on_gap(const struct gap *gap, void *userdata)
{
    struct keeper *keeper = userdata;
    int r = store_gap_add(keeper->store, keeper->night_open ? keeper->night_id : 0, gap);
    if (keeper->watch.gap)
        keeper->watch.gap(gap, keeper->watch.userdata);
    return fail(keeper, r);
}

static int on_epoch(const struct epoch *epoch, void *userdata)
{
    struct keeper *keeper = userdata;
    if (keeper->night_id == 0)
        return 0;
    return fail(keeper, store_epoch_put(keeper->store, keeper->night_id, epoch));
}

static int on_closed(const struct night *night, void *userdata)
{
    struct keeper *keeper = userdata;
    int r = 0;
    if (keeper->night_id > 0)
        r = store_night_update(keeper->store, keeper->night_id, night->end_s, false);
    keeper->night_open = false;
    if (keeper->watch.night_closed)
        keeper->watch.night_closed(night, &keeper->sums, keeper->watch.userdata);
    return fail(keeper, r);
}

struct night_sink keeper_sink(struct keeper *keeper)
{
    return (struct night_sink){
        .opened = on_opened,
        .bout_open = on_bout_open,
        .bout_closed = on_bout_closed,
        .gap = on_gap,
        .epoch = on_epoch,
        .closed = on_closed,
        .userdata = keeper,
    };
}

int keeper_may_record(struct keeper *keeper, int64_t time_s)
{
    if (!keeper->refuse_overlap || !keeper->night_open || time_s < keeper->next_night_s)
        return 0;
    char day[DAY_TEXT_SIZE];
    day_format(night_day(keeper->next_night_s, &keeper->zone, keeper->day_starts_hour), day);
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

static int add_stored_bout(const struct store_bout *stored, void *userdata)
{
    const struct bout *bout = &stored->bout;
    night_sums_add(userdata, bout->position, bout->end_s - bout->start_s);
    return 0;
}

int keeper_resume(struct keeper *keeper, int64_t now_s, int64_t away_s, struct night *ret)
{
    struct store_night stored;
    int r;
    while ((r = store_open_night(keeper->store, &stored)) == 1) {
        int64_t since_s = now_s - stored.night.end_s;
        if (since_s >= 0 && since_s < away_s)
            break;
        r = store_night_update(keeper->store, stored.id, stored.night.end_s, false);
        if (r < 0)
            return r;
    }
    if (r != 1)
        return r;
    keeper->night_open = true;
    keeper->night_id = stored.id;
    keeper->next_night_s = INT64_MAX;
    keeper->sums = night_sums_none();
    *ret = stored.night;
    r = store_bouts(keeper->store, stored.id, add_stored_bout, &keeper->sums);
    return r < 0 ? r : 1;
}

int keeper_commit(struct keeper *keeper)
{
    int failure = keeper_failure(keeper);
    int r = store_commit(keeper->store);
    if (r < 0) {
        fail(keeper, r);
        keeper->failure = 0;
    } else {
        r = failure;
    }
    if (r < 0)
        keeper->failed_commits++;
    return r;
}

void keeper_state(const struct keeper *keeper, const struct night_tracker *tracker,
                  struct recorder_state *state)
{
    state->failed_commits = keeper->failed_commits;
    state->night_open = keeper->night_open;
    state->in_bed = night_now(tracker, &state->night, &state->bout);
    state->so_far = keeper->sums;
    if (state->in_bed)
        night_sums_add(&state->so_far, state->bout.position,
                       state->bout.end_s - state->bout.start_s);
}

int keeper_new(struct keeper **ret, const struct keeper_options *options)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    if (!keeper)
        return -ENOMEM;
    keeper->store = options->store;
    keeper->zone = *options->zone;
    keeper->day_starts_hour = options->day_starts_hour;
    keeper->refuse_overlap = options->refuse_overlap;
    keeper->watch = *options->watch;
    keeper->sums = night_sums_none();
    snprintf(keeper->pad_name, sizeof keeper->pad_name, "%s", options->pad_name);
    snprintf(keeper->model_name, sizeof keeper->model_name, "%s", options->model_name);
    *ret = keeper;
    return 0;
}

void keeper_free(struct keeper *keeper)
{
    free(keeper);
}
