// SPDX-License-Identifier: GPL-3.0-or-later
// Stretching awake: which positions are stretched in, and what came of a session on the pad.
#ifndef PSOASMON_STRETCHING_H
#define PSOASMON_STRETCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "night/night.h"
#include "position/position.h"

// What a person is told about one of them; null for a position that is none.
struct stretch_fact {
    const char *title;    // "One knee to the chest: left"
    const char *command;  // what to do, as it is said while it is done
    const char *purpose;  // what it is for
    const char *how;      // in more words
    const char *when_not; // and rather ask first
    enum position mirror; // the same with the other side; itself where it has no sides
};
const struct stretch_fact *stretch_of(enum position position);

#define STRETCH_HOLDS_MAX  64
#define STRETCH_SESSION_S  INT64_C(7200) // no session is longer: who has gone to sleep is in bed
#define STRETCH_HOLD_MIN_S 5
#define STRETCH_HOLD_MAX_S 900

// From when a position was asked for until it was held, or passed over. Seconds of the pad's time.
struct stretch_hold {
    enum position position;
    int64_t start_s, end_s;
    int64_t asked_s;
    int64_t held_s;       // in the position
    int64_t wrong_side_s; // in its mirror
};

struct stretch_session {
    day_number day; // of start_s, by the clock on the wall
    char timezone[64];
    int32_t start_utc_offset_s;
    int64_t start_s, end_s;
    char pad[32], model[32];
    bool finished; // to the end of its plan
    unsigned n_holds;
    struct stretch_hold holds[STRETCH_HOLDS_MAX];
};

// Whether it is one that could have been: -EINVAL with a message.
int stretch_session_check(const struct stretch_session *session, struct error *error);

// All that was held.
int64_t stretch_session_held_s(const struct stretch_session *session);

#endif
