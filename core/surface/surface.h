// SPDX-License-Identifier: GPL-3.0-or-later
// From a frame to a pressure map: any pad's cells brought onto one grid in millimetres,
// head at the top, the sleeper's left at column 0 (the view from below, through the
// mattress, of somebody on the back).
#ifndef PSOASMON_SURFACE_H
#define PSOASMON_SURFACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "pad/frame.h"
#include "pad/pad.h"

// The map's grid is that of PmatData's mat (64 x 32 sensors, one inch each): 1.63 m x 0.81 m.
#define MAP_ROWS     64
#define MAP_COLS     32
#define MAP_CELLS    (MAP_ROWS * MAP_COLS)
#define MAP_PITCH_MM 25.4

// A pad's own cells.
struct grid {
    unsigned rows, cols;
    double pitch_rows_mm, pitch_cols_mm; // along the body, across it
};

struct grid surface_grid(const struct pad *pad);

struct pressure_map {
    // Counts above the baseline as a fraction of the pad's full scale, clipped to 0..1, hot
    // cells taken out. 0 where not covered.
    float cells[MAP_CELLS];
    // How much of the cell the pad covers, 0..1. The same for every frame of a pad.
    float covered[MAP_CELLS];
    struct grid grid; // the cells it was made of; the same for every frame of a pad
    // The sum over the whole pad, in cells of the map: proportional to the weight it carries,
    // and comparable between pads of one full scale.
    double load;
    double area_m2;   // pressed area: cells of the pad at or above `touch`
    double saturated; // the share of pressed cells that read as much as they can
    size_t mended;    // cells found to be dead or stuck, and filled from their neighbours
    bool occupied;    // enough area for a body; see SURFACE_OCCUPIED_M2
};

// Less than this is no body: 0.02 m2 is two hands' breadths of contact; the smallest print of
// a person lying in PmatData covers 0.35 m2, a person sitting about 0.08 m2.
#define SURFACE_OCCUPIED_M2 0.02

struct surface;

// `pad` must outlive the surface. All memory is taken here. -ENOMEM.
int surface_new(struct surface **ret, const struct pad *pad);
void surface_free(struct surface *surface);
DEFINE_CLEANUP(struct surface *, surface_free)

// Returns 0 and the map; or SURFACE_NOISE where no body and no bed prints like this (start-up
// noise: neighbouring cells have nothing to do with each other, or a load no person has): the
// frame is to be dropped and counted.
#define SURFACE_NOISE 1
int surface_read(struct surface *surface, const struct frame *frame, struct pressure_map *map);

// How much of each map cell the pad covers: the `covered` of every map of this surface.
const float *surface_covered(const struct surface *surface);

// A map of this pad with nothing on it.
void surface_blank(const struct surface *surface, struct pressure_map *map);

// How much the pressure moved between two maps of one pad: half the summed absolute difference
// over the larger load, 0 (still) to 1 (altogether elsewhere). 0 when both are empty.
double surface_movement(const struct pressure_map *before, const struct pressure_map *after);

#endif
