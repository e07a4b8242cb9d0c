// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/deframer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pad/framing.h"

static const struct framing_code *const codes[FRAMING_N] = {
    [FRAMING_LINES] = &framing_lines,   [FRAMING_DELIMITED] = &framing_delimited,
    [FRAMING_POLLED] = &framing_polled, [FRAMING_SPARSE] = &framing_sparse,
    [FRAMING_RLE0] = &framing_rle0,     [FRAMING_CHUNKED] = &framing_chunked,
};

const char *drop_name(enum drop drop)
{
    static const char *const names[DROP_N] = {
        [DROP_NONE] = "none",         [DROP_SHORT] = "short", [DROP_LONG] = "long",
        [DROP_LETTERS] = "letters",   [DROP_RANGE] = "range", [DROP_TAIL] = "tail",
        [DROP_CHECKSUM] = "checksum", [DROP_SIZE] = "size",   [DROP_MISSED] = "missed",
        [DROP_NOISE] = "noise",
    };
    return drop < DROP_N ? names[drop] : "?";
}

int deframer_new(struct deframer **ret, const struct pad *pad)
{
    _cleanup_(deframer_freep) struct deframer *deframer = calloc(1, sizeof *deframer);
    if (!deframer)
        return -ENOMEM;
    deframer->pad = pad;
    deframer->code = codes[pad->framing];
    deframer->plain = pad->mask == UINT32_MAX && pad->shift == 0 && pad->n_invalid == 0;
    deframer->cells = calloc(pad_cells(pad), sizeof *deframer->cells);
    deframer->invalid = calloc(pad_cells(pad), sizeof *deframer->invalid);
    if (!deframer->cells || !deframer->invalid)
        return -ENOMEM;
    int r = deframer->code->start(deframer);
    if (r < 0)
        return r;
    *ret = deframer;
    deframer = NULL;
    return 0;
}

void deframer_free(struct deframer *deframer)
{
    window_stop(&deframer->window);
    free(deframer->cells);
    free(deframer->invalid);
    free(deframer);
}

int deframer_push(struct deframer *deframer, const void *bytes, size_t length, deframer_sink sink,
                  void *userdata)
{
    deframer->sink = sink;
    deframer->userdata = userdata;
    deframer->counts.bytes += length;
    int r = deframer->code->push(deframer, bytes, length);
    deframer->offset += length;
    return r;
}

int deframer_finish(struct deframer *deframer, deframer_sink sink, void *userdata)
{
    deframer->sink = sink;
    deframer->userdata = userdata;
    return deframer->code->finish(deframer);
}

int deframer_pause(struct deframer *deframer, deframer_sink sink, void *userdata)
{
    int r = deframer_finish(deframer, sink, userdata);
    deframer->paced = true;
    return r;
}

void deframer_ignore(struct deframer *deframer, size_t length)
{
    deframer->counts.bytes += length;
    deframer->counts.stray_bytes += length;
}

const struct deframer_counts *deframer_counts(const struct deframer *deframer)
{
    return &deframer->counts;
}

// ---- cells ----

void deframer_put_sample(struct deframer *deframer, size_t place, int32_t sample)
{
    const struct pad *pad = deframer->pad;
    uint16_t cell = pad->cell_of[place];
    for (size_t i = 0; i < pad->n_invalid; i++) {
        if (sample != pad->invalid[i])
            continue;
        deframer->cells[cell] = 0;
        deframer->invalid[cell] = 1;
        deframer->any_invalid = true;
        return;
    }
    uint32_t count = 0;
    if (sample >= 0 || pad->mask != UINT32_MAX)
        count = ((uint32_t)sample & pad->mask) >> pad->shift;
    deframer->cells[cell] = (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX);
}

// Samples that are counts as they stand: nearly all pads', and so nearly all the time.
static void put_plain(struct deframer *deframer, size_t place, const uint8_t *bytes, size_t n)
{
    const uint16_t *cell_of = deframer->pad->cell_of + place;
    uint16_t *cells = deframer->cells;
    if (deframer->pad->sample == SAMPLE_U8)
        for (size_t i = 0; i < n; i++)
            cells[cell_of[i]] = bytes[i];
    else if (deframer->pad->sample == SAMPLE_U16LE)
        for (size_t i = 0; i < n; i++)
            cells[cell_of[i]] = (uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
    else
        for (size_t i = 0; i < n; i++)
            cells[cell_of[i]] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

static int32_t read_sample(enum sample sample, const uint8_t *bytes)
{
    size_t size = sample_size(sample);
    switch (sample) {
    case SAMPLE_U8:
    case SAMPLE_U16LE:
        return (int32_t)wire_number(bytes, size, false);
    case SAMPLE_U16BE:
    case SAMPLE_U24BE:
        return (int32_t)wire_number(bytes, size, true);
    case SAMPLE_I16LE:
    case SAMPLE_I16BE:
        return (int16_t)wire_number(bytes, size, sample == SAMPLE_I16BE);
    case SAMPLE_ASCII:
        break;
    }
    return 0;
}

void deframer_put_bytes(struct deframer *deframer, size_t place, const uint8_t *bytes, size_t n)
{
    enum sample sample = deframer->pad->sample;
    size_t size = sample_size(sample);
    if (deframer->plain &&
        (sample == SAMPLE_U8 || sample == SAMPLE_U16LE || sample == SAMPLE_U16BE)) {
        put_plain(deframer, place, bytes, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        deframer_put(deframer, place + i, read_sample(sample, bytes + size * i));
}

// Polarity is a matter of the cells, but every stage after this one may then forget it.
static void turn_upright(struct deframer *deframer)
{
    unsigned full_scale = deframer->pad->full_scale;
    for (size_t i = 0; i < pad_cells(deframer->pad); i++)
        deframer->cells[i] =
            deframer->cells[i] < full_scale ? (uint16_t)(full_scale - deframer->cells[i]) : 0;
}

// Who does not look which cells are no readings sees them untouched.
static void blank_invalid(struct deframer *deframer)
{
    for (size_t i = 0; i < pad_cells(deframer->pad); i++)
        if (deframer->invalid[i])
            deframer->cells[i] = (uint16_t)pad_baseline(deframer->pad, i);
}

int deframer_emit(struct deframer *deframer, enum drop drop, uint64_t offset)
{
    const struct pad *pad = deframer->pad;
    struct deframed deframed = {.drop = drop, .number = deframer->number++, .offset = offset};
    if (drop == DROP_NONE) {
        if (pad->inverted)
            turn_upright(deframer);
        if (deframer->any_invalid)
            blank_invalid(deframer);
        deframed.frame = (struct frame){
            .rows = (uint16_t)pad->rows,
            .cols = (uint16_t)pad->cols,
            .counts = deframer->cells,
            .invalid = deframer->any_invalid ? deframer->invalid : NULL,
        };
        deframer->counts.frames++;
    } else {
        deframer->counts.drops[drop]++;
    }
    int r = deframer->sink(&deframed, deframer->userdata);
    if (deframer->any_invalid)
        memset(deframer->invalid, 0, pad_cells(pad));
    deframer->any_invalid = false;
    return r;
}
