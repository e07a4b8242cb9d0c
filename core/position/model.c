// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/model.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "position/acuity.h"
#include "position/network.h"
#include "position/postures.h"

// The pressure, by the mean felt, at which the curve has half its height.
#define HALF 0.4f

// The logarithm of less is no different, and that of nothing no number.
#define LEAST_PROBABILITY 1e-9f

// A network, and what it makes of the coverage of the pad it last looked at.
struct member {
    struct network network;
    struct coverage coverage, mirrored_coverage;
};

struct model {
    char weights_name[MODEL_NAME_SIZE], name[MODEL_NAME_SIZE];
    bool corrected;
    struct model_correction correction;
    struct weights *weights; // one a member
    struct member *members;
    size_t n_members;
    // The pad last looked at: its kind, 0 before the first, and what it covers.
    uint32_t pads;
    float covered[MAP_CELLS];
    size_t n_serving; // members that serve this kind
    // What the map being looked at comes to.
    struct scratch scratch;
    float pressure[MAP_CELLS], mirrored[MAP_CELLS];
    float features[MODEL_FEATURES];
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
    int r = weights_parse(&model->weights, &model->n_members, bytes, length, &checksum, error);
    if (r < 0)
        return r;
    model->members = calloc(model->n_members, sizeof *model->members);
    if (!model->members)
        return error_set(error, -ENOMEM, "out of memory");
    for (size_t i = 0; i < model->n_members; i++)
        network_init(&model->members[i].network, &model->weights[i]);
    snprintf(model->weights_name, sizeof model->weights_name, "cnn%d-%08x", WEIGHTS_VERSION,
             checksum);
    model_correct(model, NULL, 0);
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
    free(model->members);
    free(model->weights);
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

// Each cell's pressure over the mean pressure that the body feels (each cell counting by what it
// carries): the same for a light and a heavy sleeper, a sensitive pad and a deaf one. On a curve
// that levels off, so that weak prints count beside strong ones.
static void normalise(const float cells[MAP_CELLS], float pressure[MAP_CELLS])
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        sum += cells[i];
        squares += (double)cells[i] * cells[i];
    }
    float scale = squares > 0.0 ? (float)(sum / squares) : 0.0f;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        float ratio = cells[i] * scale;
        pressure[i] = (1.0f + HALF) * ratio / (ratio + HALF);
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

static uint32_t kind_of(const struct pressure_map *map)
{
    double pitch_mm = fmax(map->grid.pitch_rows_mm, map->grid.pitch_cols_mm);
    if (pitch_mm >= MODEL_COARSE_PITCH_MM)
        return PADS_COARSE;
    double covered = 0.0;
    for (size_t i = 0; i < MAP_CELLS; i++)
        covered += (double)map->covered[i];
    bool near = pitch_mm <= MODEL_NEAR_PITCH_MM && covered >= MODEL_NEAR_COVERED * MAP_CELLS;
    return near ? PADS_NEAR : PADS_OTHER;
}

static bool serves(const struct member *member, uint32_t pads)
{
    return (member->network.weights->pads & pads) != 0;
}

// Works out what stays the same as long as frames come from one pad.
static void take_pad(struct model *model, const struct pressure_map *map)
{
    uint32_t pads = kind_of(map);
    if (pads == model->pads && memcmp(model->covered, map->covered, sizeof model->covered) == 0)
        return;
    model->pads = pads;
    memcpy(model->covered, map->covered, sizeof model->covered);
    mirror(map->covered, model->mirrored);
    model->n_serving = 0;
    for (size_t i = 0; i < model->n_members; i++) {
        struct member *member = &model->members[i];
        if (!serves(member, pads))
            continue;
        model->n_serving++;
        network_cover(&member->network, &model->scratch, map->covered, &member->coverage);
        network_cover(&member->network, &model->scratch, model->mirrored,
                      &member->mirrored_coverage);
    }
    memset(model->features, 0, sizeof model->features);
}

// What a network says of the mirror image counts as much as what it says of the map: nobody's left
// is treated unlike their right, and two looks err less than one.
static void look_twice(struct model *model, const struct member *member, float *features,
                       float probabilities[POSITION_BODY_N])
{
    float postures[POSTURES], share = 0.5f / (float)model->n_serving;
    network_run(&member->network, &model->scratch, &member->coverage, model->pressure, features,
                postures);
    softmax(postures, POSTURES);
    postures_add(postures, false, share, probabilities);

    network_run(&member->network, &model->scratch, &member->mirrored_coverage, model->mirrored,
                features + HIDDEN, postures);
    softmax(postures, POSTURES);
    postures_add(postures, true, share, probabilities);
}

// The mean of all networks for this kind of pad, as far as the pad can tell.
static void look(struct model *model, const struct pressure_map *map,
                 float probabilities[POSITION_BODY_N])
{
    take_pad(model, map);
    normalise(map->cells, model->pressure);
    mirror(model->pressure, model->mirrored);
    memset(probabilities, 0, POSITION_BODY_N * sizeof *probabilities);
    float *features = model->features;
    for (size_t i = 0; i < model->n_members; i++) {
        if (!serves(&model->members[i], model->pads))
            continue;
        look_twice(model, &model->members[i], features, probabilities);
        features += 2 * HIDDEN;
    }
    acuity_fold(acuity_of(&map->grid), probabilities);
}

void model_view(struct model *model, const struct pressure_map *map, struct model_view *ret)
{
    look(model, map, ret->scores);
    ret->unknown = position_unknown(ret->scores);
    enum acuity acuity = acuity_of(&map->grid);
    for (int i = 0; i < POSITION_BODY_N; i++) {
        enum position told = acuity_tell(acuity, (enum position)i);
        ret->scores[i] =
            (int)told != i ? -INFINITY : logf(fmaxf(ret->scores[i], LEAST_PROBABILITY));
    }
    memcpy(ret->features, model->features, sizeof ret->features);
}

void model_conclude(const struct model_view *view, const struct model_correction *correction,
                    float probabilities[POSITION_BODY_N])
{
    float scores[POSITION_BODY_N + 1]; // the last: none of the positions
    memcpy(scores, view->scores, sizeof view->scores);
    scores[POSITION_BODY_N] = logf(fmaxf(view->unknown, LEAST_PROBABILITY));
    if (correction) {
        for (size_t position = 0; position < POSITION_BODY_N; position++)
            scores[position] += correction->biases[position];
        for (size_t i = 0; i < MODEL_FEATURES; i++)
            for (size_t position = 0; position < POSITION_BODY_N; position++)
                scores[position] +=
                    view->features[i] * correction->weights[i * POSITION_BODY_N + position];
    }
    softmax(scores, POSITION_BODY_N + 1);
    memcpy(probabilities, scores, POSITION_BODY_N * sizeof *probabilities);
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
