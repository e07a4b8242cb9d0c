// SPDX-License-Identifier: GPL-3.0-or-later
// The network's arithmetic. Values lie row after row, column after column, channel after channel,
// with an edge of zeros around each layer's input, so that kernels run over it without asking.
#ifndef PSOASMON_NETWORK_H
#define PSOASMON_NETWORK_H

#include <stdbool.h>

#include "position/weights.h"

#define EDGE_1  (KERNEL_1 / 2)
#define EDGE_2  (KERNEL_2 / 2)
#define EDGE_3  (KERNEL_3 / 2)
#define ROWS_1  (MAP_ROWS / 2)
#define COLS_1  (MAP_COLS / 2)
#define ROWS_2  (MAP_ROWS / 4)
#define COLS_2  (MAP_COLS / 4)
#define WIDTH_0 (MAP_COLS + 2 * EDGE_1)
#define WIDTH_1 (COLS_1 + 2 * EDGE_2)
#define WIDTH_2 (COLS_2 + 2 * EDGE_3)

// What a coverage adds to the first layer: the same for every frame of a pad, so that it is worked
// out once.
struct coverage {
    bool known;
    float covered[MAP_CELLS]; // what it was worked out for
    float sums[ROWS_1 * COLS_1 * CHANNELS_1];
};

struct network {
    struct weights weights;
    // The first kernel, a plane at a time.
    float pressure_kernel[KERNEL_1 * KERNEL_1 * CHANNELS_1];
    float coverage_kernel[KERNEL_1 * KERNEL_1 * CHANNELS_1];
    // Scratch: each layer's input with its edge, which stays zero.
    float plane[(MAP_ROWS + 2 * EDGE_1) * WIDTH_0];
    float values_1[(ROWS_1 + 2 * EDGE_2) * WIDTH_1 * CHANNELS_1];
    float values_2[(ROWS_2 + 2 * EDGE_3) * WIDTH_2 * CHANNELS_2];
    float values_3[LAST_VALUES];
    float hidden[HIDDEN];
};

// Once the weights are there.
void network_prepare(struct network *network);

// Normalised pressure and coverage in, a number for each posture out: the larger, the likelier.
// `coverage`, zero at first, is kept from run to run.
void network_run(struct network *network, struct coverage *coverage,
                 const float pressure[MAP_CELLS], const float covered[MAP_CELLS],
                 float scores[POSTURES]);

#endif
