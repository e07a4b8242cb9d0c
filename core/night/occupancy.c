// SPDX-License-Identifier: GPL-3.0-or-later
#include "night/occupancy.h"

int occupancy_release(struct occupancy *occupancy, occupancy_sink sink, void *userdata)
{
    size_t n = occupancy->n_held;
    occupancy->n_held = 0;
    for (size_t i = 0; i < n; i++) {
        struct tick *tick = &occupancy->held[i];
        // In bed, the pad lost sight of the sleeper for a moment; out of bed, something touched
        // the mattress. Neither changes the state, nor is it a position.
        bool was_empty = tick->position == POSITION_EMPTY;
        if (was_empty == occupancy->in_bed)
            tick->position = occupancy->in_bed ? POSITION_UNKNOWN : POSITION_EMPTY;
        int r = sink(tick, occupancy->in_bed, userdata);
        if (r < 0)
            return r;
    }
    return 0;
}

int occupancy_tick(struct occupancy *occupancy, const struct tick *tick, occupancy_sink sink,
                   void *userdata)
{
    bool occupied = tick->position != POSITION_EMPTY;
    if (occupied == occupancy->in_bed) {
        int r = occupancy_release(occupancy, sink, userdata);
        return r < 0 ? r : sink(tick, occupancy->in_bed, userdata);
    }
    occupancy->held[occupancy->n_held++] = *tick;
    int64_t settle_s = occupied ? occupancy->settle_in_s : occupancy->settle_out_s;
    if ((int64_t)occupancy->n_held < settle_s)
        return 0;
    occupancy->in_bed = occupied;
    return occupancy_release(occupancy, sink, userdata);
}

void occupancy_move(struct occupancy *occupancy, int64_t by_s)
{
    for (size_t i = 0; i < occupancy->n_held; i++)
        occupancy->held[i].time_s += by_s;
}
