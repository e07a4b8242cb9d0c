// SPDX-License-Identifier: GPL-3.0-or-later
#include "surface/surface.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "surface/crosstalk.h"
#include "surface/mend.h"

// A cell reads hot where it alone carries this share of the full scale or more, and this many
// times what its second-heaviest neighbour does: no body part is that narrow. Only on pads with
// cells small enough that any print covers several of them.
#define HOT_SHARE        0.2f
#define HOT_TIMES        4.0f
#define HOT_MAX_PITCH_MM 40.0

// Start-up noise, first kind: counts beyond the pad's full scale are no readings. Single cells of
// a worn pad do that for hours (in PmatData up to 5 % of the pressed cells), noise does it in 35 %
// and more, over an area that no few bad cells make up; nor do few large ones.
#define NOISE_BEYOND_SHARE 0.15
#define NOISE_BEYOND_M2    0.02
#define NOISE_BEYOND_CELLS 8

// Second kind, for pads whose samples cannot exceed their full scale: neighbouring cells have
// nothing to do with each other (mean squared difference between neighbours over twice the
// variance: 1 for independent cells, below 0.6 for bodies) and the mean cell carries more than
// under any body (0.1 of the full scale at most), so that an empty pad's own noise is never meant.
// Only on pads with cells small enough for a body to cover several: of PmatData's people averaged
// over larger cells the roughness is 0.5 at 81 mm, 0.7 at 102 mm, 0.8 at 136 mm and 1.2 on 4 x 4.
#define NOISE_ROUGHNESS    0.75
#define NOISE_MEAN         0.2
#define NOISE_MAX_PITCH_MM 100.0

// One side of the map as weighted means of the pad's rows, or columns. Line m of the map takes
// the n[m] pad lines from first[m] on, whose weights sum to 1; none where the pad does not reach.
struct axis {
    size_t first[MAP_ROWS], n[MAP_ROWS], weights_at[MAP_ROWS];
    float covered[MAP_ROWS]; // the share of the line that the pad covers
    float weights[PAD_MAX_SIDE + MAP_ROWS + 1];
};
static_assert(MAP_COLS <= MAP_ROWS, "struct axis is as long as the longer side");

struct surface {
    const struct pad *pad;
    struct mend *mend;
    struct crosstalk *crosstalk; // null: the pad has none
    struct axis rows, cols;
    bool finds_hot, finds_noise; // its cells are small enough for that
    float covered[MAP_CELLS];
    float untouched[PAD_MAX_CELLS]; // with crosstalk: shares of the full scale, undone
    float read[PAD_MAX_CELLS];      // shares of the full scale
    float raw[PAD_MAX_CELLS];       // with cells filled that are no readings
    float calm[PAD_MAX_CELLS];      // with hot cells taken out
    float half[MAP_ROWS * PAD_MAX_SIDE];
};

// Both lie centred on each other: line i of the pad covers [offset + i * pitch, ... + pitch).
static void axis_init(struct axis *axis, size_t map_lines, size_t pad_lines, double pitch_mm)
{
    double offset = ((double)map_lines * MAP_PITCH_MM - (double)pad_lines * pitch_mm) / 2.0;
    size_t used = 0;
    for (size_t m = 0; m < map_lines; m++) {
        double begin = (double)m * MAP_PITCH_MM, end = begin + MAP_PITCH_MM, sum = 0.0;
        axis->weights_at[m] = used;
        for (size_t i = 0; i < pad_lines; i++) {
            double from = fmax(begin, offset + (double)i * pitch_mm);
            double to = fmin(end, offset + (double)(i + 1) * pitch_mm);
            // Rounding must not make a sliver of a line that lies beside.
            if (to - from < 1e-6 * MAP_PITCH_MM)
                continue;
            if (axis->n[m]++ == 0)
                axis->first[m] = i;
            axis->weights[used++] = (float)(to - from);
            sum += to - from;
        }
        for (size_t i = axis->weights_at[m]; i < used; i++)
            axis->weights[i] /= (float)sum;
        axis->covered[m] = (float)(sum / MAP_PITCH_MM);
    }
}

static int know_crosstalk(struct surface *surface)
{
    const struct pad *pad = surface->pad;
    if (!pad->floating)
        return 0;
    int r = crosstalk_new(&surface->crosstalk, pad->rows, pad->cols);
    if (r < 0)
        return r;
    for (size_t i = 0; i < pad_cells(pad); i++)
        surface->untouched[i] = (float)pad_baseline(pad, i) / (float)pad->full_scale;
    crosstalk_undo(surface->crosstalk, surface->untouched);
    return 0;
}

