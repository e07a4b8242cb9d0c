// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/recorder.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "breathing/breathing.h"
#include "position/observe.h"
#include "recorder/awake.h"
#include "recorder/keeper.h"

#define US_PER_S INT64_C(1000000)

// Without a frame for this long (or three frame times of a slow pad) the pad is silent: that
// time was not seen. Shorter holes carry the last frame on.
#define SILENCE_US (10 * US_PER_S)

// Somebody lying covers at least so much of a pad, however small.
#define LYING_SHARE 0.12f

struct recorder {
    const struct pad *pad;
    struct model *model;
    double rate_hz; // 0: frames have the time they arrived at
    int64_t start_us;
    int64_t commit_every_us; // 0: only when told
    int64_t committed_us;    // the frames' time at the last attempt
    int64_t frame_period_us, silence_us;

    struct deframer *deframer;
    struct surface *surface;
    struct filter *filter;
    struct breathing *breathing;
    struct night_tracker *tracker;
    struct keeper *keeper;
    struct awake awake;
    struct recorder_watch watch;

    int64_t away_s;
    int64_t arrival_us; // of the bytes being pushed
    int64_t last_frame_us;
    uint64_t noise_frames;
    bool seeing;      // the filter holds frames of an unbroken stretch
    int64_t unseen_s; // if not seeing: since when; 0 before the first frame
    int64_t stored_s; // up to here a night was recorded that is taken up; 0: none
    enum gap_reason reason;
    struct pressure_map map;
    struct steady steady;
};

static int64_t floor_s(int64_t time_us)
{
    return time_us / US_PER_S - (time_us % US_PER_S < 0);
}

static int on_tick(const struct tick *tick, void *userdata)
{
    struct recorder *recorder = userdata;
    if (tick->time_s < recorder->stored_s)
        return 0; // the second in which the one before has ended
    int r = keeper_may_record(recorder->keeper, tick->time_s);
    const struct tick seen = awake_tick(&recorder->awake, tick);
    return r < 0 ? r : night_tick(recorder->tracker, &seen);
}

// The stretch of frames is over: settles what the filter holds back.
static int stop_seeing(struct recorder *recorder)
{
    if (!recorder->seeing)
        return 0;
    int64_t last_s = floor_s(recorder->last_frame_us);
    int64_t until_s = floor_s(recorder->last_frame_us + recorder->frame_period_us);
    recorder->seeing = false;
    recorder->unseen_s = until_s > last_s ? until_s : last_s + 1;
    breathing_stop(recorder->breathing);
    return filter_finish(recorder->filter, recorder->unseen_s, on_tick, recorder);
}

// Tells the tracker of the unseen time up to a moment, and goes on from there.
static int end_unseen(struct recorder *recorder, int64_t time_s)
{
    struct gap gap = {
        .start_s = recorder->unseen_s,
        .end_s = time_s,
        .reason = recorder->reason,
    };
    bool before_first_frame = recorder->unseen_s == 0;
    recorder->unseen_s = time_s;
    if (before_first_frame || gap.end_s <= gap.start_s)
        return 0;
    return night_gap(recorder->tracker, &gap);
}

static int start_seeing(struct recorder *recorder, int64_t time_us)
{
    keeper_see_again(recorder->keeper, recorder->unseen_s, floor_s(time_us));
    int r = end_unseen(recorder, floor_s(time_us));
    recorder->seeing = true;
    recorder->reason = GAP_PAD_SILENT;
    return r;
}

static int see_map(struct recorder *recorder, int64_t time_us)
{
    struct pressure_map *map = &recorder->map;
    if (recorder->watch.map_seen)
        recorder->watch.map_seen(map, time_us, recorder->watch.userdata);
    int r = 0;
    awake_see(&recorder->awake, floor_s(time_us));
    if (!recorder->seeing) {
        steady_forget(&recorder->steady);
        r = start_seeing(recorder, time_us);
    }
    struct observation observation = observe(&recorder->steady, recorder->model, map, time_us);
    recorder->last_frame_us = time_us;
    // The filter tells of a minute later than it ends: its breathing is known by then.
    breathing_see(recorder->breathing, map, time_us);
    int filtered = filter_push(recorder->filter, &observation, on_tick, recorder);

    struct tick now;
    if (filter_now(recorder->filter, &now))
        keeper_see(recorder->keeper, recorder->tracker, now.position, map);
    return r < 0 ? r : filtered;
}

// A failure waits for recorder_push to return: the frames after this one are to be seen.
static void commit_if_due(struct recorder *recorder, int64_t time_us)
{
    if (recorder->commit_every_us == 0)
        return;
    if (recorder->committed_us == 0 || time_us < recorder->committed_us)
        recorder->committed_us = time_us;
    if (time_us - recorder->committed_us < recorder->commit_every_us)
        return;
    recorder->committed_us = time_us;
    keeper_remember(recorder->keeper, recorder_commit(recorder));
}

