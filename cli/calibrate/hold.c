// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/hold.h"

void hold_begin(struct hold *hold)
{
    hold->phase = HOLD_AWAITED;
}

static void enter(struct hold *hold, enum hold_phase phase)
{
    hold->phase = phase;
    hold->since_s = hold->last_s;
    hold->settled = false;
}

static void await(struct hold *hold, const struct pressure_map *map)
{
    enter(hold, map->occupied ? HOLD_TAKEN_UP : HOLD_AWAITED);
}

static enum hold_trouble trouble(struct hold *hold, const struct pressure_map *map)
{
    if (!map->occupied)
        return HOLD_LEFT;
    if (hold->last_s - hold->since_s < SESSION_SETTLED_S)
        return HOLD_WELL;
    if (!hold->settled)
        hold->as_settled = *map;
    hold->settled = true;
    return surface_movement(&hold->as_settled, map) < HOLD_MOVEMENT ? HOLD_WELL : HOLD_MOVED;
}

static enum hold_trouble see_still(struct hold *hold, const struct pressure_map *map, double gap_s)
{
    bool unseen = gap_s < 0 || gap_s > HOLD_GAP_S;
    enum hold_trouble found = unseen ? HOLD_GAP : trouble(hold, map);
    if (found != HOLD_WELL)
        await(hold, map);
    else if (hold->last_s - hold->since_s >= SESSION_HOLD_S)
        enter(hold, HOLD_DONE);
    return found;
}

enum hold_trouble hold_see(struct hold *hold, const struct pressure_map *map, double time_s)
{
    double gap_s = time_s - hold->last_s;
    hold->last_s = time_s;
    switch (hold->phase) {
    case HOLD_AWAITED:
        await(hold, map);
        break;
    case HOLD_TAKEN_UP:
        if (!map->occupied || gap_s < 0)
            await(hold, map);
        else if (time_s - hold->since_s >= HOLD_READY_S)
            enter(hold, HOLD_STILL);
        break;
    case HOLD_STILL:
        return see_still(hold, map, gap_s);
    case HOLD_DONE:
        break;
    }
    return HOLD_WELL;
}

double hold_left_s(const struct hold *hold)
{
    double lasts_s = hold->phase == HOLD_TAKEN_UP ? HOLD_READY_S
                     : hold->phase == HOLD_STILL  ? SESSION_HOLD_S
                                                  : 0;
    double left_s = hold->since_s + lasts_s - hold->last_s;
    return left_s > 0 ? left_s : 0;
}
