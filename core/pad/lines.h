// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of `lines`, read as they pass. Private to core/pad.
#ifndef PSOASMON_LINES_H
#define PSOASMON_LINES_H

#include "pad/framing.h"

enum character {
    CHARACTER_OTHER,
    CHARACTER_DIGIT,
    CHARACTER_BLANK,
    CHARACTER_PUNCTUATION, // separates numbers, too
    CHARACTER_LETTER,
    CHARACTER_MINUS,
    CHARACTER_POINT,
    CHARACTER_NEWLINE,
};

extern const uint8_t line_characters[256]; // an enum character each

// The frame cannot be good any more; the first cause is the one that is told.
static inline void lines_spoil(struct deframer *deframer, enum drop drop)
{
    if (deframer->lines.spoiled == DROP_NONE)
        deframer->lines.spoiled = drop;
}

// The same, and the rest of the line has nothing more to say.
static inline void lines_skip(struct deframer *deframer, enum drop drop)
{
    lines_spoil(deframer, drop);
    deframer->lines.skipping = true;
}

// Any character of a line of numbers but its end.
void lines_take_character(struct deframer *deframer, uint8_t byte);

// What most lines consist of: digits and what separates them. Stops at anything else, and returns
// how many bytes it took; lines_take_character goes on from any state that it leaves.
size_t lines_take_digits(struct deframer *deframer, const uint8_t *bytes, size_t length);

// Where a line is a cell: whole lines that are one simple number each, from the beginning of a line
// on. Stops at any other, and at the one that completes a frame; returns how many bytes it took.
size_t lines_take_cells(struct deframer *deframer, const uint8_t *bytes, size_t length);

// Nothing more belongs to the number that is being read, if one is.
void lines_end_number(struct deframer *deframer);

#endif
