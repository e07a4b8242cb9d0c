// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/weights.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/crc32.h"

#define MAGIC       "PSOASNET"
#define MAGIC_SIZE  8
#define NETWORKS_AT 12 // the byte that the number of networks is at
#define CRC_SIZE    4

// Of any layer.
#define OUTPUTS_MAX 48
static_assert(CHANNELS_1 <= OUTPUTS_MAX && CHANNELS_2 <= OUTPUTS_MAX && CHANNELS_3 <= OUTPUTS_MAX &&
                  HIDDEN <= OUTPUTS_MAX && POSTURES <= OUTPUTS_MAX,
              "a scale for each output");

struct shape {
    uint32_t rows, cols, inputs, outputs;
};

struct layer {
    struct shape shape;
    size_t kernel, bias; // offsets in struct weights
};

static const struct layer layers[] = {
    {{KERNEL_1, KERNEL_1, PLANES, CHANNELS_1},
     offsetof(struct weights, kernel_1),
     offsetof(struct weights, bias_1)},
    {{KERNEL_2, KERNEL_2, CHANNELS_1, CHANNELS_2},
     offsetof(struct weights, kernel_2),
     offsetof(struct weights, bias_2)},
    {{KERNEL_3, KERNEL_3, CHANNELS_2, CHANNELS_3},
     offsetof(struct weights, kernel_3),
     offsetof(struct weights, bias_3)},
    {{1, 1, LAST_VALUES, HIDDEN},
     offsetof(struct weights, hidden),
     offsetof(struct weights, hidden_bias)},
    {{1, 1, HIDDEN, POSTURES}, offsetof(struct weights, out), offsetof(struct weights, out_bias)},
};
#define N_LAYERS (sizeof layers / sizeof *layers)

struct reader {
    const uint8_t *bytes;
    size_t length, at;
    struct error *error;
};

static uint32_t u32_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int read_u32(struct reader *reader, uint32_t *ret)
{
    if (reader->length - reader->at < 4)
        return error_set(reader->error, -EBADMSG, "weights: byte %zu: the file ends too early",
                         reader->at);
    *ret = u32_at(reader->bytes + reader->at);
    reader->at += 4;
    return 0;
}

static int expect_u32(struct reader *reader, uint32_t expected, const char *what)
{
    uint32_t value = 0;
    int r = read_u32(reader, &value);
    if (r < 0 || value == expected)
        return r;
    return error_set(reader->error, -EBADMSG, "weights: byte %zu: %s is %u instead of %u",
                     reader->at - 4, what, value, expected);
}

static int read_floats(struct reader *reader, float *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = 0;
        int r = read_u32(reader, &bits);
        if (r < 0)
            return r;
        memcpy(&values[i], &bits, sizeof bits);
        if (!isfinite(values[i]))
            return error_set(reader->error, -EBADMSG, "weights: byte %zu: not a finite number",
                             reader->at - 4);
    }
    return 0;
}

// A scale that the largest byte makes more than a float holds is as bad as none.
static int read_scales(struct reader *reader, float *scales, size_t n)
{
    int r = read_floats(reader, scales, n);
    for (size_t i = 0; r == 0 && i < n; i++)
        if (!isfinite(scales[i] * INT8_MAX))
            r = error_set(reader->error, -EBADMSG, "weights: byte %zu: too large a scale",
                          reader->at - 4 * (n - i));
    return r;
}

static int read_kernel(struct reader *reader, const struct shape *shape, float *weights)
{
    float scales[OUTPUTS_MAX];
    int r = read_scales(reader, scales, shape->outputs);
    if (r < 0)
        return r;
    size_t n = (size_t)shape->rows * shape->cols * shape->inputs * shape->outputs;
    if (reader->length - reader->at < n)
        return error_set(reader->error, -EBADMSG, "weights: byte %zu: the file ends too early",
                         reader->at);
    for (size_t i = 0; i < n; i++) {
        int8_t weight = (int8_t)reader->bytes[reader->at++];
        if (weight == INT8_MIN)
            return error_set(reader->error, -EBADMSG, "weights: byte %zu: -128 is no weight",
                             reader->at - 1);
        weights[i] = scales[i % shape->outputs] * weight;
    }
    return 0;
}

