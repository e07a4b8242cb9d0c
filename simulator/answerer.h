// SPDX-License-Identifier: GPL-3.0-or-later
// The pad's side of being asked: finds start, request and stop in what it is told.
#ifndef PSOASMON_ANSWERER_H
#define PSOASMON_ANSWERER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pad/pad.h"

// Plain storage.
struct answerer {
    const struct pad *pad;
    uint8_t heard[PAD_BYTES_MAX]; // the last bytes
    size_t n_heard;
    bool running; // it sends by itself
};

void answerer_begin(struct answerer *answerer, const struct pad *pad);

// Returns how many answers are asked for.
unsigned answerer_hear(struct answerer *answerer, const uint8_t *bytes, size_t length);

#endif
