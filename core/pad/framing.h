// SPDX-License-Identifier: GPL-3.0-or-later
// What a framing must offer the deframer. Private to core/pad.
#ifndef PSOASMON_FRAMING_H
#define PSOASMON_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pad/deframer.h"
#include "pad/window.h"

struct lines_state {
    size_t cells_a_line, numbers_a_line, cells; // of the pad
    bool cells_alone;  // a line is a cell that is a count, and nothing else
    size_t first;      // place of this line's first cell
    size_t n_numbers;  // on this line so far
    size_t n_lines;    // of this frame so far
    size_t n_in_frame; // numbers on them
    uint32_t value;    // of the number being read
    bool in_number, negative;
    bool in_fraction, fraction_seen, round_up; // behind the point, only rounding is left
    bool skipping;                             // the rest of this line has nothing more to say
    bool begun;                                // this line has more than blanks
    bool in_word;                              // this line is a word until it ends
    size_t word_length;
    char word[3 * PAD_WORD_MAX];
    bool other_size;   // the pad has said that it has another size than its description
    enum drop spoiled; // why the frame being read cannot be good
    uint64_t start;    // offset of the frame's first byte
};

struct chunked_state {
    size_t n_filled;     // cells of the frame so far
    size_t next;         // the place behind the last piece
    size_t first_values; // how many a piece usually has that begins a frame; 0: none yet
    size_t last_values;  // how many the last such piece had
    bool begun;          // a frame is
    bool searching;      // what was refused has no tail behind it yet
    uint64_t least;      // while searching: no piece begins before this offset
    enum drop spoiled;   // why it cannot be good
    uint64_t start;      // offset of its first byte
    uint32_t seq;        // of the last piece
    int step;            // by which seq grows from piece to piece of this frame; -1: not known yet
    int usual_step;      // of good frames
};

struct delimited_state {
    bool counting;    // there was a good frame
    uint32_t counter; // what it carried
    uint64_t number;  // which it was
};

struct polled_state {
    bool begun;    // the stream has: no text in front of the first frame any more
    bool too_long; // more has come than a frame has
};

struct deframer {
    const struct pad *pad;
    const struct framing_code *code;
    struct deframer_counts counts;
    uint64_t number;  // of the next frame
    uint64_t offset;  // of the next byte in the stream
    uint16_t *cells;  // the frame being filled, pad_cells of them
    uint8_t *invalid; // whether a cell is no reading
    bool any_invalid;
    bool plain; // a sample is the count
    bool paced; // the stream's pauses are known
    // Where to, during a push.
    deframer_sink sink;
    void *userdata;
    struct window window; // but for `lines`
    union {
        struct lines_state lines;
        struct delimited_state delimited;
        struct chunked_state chunked;
        struct polled_state polled;
        size_t rle0_inside; // a frame may begin so far inside one that is too long; 0: none does
    };
};

struct framing_code {
    int (*start)(struct deframer *deframer); // -ENOMEM
    int (*push)(struct deframer *deframer, const uint8_t *bytes, size_t length);
    int (*finish)(struct deframer *deframer); // the stream ends, or pauses between frames
};

extern const struct framing_code framing_lines, framing_delimited, framing_polled, framing_sparse,
    framing_rle0, framing_chunked;

// A sample that is not plain: masked, moved, or no reading at all.
void deframer_put_sample(struct deframer *deframer, size_t place, int32_t sample);

// Puts the wire's cell number `place` into the frame, the right way up.
static inline void deframer_put(struct deframer *deframer, size_t place, int32_t sample)
{
    if (deframer->plain && sample >= 0 && sample <= UINT16_MAX)
        deframer->cells[deframer->pad->cell_of[place]] = (uint16_t)sample;
    else
        deframer_put_sample(deframer, place, sample);
}

// n samples from the wire's cell number `place` on.
void deframer_put_bytes(struct deframer *deframer, size_t place, const uint8_t *bytes, size_t n);

// A whole number of up to four bytes.
static inline uint32_t wire_number(const uint8_t *bytes, size_t size, bool big_endian)
{
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[big_endian ? i : size - 1 - i];
    return number;
}

// The frame is complete, or it was dropped: counts it and tells the sink.
int deframer_emit(struct deframer *deframer, enum drop drop, uint64_t offset);

#endif
