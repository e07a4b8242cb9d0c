// SPDX-License-Identifier: GPL-3.0-or-later
// Frames onto the wire: what core/pad reads, written. Private to the simulator, but for what
// sleeper.h says of it.
#ifndef PSOASMON_ENCODE_H
#define PSOASMON_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "pad/pad.h"

struct wire {
    uint8_t *bytes;
    size_t length, size; // a length past the size: it did not fit
};

void wire_put(struct wire *wire, const void *bytes, size_t length);
void wire_zeros(struct wire *wire, size_t n);
void wire_number(struct wire *wire, uint32_t number, size_t size, bool big_endian);

// The wire's cell number `place` as a sample.
void wire_cell(struct wire *wire, const struct pad *pad, const uint16_t *counts, size_t place);

void encode_sparse(const struct pad *pad, const uint16_t *counts, struct wire *wire);
void encode_rle0(const struct pad *pad, const uint16_t *counts, struct wire *wire);
void encode_chunked(const struct pad *pad, const uint16_t *counts, uint64_t number,
                    struct wire *wire);

// The count that the pad sends for its wire cell number `place`.
unsigned wire_count(const struct pad *pad, const uint16_t *counts, size_t place);

#endif
