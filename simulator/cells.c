// SPDX-License-Identifier: GPL-3.0-or-later
#include "cells.h"

#include <errno.h>
#include <string.h>

#include "surface/crosstalk.h"

// The pressure at which a pad of this kind reaches its full scale: 100 mmHg, the range of the mat
// in PmatData.
#define FULL_SCALE_KPA 13.332

// Foam and pad give way slowly: this share of a reading follows the pressure only with time.
#define CREEP_SHARE  0.07F
#define CREEP_TIME_S 50.0

// No two cells are alike; neighbours on one line share its electronics.
#define CELL_SPREAD 0.16F
#define LINE_SPREAD 0.08F

// Where a loaded row crosses a loaded column some current leaks past: this much of the smaller of
// the two lines' means. On a pad that lets its other lines hang free it is what the circuit does.
#define GHOST_SHARE 0.08F

// Reading noise that grows with the reading.
#define READING_NOISE 0.004F

enum fault {
    FAULT_NONE,
    FAULT_DEAD,
    FAULT_HOT,
};

struct cells {
    const struct pad *pad;
    float *gain;
    float *crept; // what the slow share has reached
    uint16_t *stuck;
    uint8_t *fault;
    float counts_per_kpa, noise, creep_step;
    struct crosstalk *crosstalk; // null: of a pad that holds its other lines
    float *readings;
};

static double range(const struct pad *pad)
{
    return (double)pad->full_scale - pad->baseline;
}

static uint16_t largest_count(const struct pad *pad)
{
    if (pad->inverted)
        return (uint16_t)pad->full_scale;
    if (pad->sample == SAMPLE_U8)
        return UINT8_MAX;
    return (uint16_t)(pad->full_scale < 8192 ? 4 * pad->full_scale : pad->full_scale);
}

static void spread_gains(struct cells *cells, struct random *random)
{
    const struct pad *pad = cells->pad;
    float columns[PAD_MAX_SIDE];
    for (unsigned col = 0; col < pad->cols; col++)
        columns[col] = LINE_SPREAD * random_normal(random);
    for (unsigned row = 0; row < pad->rows; row++) {
        float line = 1 + LINE_SPREAD * random_normal(random);
        for (unsigned col = 0; col < pad->cols; col++)
            cells->gain[row * pad->cols + col] =
                line + columns[col] + CELL_SPREAD * random_normal(random);
    }
}

static void break_cells(struct cells *cells, enum fault fault, unsigned n, struct random *random)
{
    const struct pad *pad = cells->pad;
    unsigned size = (unsigned)pad_cells(pad);
    uint16_t largest = largest_count(pad);
    for (unsigned i = 0; i < n && i < size; i++) {
        unsigned place = random_below(random, size);
        while (cells->fault[place] == fault)
            place = (place + 1) % size;
        cells->fault[place] = (uint8_t)fault;
        double high = random_between(random, 0.6 * pad->full_scale, largest);
        cells->stuck[place] =
            fault == FAULT_HOT ? (uint16_t)high : (uint16_t)pad_baseline(pad, place);
    }
}

int cells_new(struct cells **ret, const struct pad *pad, const struct cells_options *options,
              struct random *random)
{
    _cleanup_(cells_freep) struct cells *cells = calloc(1, sizeof *cells);
    if (!cells)
        return -ENOMEM;
    size_t n = pad_cells(pad);
    cells->pad = pad;
    cells->gain = calloc(n, sizeof *cells->gain);
    cells->crept = calloc(n, sizeof *cells->crept);
    cells->stuck = calloc(n, sizeof *cells->stuck);
    cells->fault = calloc(n, sizeof *cells->fault);
    cells->readings = calloc(n, sizeof *cells->readings);
    if (!cells->gain || !cells->crept || !cells->stuck || !cells->fault || !cells->readings)
        return -ENOMEM;
    if (pad->floating && crosstalk_new(&cells->crosstalk, pad->rows, pad->cols) < 0)
        return -ENOMEM;
    cells->counts_per_kpa = (float)(range(pad) / FULL_SCALE_KPA);
    cells->noise = (float)(options->noise_counts < 0 ? 0.0005 * range(pad) : options->noise_counts);
    double step = 1 / (CREEP_TIME_S * options->rate_hz);
    cells->creep_step = (float)(step < 1 ? step : 1);
    spread_gains(cells, random);
    break_cells(cells, FAULT_DEAD, options->dead, random);
    break_cells(cells, FAULT_HOT, options->hot, random);
    *ret = cells;
    cells = NULL;
    return 0;
}

