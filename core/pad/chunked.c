// SPDX-License-Identifier: GPL-3.0-or-later
// `chunked`: a frame in pieces. Each says where its values belong, some how many they are and
// which in order it is; what a piece looks like stands in the pad's description. Pieces of a frame
// come in the order of their places; one may end a frame and begin the next.
//
// Where a piece does not say how long it is, it goes on to the first tail that fits, unless the
// length that pieces had so far ends in one.
#include <string.h>

#include "pad/framing.h"

// A piece that begins so few bytes behind one that was refused is rather the same one, in which
// bytes were made up.
#define APART 3

struct piece {
    size_t start, n; // place of the first value, number of values; n is 0 if it is not told
    bool impossible; // it has no place in this pad
    bool foreign;    // it belongs to another one
    uint32_t seq;
    bool has_seq;
};

// Bytes before the values, or behind them up to the tail.
static size_t fields_size(const struct pad *pad, bool behind)
{
    size_t size = 0;
    bool values_seen = false;
    for (size_t i = 0; i < pad->n_chunk; i++) {
        values_seen = values_seen || pad->chunk[i].part == CHUNK_VALUES;
        if (values_seen == behind)
            size += pad->chunk[i].size;
    }
    return size;
}

static size_t piece_size(const struct pad *pad, size_t n_values)
{
    return pad->sync.length + fields_size(pad, false) + n_values * sample_size(pad->sample) +
           fields_size(pad, true) + pad->tail.length;
}

static void read_field(const struct pad *pad, const struct chunk_field *field, uint32_t number,
                       struct piece *piece)
{
    switch (field->part) {
    case CHUNK_ID:
        piece->foreign = pad->chunk_id >= 0 && number != (uint32_t)pad->chunk_id;
        break;
    case CHUNK_COUNT:
        piece->n = number;
        piece->impossible = number == 0 || number > pad->chunk_values;
        break;
    case CHUNK_START:
        piece->start = number;
        break;
    case CHUNK_LINE:
        piece->start = (size_t)number * pad->wire_line_cells;
        break;
    case CHUNK_SEQ:
        piece->seq = number;
        piece->has_seq = true;
        break;
    case CHUNK_SKIP:
    case CHUNK_VALUES:
        break;
    }
}

// The fields of the piece at the window's begin, up to its values (n_values is 0) or all of them.
static struct piece read_piece(const struct deframer *deframer, size_t n_values)
{
    const struct pad *pad = deframer->pad;
    const uint8_t *bytes = deframer->window.bytes + deframer->window.begin + pad->sync.length;
    struct piece piece = {0};
    for (size_t i = 0; i < pad->n_chunk; i++) {
        const struct chunk_field *field = &pad->chunk[i];
        if (field->part == CHUNK_VALUES) {
            if (n_values == 0)
                break;
            bytes += n_values * sample_size(pad->sample);
            continue;
        }
        read_field(pad, field, wire_number(bytes, field->size, field->big_endian), &piece);
        bytes += field->size;
    }
    piece.impossible = piece.impossible || (!piece.foreign && piece.start >= pad_cells(pad));
    return piece;
}

// ---- finding pieces ----

static bool tail_at(const struct deframer *deframer, size_t place)
{
    return window_has(&deframer->window, place, &deframer->pad->tail);
}

// The first whole tail that ends at `from` or behind it; false if it has not come.
static bool first_tail(const struct deframer *deframer, size_t from, size_t *place)
{
    const struct pad_bytes *tail = &deframer->pad->tail;
    *place = window_find(&deframer->window, from >= tail->length ? from - tail->length : 0, tail);
    return tail_at(deframer, *place);
}

