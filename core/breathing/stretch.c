// SPDX-License-Identifier: GPL-3.0-or-later
#include "breathing/stretch.h"

#include <math.h>
#include <stdlib.h>

// How much of the load goes elsewhere from one sample to the next. A breath that moves 5 % of it,
// 30 times a minute, moves 2 % in its quickest quarter of a second, the pad's noise not counted;
// what moves several times what is usual in this minute, or simply much, is not breathing.
#define MOVED_TIMES 5.0f
#define MOVED_LEAST 0.004f
#define MOVED_MUCH  0.08f

// So long around a movement is part of it.
#define GUARD ((size_t)RHYTHM_HZ)

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// How much went elsewhere since the sample before; negative where either was not seen.
static float moved_at(const struct minute *minute, size_t at)
{
    if (at == 0 || !minute->seen[at] || !minute->seen[at - 1])
        return -1;
    float sum = 0;
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++)
        sum += fabsf(minute->signals[i][at] - minute->signals[i][at - 1]);
    return sum / 2;
}

static float too_much(const float *moved)
{
    float sorted[MINUTE_SAMPLES];
    size_t n = 0;
    for (size_t i = 0; i < MINUTE_SAMPLES; i++)
        if (moved[i] >= 0)
            sorted[n++] = moved[i];
    if (n == 0)
        return MOVED_MUCH;
    qsort(sorted, n, sizeof *sorted, compare);
    return fminf(fmaxf(MOVED_TIMES * sorted[n / 2], MOVED_LEAST), MOVED_MUCH);
}

static bool came_fast_enough(const struct minute *minute, const struct stretch *stretch,
                             double least_hz)
{
    unsigned frames = 0;
    for (size_t i = 0; i < stretch->n; i++)
        frames += minute->frames[stretch->first + i];
    return frames >= least_hz * (double)stretch->n / RHYTHM_HZ;
}

bool stretch_find(const struct minute *minute, double least_hz, struct stretch *ret)
{
    float moved[MINUTE_SAMPLES];
    for (size_t i = 0; i < MINUTE_SAMPLES; i++)
        moved[i] = moved_at(minute, i);
    float most = too_much(moved);
    bool still[MINUTE_SAMPLES];
    for (size_t i = 0; i < MINUTE_SAMPLES; i++)
        still[i] = minute->seen[i];
    for (size_t i = 0; i < MINUTE_SAMPLES; i++) {
        if (moved[i] <= most)
            continue;
        size_t from = i > GUARD ? i - GUARD : 0;
        size_t to = i + GUARD < MINUTE_SAMPLES ? i + GUARD : MINUTE_SAMPLES;
        for (size_t j = from; j < to; j++)
            still[j] = false;
    }
    *ret = (struct stretch){0};
    for (size_t i = 0, n = 0; i < MINUTE_SAMPLES; i++) {
        n = still[i] ? n + 1 : 0;
        if (n > ret->n)
            *ret = (struct stretch){i + 1 - n, n};
    }
    return ret->n >= RHYTHM_SAMPLES_MIN && came_fast_enough(minute, ret, least_hz);
}
