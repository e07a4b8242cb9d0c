// SPDX-License-Identifier: GPL-3.0-or-later
#include "again.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "places.h"
#include "position/model.h"
#include "progress.h"
#include "recorder/snapshot.h"
#include "summary.h"
#include "words.h"

// Below this a position is not told; the filter, which sees all frames, asks for as much.
#define SURE 0.5f

struct again {
    struct store *store;
    struct model *model;
    int64_t now_s;
    int64_t night_id;
    const char *calibration; // path of the sleeper's, which need not be there
    // A pad, as long as its nights follow each other; null where there is no description of it.
    char pad_name[sizeof((struct store_night *)0)->pad];
    struct pad *pad;
    struct surface *surface;
    unsigned nights, bouts, changed, unsure, damaged;
};

static bool is_pad_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return *name && name[strspn(name, allowed)] == '\0';
}

static void forget_pad(struct again *again)
{
    if (again->surface)
        surface_free(again->surface);
    if (again->pad)
        pad_free(again->pad);
    again->surface = NULL;
    again->pad = NULL;
}

static int find_pad(struct again *again)
{
    const char *directories[PADS_DIRECTORIES_MAX];
    struct error error = {0};
    forget_pad(again);
    // The database may come from anywhere: a name that is a path is not looked at.
    int r = -ENOENT;
    if (is_pad_name(again->pad_name))
        r = pad_find(&again->pad, again->pad_name, pads_directories(directories), &error);
    if (r == 0)
        r = surface_new(&again->surface, again->pad);
    if (r == -ENOMEM)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (r < 0)
        cli_fail(CLI_DONE,
                 _("no description of a pad '%s' here: taken for one as large as the body"),
                 again->pad_name);
    return CLI_DONE;
}

static int read_snapshot(const struct store_bout *bout, const void *snapshot, size_t size,
                         void *userdata)
{
    struct again *again = userdata;
    struct pressure_map map;
    float probabilities[POSITION_BODY_N];
    if (snapshot_decode(&map, snapshot, size, again->surface) < 0) {
        again->damaged++;
        return 0;
    }
    model_run(again->model, &map, probabilities);
    int best = 0;
    for (int p = 1; p < POSITION_BODY_N; p++)
        if (probabilities[p] > probabilities[best])
            best = p;
    if (probabilities[best] < SURE) {
        again->unsure++;
        return 0;
    }
    again->bouts++;
    if (bout->source != BOUT_LABELLED && bout->bout.position != (enum position)best)
        again->changed++;
    return store_reread(again->store, again->night_id, bout->bout.start_s, (enum position)best,
                        (double)probabilities[best], model_name(again->model), again->now_s);
}

// A night is a transaction: what is done stays done, wherever it ends.
static int read_night(struct again *again, const struct store_night *night)
{
    if (again->nights == 0 || strcmp(again->pad_name, night->pad) != 0) {
        memcpy(again->pad_name, night->pad, sizeof again->pad_name);
        int status = find_pad(again);
        if (status == CLI_DONE)
            status = cli_use_calibration(again->model, again->pad_name, again->calibration, false);
        if (status != CLI_DONE)
            return status;
    }
    again->nights++;
    again->night_id = night->id;
    int r =
        store_snapshots(again->store, night->id, model_name(again->model), read_snapshot, again);
    if (r == 0)
        r = store_commit(again->store);
    return r < 0 ? cli_store_failed(again->store, r) : CLI_DONE;
}

static int read_nights(struct again *again, const struct nights *nights)
{
    struct progress progress = progress_begin("replay --again", nights->n);
    int status = CLI_DONE;
    for (size_t i = 0; i < nights->n && status == CLI_DONE; i++) {
        status = read_night(again, &nights->entries[i].summary.night);
        progress_show(&progress, i + 1);
    }
    progress_end(&progress);
    return status;
}

static void conclude(const struct again *again)
{
    const char *model = model_name(again->model);
    if (again->bouts + again->unsure + again->damaged == 0) {
        printf(_("nothing to read again: %s has read every bout that has a snapshot\n"), model);
        return;
    }
    printf(ngettext("%u bout read by %s, %u changed\n", "%u bouts read by %s, %u changed\n",
                    again->bouts),
           again->bouts, model, again->changed);
    if (again->unsure > 0)
        printf(ngettext("%u bout stays as before: %s is not sure of it\n",
                        "%u bouts stay as before: %s is not sure of them\n", again->unsure),
               again->unsure, model);
    if (again->damaged > 0)
        cli_fail(CLI_DONE,
                 ngettext("%u snapshot is damaged", "%u snapshots are damaged", again->damaged),
                 again->damaged);
}

static int run(struct again *again, const struct config *config, const struct again_days *days)
{
    struct nights nights;
    struct period period = {.kind = PERIOD_DATES, .from = days->since_given ? days->since : 0};
    int r = store_newest_day(again->store, &period.to);
    if (r < 0)
        return cli_store_failed(again->store, r);
    if (r == 0)
        return cli_no_night_yet(config);
    day_number newest = period.to;
    if (days->until_given)
        period.to = days->until;
    r = nights_read(&nights, again->store, &period, config->friendly);
    int status;
    if (r < 0)
        status = cli_store_failed(again->store, r);
    else if (nights.n == 0)
        status = cli_no_nights(period.from, period.to, newest);
    else
        status = read_nights(again, &nights);
    nights_free(&nights);
    if (status == CLI_DONE)
        conclude(again);
    return status;
}

int again(const struct cli_files *files, const struct again_days *days)
{
    _cleanup_(model_freep) struct model *model = NULL;
    _cleanup_(store_freep) struct store *store = NULL;
    _cleanup_(freep) char *calibration = NULL;
    struct config config;
    struct error error = {0};
    int status = cli_load(files, &config);
    if (status != CLI_DONE)
        return status;
    if (model_builtin(&model, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    status = cli_open_store_to_write(&config, &store);
    if (status != CLI_DONE)
        return status;
    calibration = cli_calibration(&config, NULL);
    if (!calibration)
        return cli_fail(CLI_FAILED, _("out of memory"));
    struct again state = {
        .store = store,
        .model = model,
        .calibration = calibration,
        .now_s = (int64_t)time(NULL),
    };
    status = run(&state, &config, days);
    forget_pad(&state);
    return status;
}
