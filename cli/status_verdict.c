// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "places.h"
#include "position/acuity.h"
#include "words.h"

// psoasmond commits every 30 s; two that failed are no hiccup.
#define COMMIT_LATE_S 75

// A commit that failed long ago and came right since is nothing to wake anybody for.
static bool database_fails(const struct live_state *state, int64_t now_s)
{
    int64_t ago_s = now_s - state->last_commit_s;
    return state->failed_commits > 0 && state->pending_results > 0 &&
           (state->last_commit_s == 0 || ago_s > COMMIT_LATE_S);
}

enum status_verdict status_judge(const struct live_state *state, int64_t now_s,
                                 char words[STATUS_WORDS_SIZE])
{
    if (database_fails(state, now_s)) {
        int length = snprintf(words, STATUS_WORDS_SIZE,
                              ngettext("the database cannot be written: %" PRId64 " failed commit",
                                       "the database cannot be written: %" PRId64 " failed commits",
                                       (unsigned long)state->failed_commits),
                              state->failed_commits);
        snprintf(words + length, STATUS_WORDS_SIZE - (size_t)length,
                 ngettext(", %" PRId64 " result in memory", ", %" PRId64 " results in memory",
                          (unsigned long)state->pending_results),
                 state->pending_results);
        return STATUS_NO_DATABASE;
    }
    if (strcmp(state->pad_state, "connected") == 0) {
        snprintf(words, STATUS_WORDS_SIZE, _("psoasmond records: pad %s, %.1f frames a second"),
                 state->pad, state->rate_hz);
        return STATUS_RECORDS;
    }
    snprintf(words, STATUS_WORDS_SIZE, _("pad %s is %s%s%s"), state->pad, live_pad_state(state),
             *state->pad_problem ? ": " : "", state->pad_problem);
    return STATUS_NO_PAD;
}

int64_t status_room(const char *database)
{
    struct statvfs disk;
    if (statvfs(database, &disk) < 0)
        return -1;
    return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

const char *status_acuity(const char *name)
{
    static const char *const names[] = {
        [ACUITY_NONE] = "none", [ACUITY_COARSE] = "coarse", [ACUITY_FINE] = "fine"};
    // Whoever answers may give a name, but no path to read.
    if (strpbrk(name, "./"))
        return NULL;
    _cleanup_(pad_freep) struct pad *pad = NULL;
    struct error error = {0};
    const char *directories[PADS_DIRECTORIES_MAX];
    if (pad_find(&pad, name, pads_directories(directories), &error) < 0)
        return NULL;
    const struct grid grid = surface_grid(pad);
    return names[acuity_of(&grid)];
}
