// SPDX-License-Identifier: GPL-3.0-or-later
#include "surface/crosstalk.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// On made-up bodies on 16 x 16 cells, eight steps take the error of the conductances from four
// times to an eighth of what they are, and of a ghost of three pressed corners an eighth is left.
#define STEPS 8

// A reading of the whole supply is a short, and no cell is one.
#define READING_MOST 0.999

// Each node leaks so much of what the best cell conducts, or one that nothing touches would float.
#define LEAK 1e-6

struct crosstalk {
    size_t rows, cols;
    double *cells;    // conductances, rows x cols; so are all but `inverse`
    double *measured; // between each row and column
    double *between;  // what `cells` would have measured
    double *halfway;  // of a row: its cells as shares of all that it conducts
    double *inverse;  // cols x cols: of what is left of the network without its rows
};

int crosstalk_new(struct crosstalk **ret, size_t rows, size_t cols)
{
    _cleanup_(crosstalk_freep) struct crosstalk *crosstalk = calloc(1, sizeof *crosstalk);
    if (!crosstalk)
        return -ENOMEM;
    crosstalk->rows = rows;
    crosstalk->cols = cols;
    crosstalk->cells = calloc(3 * rows * cols + cols + cols * cols, sizeof *crosstalk->cells);
    if (!crosstalk->cells)
        return -ENOMEM;
    crosstalk->measured = crosstalk->cells + rows * cols;
    crosstalk->between = crosstalk->measured + rows * cols;
    crosstalk->halfway = crosstalk->between + rows * cols;
    crosstalk->inverse = crosstalk->halfway + cols;
    *ret = crosstalk;
    crosstalk = NULL;
    return 0;
}

void crosstalk_free(struct crosstalk *crosstalk)
{
    free(crosstalk->cells);
    free(crosstalk);
}

// ---- the network ----

static double row_sum(const struct crosstalk *crosstalk, size_t row, double leak)
{
    double sum = leak;
    for (size_t col = 0; col < crosstalk->cols; col++)
        sum += crosstalk->cells[row * crosstalk->cols + col];
    return sum;
}

// The columns' network, where each row has become a star without a middle (Schur's complement).
static void leave_rows_out(struct crosstalk *crosstalk, double leak)
{
    size_t cols = crosstalk->cols;
    double *matrix = crosstalk->inverse;
    memset(matrix, 0, cols * cols * sizeof *matrix);
    for (size_t row = 0; row < crosstalk->rows; row++) {
        const double *cells = &crosstalk->cells[row * cols];
        double sum = row_sum(crosstalk, row, leak);
        for (size_t i = 0; i < cols; i++) {
            double share = cells[i] / sum;
            matrix[i * cols + i] += cells[i];
            for (size_t k = 0; k < cols; k++)
                matrix[i * cols + k] -= share * cells[k];
        }
    }
    for (size_t i = 0; i < cols; i++)
        matrix[i * cols + i] += leak;
}

// In place, by Gauss and Jordan; the matrix is symmetric and positive, so no pivot is looked for.
static void invert(double *matrix, size_t n)
{
    for (size_t p = 0; p < n; p++) {
        double pivot = matrix[p * n + p];
        matrix[p * n + p] = 1.0;
        for (size_t k = 0; k < n; k++)
            matrix[p * n + k] /= pivot;
        for (size_t i = 0; i < n; i++) {
            if (i == p)
                continue;
            double factor = matrix[i * n + p];
            matrix[i * n + p] = 0.0;
            for (size_t k = 0; k < n; k++)
                matrix[i * n + k] -= factor * matrix[p * n + k];
        }
    }
}

// How well the mat conducts between each row and column: the inverse of M_rr + M_cc - 2 M_rc, where
// M is the inverse of the whole network's matrix.
static void measure(struct crosstalk *crosstalk, double best)
{
    size_t cols = crosstalk->cols;
    const double *inverse = crosstalk->inverse;
    double leak = LEAK * best;
    leave_rows_out(crosstalk, leak);
    invert(crosstalk->inverse, cols);
    for (size_t row = 0; row < crosstalk->rows; row++) {
        const double *cells = &crosstalk->cells[row * cols];
        double *between = &crosstalk->between[row * cols];
        double sum = row_sum(crosstalk, row, leak), own = 1.0 / sum;
        memset(between, 0, cols * sizeof *between);
        for (size_t i = 0; i < cols; i++) {
            double share = crosstalk->halfway[i] = cells[i] / sum;
            for (size_t k = 0; k < cols; k++)
                between[k] += share * inverse[i * cols + k];
        }
        for (size_t i = 0; i < cols; i++)
            own += between[i] * crosstalk->halfway[i];
        for (size_t i = 0; i < cols; i++)
            between[i] = 1.0 / (own + inverse[i * cols + i] - 2.0 * between[i]);
    }
}

// ---- readings ----

// Returns the largest.
static double to_conductances(const float *readings, double *conductances, size_t n)
{
    double best = 0.0;
    for (size_t i = 0; i < n; i++) {
        double reading = fmin(fmax((double)readings[i], 0.0), READING_MOST);
        conductances[i] = reading / (1.0 - reading);
        best = fmax(best, conductances[i]);
    }
    return best;
}

static void to_readings(const double *conductances, float *readings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        readings[i] = (float)(conductances[i] / (1.0 + conductances[i]));
}

void crosstalk_undo(struct crosstalk *crosstalk, float *readings)
{
    size_t n = crosstalk->rows * crosstalk->cols;
    double best = to_conductances(readings, crosstalk->measured, n);
    if (best == 0.0)
        return;
    memcpy(crosstalk->cells, crosstalk->measured, n * sizeof *crosstalk->cells);
    for (int step = 0; step < STEPS; step++) {
        measure(crosstalk, best);
        for (size_t i = 0; i < n; i++) {
            double ratio = crosstalk->measured[i] / crosstalk->between[i];
            // At first all are too large together; then each by itself, and slowly.
            crosstalk->cells[i] *= step == 0 ? ratio : ratio * sqrt(ratio);
        }
    }
    to_readings(crosstalk->cells, readings, n);
}

void crosstalk_add(struct crosstalk *crosstalk, float *readings)
{
    size_t n = crosstalk->rows * crosstalk->cols;
    double best = to_conductances(readings, crosstalk->cells, n);
    if (best == 0.0)
        return;
    measure(crosstalk, best);
    to_readings(crosstalk->between, readings, n);
}
