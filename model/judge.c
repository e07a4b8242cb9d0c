// SPDX-License-Identifier: GPL-3.0-or-later
// For evaluation: what given weights make of recordings, through the pipeline's own code.
//
//     judge [--hold POSITION=FILE]... WEIGHTS PAD FILE... >JUDGED
//
// With --hold, the weights are first fitted to the sleeper as `psoasmon calibrate` would: POSITION
// is learnt from the first 20 s of FILE, and forgotten again where the trial says so.
//
// Writes a struct judged for every frame of every FILE, dropped ones included. Numbers are in the
// machine's own order.
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calibration/session.h"
#include "pad/deframer.h"
#include "pad/pad.h"
#include "paths.h"
#include "position/filter.h"
#include "position/model.h"
#include "position/observe.h"
#include "calibrate/rehearsal.h"
#include "surface/surface.h"

#define WEIGHTS_SIZE_MAX (64U << 20)

struct judged {
    uint32_t file, frame; // counted from 0
    uint32_t drop;        // enum drop; the rest is meaningless unless DROP_NONE
    uint32_t occupied;
    uint32_t filtered; // enum position, over time
    float confidence;  // of that
    float probabilities[POSITION_N], filtered_probabilities[POSITION_N];
};

struct hold {
    enum position position;
    const char *file;
};

struct judge {
    double rate_hz;
    struct model *model;
    struct surface *surface;
    struct deframer *deframer;
    struct filter *filter;
    struct session *session;
    struct pressure_map map;
    struct steady steady;
    uint64_t first; // the file's first frame, as the deframer counts
    uint32_t file;
    // Of the file being read; the first `n_settled` have been filtered.
    struct judged *judged;
    size_t n_judged, n_settled, room;
};

static double time_of(const struct judge *judge, const struct deframed *deframed)
{
    return (double)(deframed->number - judge->first) / judge->rate_hz;
}

static enum drop read_map(struct judge *judge, const struct deframed *deframed)
{
    if (deframed->drop != DROP_NONE)
        return deframed->drop;
    int r = surface_read(judge->surface, &deframed->frame, &judge->map);
    return r == SURFACE_NOISE ? DROP_NOISE : DROP_NONE;
}

static int read_file(struct judge *judge, const char *path, deframer_sink sink)
{
    _cleanup_(fclosep) FILE *file = fopen(path, "rb");
    if (!file)
        return -errno;
    const struct deframer_counts *counts = deframer_counts(judge->deframer);
    judge->first = counts->frames;
    for (int i = 0; i < DROP_N; i++)
        judge->first += counts->drops[i];
    char bytes[65536];
    for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        int r = deframer_push(judge->deframer, bytes, length, sink, judge);
        if (r < 0)
            return r;
    }
    return ferror(file) ? -EIO : deframer_finish(judge->deframer, sink, judge);
}

// ---- judging ----

static struct judged *add_judged(struct judge *judge)
{
    if (judge->n_judged == judge->room) {
        size_t room = judge->room ? 2 * judge->room : 1024;
        struct judged *judged = realloc(judge->judged, room * sizeof *judged);
        if (!judged)
            return NULL;
        judge->judged = judged;
        judge->room = room;
    }
    struct judged *judged = &judge->judged[judge->n_judged++];
    *judged = (struct judged){.file = judge->file};
    return judged;
}

static int64_t time_us_of(const struct judge *judge, uint32_t frame)
{
    return llround(frame / judge->rate_hz * 1e6);
}

// All frames of its second get what the tick says.
static int on_tick(const struct tick *tick, void *userdata)
{
    struct judge *judge = userdata;
    for (; judge->n_settled < judge->n_judged; judge->n_settled++) {
        struct judged *judged = &judge->judged[judge->n_settled];
        if (judged->drop != DROP_NONE)
            continue;
        if (time_us_of(judge, judged->frame) / 1000000 > tick->time_s)
            break;
        judged->filtered = tick->position;
        judged->confidence = tick->confidence;
        memcpy(judged->filtered_probabilities, tick->probabilities,
               sizeof judged->filtered_probabilities);
    }
    return 0;
}

static int judge_frame(const struct deframed *deframed, void *userdata)
{
    struct judge *judge = userdata;
    struct judged *judged = add_judged(judge);
    if (!judged)
        return -ENOMEM;
    judged->frame = (uint32_t)(deframed->number - judge->first);
    judged->drop = read_map(judge, deframed);
    if (judged->drop != DROP_NONE)
        return 0;
    judged->occupied = judge->map.occupied;
    if (judged->occupied) {
        model_run(judge->model, &judge->map, judged->probabilities);
        judged->probabilities[POSITION_UNKNOWN] = position_unknown(judged->probabilities);
    } else {
        judged->probabilities[POSITION_EMPTY] = 1.0f;
    }
    struct observation observation =
        observe(&judge->steady, judge->model, &judge->map, time_us_of(judge, judged->frame));
    return filter_push(judge->filter, &observation, on_tick, judge);
}

