// SPDX-License-Identifier: GPL-3.0-or-later
// The framings that do not send every cell, or not all in one piece.
#include "encode.h"

void encode_sparse(const struct pad *pad, const uint16_t *counts, struct wire *wire)
{
    uint32_t n = 0;
    for (size_t place = 0; place < pad_cells(pad); place++)
        n += wire_count(pad, counts, place) != 0;
    wire_put(wire, pad->sync.bytes, pad->sync.length);
    wire_number(wire, n, sample_size(pad->entries), pad->entries == SAMPLE_U16BE);
    wire_zeros(wire, pad->skip_bytes);
    for (size_t place = 0; place < pad_cells(pad); place++) {
        if (wire_count(pad, counts, place) == 0)
            continue;
        wire_number(wire, (uint32_t)(place % pad->wire_line_cells), 1, false);
        wire_number(wire, (uint32_t)(place / pad->wire_line_cells), 1, false);
        wire_cell(wire, pad, counts, place);
    }
}

void encode_rle0(const struct pad *pad, const uint16_t *counts, struct wire *wire)
{
    size_t cells = pad_cells(pad), n;
    for (size_t place = 0; place < cells; place += n) {
        unsigned count = wire_count(pad, counts, place);
        for (n = 1; count == 0 && n < UINT8_MAX && place + n < cells &&
                    wire_count(pad, counts, place + n) == 0;)
            n++;
        if (count == 0)
            wire_put(wire, (uint8_t[]){0, (uint8_t)n}, 2);
        else
            wire_number(wire, count < UINT8_MAX - 1 ? count : UINT8_MAX - 1, 1, false);
    }
    wire_number(wire, UINT8_MAX, 1, false);
}

static bool has_lines(const struct pad *pad)
{
    for (size_t i = 0; i < pad->n_chunk; i++)
        if (pad->chunk[i].part == CHUNK_LINE)
            return true;
    return false;
}

static uint32_t field_value(const struct pad *pad, enum chunk_part part, size_t start, size_t n,
                            uint64_t seq)
{
    switch (part) {
    case CHUNK_ID:
        return pad->chunk_id < 0 ? 0 : (uint32_t)pad->chunk_id;
    case CHUNK_COUNT:
        return (uint32_t)n;
    case CHUNK_START:
        return (uint32_t)start;
    case CHUNK_LINE:
        return (uint32_t)(start / pad->wire_line_cells);
    case CHUNK_SEQ:
        return (uint32_t)seq;
    case CHUNK_SKIP:
    case CHUNK_VALUES:
        break;
    }
    return 0;
}

void encode_chunked(const struct pad *pad, const uint16_t *counts, uint64_t number,
                    struct wire *wire)
{
    size_t cells = pad_cells(pad), most = pad->chunk_values;
    if (has_lines(pad))
        most = pad->wire_line_cells;
    uint64_t seq = number * ((cells + most - 1) / most);
    for (size_t start = 0, n; start < cells; start += n, seq++) {
        n = cells - start < most ? cells - start : most;
        wire_put(wire, pad->sync.bytes, pad->sync.length);
        for (size_t i = 0; i < pad->n_chunk; i++) {
            const struct chunk_field *field = &pad->chunk[i];
            for (size_t k = 0; field->part == CHUNK_VALUES && k < n; k++)
                wire_cell(wire, pad, counts, start + k);
            wire_number(wire, field_value(pad, field->part, start, n, seq), field->size,
                        field->big_endian);
        }
        wire_put(wire, pad->tail.bytes, pad->tail.length);
    }
}