int surface_new(struct surface **ret, const struct pad *pad)
{
    _cleanup_(surface_freep) struct surface *surface = calloc(1, sizeof *surface);
    if (!surface)
        return -ENOMEM;
    surface->pad = pad;
    if (mend_new(&surface->mend, pad) < 0 || know_crosstalk(surface) < 0)
        return -ENOMEM;
    double pitch_mm = fmax(pad->pitch_rows_mm, pad->pitch_cols_mm);
    surface->finds_hot = pitch_mm <= HOT_MAX_PITCH_MM;
    surface->finds_noise = pitch_mm <= NOISE_MAX_PITCH_MM;
    axis_init(&surface->rows, MAP_ROWS, pad->rows, pad->pitch_rows_mm);
    axis_init(&surface->cols, MAP_COLS, pad->cols, pad->pitch_cols_mm);
    for (size_t row = 0; row < MAP_ROWS; row++)
        for (size_t col = 0; col < MAP_COLS; col++)
            surface->covered[row * MAP_COLS + col] =
                surface->rows.covered[row] * surface->cols.covered[col];
    *ret = surface;
    surface = NULL;
    return 0;
}

void surface_free(struct surface *surface)
{
    mend_free(surface->mend);
    if (surface->crosstalk)
        crosstalk_free(surface->crosstalk);
    free(surface);
}

static double cell_m2(const struct pad *pad)
{
    return pad->pitch_rows_mm * pad->pitch_cols_mm / 1e6;
}

static bool neighbours_are_strangers(const float *cells, size_t rows, size_t cols)
{
    double sum = 0.0, squares = 0.0, steps = 0.0;
    size_t n_steps = 0;
    for (size_t row = 0; row < rows; row++) {
        for (size_t col = 0; col < cols; col++) {
            const float *cell = &cells[row * cols + col];
            sum += *cell;
            squares += *cell * *cell;
            if (col > 0) {
                steps += (*cell - cell[-1]) * (*cell - cell[-1]);
                n_steps++;
            }
            if (row > 0) {
                float step = *cell - *(cell - cols);
                steps += step * step;
                n_steps++;
            }
        }
    }
    double n = (double)(rows * cols), mean = sum / n;
    double variance = fmax(squares / n - mean * mean, 0.0);
    return mean > NOISE_MEAN && steps > NOISE_ROUGHNESS * 2.0 * variance * (double)n_steps;
}

static bool is_noise(const struct surface *surface, const struct frame *frame)
{
    const struct pad *pad = surface->pad;
    unsigned pressed = 0, beyond = 0;
    for (size_t i = 0; i < pad_cells(pad); i++) {
        pressed += frame->counts[i] >= pad_baseline(pad, i) + pad->touch;
        beyond += frame->counts[i] > pad->full_scale;
    }
    if (beyond > NOISE_BEYOND_SHARE * pressed && beyond >= NOISE_BEYOND_CELLS &&
        beyond * cell_m2(pad) >= NOISE_BEYOND_M2)
        return true;
    return surface->finds_noise && neighbours_are_strangers(surface->raw, pad->rows, pad->cols);
}

// No share is NaN; what fminf and fmaxf promise of that makes them calls, for every cell.
static float smaller(float a, float b)
{
    return a < b ? a : b;
}

static float larger(float a, float b)
{
    return a > b ? a : b;
}

static void read_above(struct surface *surface, const struct frame *frame, float scale)
{
    const struct pad *pad = surface->pad;
    for (size_t i = 0; i < pad_cells(pad); i++) {
        float above = (float)frame->counts[i] - (float)pad_baseline(pad, i);
        float share = (above - mend_drift(surface->mend, i)) * scale;
        surface->read[i] = smaller(larger(share, 0.0f), 1.0f);
    }
}

// Cells untouched conduct, too, so what they read is taken off when both are undone.
static void read_without_crosstalk(struct surface *surface, const struct frame *frame, float scale)
{
    const struct pad *pad = surface->pad;
    float full_scale = (float)pad->full_scale;
    for (size_t i = 0; i < pad_cells(pad); i++)
        surface->read[i] = ((float)frame->counts[i] - mend_drift(surface->mend, i)) / full_scale;
    crosstalk_undo(surface->crosstalk, surface->read);
    for (size_t i = 0; i < pad_cells(pad); i++) {
        float share = (surface->read[i] - surface->untouched[i]) * full_scale * scale;
        surface->read[i] = smaller(larger(share, 0.0f), 1.0f);
    }
}

static void even_out_lines(struct surface *surface)
{
    const struct pad *pad = surface->pad;
    for (size_t row = 0; row < pad->rows; row++)
        for (size_t col = 0; col < pad->cols; col++) {
            float *share = &surface->read[row * pad->cols + col];
            *share = smaller(*share / (pad->row_gains[row] * pad->col_gains[col]), 1.0f);
        }
}

static void read_shares(struct surface *surface, const struct frame *frame)
{
    const struct pad *pad = surface->pad;
    float scale = 1.0f / (float)(pad->full_scale - pad->baseline);
    if (surface->crosstalk)
        read_without_crosstalk(surface, frame, scale);
    else
        read_above(surface, frame, scale);
    if (pad->own_gains)
        even_out_lines(surface);
    memcpy(surface->raw, surface->read, pad_cells(pad) * sizeof *surface->raw);
    mend_fill(surface->mend, frame, surface->raw);
}

