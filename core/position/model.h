// SPDX-License-Identifier: GPL-3.0-or-later
// The position model: a few small convolutional networks, trained by model/train.py, run here
// without any dependency. Repeatable bit for bit on one machine; no allocation per frame.
#ifndef PSOASMON_MODEL_H
#define PSOASMON_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "position/position.h"
#include "position/weights.h"
#include "surface/surface.h"

struct model;

// A pad is like the one that most recordings come from if its cells are no larger than this, either
// way, and it covers at least this share of the map. Cells of this size and larger, either way, are
// large. Each kind of pads has networks of its own.
#define MODEL_NEAR_PITCH_MM   28.0
#define MODEL_NEAR_COVERED    0.8
#define MODEL_COARSE_PITCH_MM 100.0

// Reads weights (the format is at the head of weights.h). The bytes are hostile until checked:
// magic, version, shapes, length and checksum; -EBADMSG with a message. The bytes are copied.
int model_parse(struct model **ret, const void *bytes, size_t length, struct error *error);

// The weights built into the program.
int model_builtin(struct model **ret, struct error *error);
void model_free(struct model *model);
DEFINE_CLEANUP(struct model *, model_free)

// A short name that changes with the weights and their correction, stored with each night.
#define MODEL_NAME_SIZE 24
const char *model_name(const struct model *model);
// The weights' alone.
const char *model_weights_name(const struct model *model);

// The probability of each body position for a map with something on it. What they lack to 1
// (position_unknown) is the probability that it is none of them: no body, or more than one. A
// position that the pad cannot tell has 0: another one has its share (acuity.h). Uses scratch
// memory inside the model: one thread a model.
void model_run(struct model *model, const struct pressure_map *map,
               float probabilities[POSITION_BODY_N]);

// ---- personal corrections, which core/calibration learns ----

// What the model makes of one map by itself, and what it sees in it.
#define MODEL_FEATURES (NETWORKS_SERVING_MAX * 2 * HIDDEN)
struct model_view {
    // The hidden layers of the networks for this kind of pad, one network after the other, each for
    // the map and for its mirror image; 0 behind the last.
    float features[MODEL_FEATURES];
    // Logarithms of the probabilities; -INFINITY where another position has its share.
    float scores[POSITION_BODY_N];
    float unknown; // the probability that it is none of the positions
};

// A linear function of the features, added to the scores.
struct model_correction {
    float weights[MODEL_FEATURES * POSITION_BODY_N]; // features x positions
    float biases[POSITION_BODY_N];
};

// Without the correction in force.
void model_view(struct model *model, const struct pressure_map *map, struct model_view *ret);

// What a view comes to with a correction; null: without. What a correction gives to a position it
// takes from the others and from the probability that it is none: what the sleeper has shown is not
// strange any more.
void model_conclude(const struct model_view *view, const struct model_correction *correction,
                    float probabilities[POSITION_BODY_N]);

// From now on model_run corrects what it sees (null: no more). The correction is copied; `mark`
// tells it from others in model_name.
void model_correct(struct model *model, const struct model_correction *correction, uint32_t mark);

// The one in force; null: none.
const struct model_correction *model_correction(const struct model *model);

#endif
