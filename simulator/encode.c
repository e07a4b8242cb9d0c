// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pad/check.h"
#include "sleeper.h"

unsigned wire_count(const struct pad *pad, const uint16_t *counts, size_t place)
{
    unsigned count = counts[pad->cell_of[place]];
    if (!pad->inverted)
        return count;
    return count < pad->full_scale ? pad->full_scale - count : 0;
}

void wire_put(struct wire *wire, const void *bytes, size_t length)
{
    if (wire->length + length <= wire->size)
        memcpy(wire->bytes + wire->length, bytes, length);
    wire->length += length; // past the size: found out at the end
}

void wire_zeros(struct wire *wire, size_t n)
{
    for (size_t i = 0; i < n; i++)
        wire_put(wire, "", 1);
}

void wire_number(struct wire *wire, uint32_t number, size_t size, bool big_endian)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)(number >> 8 * (big_endian ? size - 1 - i : i));
        wire_put(wire, &byte, 1);
    }
}

// The largest sample of its kind.
static uint32_t sample_max(enum sample sample)
{
    switch (sample) {
    case SAMPLE_U8:
        return UINT8_MAX;
    case SAMPLE_I16LE:
    case SAMPLE_I16BE:
        return INT16_MAX;
    case SAMPLE_U16LE:
    case SAMPLE_U16BE:
        return UINT16_MAX;
    case SAMPLE_U24BE:
    case SAMPLE_ASCII:
        break;
    }
    return 0xFFFFFF;
}

void wire_cell(struct wire *wire, const struct pad *pad, const uint16_t *counts, size_t place)
{
    uint32_t sample = (uint32_t)wire_count(pad, counts, place) << pad->shift;
    uint32_t max = sample_max(pad->sample);
    bool big_endian =
        pad->sample == SAMPLE_U16BE || pad->sample == SAMPLE_I16BE || pad->sample == SAMPLE_U24BE;
    wire_number(wire, sample < max ? sample : max, sample_size(pad->sample), big_endian);
}

static void put_cells(struct wire *wire, const struct pad *pad, const uint16_t *counts)
{
    wire_zeros(wire, pad->skip_bytes);
    for (size_t place = 0; place < pad_cells(pad); place++)
        wire_cell(wire, pad, counts, place);
    wire_zeros(wire, pad->extra_bytes);
}

static void encode_delimited(const struct pad *pad, const uint16_t *counts, uint64_t number,
                             struct wire *wire)
{
    wire_put(wire, pad->sync.bytes, pad->sync.length);
    wire_number(wire, (uint32_t)number, sample_size(pad->counter), pad->counter == SAMPLE_U16BE);
    put_cells(wire, pad, counts);
    size_t covered_from = pad->check_covers_sync ? 0 : pad->sync.length;
    if (wire->length <= wire->size) {
        uint8_t check[CHECK_SIZE_MAX] = {0};
        check_compute(pad->check, wire->bytes + covered_from, wire->length - covered_from, check);
        wire_put(wire, check, check_size(pad->check));
    }
    wire_put(wire, pad->tail.bytes, pad->tail.length);
}

// ---- lines ----

static void put_number(struct wire *wire, unsigned number)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%u\t", number);
    wire_put(wire, text, (size_t)length);
}

static void put_zeros(struct wire *wire, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        put_number(wire, 0);
}

static size_t cells_a_line(const struct pad *pad)
{
    switch (pad->line) {
    case LINE_ROW:
        return pad->wire_line_cells;
    case LINE_CELL:
        return 1;
    case LINE_FRAME:
    case LINE_ANY:
        break;
    }
    return pad_cells(pad);
}

static void encode_lines(const struct pad *pad, const uint16_t *counts, struct wire *wire)
{
    size_t a_line = cells_a_line(pad);
    for (size_t place = 0; place < pad_cells(pad); place++) {
        if (place % a_line == 0)
            put_zeros(wire, pad->skip_columns);
        put_number(wire, wire_count(pad, counts, place) << pad->shift);
        if (place % a_line == a_line - 1) {
            put_zeros(wire, pad->extra_columns);
            wire_put(wire, "\n", 1);
        }
    }
    if (*pad->marker) {
        wire_put(wire, pad->marker, strlen(pad->marker));
        wire_put(wire, "\n", 1);
    }
}

// ---- all of them ----

// Eight digits and a tab a number; a piece for each cell at most.
size_t pad_encoded_max(const struct pad *pad)
{
    size_t cells = pad_cells(pad), cell = sample_size(pad->sample);
    switch (pad->framing) {
    case FRAMING_LINES:
        return 9 * cells + PAD_WORD_MAX +
               cells / cells_a_line(pad) * (2 * (pad->skip_columns + pad->extra_columns) + 1);
    case FRAMING_SPARSE:
        return pad->sync.length + sample_size(pad->entries) + pad->skip_bytes + cells * (cell + 2);
    case FRAMING_RLE0:
        return 2 * cells + 1;
    case FRAMING_CHUNKED:
        return cells * (cell + 2 * PAD_BYTES_MAX + 4 * PAD_FIELDS_MAX);
    case FRAMING_DELIMITED:
    case FRAMING_POLLED:
    case FRAMING_N:
        break;
    }
    return pad->sync.length + sample_size(pad->counter) + pad->skip_bytes + cells * cell +
           pad->extra_bytes + check_size(pad->check) + pad->tail.length;
}

ssize_t pad_encode_numbered(const struct pad *pad, const uint16_t *counts, uint64_t number,
                            void *bytes, size_t size)
{
    struct wire wire = {.bytes = bytes, .size = size};
    switch (pad->framing) {
    case FRAMING_LINES:
        encode_lines(pad, counts, &wire);
        break;
    case FRAMING_DELIMITED:
        encode_delimited(pad, counts, number, &wire);
        break;
    case FRAMING_POLLED:
        put_cells(&wire, pad, counts);
        break;
    case FRAMING_SPARSE:
        encode_sparse(pad, counts, &wire);
        break;
    case FRAMING_RLE0:
        encode_rle0(pad, counts, &wire);
        break;
    case FRAMING_CHUNKED:
        encode_chunked(pad, counts, number, &wire);
        break;
    case FRAMING_N:
        break;
    }
    return wire.length <= wire.size ? (ssize_t)wire.length : -ENOSPC;
}

ssize_t pad_encode(const struct pad *pad, const uint16_t *counts, void *bytes, size_t size)
{
    return pad_encode_numbered(pad, counts, 0, bytes, size);
}
