// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "position/network.h"

// A cell that carries four times the mean is as good as one that carries more.
#define CEILING 2.0f

// The logarithm of less is no different, and that of nothing no number.
#define LEAST_PROBABILITY 1e-9f

struct model {
    char weights_name[MODEL_NAME_SIZE], name[MODEL_NAME_SIZE];
    bool corrected;
    struct model_correction correction;
    float pressure[MAP_CELLS];
    float mirrored_pressure[MAP_CELLS], mirrored_covered[MAP_CELLS];
    float features[MODEL_FEATURES]; // what both looks saw
    struct coverage coverage, mirrored_coverage;
    struct network network;
};

// Finer than positions, because the recordings are: people on an inclined bed, say, look different
// at 30 and at 60 degrees. A position is as likely as its postures together. In the order of
// POSTURE_POSITIONS in model/data.py.
static const enum position position_of[POSTURES] = {
    POSITION_SUPINE,
    POSITION_SUPINE,
    POSITION_SUPINE, // arms down, star, on the belly
    POSITION_SUPINE_KNEES_RAISED,
    POSITION_SUPINE_LEFT_KNEE,
    POSITION_SUPINE_RIGHT_KNEE,
    POSITION_RECLINED,
    POSITION_RECLINED,
    POSITION_RECLINED, // 30, 45, 60 degrees
    POSITION_LEFT_FETAL,
    POSITION_RIGHT_FETAL,
    POSITION_LEFT_SIDE,
    POSITION_LEFT_SIDE,
    POSITION_LEFT_SIDE, // free, on two wedges
    POSITION_RIGHT_SIDE,
    POSITION_RIGHT_SIDE,
    POSITION_RIGHT_SIDE,
    POSITION_SUPINE_LEGS_RAISED,
    POSITION_PRONE,
    POSITION_SITTING,
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
    snprintf(model->weights_name, sizeof model->weights_name, "cnn%d-%08x", WEIGHTS_VERSION,
             checksum);
    model_correct(model, NULL, 0);
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

const char *model_weights_name(const struct model *model)
{
    return model->weights_name;
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

static void softmax(float *values, size_t n)
{
    float largest = values[0], sum = 0.0f;
    for (size_t i = 1; i < n; i++)
        largest = values[i] > largest ? values[i] : largest;
    for (size_t i = 0; i < n; i++)
        sum += values[i] = expf(values[i] - largest);
    for (size_t i = 0; i < n; i++)
        values[i] /= sum;
}

static void mirror(const float cells[MAP_CELLS], float mirrored[MAP_CELLS])
{
    for (size_t row = 0; row < MAP_ROWS; row++)
        for (size_t col = 0; col < MAP_COLS; col++)
            mirrored[row * MAP_COLS + col] = cells[row * MAP_COLS + MAP_COLS - 1 - col];
}

static enum position mirror_position(enum position position)
{
    static const enum position mirrored[POSITION_BODY_N] = {
        [POSITION_SUPINE] = POSITION_SUPINE,
        [POSITION_SUPINE_KNEES_RAISED] = POSITION_SUPINE_KNEES_RAISED,
        [POSITION_SUPINE_LEFT_KNEE] = POSITION_SUPINE_RIGHT_KNEE,
        [POSITION_SUPINE_RIGHT_KNEE] = POSITION_SUPINE_LEFT_KNEE,
        [POSITION_SUPINE_LEGS_RAISED] = POSITION_SUPINE_LEGS_RAISED,
        [POSITION_RECLINED] = POSITION_RECLINED,
        [POSITION_LEFT_FETAL] = POSITION_RIGHT_FETAL,
        [POSITION_RIGHT_FETAL] = POSITION_LEFT_FETAL,
        [POSITION_LEFT_SIDE] = POSITION_RIGHT_SIDE,
        [POSITION_RIGHT_SIDE] = POSITION_LEFT_SIDE,
        [POSITION_PRONE] = POSITION_PRONE,
        [POSITION_SITTING] = POSITION_SITTING,
    };
    return mirrored[position];
}

static void look(struct model *model, const struct pressure_map *map,
                 float probabilities[POSITION_BODY_N])
{
    float postures[POSTURES], mirrored[POSTURES];
    normalise(map->cells, model->pressure);
    network_run(&model->network, &model->coverage, model->pressure, map->covered, postures);
    memcpy(model->features, model->network.hidden, HIDDEN * sizeof(float));
    softmax(postures, POSTURES);

    // What it says of the mirror image counts as much: nobody's left is treated unlike their right,
    // and two looks err less than one.
    mirror(model->pressure, model->mirrored_pressure);
    mirror(map->covered, model->mirrored_covered);
    network_run(&model->network, &model->mirrored_coverage, model->mirrored_pressure,
                model->mirrored_covered, mirrored);
    memcpy(model->features + HIDDEN, model->network.hidden, HIDDEN * sizeof(float));
    softmax(mirrored, POSTURES);

    memset(probabilities, 0, POSITION_BODY_N * sizeof *probabilities);
    for (size_t i = 0; i < POSTURES; i++) {
        probabilities[position_of[i]] += 0.5f * postures[i];
        probabilities[mirror_position(position_of[i])] += 0.5f * mirrored[i];
    }
}

void model_view(struct model *model, const struct pressure_map *map, struct model_view *ret)
{
    look(model, map, ret->scores);
    for (size_t i = 0; i < POSITION_BODY_N; i++)
        ret->scores[i] = logf(fmaxf(ret->scores[i], LEAST_PROBABILITY));
    memcpy(ret->features, model->features, sizeof ret->features);
}

void model_conclude(const struct model_view *view, const struct model_correction *correction,
                    float probabilities[POSITION_BODY_N])
{
    memcpy(probabilities, view->scores, sizeof view->scores);
    if (correction) {
        for (size_t position = 0; position < POSITION_BODY_N; position++)
            probabilities[position] += correction->biases[position];
        for (size_t i = 0; i < MODEL_FEATURES; i++)
            for (size_t position = 0; position < POSITION_BODY_N; position++)
                probabilities[position] +=
                    view->features[i] * correction->weights[i * POSITION_BODY_N + position];
    }
    softmax(probabilities, POSITION_BODY_N);
}

void model_run(struct model *model, const struct pressure_map *map,
               float probabilities[POSITION_BODY_N])
{
    if (!model->corrected) {
        look(model, map, probabilities);
        return;
    }
    struct model_view view;
    model_view(model, map, &view);
    model_conclude(&view, &model->correction, probabilities);
}

void model_correct(struct model *model, const struct model_correction *correction, uint32_t mark)
{
    model->corrected = correction != NULL;
    strcpy(model->name, model->weights_name);
    if (!correction)
        return;
    model->correction = *correction;
    size_t length = strlen(model->name);
    snprintf(model->name + length, sizeof model->name - length, "+%08x", mark);
}

const struct model_correction *model_correction(const struct model *model)
{
    return model->corrected ? &model->correction : NULL;
}