static int read_layer(struct reader *reader, const struct layer *layer, struct weights *weights)
{
    const struct shape *shape = &layer->shape;
    int r = expect_u32(reader, shape->rows, "a kernel's number of rows");
    if (r == 0)
        r = expect_u32(reader, shape->cols, "a kernel's number of columns");
    if (r == 0)
        r = expect_u32(reader, shape->inputs, "a layer's number of inputs");
    if (r == 0)
        r = expect_u32(reader, shape->outputs, "a layer's number of outputs");
    char *base = (char *)weights;
    if (r == 0)
        r = read_kernel(reader, shape, (float *)(void *)(base + layer->kernel));
    if (r == 0)
        r = read_floats(reader, (float *)(void *)(base + layer->bias), shape->outputs);
    return r;
}

static int read_network(struct reader *reader, struct weights *weights)
{
    int r = read_u32(reader, &weights->pads);
    if (r == 0 && (weights->pads == 0 || (weights->pads & ~PADS_ALL)))
        r = error_set(reader->error, -EBADMSG, "weights: byte %zu: no kind of pads is %u",
                      reader->at - 4, weights->pads);
    if (r == 0)
        r = expect_u32(reader, N_LAYERS, "the number of layers");
    for (size_t i = 0; r == 0 && i < N_LAYERS; i++)
        r = read_layer(reader, &layers[i], weights);
    return r;
}

static int check_serving(const struct weights *weights, size_t n, uint32_t pads, const char *which,
                         struct error *error)
{
    size_t serving = 0;
    for (size_t i = 0; i < n; i++)
        serving += (weights[i].pads & pads) != 0;
    if (serving >= 1 && serving <= NETWORKS_SERVING_MAX)
        return 0;
    return error_set(error, -EBADMSG, "weights: byte %d: %zu networks for %s, not 1 to %d",
                     NETWORKS_AT, serving, which, NETWORKS_SERVING_MAX);
}

static int check_frame(const uint8_t *bytes, size_t length, uint32_t *ret_checksum,
                       struct error *error)
{
    if (length < MAGIC_SIZE + CRC_SIZE || memcmp(bytes, MAGIC, MAGIC_SIZE) != 0)
        return error_set(error, -EBADMSG, "weights: byte 0: not a file of weights");
    *ret_checksum = u32_at(bytes + length - CRC_SIZE);
    if (*ret_checksum != crc32_of(bytes, length - CRC_SIZE))
        return error_set(error, -EBADMSG, "weights: byte %zu: the checksum is wrong",
                         length - CRC_SIZE);
    return 0;
}

static int read_networks(struct reader *reader, struct weights *weights, size_t n)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < n; i++)
        r = read_network(reader, &weights[i]);
    if (r == 0 && reader->at != reader->length)
        r = error_set(reader->error, -EBADMSG, "weights: byte %zu: more than the networks",
                      reader->at);
    if (r == 0)
        r = check_serving(weights, n, PADS_NEAR, "pads like that of most recordings",
                          reader->error);
    if (r == 0)
        r = check_serving(weights, n, PADS_COARSE, "pads of large cells", reader->error);
    if (r == 0)
        r = check_serving(weights, n, PADS_OTHER, "other pads", reader->error);
    return r;
}

int weights_parse(struct weights **ret, size_t *ret_n, const void *bytes, size_t length,
                  uint32_t *ret_checksum, struct error *error)
{
    int r = check_frame(bytes, length, ret_checksum, error);
    if (r < 0)
        return r;
    struct reader reader = {bytes, length - CRC_SIZE, MAGIC_SIZE, error};
    uint32_t n = 0;
    r = expect_u32(&reader, WEIGHTS_VERSION, "the version");
    if (r == 0)
        r = read_u32(&reader, &n);
    if (r < 0)
        return r;
    if (n == 0 || n > NETWORKS_MAX)
        return error_set(error, -EBADMSG, "weights: byte %d: %u networks, not 1 to %d", NETWORKS_AT,
                         n, NETWORKS_MAX);
    _cleanup_(freep) struct weights *weights = calloc(n, sizeof *weights);
    if (!weights)
        return error_set(error, -ENOMEM, "out of memory");
    r = read_networks(&reader, weights, n);
    if (r < 0)
        return r;
    *ret = weights;
    *ret_n = n;
    weights = NULL;
    return 0;
}
