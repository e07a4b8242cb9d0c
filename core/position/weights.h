// SPDX-License-Identifier: GPL-3.0-or-later
// The networks' weights, and the file they come in.
//
// All numbers are little endian. "PSOASNET", u32 version, u32 number of networks; for each network
// u32 the kinds of pads it is for (a bit each, see below), u32 number of layers; for each of its
// layers u32 rows, columns, inputs, outputs of its kernel, then a scale for each output (float32),
// the weights as signed bytes (rows x columns x inputs x outputs, the last running fastest) and the
// biases (float32, outputs); last u32 the CRC-32 of everything before. A weight is its byte times
// its output's scale; -128 is not used. The shapes are those below, so that a file for another
// network is refused.
#ifndef PSOASMON_WEIGHTS_H
#define PSOASMON_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "surface/surface.h"

#define WEIGHTS_VERSION 3

#define NETWORKS_MAX 8
// Of which one pad may have so many.
#define NETWORKS_SERVING_MAX 4

// Kinds of pads: like the one that most recordings come from, of large cells, and all others. There
// is at least one network for each.
#define PADS_NEAR   1u
#define PADS_OTHER  2u
#define PADS_COARSE 4u
#define PADS_ALL    (PADS_NEAR | PADS_OTHER | PADS_COARSE)

// Three convolutions with a stride of 2, each halving the map; then what is left of it, all at
// once, into a hidden layer and the postures: PmatData's, the positions it lacks, and what is none.
#define KERNEL_1    5
#define KERNEL_2    3
#define KERNEL_3    3
#define PLANES      2 // pressure, coverage
#define CHANNELS_1  16
#define CHANNELS_2  32
#define CHANNELS_3  48
#define HIDDEN      48
#define POSTURES    22
#define LAST_ROWS   (MAP_ROWS / 8)
#define LAST_COLS   (MAP_COLS / 8)
#define LAST_VALUES (LAST_ROWS * LAST_COLS * CHANNELS_3)

// One network's.
struct weights {
    uint32_t pads; // the kinds
    float kernel_1[KERNEL_1 * KERNEL_1 * PLANES * CHANNELS_1], bias_1[CHANNELS_1];
    float kernel_2[KERNEL_2 * KERNEL_2 * CHANNELS_1 * CHANNELS_2], bias_2[CHANNELS_2];
    float kernel_3[KERNEL_3 * KERNEL_3 * CHANNELS_2 * CHANNELS_3], bias_3[CHANNELS_3];
    float hidden[LAST_VALUES * HIDDEN], hidden_bias[HIDDEN];
    float out[HIDDEN * POSTURES], out_bias[POSTURES];
};

// *ret: an array of *ret_n, for the caller to free. -EBADMSG with a message that names the byte
// where the file is wrong; -ENOMEM. *ret_checksum: the file's.
int weights_parse(struct weights **ret, size_t *ret_n, const void *bytes, size_t length,
                  uint32_t *ret_checksum, struct error *error);

#endif
