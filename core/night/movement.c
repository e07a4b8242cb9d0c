// SPDX-License-Identifier: GPL-3.0-or-later
#include "night/movement.h"

#include <math.h>

// Somebody who lies still stays below a tenth on PmatData's mat; the filter and `steady` take the
// same for movement. A pad that reads a dozen counts under a mattress is never below: there it is
// movement only beyond what that pad usually has.
#define MOVED       0.12f
#define MOVED_USUAL 2.5f  // times what is usual
#define USUAL_LEAST 0.03f // so that it can grow
#define USUAL_S     120.0f

bool movement_see(struct movement *movement, const struct tick *tick)
{
    // Of an empty bed there is only noise, and that is all of what is there.
    if (tick->position == POSITION_EMPTY)
        return false;
    float usual = fmaxf(movement->usual, USUAL_LEAST);
    float most = 2.0f * usual; // movement is not usual, however long it lasts
    movement->usual = usual + (fminf(tick->movement, most) - usual) / USUAL_S;
    return tick->movement > fmaxf(MOVED, MOVED_USUAL * usual);
}

bool moves_see(struct moves *moves, bool moved)
{
    if (moved) {
        moves->moving = true;
        moves->still_s = 0;
        return false;
    }
    if (moves->still_s < MOVES_APART_S)
        moves->still_s++;
    if (moves->still_s < MOVES_APART_S)
        return false;
    bool came_to_rest = moves->moving && moves->lay_still;
    moves->lay_still = true;
    moves->moving = false;
    return came_to_rest;
}
