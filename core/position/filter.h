// SPDX-License-Identifier: GPL-3.0-or-later
// Time in the position: people stay for minutes and move for seconds. Frames are gathered into
// ticks of one second; a hidden Markov model with a fixed lag says what position each tick was.
// The result does not depend on how the frames were batched, so a replayed night is the same
// night.
#ifndef PSOASMON_FILTER_H
#define PSOASMON_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "position/position.h"

// A tick is settled this many seconds after it: the delay of everything the filter says.
#define FILTER_LAG_S 8

// What one frame says.
struct observation {
    int64_t time_us; // UTC; never smaller than the one before
    bool occupied;
    float probabilities[POSITION_BODY_N]; // as model_run has them; meaningless unless occupied
    float movement;                       // against the frame before, 0..1
    float load, area_m2;
};

// One second, settled.
struct tick {
    int64_t time_s;                  // the second it begins, UTC
    enum position position;          // may be EMPTY or UNKNOWN: none of them, or nothing is sure
    float confidence;                // the probability of `position` (of the likeliest if UNKNOWN)
    float probabilities[POSITION_N]; // after smoothing; UNKNOWN's: that it is none of them
    float movement;                  // the largest in the second
    float load, area_m2;             // mean
};

// Called for each tick, in order, without a hole between two resets. A negative return stops
// and is forwarded.
typedef int (*filter_sink)(const struct tick *tick, void *userdata);

struct filter;

int filter_new(struct filter **ret);
void filter_free(struct filter *filter);
DEFINE_CLEANUP(struct filter *, filter_free)

// Seconds without a frame carry the last one on; a hole longer than the caller tolerates is
// told by filter_finish before and a new start after it.
int filter_push(struct filter *filter, const struct observation *observation, filter_sink sink,
                void *userdata);

// Settles every tick still held back, with what is known, through the last second that had a
// frame (or, for slow pads, that the last frame stands for: `until_s`, exclusive; 0: just the
// last frame's second), and forgets the past.
int filter_finish(struct filter *filter, int64_t until_s, filter_sink sink, void *userdata);

// The clock was set: all seconds held were by_s later (negative: earlier).
void filter_move(struct filter *filter, int64_t by_s);

// What it looks like now, before the lag has passed: for live displays only. False before the
// first frame.
bool filter_now(const struct filter *filter, struct tick *tick);

#endif
