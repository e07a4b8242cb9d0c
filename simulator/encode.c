// SPDX-License-Identifier: GPL-3.0-or-later
// Frames onto the wire: what core/pad reads, written.
#include "sleeper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pad/check.h"

struct wire {
    uint8_t *bytes;
    size_t length, size;
};

// The count that the pad sends for its wire cell number `place`.
static unsigned wire_count(const struct pad *pad, const uint16_t *counts, size_t place)
{
    unsigned count = counts[pad->cell_of[place]];
    if (!pad->inverted)
        return count;
    return count < pad->full_scale ? pad->full_scale - count : 0;
}

static void put(struct wire *wire, const void *bytes, size_t length)
{
    if (wire->length + length <= wire->size)
        memcpy(wire->bytes + wire->length, bytes, length);
    wire->length += length; // past the size: found out at the end
}

// ---- delimited ----

static void put_sample(struct wire *wire, enum sample sample, unsigned count)
{
    switch (sample) {
    case SAMPLE_U8: {
        uint8_t byte = (uint8_t)(count < UINT8_MAX ? count : UINT8_MAX);
        put(wire, &byte, 1);
        break;
    }
    case SAMPLE_U16LE:
        put(wire, (uint8_t[]){(uint8_t)count, (uint8_t)(count >> 8)}, 2);
        break;
    case SAMPLE_U16BE:
        put(wire, (uint8_t[]){(uint8_t)(count >> 8), (uint8_t)count}, 2);
        break;
    case SAMPLE_I16LE:
        if (count > INT16_MAX)
            count = INT16_MAX;
        put(wire, (uint8_t[]){(uint8_t)count, (uint8_t)(count >> 8)}, 2);
        break;
    case SAMPLE_ASCII:
        break;
    }
}

static void encode_delimited(const struct pad *pad, const uint16_t *counts, struct wire *wire)
{
    put(wire, pad->sync.bytes, pad->sync.length);
    for (size_t place = 0; place < pad_cells(pad); place++)
        put_sample(wire, pad->sample, wire_count(pad, counts, place));
    size_t covered_from = pad->check_covers_sync ? 0 : pad->sync.length;
    if (wire->length <= wire->size) {
        uint8_t check[2] = {0};
        check_compute(pad->check, wire->bytes + covered_from, wire->length - covered_from, check);
        put(wire, check, check_size(pad->check));
    }
    put(wire, pad->tail.bytes, pad->tail.length);
}

// ---- lines ----

static void put_number(struct wire *wire, unsigned number)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%u\t", number);
    put(wire, text, (size_t)length);
}

static void put_zeros(struct wire *wire, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        put_number(wire, 0);
}

static void encode_lines(const struct pad *pad, const uint16_t *counts, struct wire *wire)
{
    size_t cells = pad_cells(pad), a_line = pad->line_is_row ? pad->wire_line_cells : cells;
    for (size_t place = 0; place < cells; place++) {
        if (place % a_line == 0)
            put_zeros(wire, pad->skip_columns);
        put_number(wire, wire_count(pad, counts, place));
        if (place % a_line == a_line - 1) {
            put_zeros(wire, pad->extra_columns);
            put(wire, "\n", 1);
        }
    }
}

size_t pad_encoded_max(const struct pad *pad)
{
    if (pad->framing == FRAMING_DELIMITED)
        return pad->sync.length + pad_cells(pad) * sample_size(pad->sample) +
               check_size(pad->check) + pad->tail.length;
    size_t lines = pad->line_is_row ? pad_cells(pad) / pad->wire_line_cells : 1;
    return 6 * pad_cells(pad) + lines * (2 * (pad->skip_columns + pad->extra_columns) + 1);
}

ssize_t pad_encode(const struct pad *pad, const uint16_t *counts, void *bytes, size_t size)
{
    struct wire wire = {.bytes = bytes, .size = size};
    switch (pad->framing) {
    case FRAMING_LINES:
        encode_lines(pad, counts, &wire);
        break;
    case FRAMING_DELIMITED:
        encode_delimited(pad, counts, &wire);
        break;
    }
    return wire.length <= wire.size ? (ssize_t)wire.length : -ENOSPC;
}
