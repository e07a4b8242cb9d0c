// SPDX-License-Identifier: GPL-3.0-or-later
// The FILEs of replay and classify: what a pad sent, "-" being standard input.
#ifndef PSOASMON_INPUT_H
#define PSOASMON_INPUT_H

#include <stddef.h>
#include <stdint.h>

// Takes a piece; a negative return stops and is forwarded.
typedef int (*input_sink)(const void *bytes, size_t length, void *userdata);

// Reads one FILE to its end. Returns 0, or what the sink returned, or, having printed why, 1.
int input_read(const char *file, input_sink sink, void *userdata);

// The size of all FILEs together; 0 where one has no size (a pipe) or is not there.
uint64_t input_size(char *const *files, int n);

#endif
