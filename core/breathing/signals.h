// SPDX-License-Identifier: GPL-3.0-or-later
// What of a pressure map may show a breath. Chest and belly rise and sink against each other, and
// the mattress still carries the same weight: the sum over the pad hardly tells, but pressure
// wanders between places. Hence shares of the load, place by place, and its centre; that mats show
// breathing there is in Huang et al., "Estimation of respiration rate and heart rate from a
// pressure sensitive mat" (weighted centroid, 2021) and Liu et al., "BreathSens", IEEE J. Biomed.
// Health Inform. 19 (2015). Shares also do not see what a supply or an amplifier does to all cells
// alike. Private to core/breathing.
#ifndef PSOASMON_SIGNALS_H
#define PSOASMON_SIGNALS_H

#include <stdbool.h>

#include "surface/surface.h"

// Blocks of 8 x 8 cells of the map, 20 cm a side: about half a chest, or half a belly.
#define SIGNALS_BLOCK  8
#define SIGNALS_ACROSS (MAP_COLS / SIGNALS_BLOCK)
#define SIGNALS_BLOCKS (MAP_ROWS / SIGNALS_BLOCK * SIGNALS_ACROSS)

enum {
    // First the blocks' shares of the load, row by row.
    SIGNAL_ALONG = SIGNALS_BLOCKS, // the centre of pressure along the body, 0 to 1
    SIGNAL_ACROSS,                 // and across it
    SIGNALS_N
};

// False where nothing presses.
bool signals_of(const struct pressure_map *map, float signals[SIGNALS_N]);

#endif
