// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/network.h"

#include <assert.h>
#include <string.h>

// Four floats in one register, as SSE and NEON have them. Spelt out, because compilers find this
// shape in plain loops at one level of optimisation and lose it at the next: the network is then
// three times slower. Values and weights lie at any float.
typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

// Output channels are worked out this many at a time, their sums in registers all the while.
#define QUADS 4
#define LANES (4 * QUADS)
static_assert(CHANNELS_1 % LANES == 0 && CHANNELS_2 % LANES == 0 && CHANNELS_3 % LANES == 0 &&
                  HIDDEN % LANES == 0,
              "layers are whole vectors wide");
static_assert(COLS_1 % 2 == 0 && COLS_2 % 2 == 0 && LAST_COLS % 2 == 0, "cells come in pairs");

static inline void load(quad sums[QUADS], const float *values)
{
    memcpy(sums, values, LANES * sizeof *values);
}

static inline void save(float *values, const quad sums[QUADS])
{
    memcpy(values, sums, LANES * sizeof *values);
}

static inline void add_product(quad sums[QUADS], float value, const float *weights)
{
    const quad *line = (const quad *)weights;
#pragma GCC unroll 4
    for (size_t q = 0; q < QUADS; q++)
        sums[q] += value * line[q];
}

struct convolution {
    const float *values; // with its edge
    size_t width;        // of values, edges included, in cells
    size_t inputs, outputs, kernel;
    const float *weights;
    const float *bias;
    size_t bias_step; // from one cell's biases to the next's: 0 if they are the same
};

// Two output cells side by side, so that a weight that was loaded serves twice. The kernel of the
// first begins at `corner`.
static inline void convolve_pair(const struct convolution *c, const float *corner,
                                 const float *bias, float *restrict out)
{
    size_t n = c->kernel * c->inputs;
    for (size_t channel = 0; channel < c->outputs; channel += LANES) {
        quad left[QUADS], right[QUADS];
        load(left, bias + channel);
        load(right, bias + c->bias_step + channel);
        for (size_t line = 0; line < c->kernel; line++) {
            // A line of the kernel is contiguous in the values and in the weights.
            const float *values = corner + line * c->width * c->inputs;
            const float *weights = c->weights + line * n * c->outputs + channel;
            for (size_t i = 0; i < n; i++, weights += c->outputs) {
                add_product(left, values[i], weights);
                add_product(right, values[i + 2 * c->inputs], weights);
            }
        }
        save(out + channel, left);
        save(out + c->outputs + channel, right);
    }
}

// With a stride of 2, into the middle of an output that is `out_width` cells wide.
static void run_convolution(const struct convolution *c, float *out, size_t rows, size_t cols,
                            size_t out_width)
{
    const float *bias = c->bias;
    for (size_t row = 0; row < rows; row++) {
        for (size_t col = 0; col < cols; col += 2) {
            convolve_pair(c, c->values + (2 * row * c->width + 2 * col) * c->inputs, bias,
                          out + (row * out_width + col) * c->outputs);
            bias += 2 * c->bias_step;
        }
    }
}

static void rectify(float *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = values[i] > 0.0f ? values[i] : 0.0f;
}

void network_init(struct network *network, const struct weights *weights)
{
    network->weights = weights;
    for (size_t i = 0; i < (size_t)KERNEL_1 * KERNEL_1; i++) {
        const float *both = &weights->kernel_1[i * PLANES * CHANNELS_1];
        memcpy(&network->pressure_kernel[i * CHANNELS_1], both, CHANNELS_1 * sizeof *both);
        memcpy(&network->coverage_kernel[i * CHANNELS_1], both + CHANNELS_1,
               CHANNELS_1 * sizeof *both);
    }
}

static void set_plane(struct scratch *scratch, const float cells[MAP_CELLS])
{
    for (size_t row = 0; row < MAP_ROWS; row++)
        memcpy(&scratch->plane[(row + EDGE_1) * WIDTH_0 + EDGE_1], &cells[row * MAP_COLS],
               MAP_COLS * sizeof *cells);
}

void network_cover(const struct network *network, struct scratch *scratch,
                   const float covered[MAP_CELLS], struct coverage *ret)
{
    set_plane(scratch, covered);
    const struct convolution convolution = {
        scratch->plane,           WIDTH_0, 1, CHANNELS_1, KERNEL_1, network->coverage_kernel,
        network->weights->bias_1, 0};
    run_convolution(&convolution, ret->sums, ROWS_1, COLS_1, COLS_1);
}

// Where the cells inside an edge begin.
static float *inside(float *values, size_t edge, size_t width, size_t channels)
{
    return values + (edge * width + edge) * channels;
}

static void run_convolutions(const struct network *network, struct scratch *scratch,
                             const struct coverage *coverage)
{
    const struct weights *weights = network->weights;
    const struct convolution first = {scratch->plane, WIDTH_0,   1,
                                      CHANNELS_1,     KERNEL_1,  network->pressure_kernel,
                                      coverage->sums, CHANNELS_1};
    run_convolution(&first, inside(scratch->values_1, EDGE_2, WIDTH_1, CHANNELS_1), ROWS_1, COLS_1,
                    WIDTH_1);
    rectify(scratch->values_1, sizeof scratch->values_1 / sizeof *scratch->values_1);

    const struct convolution second = {scratch->values_1, WIDTH_1,  CHANNELS_1,
                                       CHANNELS_2,        KERNEL_2, weights->kernel_2,
                                       weights->bias_2,   0};
    run_convolution(&second, inside(scratch->values_2, EDGE_3, WIDTH_2, CHANNELS_2), ROWS_2, COLS_2,
                    WIDTH_2);
    rectify(scratch->values_2, sizeof scratch->values_2 / sizeof *scratch->values_2);

    const struct convolution third = {scratch->values_2, WIDTH_2,  CHANNELS_2,
                                      CHANNELS_3,        KERNEL_3, weights->kernel_3,
                                      weights->bias_3,   0};
    run_convolution(&third, scratch->values_3, LAST_ROWS, LAST_COLS, LAST_COLS);
    rectify(scratch->values_3, LAST_VALUES);
}

static void run_hidden(const struct weights *weights, const float values[LAST_VALUES],
                       float hidden[HIDDEN])
{
    for (size_t lane = 0; lane < HIDDEN; lane += LANES) {
        quad sums[QUADS];
        load(sums, weights->hidden_bias + lane);
        for (size_t i = 0; i < LAST_VALUES; i++)
            add_product(sums, values[i], weights->hidden + i * HIDDEN + lane);
        save(hidden + lane, sums);
    }
    rectify(hidden, HIDDEN);
}

void network_run(const struct network *network, struct scratch *scratch,
                 const struct coverage *coverage, const float pressure[MAP_CELLS],
                 float hidden[HIDDEN], float scores[POSTURES])
{
    const struct weights *weights = network->weights;
    set_plane(scratch, pressure);
    run_convolutions(network, scratch, coverage);
    run_hidden(weights, scratch->values_3, hidden);
    memcpy(scores, weights->out_bias, sizeof weights->out_bias);
    for (size_t i = 0; i < HIDDEN; i++)
        for (size_t posture = 0; posture < POSTURES; posture++)
            scores[posture] += hidden[i] * weights->out[i * POSTURES + posture];
}