void cells_free(struct cells *cells)
{
    free(cells->gain);
    free(cells->crept);
    free(cells->stuck);
    free(cells->fault);
    free(cells->readings);
    if (cells->crosstalk)
        crosstalk_free(cells->crosstalk);
    free(cells);
}

// How much of the raster's points [*begin, *end) lies within a cell that reaches from `from` to
// `to`, in points.
struct span {
    unsigned begin, end;
    double from, to;
};

static struct span span_of(unsigned cell, unsigned cells, double pitch_mm, unsigned points)
{
    double from = (cell - cells / 2.0) * pitch_mm / RASTER_MM + points / 2.0;
    double to = from + pitch_mm / RASTER_MM;
    struct span span = {.from = from, .to = to};
    double begin = from < 0 ? 0 : from, end = to > points ? points : to;
    if (begin < end) {
        span.begin = (unsigned)begin;
        span.end = (unsigned)end + ((unsigned)end < end);
    }
    return span;
}

static float overlap(const struct span *span, unsigned point)
{
    double from = point > span->from ? point : span->from;
    double to = point + 1 < span->to ? point + 1 : span->to;
    return (float)((to - from) / (span->to - span->from));
}

static void add_ghosts(const struct pad *pad, float *loads)
{
    float columns[PAD_MAX_SIDE] = {0}, lines[PAD_MAX_SIDE] = {0};
    for (unsigned row = 0; row < pad->rows; row++)
        for (unsigned col = 0; col < pad->cols; col++) {
            float load = loads[row * pad->cols + col];
            lines[row] += load / (float)pad->cols;
            columns[col] += load / (float)pad->rows;
        }
    for (unsigned row = 0; row < pad->rows; row++)
        for (unsigned col = 0; col < pad->cols; col++)
            loads[row * pad->cols + col] +=
                GHOST_SHARE * (lines[row] < columns[col] ? lines[row] : columns[col]);
}

void cells_gather(const struct cells *cells, const struct mattress *mattress, const float *pressure,
                  float *loads)
{
    const struct pad *pad = cells->pad;
    float strip[MATTRESS_MAX_COLS];
    for (unsigned row = 0; row < pad->rows; row++) {
        struct span rows = span_of(row, pad->rows, pad->pitch_rows_mm, mattress->rows);
        memset(strip, 0, sizeof strip);
        for (unsigned point = rows.begin; point < rows.end; point++) {
            float share = overlap(&rows, point) * cells->counts_per_kpa;
            const float *line = pressure + (size_t)point * mattress->cols;
            for (unsigned x = 0; x < mattress->cols; x++)
                strip[x] += share * line[x];
        }
        for (unsigned col = 0; col < pad->cols; col++) {
            struct span cols = span_of(col, pad->cols, pad->pitch_cols_mm, mattress->cols);
            float sum = 0;
            for (unsigned point = cols.begin; point < cols.end; point++)
                sum += overlap(&cols, point) * strip[point];
            loads[row * pad->cols + col] = sum;
        }
    }
    if (!cells->crosstalk)
        add_ghosts(pad, loads);
    for (size_t i = 0; i < pad_cells(pad); i++)
        loads[i] *= cells->gain[i];
}

static void read_beside_one_another(struct cells *cells, uint16_t *counts)
{
    float full_scale = (float)cells->pad->full_scale;
    size_t n = pad_cells(cells->pad);
    for (size_t i = 0; i < n; i++)
        cells->readings[i] = (float)counts[i] / full_scale;
    crosstalk_add(cells->crosstalk, cells->readings);
    for (size_t i = 0; i < n; i++)
        counts[i] = (uint16_t)(cells->readings[i] * full_scale + 0.5F);
}

void cells_read(struct cells *cells, const float *loads, const float *swing, double breath,
                struct random *random, uint16_t *counts)
{
    const struct pad *pad = cells->pad;
    float full_scale = (float)pad->full_scale;
    float depth = (float)breath;
    for (size_t i = 0, n = pad_cells(pad); i < n; i++) {
        float load = loads[i] + depth * swing[i];
        cells->crept[i] += cells->creep_step * (load - cells->crept[i]);
        float reading = load + CREEP_SHARE * (cells->crept[i] - load);
        reading += (cells->noise + READING_NOISE * reading) * random_normal(random);
        float count = (float)pad_baseline(pad, i) + reading;
        count = count < 0 ? 0 : count > full_scale ? full_scale : count;
        counts[i] = cells->fault[i] == FAULT_NONE ? (uint16_t)(count + 0.5F) : cells->stuck[i];
    }
    if (cells->crosstalk)
        read_beside_one_another(cells, counts);
}
