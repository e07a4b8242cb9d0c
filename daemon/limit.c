// SPDX-License-Identifier: GPL-3.0-or-later
#include "limit.h"

static bool is_over(const struct limit *limit, int64_t now_us)
{
    return now_us - limit->start_us >= LIMIT_INTERVAL_US;
}

bool limit_pass(struct limit *limit, int64_t now_us)
{
    if (limit->passed == 0 || is_over(limit, now_us)) {
        limit->start_us = now_us;
        limit->passed = 0;
    }
    if (limit->passed < limit->burst) {
        limit->passed++;
        return true;
    }
    limit->held++;
    return false;
}

uint64_t limit_over(struct limit *limit, int64_t now_us)
{
    return is_over(limit, now_us) ? limit_take(limit) : 0;
}

uint64_t limit_take(struct limit *limit)
{
    uint64_t held = limit->held;
    limit->held = 0;
    return held;
}
