// SPDX-License-Identifier: GPL-3.0-or-later
#include "clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "night/night.h"

#define US_PER_S INT64_C(1000000)

// Two clocks are read one after the other, and anything may happen in between.
#define AT_ONCE_US INT64_C(10000)

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

// What a clock is ahead of CLOCK_BOOTTIME.
static int64_t ahead_us(clockid_t id)
{
    int64_t before_us, there_us, after_us;
    do {
        before_us = clock_elapsed_us();
        there_us = read_us(id);
        after_us = clock_elapsed_us();
    } while (after_us - before_us > AT_ONCE_US);
    return there_us - before_us;
}

static int64_t round_s(int64_t us)
{
    return llround((double)us / (double)US_PER_S);
}

static void take(struct steady_clock *clock, int64_t wall_ahead_us, int64_t offset_s)
{
    clock->elapsed_us = clock_elapsed_us();
    clock->wall_us = clock->elapsed_us + offset_s * US_PER_S;
    clock->rest_us = wall_ahead_us - offset_s * US_PER_S;
}

void clock_anchor(struct steady_clock *clock)
{
    int64_t wall_ahead_us = ahead_us(CLOCK_REALTIME);
    take(clock, wall_ahead_us, round_s(wall_ahead_us));
    clock->astray = false;
    clock->slept_us = -ahead_us(CLOCK_MONOTONIC);
}

int64_t clock_now_us(const struct steady_clock *clock)
{
    return clock->wall_us + (clock_elapsed_us() - clock->elapsed_us);
}

int64_t clock_offset_s(const struct steady_clock *clock)
{
    return (clock->wall_us - clock->elapsed_us) / US_PER_S;
}

int64_t clock_stepped_us(const struct steady_clock *clock)
{
    return ahead_us(CLOCK_REALTIME) - (clock->wall_us - clock->elapsed_us) - clock->rest_us;
}

enum clock_news clock_follow(struct steady_clock *clock, int64_t *by_s)
{
    int64_t stepped_us = clock_stepped_us(clock), now_us = clock_now_us(clock);
    if (llabs(stepped_us) < US_PER_S) {
        clock->astray = false;
        return CLOCK_STEADY;
    }
    if (now_us >= TIME_KNOWN_S * US_PER_S && now_us + stepped_us < TIME_KNOWN_S * US_PER_S) {
        if (clock->astray)
            return CLOCK_STEADY;
        clock->astray = true;
        return CLOCK_ASTRAY;
    }
    *by_s = round_s(stepped_us + clock->rest_us);
    int64_t wall_ahead_us = clock->wall_us - clock->elapsed_us + clock->rest_us + stepped_us;
    take(clock, wall_ahead_us, clock_offset_s(clock) + *by_s);
    clock->astray = false;
    return *by_s != 0 ? CLOCK_SET : CLOCK_STEADY;
}

int64_t clock_slept_us(struct steady_clock *clock)
{
    int64_t before_us = clock->slept_us;
    clock->slept_us = -ahead_us(CLOCK_MONOTONIC);
    return clock->slept_us - before_us;
}

int64_t clock_elapsed_us(void)
{
    return read_us(CLOCK_BOOTTIME);
}

void clock_boot(char boot[CLOCK_BOOT_SIZE])
{
    FILE *stream = fopen("/proc/sys/kernel/random/boot_id", "re");
    bool read = stream && fgets(boot, CLOCK_BOOT_SIZE, stream);
    if (!read)
        boot[0] = '\0';
    if (stream)
        fclose(stream);
}