// Without sync bytes a piece begins behind a tail; or, where that was lost, as long before one as
// the piece that begins a frame usually is. Until a tail comes nothing is decided: whatever it may
// show to be a piece is kept.
static size_t find_by_tail(const struct deframer *deframer, size_t from)
{
    const struct window *window = &deframer->window;
    const struct chunked_state *chunked = &deframer->chunked;
    size_t length = deframer->pad->tail.length, usual = 0, place;
    if (!chunked->searching)
        return from;
    if (chunked->first_values > 0)
        usual = piece_size(deframer->pad, chunked->first_values) - length;
    if (first_tail(deframer, from, &place)) {
        bool lost = usual > 0 && window->offset + place >= chunked->least + usual;
        return lost ? place - usual : place + length;
    }
    if (window->ended)
        return window->end;
    return window->end > from + usual + length ? window->end - usual - length : from;
}

static size_t find(const struct deframer *deframer, size_t from)
{
    if (deframer->pad->sync.length > 0)
        return window_find(&deframer->window, from, &deframer->pad->sync);
    return find_by_tail(deframer, from);
}

static struct found by_length(const struct deframer *deframer, size_t n)
{
    const struct window *window = &deframer->window;
    const struct pad *pad = deframer->pad;
    struct found found = {VERDICT_WAIT, DROP_SHORT, piece_size(pad, n)};
    if (window->end - window->begin < found.size)
        return found;
    bool ends = tail_at(deframer, window->begin + found.size - pad->tail.length);
    found.verdict = ends ? VERDICT_GOOD : VERDICT_BAD;
    found.drop = DROP_TAIL;
    return found;
}

// As long as pieces were so far, or as the rest of the frame is.
static struct found by_usual_length(const struct deframer *deframer, const struct piece *piece)
{
    size_t usual = deframer->chunked.first_values, rest = pad_cells(deframer->pad) - piece->start;
    if (usual == 0)
        return (struct found){VERDICT_BAD, DROP_TAIL, 0};
    if (rest < usual && !piece->foreign) {
        struct found found = by_length(deframer, rest);
        if (found.verdict != VERDICT_BAD)
            return found;
    }
    return by_length(deframer, usual);
}

static struct found by_first_tail(const struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    const struct pad *pad = deframer->pad;
    size_t sample = sample_size(pad->sample), least = piece_size(pad, 1) - pad->tail.length;
    size_t from = window->begin + least;
    size_t tail = window_find(window, from < window->end ? from : window->end, &pad->tail);
    bool ends = tail >= from && tail_at(deframer, tail);
    size_t size = ends ? tail + pad->tail.length - window->begin : window->end - window->begin;
    if (size > piece_size(pad, pad->chunk_values))
        return (struct found){VERDICT_BAD, DROP_LONG, 0};
    if (!ends)
        return (struct found){VERDICT_WAIT, DROP_LONG, 0};
    bool even = (tail - from) % sample == 0;
    return (struct found){even ? VERDICT_GOOD : VERDICT_BAD, DROP_SHORT, size};
}

static struct found examine(struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    const struct pad *pad = deframer->pad;
    struct found found = {VERDICT_WAIT, DROP_SHORT, 0};
    size_t tail;
    if (deframer->chunked.searching && !first_tail(deframer, window->begin, &tail))
        return found;
    deframer->chunked.searching = false;
    if (window->end - window->begin < piece_size(pad, 1))
        return found;
    struct piece piece = read_piece(deframer, 0);
    if (piece.impossible)
        return (struct found){VERDICT_BAD, DROP_RANGE, 0};
    if (piece.n > 0)
        return by_length(deframer, piece.n);
    found = by_usual_length(deframer, &piece);
    if (found.verdict == VERDICT_GOOD || (found.verdict == VERDICT_WAIT && !window->ended))
        return found;
    return by_first_tail(deframer);
}

// ---- pieces into frames ----

static void spoil(struct deframer *deframer, enum drop drop)
{
    if (deframer->chunked.spoiled == DROP_NONE)
        deframer->chunked.spoiled = drop;
}

