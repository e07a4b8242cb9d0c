// SPDX-License-Identifier: GPL-3.0-or-later
// `rle0`: a byte a cell, 1 to 254; zeros as 00 and their number; FF ends the frame.
//
// A frame is believed that has exactly its cells between two ends. Where the end of the one before
// was lost, two frames are read as one that is too long; if the second of them is whole, it is what
// lies between its end and as many cells before it.
#include "pad/framing.h"

#define END         0xFF
#define CELL_MOST   2 // bytes that a cell takes at most: a zero of its own
#define MOST(cells) (CELL_MOST * (cells) + 1)

// Where frames begin: behind an end, or inside one that is too long. An FF may also be a number of
// zeros; what begins there is then no frame.
static size_t find(const struct deframer *deframer, size_t from)
{
    const struct window *window = &deframer->window;
    size_t inside = window->begin + deframer->rle0_inside;
    // Behind what is no frame, the search is for an end, however long that takes to come.
    bool may_begin =
        window->begin == 0 || window->bytes[window->begin - 1] == END || deframer->rle0_inside > 0;
    if (from == window->begin && may_begin)
        return from;
    size_t next = window->end;
    for (size_t i = from > window->begin ? from - 1 : from; i < window->end; i++) {
        if (window->bytes[i] != END)
            continue;
        next = i + 1;
        break;
    }
    return deframer->rle0_inside > 0 && inside >= from && inside < next ? inside : next;
}

// The cells that the token at `place` stands for, 0 if it is broken; *size is how long it is.
static size_t token(const struct window *window, size_t place, size_t *size)
{
    *size = window->bytes[place] == 0 ? 2 : 1;
    return *size == 2 ? window->bytes[place + 1] : 1;
}

static bool is_whole(const struct window *window, size_t place)
{
    return place < window->end && (window->bytes[place] != 0 || place + 1 < window->end);
}

// The frame at the window's begin is too long: looks for the last `cells` before the end that
// comes, and keeps where they begin. At least half a frame has to lie before them, or it was rather
// a number of zeros that was damaged. Returns whether the end is there.
static bool look_inside(struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    size_t cells = pad_cells(deframer->pad), n = 0, before = 0, size;
    size_t from = window->begin, place = window->begin;
    while (is_whole(window, place) && window->bytes[place] != END &&
           place - window->begin <= MOST(2 * cells)) {
        size_t token_cells = token(window, place, &size);
        if (token_cells == 0)
            return true;
        n += token_cells;
        place += size;
        for (; n > cells; from += size) {
            token_cells = token(window, from, &size);
            n -= token_cells;
            before += token_cells;
        }
    }
    bool too_far = place - window->begin > MOST(2 * cells);
    bool ends = is_whole(window, place) && !too_far;
    if (ends && n == cells && before >= cells / 2)
        deframer->rle0_inside = from - window->begin;
    return ends || too_far;
}

static struct found examine(struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    size_t cells = pad_cells(deframer->pad), n = 0, size = 0, place = window->begin;
    deframer->rle0_inside = 0;
    for (; n <= cells; place += size) {
        if (!is_whole(window, place))
            return (struct found){VERDICT_WAIT, DROP_SHORT, 0};
        if (window->bytes[place] == END)
            break;
        size_t token_cells = token(window, place, &size);
        if (token_cells == 0)
            return (struct found){VERDICT_BAD, DROP_RANGE, 0};
        n += token_cells;
    }
    if (n == cells)
        return (struct found){VERDICT_GOOD, DROP_NONE, place + 1 - window->begin};
    if (n < cells)
        return (struct found){VERDICT_BAD, DROP_SHORT, place + 1 - window->begin};
    if (!look_inside(deframer) && !deframer->window.ended)
        return (struct found){VERDICT_WAIT, DROP_LONG, 0};
    return (struct found){VERDICT_BAD, DROP_LONG, deframer->rle0_inside};
}

static int take(struct deframer *deframer, size_t size)
{
    const struct window *window = &deframer->window;
    size_t cell = 0, token_size;
    for (size_t i = window->begin; i < window->begin + size - 1; i += token_size) {
        size_t n = token(window, i, &token_size);
        for (size_t k = 0; k < n; k++)
            deframer_put(deframer, cell++, window->bytes[i]);
    }
    return deframer_emit(deframer, DROP_NONE, window_offset(window));
}

static const struct window_code code = {.find = find, .examine = examine, .take = take};

// Nobody knows whether a stream begins with a whole frame.
static int rle0_start(struct deframer *deframer)
{
    return window_start(deframer, &code, MOST(2 * pad_cells(deframer->pad)) + 2, 1, false);
}

const struct framing_code framing_rle0 = {
    .start = rle0_start, .push = window_push, .finish = window_finish};
