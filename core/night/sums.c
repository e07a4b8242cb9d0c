// SPDX-License-Identifier: GPL-3.0-or-later
#include "night/sums.h"

struct night_sums night_sums_none(void)
{
    return (struct night_sums){.last_known = POSITION_UNKNOWN};
}

void night_sums_add(struct night_sums *sums, enum position position, int64_t seconds)
{
    sums->position_s[position] += seconds;
    // Out of bed, not seen, and out of bed still is one exit.
    bool out = position == POSITION_EMPTY;
    sums->exits += out && !sums->was_out;
    sums->was_out = out;
    sums->out_s = out ? sums->out_s + seconds : 0;
    if (out) {
        sums->last_known = POSITION_UNKNOWN;
        return;
    }
    sums->recorded_s += seconds;
    if (position == POSITION_UNKNOWN)
        return;
    if (seconds > sums->longest_bout_s)
        sums->longest_bout_s = seconds;
    if (sums->last_known != POSITION_UNKNOWN && sums->last_known != position)
        sums->turns++;
    sums->last_known = position;
}

void night_sums_take_back_out(struct night_sums *sums)
{
    sums->exits -= sums->was_out;
    sums->position_s[POSITION_EMPTY] -= sums->out_s;
    sums->was_out = false;
    sums->out_s = 0;
}

int64_t night_sums_in(const struct night_sums *sums, position_set positions)
{
    int64_t seconds = 0;
    for (int i = 0; i < POSITION_N; i++)
        if (positions & POSITION_BIT(i))
            seconds += sums->position_s[i];
    return seconds;
}