static int end_frame(struct deframer *deframer)
{
    struct chunked_state *chunked = &deframer->chunked;
    if (!chunked->begun)
        return 0;
    if (chunked->n_filled < pad_cells(deframer->pad))
        spoil(deframer, DROP_SHORT);
    enum drop drop = chunked->spoiled;
    // What a good frame did is usual; after one that was not, it is to be seen again.
    chunked->usual_step = drop == DROP_NONE ? chunked->step : -1;
    chunked->begun = false;
    chunked->spoiled = DROP_NONE;
    return deframer_emit(deframer, drop, chunked->start);
}

static void begin_frame(struct deframer *deframer, size_t n_values)
{
    struct chunked_state *chunked = &deframer->chunked;
    chunked->begun = true;
    chunked->n_filled = chunked->next = 0;
    chunked->step = -1;
    // A single piece of another length is rather a broken one.
    if (chunked->first_values == 0 || n_values == chunked->last_values)
        chunked->first_values = n_values;
    chunked->last_values = n_values;
    chunked->start = window_offset(&deframer->window);
}

// Pieces of a frame are numbered on, or all have the frame's number: whichever it is, it stays.
static void check_seq(struct deframer *deframer, const struct piece *piece)
{
    struct chunked_state *chunked = &deframer->chunked;
    uint32_t step = piece->seq - chunked->seq;
    if (!piece->has_seq || chunked->n_filled == 0)
        return;
    bool other = (chunked->step >= 0 && (uint32_t)chunked->step != step) ||
                 (chunked->usual_step >= 0 && (uint32_t)chunked->usual_step != step);
    if (step > 1 || other)
        spoil(deframer, DROP_SHORT);
    chunked->step = step > 1 ? -1 : (int)step;
}

static int place_values(struct deframer *deframer, const struct piece *piece, const uint8_t *values)
{
    struct chunked_state *chunked = &deframer->chunked;
    size_t cells = pad_cells(deframer->pad), place = piece->start, left = piece->n;
    int result = 0;
    if (chunked->begun && place < chunked->next)
        result = end_frame(deframer);
    while (left > 0) {
        size_t n = left < cells - place ? left : cells - place;
        if (!chunked->begun)
            begin_frame(deframer, piece->n);
        check_seq(deframer, piece);
        deframer_put_bytes(deframer, place, values, n);
        chunked->n_filled += n;
        chunked->next = place + n;
        chunked->seq = piece->seq;
        values += n * sample_size(deframer->pad->sample);
        left -= n;
        place = 0;
        int r = chunked->next == cells ? end_frame(deframer) : 0;
        if (result == 0)
            result = r;
    }
    return result;
}

static int take(struct deframer *deframer, size_t size)
{
    const struct pad *pad = deframer->pad;
    size_t n = (size - piece_size(pad, 0)) / sample_size(pad->sample);
    struct piece piece = read_piece(deframer, n);
    piece.n = n;
    if (piece.foreign) {
        deframer->counts.stray_bytes += size;
        return 0;
    }
    return place_values(deframer, &piece,
                        deframer->window.bytes + deframer->window.begin + pad->sync.length +
                            fields_size(pad, false));
}

static int refuse(struct deframer *deframer, enum drop drop)
{
    deframer->chunked.searching = deframer->pad->sync.length == 0;
    deframer->chunked.least = window_offset(&deframer->window) + APART;
    if (deframer->chunked.begun)
        spoil(deframer, drop);
    return 0;
}

static const struct window_code code = {
    .find = find, .examine = examine, .take = take, .refuse = refuse};

static int chunked_start(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    deframer->chunked.step = deframer->chunked.usual_step = -1;
    return window_start(deframer, &code, piece_size(pad, pad->chunk_values) + pad->tail.length,
                        pad->tail.length, true);
}

static int chunked_finish(struct deframer *deframer)
{
    int r = window_finish(deframer);
    deframer->chunked.searching = false;
    int ended = end_frame(deframer);
    return r == 0 ? ended : r;
}

const struct framing_code framing_chunked = {
    .start = chunked_start, .push = window_push, .finish = chunked_finish};
