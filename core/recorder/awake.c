// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/awake.h"

void awake_set(struct awake *awake, bool on)
{
    awake->begins = awake->begins ? on : on && !awake->on;
    awake->on = on;
}

void awake_see(struct awake *awake, int64_t time_s)
{
    if (!awake->on)
        return;
    // One that begins while ticks of the last are held back goes on with it.
    bool held_back = time_s - awake->until_s <= FILTER_LAG_S;
    if (awake->begins && !held_back)
        awake->from_s = time_s;
    awake->begins = false;
    awake->until_s = time_s + 1;
}

void awake_move(struct awake *awake, int64_t by_s)
{
    if (awake->until_s == 0)
        return;
    awake->from_s += by_s;
    awake->until_s += by_s;
}

struct tick awake_tick(const struct awake *awake, const struct tick *tick)
{
    static const struct tick nobody = {
        .position = POSITION_EMPTY, .confidence = 1, .probabilities[POSITION_EMPTY] = 1};
    bool within = tick->time_s >= awake->from_s && tick->time_s < awake->until_s &&
                  tick->time_s - awake->from_s < AWAKE_MAX_S;
    struct tick seen = within ? nobody : *tick;
    seen.time_s = tick->time_s;
    return seen;
}
