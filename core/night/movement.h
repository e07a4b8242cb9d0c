// SPDX-License-Identifier: GPL-3.0-or-later
// Whether somebody moves: more than the pad's noise and a breathing chest do. Private to
// core/night.
#ifndef PSOASMON_MOVEMENT_H
#define PSOASMON_MOVEMENT_H

#include <stdbool.h>

#include "position/filter.h"

// Movements with less than this between them are one.
#define MOVES_APART_S 5

// Plain storage; all zero is the beginning.
struct movement {
    float usual; // what a tick in which nobody moves has
};

// Takes the next tick; true where somebody moved in it.
bool movement_see(struct movement *movement, const struct tick *tick);

// Movements told apart. All zero: just lain down.
struct moves {
    bool lay_still, moving;
    int still_s;
};

// Takes the next second in bed; true where a movement has come to rest. The one in which somebody
// lies down is none of them, and neither is the one in which they get up.
bool moves_see(struct moves *moves, bool moved);

#endif
