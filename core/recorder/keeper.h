// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what the night tracker tells until the store has it, adds up the night so far, and passes
// the news on to whoever watches. Private to core/recorder.
//
// A store that fails does not stop the pipeline, and takes nothing away: what it has not taken
// stays in pending.h, and the next commit tries again.
#ifndef PSOASMON_KEEPER_H
#define PSOASMON_KEEPER_H

#include "breathing/breathing.h"
#include "recorder/recorder.h"
#include "surface/surface.h"

struct keeper;

struct keeper_options {
    struct store *store; // null: none yet
    const char *pad_name, *model_name;
    const struct zone *zone;
    const struct night_rules *rules;
    const char *boot; // null: not known
    int64_t boot_offset_s;
    // Everything goes into the store's open transaction at once, and fails at once.
    bool refuse_overlap;
    const struct recorder_watch *watch;
    const struct breathing *breathing; // outlives the keeper
};

int keeper_new(struct keeper **ret, const struct keeper_options *options);
void keeper_free(struct keeper *keeper);
DEFINE_CLEANUP(struct keeper *, keeper_free)

// What to give the tracker; good as long as the keeper lives.
struct night_sink keeper_sink(struct keeper *keeper);

// The night the store has left open. 1: it goes on, in *ret; 0: there is none, or it is too long
// ago and was closed where it ended; negative on failure.
int keeper_resume(struct keeper *keeper, int64_t now_s, struct night *ret);

// The clock was set by by_s, and it is now_s by it: what this boot has recorded of the open night
// moves along, in the store with the next commit. Returns from where on: INT64_MAX, nothing.
int64_t keeper_move(struct keeper *keeper, int64_t by_s, int64_t now_s);

// The pad is seen, after it was not since since_s.
void keeper_see_again(struct keeper *keeper, int64_t since_s, int64_t time_s);

// The store has an open night that is not the one in progress.
bool keeper_left_open(struct keeper *keeper);

// Another store from now on, or none. A night that it was left with goes on in what is pending, if
// that may be.
void keeper_set_store(struct keeper *keeper, struct store *store);

// -EEXIST if a night at that moment would overlap one in the store and may not.
int keeper_may_record(struct keeper *keeper, int64_t time_s);

bool keeper_night_open(const struct keeper *keeper);

// A frame of the bout in progress, for its snapshot.
void keeper_see(struct keeper *keeper, const struct night_tracker *tracker, enum position position,
                const struct pressure_map *map);

// Nothing is pending any more when this returns 0.
int keeper_commit(struct keeper *keeper);

// The first failure since last asked, 0 if all is well.
int keeper_failure(struct keeper *keeper);
// One of the calls above failed, and whoever made it cannot return it.
void keeper_remember(struct keeper *keeper, int failure);
const char *keeper_message(const struct keeper *keeper);

// Fills in the night's part of the state.
void keeper_state(const struct keeper *keeper, const struct night_tracker *tracker,
                  struct recorder_state *state);

#endif
