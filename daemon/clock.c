// SPDX-License-Identifier: GPL-3.0-or-later
#include "clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_anchor(struct steady_clock *clock)
{
    clock->wall_us = read_us(CLOCK_REALTIME);
    clock->elapsed_us = clock_elapsed_us();
}

int64_t clock_now_us(const struct steady_clock *clock)
{
    return clock->wall_us + (clock_elapsed_us() - clock->elapsed_us);
}

int64_t clock_stepped_us(const struct steady_clock *clock)
{
    return read_us(CLOCK_REALTIME) - clock_now_us(clock);
}

int64_t clock_elapsed_us(void)
{
    return read_us(CLOCK_BOOTTIME);
}