// Each file is a stream of its own: nothing is carried over.
static int judge_file(struct judge *judge, const char *path)
{
    steady_forget(&judge->steady);
    judge->n_judged = judge->n_settled = 0;
    int r = read_file(judge, path, judge_frame);
    if (r == 0)
        r = filter_finish(judge->filter, 0, on_tick, judge);
    judge->file++;
    if (r < 0)
        return r;
    size_t written = fwrite(judge->judged, sizeof *judge->judged, judge->n_judged, stdout);
    return written == judge->n_judged ? 0 : -EIO;
}

// ---- personal calibration ----

static int see_frame(const struct deframed *deframed, void *userdata)
{
    struct judge *judge = userdata;
    if (read_map(judge, deframed) != DROP_NONE)
        return 0;
    return session_see(judge->session, &judge->map, time_of(judge, deframed));
}

static int calibrate(struct judge *judge, const struct pad *pad, const struct hold *holds,
                     unsigned n_holds)
{
    _cleanup_(session_freep) struct session *session = NULL;
    static struct model_correction correction;
    struct error error;
    struct trial trial;
    int r = session_new(&session, judge->model);
    judge->session = session;
    for (unsigned i = 0; r == 0 && i < n_holds; i++) {
        r = session_hold(session, holds[i].position);
        if (r == 0)
            r = read_file(judge, holds[i].file, see_frame);
    }
    if (r == 0)
        r = rehearse(session, pad);
    if (r < 0)
        return r;
    r = session_learn(session, &correction, &trial, &error);
    if (r < 0) {
        fprintf(stderr, "judge: %s\n", error.text);
        return r;
    }
    if (trial_verdict(&trial) == TRIAL_HELPS)
        model_correct(judge->model, &correction, 0);
    return 0;
}

// ---- the command line ----

static int load_model(struct model **ret, const char *path, struct error *error)
{
    _cleanup_(fclosep) FILE *file = fopen(path, "rb");
    if (!file)
        return error_set(error, -errno, "%s: %s", path, strerror(errno));
    _cleanup_(freep) char *bytes = malloc(WEIGHTS_SIZE_MAX);
    if (!bytes)
        return error_set(error, -ENOMEM, "out of memory");
    size_t length = fread(bytes, 1, WEIGHTS_SIZE_MAX, file);
    return model_parse(ret, bytes, length, error);
}

static int take_hold(struct hold *hold, char *text)
{
    char *file = strchr(text, '=');
    if (!file)
        return -EINVAL;
    *file++ = '\0';
    int position = position_from_identifier(text);
    if (position < 0 || position >= POSITION_BODY_N)
        return -EINVAL;
    *hold = (struct hold){(enum position)position, file};
    return 0;
}

static int judge_all(const char *weights, const char *pad_name, const struct hold *holds,
                     unsigned n_holds, char **paths)
{
    static const char *const directories[] = {PSOASMON_SOURCE_PADS_DIR, NULL};
    static struct judge judge;
    struct error error;
    _cleanup_(pad_freep) struct pad *pad = NULL;
    _cleanup_(model_freep) struct model *model = NULL;
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    _cleanup_(surface_freep) struct surface *surface = NULL;
    _cleanup_(filter_freep) struct filter *filter = NULL;
    if (pad_find(&pad, pad_name, directories, &error) < 0 ||
        load_model(&model, weights, &error) < 0) {
        fprintf(stderr, "judge: %s\n", error.text);
        return -EINVAL;
    }
    if (deframer_new(&deframer, pad) < 0 || surface_new(&surface, pad) < 0 ||
        filter_new(&filter) < 0)
        return -ENOMEM;
    judge = (struct judge){
        .rate_hz = pad->rate_hz,
        .model = model,
        .surface = surface,
        .deframer = deframer,
        .filter = filter,
    };
    int r = n_holds > 0 ? calibrate(&judge, pad, holds, n_holds) : 0;
    for (; r == 0 && *paths; paths++) {
        r = judge_file(&judge, *paths);
        if (r < 0)
            fprintf(stderr, "judge: %s: %s\n", *paths, strerror(-r));
    }
    free(judge.judged);
    return r;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"hold", required_argument, NULL, 'h'}, {0}};
    struct hold holds[SESSION_HOLDS_MAX];
    unsigned n_holds = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (option != 'h' || n_holds == SESSION_HOLDS_MAX || take_hold(&holds[n_holds++], optarg))
            return 2;
    if (argc - optind < 3) {
        fprintf(stderr, "usage: judge [--hold POSITION=FILE]... WEIGHTS PAD FILE... >JUDGED\n");
        return 2;
    }
    return judge_all(argv[optind], argv[optind + 1], holds, n_holds, argv + optind + 2) < 0;
}
