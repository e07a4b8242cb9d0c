// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/deframer.h"

#include <errno.h>
#include <stdlib.h>

#include "pad/framing.h"

const char *drop_name(enum drop drop)
{
    static const char *const names[DROP_N] = {
        [DROP_NONE] = "none",         [DROP_SHORT] = "short", [DROP_LONG] = "long",
        [DROP_LETTERS] = "letters",   [DROP_RANGE] = "range", [DROP_TAIL] = "tail",
        [DROP_CHECKSUM] = "checksum", [DROP_NOISE] = "noise",
    };
    return drop < DROP_N ? names[drop] : "?";
}

static const struct framing_code *framing_code(enum framing framing)
{
    switch (framing) {
    case FRAMING_LINES:
        return &framing_lines;
    case FRAMING_DELIMITED:
        return &framing_delimited;
    }
    return NULL;
}

int deframer_new(struct deframer **ret, const struct pad *pad)
{
    _cleanup_(deframer_freep) struct deframer *deframer = calloc(1, sizeof *deframer);
    if (!deframer)
        return -ENOMEM;
    deframer->pad = pad;
    deframer->code = framing_code(pad->framing);
    deframer->cells = calloc(pad_cells(pad), sizeof *deframer->cells);
    if (!deframer->cells)
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
    if (deframer->code->stop)
        deframer->code->stop(deframer);
    free(deframer->cells);
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

const struct deframer_counts *deframer_counts(const struct deframer *deframer)
{
    return &deframer->counts;
}

// Polarity is a matter of the cells, but every stage after this one may then forget it.
static void turn_upright(struct deframer *deframer)
{
    unsigned full_scale = deframer->pad->full_scale;
    for (size_t i = 0; i < pad_cells(deframer->pad); i++)
        deframer->cells[i] =
            deframer->cells[i] < full_scale ? (uint16_t)(full_scale - deframer->cells[i]) : 0;
}

int deframer_emit(struct deframer *deframer, enum drop drop, uint64_t offset)
{
    const struct pad *pad = deframer->pad;
    struct deframed deframed = {.drop = drop, .number = deframer->number++, .offset = offset};
    if (drop == DROP_NONE) {
        if (pad->inverted)
            turn_upright(deframer);
        deframed.frame = (struct frame){
            .rows = (uint16_t)pad->rows,
            .cols = (uint16_t)pad->cols,
            .counts = deframer->cells,
        };
        deframer->counts.frames++;
    } else {
        deframer->counts.drops[drop]++;
    }
    return deframer->sink(&deframed, deframer->userdata);
}
