// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "amend.h"
#include "calibration/calibration.h"
#include "clock.h"
#include "drops.h"
#include "fitted.h"
#include "narrator.h"
#include "storage.h"
#include "tidy.h"

#define DROPS_EVERY_US (INT64_C(60) * 1000000)

struct recording {
    struct recording_options options;
    char *database, *calibration;
    struct storage storage;
    struct model *model;
    struct model *next_model; // read again, and not used yet; or null
    struct recorder *recorder;
    struct narrator narrator;
    int64_t drops_due_us; // clock_elapsed_us
    struct drops drops;
    struct tidy tidy;
};

// 0: frames are timed by the clock.
static double counted_hz(const struct recording *recording, const struct pad *pad)
{
    if (recording->options.rate_hz > 0)
        return recording->options.rate_hz;
    return pad->counted ? pad->rate_hz : 0;
}

static int new_recorder(struct recorder **ret, struct recording *recording, struct model *model,
                        const struct pad *pad, const struct night_rules *rules, int64_t start_us)
{
    char boot[CLOCK_BOOT_SIZE];
    bool counted = counted_hz(recording, pad) > 0;
    clock_boot(boot);
    struct recorder_options options = {
        .pad = pad,
        .model = model,
        .store = recording->storage.store,
        .zone = recording->options.zone,
        .rules = *rules,
        .rate_hz = counted_hz(recording, pad),
        .start_us = start_us,
        .commit_every_s = counted ? RECORDING_COMMIT_EVERY_S : 0,
        .boot = counted || !boot[0] ? NULL : boot,
        .boot_offset_s = clock_offset_s(recording->options.clock),
        .watch = narrator_watch(&recording->narrator),
    };
    return recorder_new(ret, &options);
}

// Takes up the night that was left open, if it may go on at now_us.
static int resume(struct recording *recording, struct recorder *recorder, int64_t now_us)
{
    int r = recorder_resume(recorder, now_us / 1000000);
    narrator_out_of_night(&recording->narrator);
    narrator_resumed(&recording->narrator, recorder);
    return r;
}

// -EBADMSG: what the database was left with cannot be read.
static int start_recorder(struct recording *recording, int64_t now_us, struct error *error)
{
    const struct recording_options *options = &recording->options;
    if (recording->recorder)
        recorder_free(recording->recorder);
    recording->recorder = NULL;
    int r = new_recorder(&recording->recorder, recording, recording->model, options->pad,
                         &options->rules, options->start_us);
    if (r < 0)
        return error_set(error, r, "cannot start recording: %s", strerror(-r));
    bool counted = counted_hz(recording, options->pad) > 0;
    r = resume(recording, recording->recorder, counted ? options->start_us : now_us);
    if (r < 0)
        return error_set(error, r, "%s: %s", recording->database,
                         store_message(recording->storage.store));
    return 0;
}

int recording_open(struct recording **ret, const struct recording_options *options, int64_t now_us,
                   struct error *error)
{
    _cleanup_(recording_freep) struct recording *recording = calloc(1, sizeof *recording);
    if (!recording || !(recording->database = strdup(options->database)))
        return error_set(error, -ENOMEM, "out of memory");
    if (options->calibration)
        recording->calibration = strdup(options->calibration);
    else if (calibration_beside(&recording->calibration, options->database) < 0)
        recording->calibration = NULL;
    if (!recording->calibration)
        return error_set(error, -ENOMEM, "out of memory");
    recording->options = *options;
    recording->narrator = (struct narrator){
        .journal = options->journal,
        .watchers = options->watchers,
        .storage = &recording->storage,
        .zone = options->zone,
        .pad = options->pad,
        .friendly = options->friendly,
    };
    recording->drops_due_us = clock_elapsed_us() + DROPS_EVERY_US;