static int on_frame(const struct deframed *deframed, void *userdata)
{
    struct recorder *recorder = userdata;
    if (deframed->drop != DROP_NONE)
        return 0;
    if (surface_read(recorder->surface, &deframed->frame, &recorder->map) == SURFACE_NOISE) {
        recorder->noise_frames++;
        return 0;
    }
    int64_t time_us = recorder->arrival_us;
    if (recorder->rate_hz > 0)
        time_us = recorder->start_us +
                  llround((double)deframed->number / recorder->rate_hz * (double)US_PER_S);
    int r = 0;
    if (recorder->seeing && (time_us - recorder->last_frame_us > recorder->silence_us ||
                             time_us < recorder->last_frame_us)) {
        // Either frames failed to come, or the clock was set back while nobody was in bed.
        r = stop_seeing(recorder);
        if (time_us < recorder->last_frame_us)
            recorder->unseen_s = 0;
    }
    int observed = see_map(recorder, time_us);
    commit_if_due(recorder, time_us);
    return r < 0 ? r : observed;
}

int recorder_push(struct recorder *recorder, const void *bytes, size_t length, int64_t time_us)
{
    recorder->arrival_us = time_us;
    int r = deframer_push(recorder->deframer, bytes, length, on_frame, recorder);
    return r < 0 ? r : keeper_failure(recorder->keeper);
}

int recorder_pause(struct recorder *recorder)
{
    int r = deframer_pause(recorder->deframer, on_frame, recorder);
    return r < 0 ? r : keeper_failure(recorder->keeper);
}

void recorder_ignore(struct recorder *recorder, size_t length)
{
    deframer_ignore(recorder->deframer, length);
}

int recorder_advance(struct recorder *recorder, int64_t time_us)
{
    int r = 0;
    if (recorder->rate_hz > 0)
        return 0;
    if (recorder->seeing && time_us - recorder->last_frame_us > recorder->silence_us)
        r = stop_seeing(recorder);
    // A night does not stay open for a pad that never comes back.
    int64_t now_s = floor_s(time_us);
    if (r == 0 && !recorder->seeing && recorder->unseen_s > 0 &&
        keeper_night_open(recorder->keeper) && now_s - recorder->unseen_s >= recorder->away_s)
        r = end_unseen(recorder, now_s);
    return r < 0 ? r : keeper_failure(recorder->keeper);
}

int recorder_lost(struct recorder *recorder, enum gap_reason reason)
{
    int r = stop_seeing(recorder);
    if (recorder->reason == GAP_PAD_SILENT)
        recorder->reason = reason;
    return r < 0 ? r : keeper_failure(recorder->keeper);
}

int recorder_resume(struct recorder *recorder, int64_t now_s)
{
    struct night night;
    int r = keeper_resume(recorder->keeper, now_s, &night);
    if (r != 1)
        return r;
    night_resume(recorder->tracker, &night);
    recorder->unseen_s = night.end_s;
    recorder->stored_s = night.end_s;
    recorder->reason = GAP_DAEMON_DOWN;
    return 0;
}

int recorder_move(struct recorder *recorder, int64_t by_s, int64_t now_s)
{
    if (recorder->rate_hz > 0)
        return 0;
    int64_t from_s = keeper_move(recorder->keeper, by_s, now_s);
    recorder->stored_s = 0;
    night_move(recorder->tracker, from_s, by_s);
    filter_move(recorder->filter, by_s);
    awake_move(&recorder->awake, by_s);
    steady_move(&recorder->steady, by_s * US_PER_S);
    breathing_move(recorder->breathing, epoch_move_s(by_s));
    if (recorder->last_frame_us != 0)
        recorder->last_frame_us += by_s * US_PER_S;
    bool away = !recorder->seeing && recorder->unseen_s > 0;
    if (away && (recorder->unseen_s >= from_s || !keeper_night_open(recorder->keeper)))
        recorder->unseen_s += by_s;
    int r = recorder_commit(recorder);
    if (r < 0 || !keeper_left_open(recorder->keeper))
        return r;
    // Nobody could say how long ago that night was, until now.
    r = stop_seeing(recorder);
    if (r == 0 && !keeper_night_open(recorder->keeper))
        r = recorder_resume(recorder, now_s);
    return r < 0 ? r : recorder_commit(recorder);
}

void recorder_set_awake(struct recorder *recorder, bool awake)
{
    awake_set(&recorder->awake, awake);
}

void recorder_set_store(struct recorder *recorder, struct store *store)
{
    keeper_set_store(recorder->keeper, store);
}

int recorder_commit(struct recorder *recorder)
{
    int r = night_flush(recorder->tracker);
    return r < 0 ? r : keeper_commit(recorder->keeper);
}

