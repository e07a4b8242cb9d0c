// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/snapshot.h"

#include <math.h>
#include <string.h>

_Static_assert(STORE_SNAPSHOT_SIZE == 4 + MAP_CELLS, "a byte for each of the map's cells");

void snapshot_begin(struct snapshot *snapshot, int64_t bout_start_s)
{
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->bout_start_s = bout_start_s;
}

void snapshot_add(struct snapshot *snapshot, const struct pressure_map *map)
{
    for (size_t i = 0; i < MAP_CELLS; i++)
        snapshot->sums[i] += map->cells[i];
    snapshot->frames++;
}

bool snapshot_encode(const struct snapshot *snapshot, uint8_t bytes[STORE_SNAPSHOT_SIZE])
{
    float largest = 0;
    for (size_t i = 0; i < MAP_CELLS; i++)
        largest = fmaxf(largest, snapshot->sums[i]);
    if (largest <= 0)
        return false;
    float peak = largest / (float)snapshot->frames;
    uint32_t bits;
    memcpy(&bits, &peak, sizeof bits);
    for (size_t i = 0; i < sizeof bits; i++)
        bytes[i] = (uint8_t)(bits >> (8 * i));
    for (size_t i = 0; i < MAP_CELLS; i++)
        bytes[sizeof bits + i] = (uint8_t)lrintf(snapshot->sums[i] / largest * 255);
    return true;
}