    int r = fitted_model(&recording->model, options->pad, recording->calibration, options->journal,
                         error);
    if (r == 0)
        r = storage_open(&recording->storage, recording->database, options->journal, error);
    if (r < 0)
        return r;
    if (model_correction(recording->model))
        fitted_tell(recording->model, options->journal);
    r = start_recorder(recording, now_us, error);
    if (r == -EBADMSG) {
        r = storage_begin_anew(&recording->storage, error);
        if (r == 0)
            r = start_recorder(recording, now_us, error);
    }
    if (r < 0)
        return r;
    *ret = recording;
    recording = NULL;
    return 0;
}

void recording_free(struct recording *recording)
{
    if (recording->recorder)
        recorder_free(recording->recorder);
    if (recording->model)
        model_free(recording->model);
    if (recording->next_model)
        model_free(recording->next_model);
    storage_close(&recording->storage);
    free(recording->calibration);
    free(recording->database);
    free(recording);
}

int recording_commit(struct recording *recording)
{
    return storage_commit(&recording->storage, recording->recorder);
}

const char *recording_message(const struct recording *recording)
{
    return recording->storage.error.text;
}

int recording_label(struct recording *recording, int64_t time_s, enum position position,
                    int64_t now_us, struct error *error)
{
    return amend_label(&recording->storage, recording->recorder, time_s, position, now_us / 1000000,
                       error);
}

int recording_unlabel(struct recording *recording, int64_t time_s, struct error *error)
{
    return amend_unlabel(&recording->storage, recording->recorder, time_s, error);
}

// What was deleted left traces in the file.
static int scrub_after(struct recording *recording, int r)
{
    if (r == 0)
        tidy_deleted(&recording->tidy);
    return r;
}

int recording_delete(struct recording *recording, int64_t night_id, int64_t start_s,
                     struct error *error)
{
    return scrub_after(recording, amend_delete(&recording->storage, recording->recorder, night_id,
                                               start_s, error));
}

int recording_put_diary(struct recording *recording, const struct diary_entry *entries, unsigned n,
                        struct error *error)
{
    return amend_put_diary(&recording->storage, recording->recorder, entries, n, error);
}

int recording_delete_diary(struct recording *recording, day_number day, struct error *error)
{
    return scrub_after(recording,
                       amend_delete_diary(&recording->storage, recording->recorder, day, error));
}

int recording_put_stretch(struct recording *recording, const struct stretch_session *session,
                          struct error *error)
{
    return amend_put_stretch(&recording->storage, recording->recorder, session, error);
}

int recording_delete_stretch(struct recording *recording, int64_t start_s, struct error *error)
{
    return scrub_after(
        recording, amend_delete_stretch(&recording->storage, recording->recorder, start_s, error));
}

void recording_keep(struct recording *recording, const struct config *config)
{
    tidy_configure(&recording->tidy, config);
}

static void check(struct recording *recording, int r)
{
    storage_check(&recording->storage, recording->recorder, r);
}

static void commit_if_due(struct recording *recording)
{
    if (storage_is_due(&recording->storage))
        recording_commit(recording);
}

void recording_bytes(struct recording *recording, const void *bytes, size_t length, int64_t now_us)
{
    check(recording, recorder_push(recording->recorder, bytes, length, now_us));
    commit_if_due(recording);
}

void recording_pause(struct recording *recording)
{
    check(recording, recorder_pause(recording->recorder));
}

void recording_ignore(struct recording *recording, size_t length)
{
    recorder_ignore(recording->recorder, length);
}

void recording_set_awake(struct recording *recording, bool awake)
{
    recorder_set_awake(recording->recorder, awake);
}

void recording_move(struct recording *recording, int64_t by_s, int64_t now_us)
{
    int r = recorder_move(recording->recorder, by_s, now_us / 1000000);
    check(recording, r);
    narrator_resumed(&recording->narrator, recording->recorder);
}

void recording_lost(struct recording *recording, enum gap_reason reason)
{
    check(recording, recorder_lost(recording->recorder, reason));
    commit_if_due(recording);
}

