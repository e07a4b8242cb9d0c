// SPDX-License-Identifier: GPL-3.0-or-later
// The network's arithmetic. Values lie row after row, column after column, channel after channel,
// with an edge of zeros around each layer's input, so that kernels run over it without asking.
#ifndef PSOASMON_NETWORK_H
#define PSOASMON_NETWORK_H

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

struct network {
    const struct weights *weights;
    // The first kernel, a plane at a time.
    float pressure_kernel[KERNEL_1 * KERNEL_1 * CHANNELS_1];
    float coverage_kernel[KERNEL_1 * KERNEL_1 * CHANNELS_1];
};

// What a coverage adds to a network's first layer: the same for every frame of a pad, so that it
// is worked out once.
struct coverage {
    float sums[ROWS_1 * COLS_1 * CHANNELS_1];
};

// Each layer's input with its edge, which stays zero. Zero at first; any number of networks can
// share one, one after the other.
struct scratch {
    float plane[(MAP_ROWS + 2 * EDGE_1) * WIDTH_0];
    float values_1[(ROWS_1 + 2 * EDGE_2) * WIDTH_1 * CHANNELS_1];
    float values_2[(ROWS_2 + 2 * EDGE_3) * WIDTH_2 * CHANNELS_2];
    float values_3[LAST_VALUES];
};

// The weights must outlive the network.
void network_init(struct network *network, const struct weights *weights);

void network_cover(const struct network *network, struct scratch *scratch,
                   const float covered[MAP_CELLS], struct coverage *ret);

// Normalised pressure in; what the hidden layer makes of it, and a number for each posture out: the
// larger, the likelier.
void network_run(const struct network *network, struct scratch *scratch,
                 const struct coverage *coverage, const float pressure[MAP_CELLS],
                 float hidden[HIDDEN], float scores[POSTURES]);

#endif
