// SPDX-License-Identifier: GPL-3.0-or-later
// The FILEs of replay, classify and calibrate: what a pad sent, "-" being standard input. Either
// the bytes alone, or a capture (core/capture), which also knows when each came and, perhaps, from
// which pad.
#ifndef PSOASMON_INPUT_H
#define PSOASMON_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "capture/capture.h"

struct input_piece {
    const void *bytes;
    size_t length;
    bool timed;      // the FILE is a capture:
    int64_t time_us; // when they came, UTC
    size_t taken;    // of the FILE, in bytes
};

// Takes a piece; a negative return stops and is forwarded.
typedef int (*input_sink)(const struct input_piece *piece, void *userdata);

struct input;

// Opens a FILE and looks what it is. Returns 0 or, having printed why, 1.
int input_open(struct input **ret, const char *file);
void input_free(struct input *input);
DEFINE_CLEANUP(struct input *, input_free)

// What a capture says of itself; null where it is the bytes alone.
const struct capture_head *input_capture(const struct input *input);

// Reads it to its end. Returns 0, or what the sink returned, or, having printed why, 1. A capture
// that was cut off is read up to there, and a line says so.
int input_run(struct input *input, input_sink sink, void *userdata);

// Both in one.
int input_read(const char *file, input_sink sink, void *userdata);

// The size of all FILEs together; 0 where one has no size (a pipe) or is not there.
uint64_t input_size(char *const *files, int n);

// Which pad sent it: the one that `given` (--pad) names or, if that is null, the one that the
// capture does. Null, having printed why not.
const char *input_pad(const struct input *input, const char *given);

#endif
