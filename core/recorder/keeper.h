// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps in the store what the night tracker tells, adds up the night so far, and passes the
// news on to whoever watches. Private to core/recorder.
//
// A store that fails does not stop the pipeline: the failure is kept for keeper_failure and
// counted, and the night goes on.
#ifndef PSOASMON_KEEPER_H
#define PSOASMON_KEEPER_H

#include "recorder/recorder.h"
#include "surface/surface.h"

struct keeper;

struct keeper_options {
    struct store *store;
    const char *pad_name, *model_name;
    const struct zone *zone;
    int day_starts_hour;
    bool refuse_overlap;
    const struct recorder_watch *watch;
};

int keeper_new(struct keeper **ret, const struct keeper_options *options);
void keeper_free(struct keeper *keeper);

// What to give the tracker; good as long as the keeper lives.
struct night_sink keeper_sink(struct keeper *keeper);

// The night the store has left open. 1: it goes on, in *ret; 0: there is none, or it is too long
// ago and was closed where it ended; negative on failure.
int keeper_resume(struct keeper *keeper, int64_t now_s, int64_t away_s, struct night *ret);

// -EEXIST if a night at that moment would overlap one in the store and may not.
int keeper_may_record(struct keeper *keeper, int64_t time_s);

bool keeper_night_open(const struct keeper *keeper);

// A frame of the bout in progress, for its snapshot.
void keeper_see(struct keeper *keeper, const struct night_tracker *tracker, enum position position,
                const struct pressure_map *map);

int keeper_commit(struct keeper *keeper);

// The first failure since last asked, 0 if all is well.
int keeper_failure(struct keeper *keeper);
const char *keeper_message(const struct keeper *keeper);

// Fills in the night's part of the state.
void keeper_state(const struct keeper *keeper, const struct night_tracker *tracker,
                  struct recorder_state *state);

#endif
