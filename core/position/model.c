// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "position/network.h"

// A cell that carries four times the mean is as good as one that carries more.
#define CEILING 2.0f

struct model {
    char name[24];
    float pressure[MAP_CELLS];
    struct network network;
};

// In psoasmon_weights.c, made of model/psoasmon.weights at build time.
extern const unsigned char psoasmon_weights[];
extern const size_t psoasmon_weights_size;

int model_parse(struct model **ret, const void *bytes, size_t length, struct error *error)
{
    _cleanup_(model_freep) struct model *model = calloc(1, sizeof *model);
    if (!model)
        return error_set(error, -ENOMEM, "out of memory");
    uint32_t checksum;
    int r = weights_parse(&model->network.weights, bytes, length, &checksum, error);
    if (r < 0)
        return r;
    snprintf(model->name, sizeof model->name, "cnn%d-%08x", WEIGHTS_VERSION, checksum);
    network_prepare(&model->network);
    *ret = model;
    model = NULL;
    return 0;
}

int model_builtin(struct model **ret, struct error *error)
{
    return model_parse(ret, psoasmon_weights, psoasmon_weights_size, error);
}

void model_free(struct model *model)
{
    free(model);
}

const char *model_name(const struct model *model)
{
    return model->name;
}

// The square root of each cell's pressure over the mean pressure that the body feels (each cell
// counting by what it carries): the same for a light and a heavy sleeper, a sensitive pad and a
// deaf one.
static void normalise(const float cells[MAP_CELLS], float pressure[MAP_CELLS])
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        sum += cells[i];
        squares += (double)cells[i] * cells[i];
    }
    float scale = squares > 0.0 ? (float)(sum / squares) : 0.0f;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        float root = sqrtf(cells[i] * scale);
        pressure[i] = root < CEILING ? root : CEILING;
    }
}

static void softmax(float values[POSITION_BODY_N])
{
    float largest = values[0], sum = 0.0f;
    for (size_t i = 1; i < POSITION_BODY_N; i++)
        largest = values[i] > largest ? values[i] : largest;
    for (size_t i = 0; i < POSITION_BODY_N; i++)
        sum += values[i] = expf(values[i] - largest);
    for (size_t i = 0; i < POSITION_BODY_N; i++)
        values[i] /= sum;
}

void model_run(struct model *model, const struct pressure_map *map,
               float probabilities[POSITION_BODY_N])
{
    normalise(map->cells, model->pressure);
    network_run(&model->network, model->pressure, map->covered, probabilities);
    softmax(probabilities);
}
