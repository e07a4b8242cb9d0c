// SPDX-License-Identifier: GPL-3.0-or-later
// A pressure map as colours or shades: head at the top, the sleeper's left at the left.
#ifndef PSOASMON_HEATMAP_H
#define PSOASMON_HEATMAP_H

#include "canvas.h"
#include "surface/surface.h"

struct heatmap {
    enum canvas_depth depth;
    bool utf8;    // two cells above each other in one character, where there are colours
    double scale; // the share of the pad's full scale that is drawn brightest
    bool stale;   // drawn without colours, so that nobody takes it for what is now
};

// The largest picture of a map, in its proportions, that fits: a character is taken to be twice as
// high as wide.
void heatmap_fit(unsigned *rows, unsigned *cols);

// What is drawn brightest from the next map on: it rises with the map's peak at once and falls
// slowly, so that pictures do not flicker; never so low that noise would look like somebody.
double heatmap_scale(double before, const struct pressure_map *map);

// Pressures are drawn by their square root: else there is nothing to see but heels and hips. What
// the pad does not cover stays as it is.
void heatmap_draw(struct canvas *canvas, unsigned row, unsigned col, unsigned rows, unsigned cols,
                  const struct pressure_map *map, const struct heatmap *heatmap);

#endif