static void tell_drops(struct recording *recording)
{
    struct recorder_state state;
    recording_state(recording, &state);
    drops_tell(&recording->drops, state.drops, recording->options.journal);
    recording->drops_due_us = clock_elapsed_us() + DROPS_EVERY_US;
}

void recording_tick(struct recording *recording, int64_t now_us)
{
    check(recording, recorder_advance(recording->recorder, now_us));
    commit_if_due(recording);
    if (clock_elapsed_us() >= recording->drops_due_us)
        tell_drops(recording);
    if (recording->storage.store && !recording->narrator.in_night && !recording->storage.failing)
        tidy_tick(&recording->tidy, recording->storage.store, recording->options.journal);
}

static int finish(struct recording *recording)
{
    tell_drops(recording);
    return storage_finish(&recording->storage, recording->recorder);
}

int recording_stop(struct recording *recording)
{
    int r = finish(recording);
    storage_tell_lost(&recording->storage, recording->recorder);
    return r;
}

// The time it is for the frames: of the next one where they are counted, else what the clock says.
static int64_t frame_time_us(const struct recording *recording, int64_t now_us)
{
    double rate_hz = counted_hz(recording, recording->options.pad);
    if (rate_hz <= 0)
        return now_us;
    struct recorder_state state;
    recording_state(recording, &state);
    double frames = (double)(state.frames + state.dropped_frames);
    return recording->options.start_us + (int64_t)(frames * 1e6 / rate_hz);
}

int recording_reread(struct recording *recording, const struct pad *pad, struct error *error)
{
    struct model *model;
    int r = fitted_model(&model, pad, recording->calibration, recording->options.journal, error);
    if (r < 0)
        return r;
    if (recording->next_model)
        model_free(recording->next_model);
    recording->next_model = model;
    return strcmp(model_name(model), model_name(recording->model)) != 0;
}

static void take_up_model(struct recording *recording)
{
    struct model *last = recording->model;
    if (!recording->next_model)
        return;
    recording->model = recording->next_model;
    recording->next_model = NULL;
    if (strcmp(model_name(last), model_name(recording->model)) != 0)
        fitted_tell(recording->model, recording->options.journal);
    model_free(last);
}

int recording_change(struct recording *recording, const struct pad *pad,
                     const struct night_rules *rules, int64_t now_us, struct error *error)
{
    int64_t start_us = frame_time_us(recording, now_us);
    _cleanup_(recorder_freep) struct recorder *next = NULL;
    struct model *model = recording->next_model ? recording->next_model : recording->model;
    int r = new_recorder(&next, recording, model, pad, rules, start_us);
    if (r < 0)
        return error_set(error, r, "cannot start recording: %s", strerror(-r));
    r = finish(recording);
    if (r < 0)
        return error_set(error, r, "%s cannot be written to now", recording->database);
    bool counted = counted_hz(recording, pad) > 0;
    check(recording, resume(recording, next, counted ? start_us : now_us));

    struct recorder *last = recording->recorder;
    recording->recorder = next;
    next = last;
    take_up_model(recording);
    recording->options.pad = pad;
    recording->narrator.pad = pad;
    recording->options.rules = *rules;
    recording->options.start_us = start_us;
    recording->drops = (struct drops){0};
    return 0;
}

void recording_set_friendly(struct recording *recording, position_set friendly)
{
    recording->narrator.friendly = friendly;
}

position_set recording_friendly(const struct recording *recording)
{
    return recording->narrator.friendly;
}

bool recording_is_stored(const struct recording *recording)
{
    return recording->storage.store != NULL;
}

int64_t recording_committed_us(const struct recording *recording)
{
    return recording->storage.committed_us;
}

const day_number *recording_night(const struct recording *recording)
{
    return recording->narrator.in_night ? &recording->narrator.day : NULL;
}

void recording_state(const struct recording *recording, struct recorder_state *state)
{
    recorder_state(recording->recorder, state);
}