int recorder_finish(struct recorder *recorder, bool close)
{
    int r = deframer_finish(recorder->deframer, on_frame, recorder);
    int settled = stop_seeing(recorder);
    if (r == 0)
        r = settled;
    if (close) {
        int closed = night_finish(recorder->tracker);
        if (r == 0)
            r = closed;
    }
    if (r == 0)
        r = keeper_failure(recorder->keeper);
    return r < 0 ? r : recorder_commit(recorder);
}

void recorder_state(const struct recorder *recorder, struct recorder_state *state)
{
    const struct deframer_counts *counts = deframer_counts(recorder->deframer);
    *state = (struct recorder_state){
        .frames = counts->frames - recorder->noise_frames,
        .bytes = counts->bytes,
        .stray_bytes = counts->stray_bytes,
        .last_frame_us = recorder->last_frame_us,
        .silent = !recorder->seeing,
        .saturated = recorder->map.saturated,
        .mended_cells = recorder->map.mended,
        .now.position = POSITION_EMPTY,
    };
    memcpy(state->drops, counts->drops, sizeof state->drops);
    state->drops[DROP_NOISE] += recorder->noise_frames;
    for (int i = 0; i < DROP_N; i++)
        state->dropped_frames += state->drops[i];
    filter_now(recorder->filter, &state->now);
    keeper_state(recorder->keeper, recorder->tracker, state);
}

const char *recorder_message(const struct recorder *recorder)
{
    return keeper_message(recorder->keeper);
}

// A pad that is smaller than a bed sees less of whoever lies there.
static struct night_rules rules_for(const struct pad *pad, const struct night_rules *rules)
{
    struct night_rules fitted = *rules;
    struct grid grid = surface_grid(pad);
    double pad_m2 = grid.rows * grid.pitch_rows_mm * grid.cols * grid.pitch_cols_mm / 1e6;
    fitted.lying_m2 = fminf(rules->lying_m2, LYING_SHARE * (float)pad_m2);
    return fitted;
}

static int build(struct recorder *recorder, const struct recorder_options *options, double rate_hz)
{
    int r = breathing_new(&recorder->breathing, options->pad, rate_hz);
    if (r < 0)
        return r;
    const struct keeper_options keeper_options = {
        .store = options->store,
        .pad_name = options->pad->name,
        .model_name = model_name(options->model),
        .zone = options->zone,
        .rules = &options->rules,
        .boot = options->boot,
        .boot_offset_s = options->boot_offset_s,
        .refuse_overlap = options->refuse_overlap,
        .watch = &options->watch,
        .breathing = recorder->breathing,
    };
    r = keeper_new(&recorder->keeper, &keeper_options);
    if (r < 0)
        return r;
    struct night_sink sink = keeper_sink(recorder->keeper);
    const struct night_rules rules = rules_for(options->pad, &options->rules);
    r = night_tracker_new(&recorder->tracker, &rules, options->zone, &sink);
    if (r < 0)
        return r;
    r = deframer_new(&recorder->deframer, options->pad);
    if (r < 0)
        return r;
    r = surface_new(&recorder->surface, options->pad);
    if (r < 0)
        return r;
    return filter_new(&recorder->filter);
}

int recorder_new(struct recorder **ret, const struct recorder_options *options)
{
    _cleanup_(recorder_freep) struct recorder *recorder = calloc(1, sizeof *recorder);
    if (!recorder)
        return -ENOMEM;
    double rate_hz = options->rate_hz > 0 ? options->rate_hz : options->pad->rate_hz;
    recorder->pad = options->pad;
    recorder->watch = options->watch;
    recorder->model = options->model;
    recorder->rate_hz = options->rate_hz;
    recorder->start_us = options->start_us;
    recorder->commit_every_us = options->commit_every_s * US_PER_S;
    recorder->away_s = options->rules.away_s;
    recorder->frame_period_us = llround((double)US_PER_S / rate_hz);
    recorder->silence_us = SILENCE_US;
    if (recorder->silence_us < 3 * recorder->frame_period_us)
        recorder->silence_us = 3 * recorder->frame_period_us;
    int r = build(recorder, options, rate_hz);
    if (r < 0)
        return r;
    *ret = recorder;
    recorder = NULL;
    return 0;
}

void recorder_free(struct recorder *recorder)
{
    if (recorder->filter)
        filter_free(recorder->filter);
    if (recorder->surface)
        surface_free(recorder->surface);
    if (recorder->deframer)
        deframer_free(recorder->deframer);
    if (recorder->tracker)
        night_tracker_free(recorder->tracker);
    if (recorder->keeper)
        keeper_free(recorder->keeper);
    if (recorder->breathing)
        breathing_free(recorder->breathing);
    free(recorder);
}
