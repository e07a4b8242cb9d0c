// SPDX-License-Identifier: GPL-3.0-or-later
// What the pad shows while a body lies still: the running mean of its maps, which leaves out the
// noise of a pad that reads few counts under a mattress. It begins anew when the body moves, so
// that no two positions are mixed.
#ifndef PSOASMON_STEADY_H
#define PSOASMON_STEADY_H

#include <stdbool.h>
#include <stdint.h>

#include "surface/surface.h"

// Plain storage; all zero is the beginning.
struct steady {
    struct pressure_map mean;   // of the maps since it began; its load, area, saturation, mended
                                // cells and occupied: the last's
    struct pressure_map before; // the last map
    bool begun;
    int64_t time_us; // of the last map
    double since_s;  // how long the mean has gathered
    float unrest;    // how far a map usually is from the mean: the pad's noise, and breathing
};

// Takes the next map; times do not go back. Returns how much moved since the last one
// (surface_movement), 0 at the beginning.
double steady_see(struct steady *steady, const struct pressure_map *map, int64_t time_us);

// The clock was set: the last map came by_us later (negative: earlier).
void steady_move(struct steady *steady, int64_t by_us);

// The next map is the first again.
void steady_forget(struct steady *steady);

#endif
