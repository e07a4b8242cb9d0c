// SPDX-License-Identifier: GPL-3.0-or-later
#include "surface/steady.h"

#include <math.h>

// How far back the mean looks: noise of frames a second apart falls to a third.
#define MEAN_S 4.0

// A map this far from the mean (surface_movement) is another position or the way there, unless the
// pad is that noisy all the time. In PmatData, somebody's recordings of neighbouring postures are
// 0.138 apart at least.
#define MOVED        0.12f
#define MOVED_UNREST 2.0f // times what is usual
#define UNREST_S     10.0 // how fast it learns what is usual
#define UNREST_LEAST 0.05f

static void begin(struct steady *steady, const struct pressure_map *map)
{
    steady->mean = *map;
    steady->since_s = 0.0;
}

// One step of a running mean, `elapsed_s` long.
static float share_of(double elapsed_s, double memory_s)
{
    return (float)(elapsed_s / (elapsed_s + memory_s));
}

static void gather(struct steady *steady, const struct pressure_map *map, double elapsed_s)
{
    // As long as it has not gathered much, every map counts alike.
    float share = share_of(elapsed_s, fmin(steady->since_s + elapsed_s, MEAN_S));
    struct pressure_map *mean = &steady->mean;
    for (size_t i = 0; i < MAP_CELLS; i++)
        mean->cells[i] += share * (map->cells[i] - mean->cells[i]);
    mean->load = map->load;
    mean->area_m2 = map->area_m2;
    mean->saturated = map->saturated;
    mean->mended = map->mended;
    mean->occupied = map->occupied;
    steady->since_s += elapsed_s;
}

double steady_see(struct steady *steady, const struct pressure_map *map, int64_t time_us)
{
    if (!steady->begun) {
        steady->begun = true;
        steady->unrest = UNREST_LEAST;
        begin(steady, map);
        steady->before = *map;
        steady->time_us = time_us;
        return 0.0;
    }
    double elapsed_s = (double)(time_us - steady->time_us) / 1e6;
    double movement = surface_movement(&steady->before, map);
    float away = (float)surface_movement(&steady->mean, map);
    float most = MOVED_UNREST * steady->unrest;
    bool moved = away > fmaxf(MOVED, most) || map->occupied != steady->before.occupied;
    // Movement is not usual, however long it lasts; but what stays noisy has to become so.
    // It never becomes nothing, or an empty bed would leave a noisy pad to be learnt for minutes.
    steady->unrest += share_of(elapsed_s, UNREST_S) * (fminf(away, most) - steady->unrest);
    steady->unrest = fmaxf(steady->unrest, UNREST_LEAST);
    if (moved)
        begin(steady, map);
    else if (elapsed_s > 0.0)
        gather(steady, map, elapsed_s);
    steady->before = *map;
    steady->time_us = time_us;
    return movement;
}

void steady_move(struct steady *steady, int64_t by_us)
{
    steady->time_us += by_us;
}

void steady_forget(struct steady *steady)
{
    steady->begun = false;
}
