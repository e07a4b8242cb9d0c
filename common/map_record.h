// SPDX-License-Identifier: GPL-3.0-or-later
// A pressure map on its way from psoasmond to a watcher (the method Watch in docs/bus.md).
//
// All numbers are little endian:
//    0  "PSOASMAP"
//    8  u32 version; u32 size of the record
//   16  u64 number: maps since the watcher came, this one not counted. Numbers that are left out
//       are maps that were dropped, because the watcher did not read the ones before in time
//   24  i64 the frame's time, microseconds since 1970 UTC
//   32  the pad's name, 32 bytes filled up with zeros
//   64  u16 rows, u16 columns; u32 1: somebody is on the pad, else 0
//   72  f64 load; f64 pressed area in square metres
//   88  the pad's own grid: u32 rows, u32 columns; f64 millimetres from row to row, f64 from
//       column to column
//  112  f32 cells, row after row; then, of each cell, f32 how much of it the pad covers
#ifndef PSOASMON_MAP_RECORD_H
#define PSOASMON_MAP_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "surface/surface.h"

#define MAP_RECORD_VERSION 1
#define MAP_RECORD_HEAD    112
#define MAP_RECORD_SIZE    (MAP_RECORD_HEAD + 2 * 4 * MAP_CELLS)

struct map_head {
    uint64_t number;
    int64_t time_us;
    char pad[32];
};

void map_record_write(uint8_t bytes[MAP_RECORD_SIZE], const struct map_head *head,
                      const struct pressure_map *map);

// The bytes are hostile until checked: what comes out is a name fit to be shown, and a map as
// core/surface makes them. -EBADMSG, with a message that names the byte.
int map_record_parse(struct map_head *head, struct pressure_map *map, const void *bytes,
                     size_t length, struct error *error);

#endif
