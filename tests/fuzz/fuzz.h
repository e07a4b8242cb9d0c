// SPDX-License-Identifier: GPL-3.0-or-later
// A fuzz target: takes any bytes at all, and ends the program where something does not hold.
// libFuzzer calls it (./dev fuzz); driver.c calls it for each file of the corpus, as a test.
#ifndef PSOASMON_FUZZ_H
#define PSOASMON_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

// Adds to a sum of what was said, to compare it with what is said another time (FNV-1a, public
// domain).
#define SUM_START UINT64_C(0xCBF29CE484222325)
static inline void sum_add(uint64_t *sum, const void *bytes, size_t length)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < length; i++)
        *sum = (*sum ^ byte[i]) * UINT64_C(0x100000001B3);
}

static inline void sum_number(uint64_t *sum, uint64_t number)
{
    sum_add(sum, &number, sizeof number);
}

// How much of the rest is the next piece: 1, 2, 3 ... bytes, as `cuts` has it.
static inline size_t next_piece(uint32_t *cuts, size_t rest)
{
    *cuts = *cuts * 1664525 + 1013904223; // Numerical Recipes' generator
    size_t n = 1 + (*cuts >> 24) % 40;
    return n < rest ? n : rest;
}

#endif
