// SPDX-License-Identifier: GPL-3.0-or-later
// The mean pressure map of a bout: gathered frame by frame, and read again later.
#ifndef PSOASMON_SNAPSHOT_H
#define PSOASMON_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"
#include "surface/surface.h"

struct snapshot {
    float sums[MAP_CELLS];
    uint32_t frames;
    int64_t bout_start_s; // of the bout the frames belong to
};

void snapshot_begin(struct snapshot *snapshot, int64_t bout_start_s);
void snapshot_add(struct snapshot *snapshot, const struct pressure_map *map);

// As it is stored; false where there is no frame in it.
bool snapshot_encode(const struct snapshot *snapshot, uint8_t bytes[STORE_SNAPSHOT_SIZE]);

// The map in a stored snapshot; -EBADMSG where the bytes are none. A snapshot tells neither what
// pad it was made by (`surface` is that pad's; null: a pad with the map's own grid) nor the pressed
// area, which is left 0. There is somebody on it.
int snapshot_decode(struct pressure_map *ret, const void *bytes, size_t size,
                    const struct surface *surface);

#endif
