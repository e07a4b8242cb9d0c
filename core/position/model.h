// SPDX-License-Identifier: GPL-3.0-or-later
// The position model: a small convolutional network, trained by model/train.py, run here
// without any dependency. Repeatable bit for bit on one machine; no allocation per frame.
#ifndef PSOASMON_MODEL_H
#define PSOASMON_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "position/position.h"
#include "surface/surface.h"

struct model;

// Reads weights (the format is at the head of model.c). The bytes are hostile until checked:
// magic, version, shapes, length and checksum; -EBADMSG with a message. The bytes are copied.
int model_parse(struct model **ret, const void *bytes, size_t length, struct error *error);

// The weights built into the program.
int model_builtin(struct model **ret, struct error *error);
void model_free(struct model *model);
DEFINE_CLEANUP(struct model *, model_free)

// A short name that changes with the weights, stored with each night.
const char *model_name(const struct model *model);

// The probability of each body position for a map with somebody on it; they sum to 1. Uses
// scratch memory inside the model: one thread a model.
void model_run(struct model *model, const struct pressure_map *map,
               float probabilities[POSITION_BODY_N]);

#endif
