// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/heatmap.h"

#include <math.h>
#include <string.h>

// A map's rows to a row of characters, where both are shown in their proportions.
#define ROWS_A_COLUMN ((double)MAP_ROWS / MAP_COLS / 2)

#define SCALE_MIN  0.05
#define SCALE_FALL 0.97 // a map

void heatmap_fit(unsigned *rows, unsigned *cols)
{
    unsigned wide = (unsigned)lround(*rows / ROWS_A_COLUMN);
    if (wide <= *cols)
        *cols = wide;
    else
        *rows = (unsigned)lround(*cols * ROWS_A_COLUMN);
}

double heatmap_scale(double before, const struct pressure_map *map)
{
    // In floats: GCC 12 for arm64 crashes over a maximum that is widened in the loop.
    float peak = 0;
    for (unsigned i = 0; i < MAP_CELLS; i++)
        peak = fmaxf(peak, map->cells[i]);
    return fmax(fmax(SCALE_MIN, (double)peak), before * SCALE_FALL);
}

// ---- colours ----

// From black over violet, red and orange to white: lightness rises all the way, so that who does
// not see some of the colours sees the shape all the same.
static uint32_t colour_of(double level)
{
    static const unsigned char stops[][3] = {
        {0, 0, 0},     {30, 10, 70},   {90, 15, 110},  {160, 35, 95},
        {220, 70, 50}, {250, 130, 10}, {250, 200, 60}, {255, 255, 225},
    };
    const unsigned last = sizeof stops / sizeof *stops - 1;
    double at = level * last;
    unsigned below = at >= last ? last - 1 : (unsigned)at;
    double part = at - below;
    uint32_t colour = 0;
    for (unsigned i = 0; i < 3; i++)
        colour = colour << 8 |
                 (uint32_t)lround(stops[below][i] * (1 - part) + stops[below + 1][i] * part);
    return colour;
}

static uint32_t grey_of(double level)
{
    return (uint32_t)lround(level * 200) * 0x010101;
}

static const char *shade_of(double level, bool utf8)
{
    static const char *const blocks[] = {" ", "░", "▒", "▓", "█"};
    static const char *const letters[] = {" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"};
    unsigned n = utf8 ? sizeof blocks / sizeof *blocks : sizeof letters / sizeof *letters;
    unsigned step = (unsigned)(level * n);
    if (step >= n)
        step = n - 1;
    return utf8 ? blocks[step] : letters[step];
}

// ---- cells ----

// The mean over a rectangle of the map, in cells and parts of cells.
struct patch {
    double pressure, covered;
};

static double overlap(double from, double to, unsigned cell)
{
    return fmax(0, fmin(to, cell + 1.0) - fmax(from, cell));
}

static struct patch patch_of(const struct pressure_map *map, double top, double bottom, double left,
                             double right)
{
    struct patch patch = {0};
    double whole = 0;
    for (unsigned r = (unsigned)top; r < MAP_ROWS && r < bottom; r++) {
        for (unsigned c = (unsigned)left; c < MAP_COLS && c < right; c++) {
            double part = overlap(top, bottom, r) * overlap(left, right, c);
            patch.pressure += part * (double)map->cells[r * MAP_COLS + c];
            patch.covered += part * (double)map->covered[r * MAP_COLS + c];
            whole += part;
        }
    }
    if (whole > 0) {
        patch.pressure /= whole;
        patch.covered /= whole;
    }
    return patch;
}

// 0 to 1; -1 where the pad is not.
static double level_of(const struct patch *patch, double scale)
{
    if (patch->covered < 0.5)
        return -1;
    double share = patch->pressure / scale;
    return share <= 0 ? 0 : share >= 1 ? 1 : sqrt(share);
}

static uint32_t ground_of(double level, bool stale)
{
    return level < 0 ? CANVAS_DEFAULT : stale ? grey_of(level) : colour_of(level);
}

static void draw_colours(struct canvas_cell *cell, double upper, double lower,
                         const struct heatmap *heatmap)
{
    uint32_t above = ground_of(upper, heatmap->stale), below = ground_of(lower, heatmap->stale);
    cell->ground = below;
    cell->style = CANVAS_PLAIN;
    strcpy(cell->glyph, " ");
    if (above == below)
        return;
    // A half that is not covered keeps the terminal's ground, so the other one is the ink.
    bool lower_is_ink = above == CANVAS_DEFAULT;
    strcpy(cell->glyph, lower_is_ink ? "▄" : "▀");
    cell->ink = lower_is_ink ? below : above;
    cell->ground = lower_is_ink ? above : below;
}

static void draw_shade(struct canvas_cell *cell, double level, const struct heatmap *heatmap)
{
    if (level < 0)
        return;
    strcpy(cell->glyph, shade_of(level, heatmap->utf8));
    cell->style = heatmap->stale ? CANVAS_DIM : CANVAS_PLAIN;
}

void heatmap_draw(struct canvas *canvas, unsigned row, unsigned col, unsigned rows, unsigned cols,
                  const struct pressure_map *map, const struct heatmap *heatmap)
{
    bool colours = heatmap->depth != CANVAS_GREY;
    unsigned parts = colours && heatmap->utf8 ? 2 : 1;
    double high = (double)MAP_ROWS / rows / parts, wide = (double)MAP_COLS / cols;
    for (unsigned r = 0; r < rows; r++) {
        for (unsigned c = 0; c < cols; c++) {
            struct canvas_cell *cell = canvas_at(canvas, row + r, col + c);
            double level[2] = {0};
            for (unsigned i = 0; i < parts; i++) {
                double top = (r * parts + i) * high, left = c * wide;
                struct patch patch = patch_of(map, top, top + high, left, left + wide);
                level[i] = level_of(&patch, heatmap->scale);
            }
            if (!cell)
                continue;
            if (colours)
                draw_colours(cell, level[0], level[parts - 1], heatmap);
            else
                draw_shade(cell, level[0], heatmap);
        }
    }
}
