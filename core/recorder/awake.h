// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody on the pad who is awake and stretches is not in bed: for as long, the night sees nobody.
// By the frames' own times. Private to core/recorder.
#ifndef PSOASMON_AWAKE_H
#define PSOASMON_AWAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "position/filter.h"
#include "stretching/stretching.h"

// After so long somebody who said so once is in bed like anybody else.
#define AWAKE_MAX_S STRETCH_SESSION_S

// All zero at the start.
struct awake {
    bool on, begins;         // begins: with the next frame
    int64_t from_s, until_s; // [from_s, until_s); while it is on, until_s is behind the last frame
};

void awake_set(struct awake *awake, bool on);

// A frame of that second, before the filter gets it.
void awake_see(struct awake *awake, int64_t time_s);

// The clock was set.
void awake_move(struct awake *awake, int64_t by_s);

// The tick as the night is to see it: the filter tells it some seconds after its frames.
struct tick awake_tick(const struct awake *awake, const struct tick *tick);

#endif
