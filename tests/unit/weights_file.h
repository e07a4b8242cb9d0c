// SPDX-License-Identifier: GPL-3.0-or-later
// Files of weights, made by hand: networks that see nothing, and say what their last biases say.
#ifndef PSOASMON_TEST_WEIGHTS_FILE_H
#define PSOASMON_TEST_WEIGHTS_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/crc32.h"
#include "position/weights.h"

// Where things are in a file, the first network's.
#define AT_VERSION  8
#define AT_NETWORKS 12
#define AT_PADS     16
#define AT_LAYERS   20
#define AT_SHAPE    24
#define AT_SCALES   40
#define AT_KERNEL   (AT_SCALES + 4 * CHANNELS_1)
#define AT_BIASES   (AT_KERNEL + KERNEL_1 * KERNEL_1 * PLANES * CHANNELS_1)

struct weights_file {
    uint8_t bytes[1 << 20];
    size_t length;
};

static inline void put_u32_at(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static inline void weights_put(struct weights_file *file, uint32_t value)
{
    put_u32_at(file->bytes + file->length, value);
    file->length += 4;
}

static inline void weights_put_float(struct weights_file *file, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    weights_put(file, bits);
}

static inline void weights_begin(struct weights_file *file, uint32_t n_networks)
{
    memcpy(file->bytes, "PSOASNET", 8);
    file->length = 8;
    weights_put(file, WEIGHTS_VERSION);
    weights_put(file, n_networks);
}

static inline void weights_add(struct weights_file *file, uint32_t pads, const float said[POSTURES])
{
    static const uint32_t shapes[][4] = {
        {KERNEL_1, KERNEL_1, PLANES, CHANNELS_1},
        {KERNEL_2, KERNEL_2, CHANNELS_1, CHANNELS_2},
        {KERNEL_3, KERNEL_3, CHANNELS_2, CHANNELS_3},
        {1, 1, LAST_VALUES, HIDDEN},
        {1, 1, HIDDEN, POSTURES},
    };
    const size_t n_layers = sizeof shapes / sizeof *shapes;
    weights_put(file, pads);
    weights_put(file, (uint32_t)n_layers);
    for (size_t layer = 0; layer < n_layers; layer++) {
        const uint32_t *shape = shapes[layer];
        for (size_t i = 0; i < 4; i++)
            weights_put(file, shape[i]);
        for (size_t i = 0; i < shape[3]; i++)
            weights_put_float(file, 1);
        size_t n = (size_t)shape[0] * shape[1] * shape[2] * shape[3];
        memset(file->bytes + file->length, 0, n);
        file->length += n;
        for (size_t i = 0; i < shape[3]; i++)
            weights_put_float(file, layer == n_layers - 1 ? said[i] : 0);
    }
}

static inline void weights_end(struct weights_file *file)
{
    weights_put(file, crc32_of(file->bytes, file->length));
}

// After a change of what was ended.
static inline void weights_seal(struct weights_file *file)
{
    file->length -= 4;
    weights_end(file);
}

#endif
