// SPDX-License-Identifier: GPL-3.0-or-later
// One position of a calibration, from getting into it to having held it, as the maps show it. No
// clock: it is as late as the last map.
#ifndef PSOASMON_HOLD_H
#define PSOASMON_HOLD_H

#include "calibration/session.h"
#include "surface/surface.h"

// To read which position is next and get into it.
#define HOLD_READY_S 10.0
// Without a map for so long, nobody knows whether the sleeper kept still.
#define HOLD_GAP_S 3.0
// Since they had settled, as surface_movement has it. In PmatData, where everybody was told to lie
// still, 95 of 100 stretches of 17 s stay below 0.09; no two of a person's postures are closer
// than 0.13.
#define HOLD_MOVEMENT 0.12

enum hold_phase {
    HOLD_AWAITED,  // nobody is on the pad
    HOLD_TAKEN_UP, // somebody is, and gets into the position
    HOLD_STILL,    // and is to keep still
    HOLD_DONE,
};

// What became of a hold that was going on: it has to begin again.
enum hold_trouble {
    HOLD_WELL,
    HOLD_MOVED,
    HOLD_LEFT, // the bed
    HOLD_GAP,  // in the maps
};

struct hold {
    enum hold_phase phase;
    double since_s, last_s; // the phase began; the last map came
    bool settled;
    struct pressure_map as_settled;
};

void hold_begin(struct hold *hold);

enum hold_trouble hold_see(struct hold *hold, const struct pressure_map *map, double time_s);

// How long the phase still lasts; 0 where that is not up to us.
double hold_left_s(const struct hold *hold);

#endif
