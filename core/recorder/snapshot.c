// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/snapshot.h"

#include <errno.h>
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

static void blank(const struct surface *surface, struct pressure_map *map)
{
    if (surface) {
        surface_blank(surface, map);
        return;
    }
    *map = (struct pressure_map){.grid = {MAP_ROWS, MAP_COLS, MAP_PITCH_MM, MAP_PITCH_MM}};
    for (size_t i = 0; i < MAP_CELLS; i++)
        map->covered[i] = 1;
}

// A cell is at most 1, the full scale; a mean of many may come out a rounding error above it.
#define PEAK_MAX 1.001f

int snapshot_decode(struct pressure_map *ret, const void *bytes, size_t size,
                    const struct surface *surface)
{
    const uint8_t *byte = bytes;
    uint32_t bits = 0;
    float peak;
    if (size != STORE_SNAPSHOT_SIZE)
        return -EBADMSG;
    for (size_t i = 0; i < sizeof bits; i++)
        bits |= (uint32_t)byte[i] << (8 * i);
    memcpy(&peak, &bits, sizeof peak);
    if (!(peak > 0 && peak <= PEAK_MAX)) // nor is it a NaN
        return -EBADMSG;
    blank(surface, ret);
    ret->occupied = true;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        ret->cells[i] = (float)byte[sizeof bits + i] / 255 * peak;
        ret->load += (double)ret->cells[i];
    }
    return 0;
}