static float second_heaviest_neighbour(const float *cells, size_t rows, size_t cols, size_t row,
                                       size_t col)
{
    float first = 0.0f, second = 0.0f;
    for (size_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < rows; r++) {
        for (size_t c = col > 0 ? col - 1 : 0; c <= col + 1 && c < cols; c++) {
            if (r == row && c == col)
                continue;
            float cell = cells[r * cols + c];
            second = larger(second, smaller(first, cell));
            first = larger(first, cell);
        }
    }
    return second;
}

static void calm_hot_cells(struct surface *surface)
{
    size_t rows = surface->pad->rows, cols = surface->pad->cols;
    memcpy(surface->calm, surface->raw, rows * cols * sizeof *surface->raw);
    if (!surface->finds_hot)
        return;
    for (size_t row = 0; row < rows; row++) {
        for (size_t col = 0; col < cols; col++) {
            float share = surface->raw[row * cols + col];
            if (share < HOT_SHARE)
                continue;
            float neighbour = second_heaviest_neighbour(surface->raw, rows, cols, row, col);
            if (share > HOT_TIMES * neighbour)
                surface->calm[row * cols + col] = neighbour;
        }
    }
}

struct grid surface_grid(const struct pad *pad)
{
    return (struct grid){pad->rows, pad->cols, pad->pitch_rows_mm, pad->pitch_cols_mm};
}

static void take_pad(const struct surface *surface, struct pressure_map *map)
{
    memcpy(map->covered, surface->covered, sizeof map->covered);
    map->grid = surface_grid(surface->pad);
}

// First along the body, then across it.
static void resample(struct surface *surface, float cells[MAP_CELLS])
{
    size_t pad_cols = surface->pad->cols;
    for (size_t m = 0; m < MAP_ROWS; m++) {
        float *half = &surface->half[m * pad_cols];
        const float *weights = &surface->rows.weights[surface->rows.weights_at[m]];
        memset(half, 0, pad_cols * sizeof *half);
        for (size_t i = 0; i < surface->rows.n[m]; i++) {
            const float *line = &surface->calm[(surface->rows.first[m] + i) * pad_cols];
            for (size_t c = 0; c < pad_cols; c++)
                half[c] += weights[i] * line[c];
        }
        for (size_t c = 0; c < MAP_COLS; c++) {
            const float *across = &surface->cols.weights[surface->cols.weights_at[c]];
            float sum = 0.0f;
            for (size_t i = 0; i < surface->cols.n[c]; i++)
                sum += across[i] * half[surface->cols.first[c] + i];
            cells[m * MAP_COLS + c] = sum;
        }
    }
}

// Where crosstalk was undone or lines were evened out, what reads as much as it can has become
// something else.
static bool is_saturated(const struct surface *surface, const struct frame *frame, size_t cell)
{
    if (surface->crosstalk || surface->pad->own_gains)
        return frame->counts[cell] >= surface->pad->full_scale;
    return surface->calm[cell] >= 1.0f;
}

static void weigh(const struct surface *surface, const struct frame *frame,
                  struct pressure_map *map)
{
    const struct pad *pad = surface->pad;
    // As read_shares does it, so that a cell at `touch` is pressed whatever way that rounds.
    float touch = (float)pad->touch * (1.0f / (float)(pad->full_scale - pad->baseline));
    double sum = 0.0;
    unsigned pressed = 0, saturated = 0;
    for (size_t i = 0; i < pad_cells(pad); i++) {
        sum += surface->calm[i];
        bool presses = surface->calm[i] >= touch;
        pressed += presses;
        saturated += presses && is_saturated(surface, frame, i);
    }
    map->load = sum * pad->pitch_rows_mm * pad->pitch_cols_mm / (MAP_PITCH_MM * MAP_PITCH_MM);
    map->area_m2 = pressed * cell_m2(pad);
    map->saturated = pressed > 0 ? (double)saturated / pressed : 0.0;
    map->occupied = map->area_m2 >= SURFACE_OCCUPIED_M2;
}

int surface_read(struct surface *surface, const struct frame *frame, struct pressure_map *map)
{
    read_shares(surface, frame);
    if (is_noise(surface, frame))
        return SURFACE_NOISE;
    calm_hot_cells(surface);
    take_pad(surface, map);
    resample(surface, map->cells);
    weigh(surface, frame, map);
    mend_learn(surface->mend, frame, surface->read, map->occupied);
    map->mended = mend_found(surface->mend);
    return 0;
}

void surface_blank(const struct surface *surface, struct pressure_map *map)
{
    *map = (struct pressure_map){0};
    take_pad(surface, map);
}

const float *surface_covered(const struct surface *surface)
{
    return surface->covered;
}

double surface_movement(const struct pressure_map *before, const struct pressure_map *after)
{
    double moved = 0.0, load_before = 0.0, load_after = 0.0;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        moved += fabsf(after->cells[i] - before->cells[i]);
        load_before += before->cells[i];
        load_after += after->cells[i];
    }
    double load = fmax(load_before, load_after);
    return load > 0.0 ? fmin(moved / 2.0 / load, 1.0) : 0.0;
}
