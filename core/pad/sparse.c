// SPDX-License-Identifier: GPL-3.0-or-later
// `sparse`: sync bytes, a number of entries, and so many x, y, value; what is not named is 0.
//
// Nothing confirms an entry but that it names a cell of the pad, each at most once, and that the
// next frame follows: a frame whose number of entries was damaged has another one inside.
#include <string.h>

#include "pad/framing.h"

#define PLACE_SIZE 2 // x and y

static size_t header_size(const struct pad *pad)
{
    return pad->sync.length + sample_size(pad->entries) + pad->skip_bytes;
}

static size_t entry_size(const struct pad *pad)
{
    return PLACE_SIZE + sample_size(pad->sample);
}

static bool sync_at(const struct deframer *deframer, size_t place)
{
    return window_has(&deframer->window, place, &deframer->pad->sync);
}

static size_t find_sync(const struct deframer *deframer, size_t from)
{
    return window_find(&deframer->window, from, &deframer->pad->sync);
}

// The cell that an entry names, in the order of the wire; pad_cells if there is no such one.
static size_t named_cell(const struct pad *pad, const uint8_t *entry)
{
    size_t lines = pad_cells(pad) / pad->wire_line_cells;
    if (entry[0] >= pad->wire_line_cells || entry[1] >= lines)
        return pad_cells(pad);
    return (size_t)entry[1] * pad->wire_line_cells + entry[0];
}

// Whether entries name cells of the pad, and none of them twice.
static bool entries_fit(const struct pad *pad, const uint8_t *entries, size_t n)
{
    uint64_t named[PAD_MAX_CELLS / 64];
    memset(named, 0, (pad_cells(pad) + 63) / 64 * sizeof *named);
    for (size_t i = 0; i < n; i++) {
        size_t cell = named_cell(pad, entries + i * entry_size(pad));
        if (cell == pad_cells(pad) || named[cell / 64] >> cell % 64 & 1)
            return false;
        named[cell / 64] |= UINT64_C(1) << cell % 64;
    }
    return true;
}

// What begins at `place`, by itself.
static struct found read_frame(const struct deframer *deframer, size_t place)
{
    const struct pad *pad = deframer->pad;
    const uint8_t *bytes = deframer->window.bytes + place;
    size_t left = deframer->window.end - place, header = header_size(pad);
    struct found found = {VERDICT_WAIT, DROP_SHORT, 0};
    if (left < header)
        return found;
    size_t n = wire_number(bytes + pad->sync.length, sample_size(pad->entries),
                           pad->entries == SAMPLE_U16BE);
    if (n > pad_cells(pad))
        return (struct found){VERDICT_BAD, DROP_LONG, 0};
    found.size = header + n * entry_size(pad);
    size_t here = left < found.size ? (left - header) / entry_size(pad) : n;
    if (!entries_fit(pad, bytes + header, here))
        return (struct found){VERDICT_BAD, DROP_RANGE, 0};
    if (left >= found.size)
        found.verdict = VERDICT_GOOD;
    return found;
}

// Whether a frame with something in it begins inside this one and ends behind it.
static bool has_another_inside(const struct deframer *deframer, size_t end)
{
    const struct window *window = &deframer->window;
    for (size_t inner = find_sync(deframer, window->begin + 1); inner < end;
         inner = find_sync(deframer, inner + 1)) {
        if (!sync_at(deframer, inner))
            return false;
        struct found found = read_frame(deframer, inner);
        if (found.verdict != VERDICT_BAD && found.size > header_size(deframer->pad) &&
            inner + found.size > end)
            return true;
    }
    return false;
}

static size_t longest(const struct pad *pad)
{
    return header_size(pad) + pad_cells(pad) * entry_size(pad);
}

static struct found examine(struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    struct found found = read_frame(deframer, window->begin);
    size_t end = window->begin + found.size;
    if (found.verdict != VERDICT_GOOD || sync_at(deframer, end) ||
        (window->ended && window->end == end) || find_sync(deframer, window->begin + 1) >= end)
        return found;
    // Sync bytes inside: what they begin has to be there, or the cuts of the stream would decide.
    if (!window->ended && window->end < end + longest(deframer->pad))
        found.verdict = VERDICT_WAIT;
    else if (has_another_inside(deframer, end))
        found = (struct found){VERDICT_BAD, DROP_SHORT, 0};
    return found;
}

static int take(struct deframer *deframer, size_t size)
{
    const struct pad *pad = deframer->pad;
    const uint8_t *frame = deframer->window.bytes + deframer->window.begin;
    for (size_t i = 0; i < pad_cells(pad); i++)
        deframer_put(deframer, i, 0);
    for (size_t at = header_size(pad); at < size; at += entry_size(pad))
        deframer_put_bytes(deframer, named_cell(pad, frame + at), frame + at + PLACE_SIZE, 1);
    return deframer_emit(deframer, DROP_NONE, window_offset(&deframer->window));
}

static const struct window_code code = {.find = find_sync, .examine = examine, .take = take};

static int sparse_start(struct deframer *deframer)
{
    return window_start(deframer, &code, longest(deframer->pad), 0, true);
}

const struct framing_code framing_sparse = {
    .start = sparse_start, .push = window_push, .finish = window_finish};
