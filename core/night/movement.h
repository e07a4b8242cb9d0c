// SPDX-License-Identifier: GPL-3.0-or-later
// Whether somebody moves: more than the pad's noise and a breathing chest do. Private to
// core/night.
#ifndef PSOASMON_MOVEMENT_H
#define PSOASMON_MOVEMENT_H

#include <stdbool.h>

#include "position/filter.h"

// Plain storage; all zero is the beginning.
struct movement {
    float usual; // what a tick in which nobody moves has
};

// Takes the next tick; true where somebody moved in it.
bool movement_see(struct movement *movement, const struct tick *tick);

#endif
