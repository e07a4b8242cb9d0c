// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/lines.h"

#include <limits.h>

#define NUMBER_MAX 0xFFFFFF // larger ones are no counts, whatever mask they have

// ASCII, 16 a row; all else is OTHER.
// clang-format off
#define B CHARACTER_BLANK
#define D CHARACTER_DIGIT
#define F CHARACTER_POINT
#define L CHARACTER_LETTER
#define M CHARACTER_MINUS
#define N CHARACTER_NEWLINE
#define P CHARACTER_PUNCTUATION
const uint8_t line_characters[UCHAR_MAX + 1] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, B, N, 0, 0, B, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    B, P, P, P, P, P, P, P, P, P, P, P, P, M, F, P,
    D, D, D, D, D, D, D, D, D, D, P, P, P, P, P, P,
    P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, P,
    P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, 0,
};
#undef B
#undef D
#undef F
#undef L
#undef M
#undef N
#undef P
// clang-format on

static bool is_invalid(const struct pad *pad, int32_t sample)
{
    for (size_t i = 0; i < pad->n_invalid; i++)
        if (sample == pad->invalid[i])
            return true;
    return false;
}

static void put_number(struct deframer *deframer, size_t place)
{
    const struct pad *pad = deframer->pad;
    const struct lines_state *lines = &deframer->lines;
    int32_t sample = (int32_t)(lines->value + lines->round_up);
    if (lines->negative)
        sample = -sample;
    bool fits = sample >= 0 && sample <= (deframer->plain ? UINT16_MAX : NUMBER_MAX);
    if (fits || is_invalid(pad, sample))
        deframer_put(deframer, place, sample);
    else
        lines_spoil(deframer, DROP_RANGE);
}

void lines_end_number(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    struct lines_state *lines = &deframer->lines;
    if (!lines->in_number)
        return;
    lines->in_number = false;
    size_t column = lines->n_numbers++;
    if (column >= lines->numbers_a_line) {
        // Where a line is a row, its length tells how many were run together.
        lines_spoil(deframer, DROP_LONG);
        lines->skipping = pad->line == LINE_FRAME;
        return;
    }
    size_t place = column - pad->skip_columns; // below: larger than any
    if (place >= lines->cells_a_line)
        return;
    if (lines->first + place < lines->cells)
        put_number(deframer, lines->first + place);
    else
        lines_spoil(deframer, DROP_LONG);
}

static void begin_number(struct deframer *deframer)
{
    deframer->lines.in_number = true;
    deframer->lines.in_fraction = false;
    deframer->lines.negative = false;
    deframer->lines.round_up = false;
    deframer->lines.value = 0;
}

static void take_digit(struct deframer *deframer, uint8_t digit)
{
    if (!deframer->lines.in_number)
        begin_number(deframer);
    if (deframer->lines.in_fraction) {
        // The first place behind the point decides how to round.
        if (!deframer->lines.fraction_seen)
            deframer->lines.round_up = digit >= 5;
        deframer->lines.fraction_seen = true;
    } else if (deframer->lines.value <= NUMBER_MAX) {
        deframer->lines.value = deframer->lines.value * 10 + digit;
    }
}

static void take_point(struct deframer *deframer)
{
    if (!deframer->lines.in_number || deframer->lines.in_fraction) {
        lines_skip(deframer, DROP_LETTERS);
        return;
    }
    deframer->lines.in_fraction = true;
    deframer->lines.fraction_seen = false;
}

static void take_minus(struct deframer *deframer)
{
    if (deframer->lines.in_number) {
        lines_skip(deframer, DROP_LETTERS);
        return;
    }
    begin_number(deframer);
    deframer->lines.negative = true;
}

void lines_take_character(struct deframer *deframer, uint8_t byte)
{
    if (deframer->lines.skipping) {
        deframer->counts.stray_bytes++;
        return;
    }
    switch ((enum character)line_characters[byte]) {
    case CHARACTER_DIGIT:
        take_digit(deframer, (uint8_t)(byte - '0'));
        break;
    case CHARACTER_BLANK:
    case CHARACTER_PUNCTUATION:
        lines_end_number(deframer);
        break;
    case CHARACTER_MINUS:
        take_minus(deframer);
        break;
    case CHARACTER_POINT:
        take_point(deframer);
        break;
    case CHARACTER_LETTER:
    case CHARACTER_OTHER:
    case CHARACTER_NEWLINE:
        lines_skip(deframer, DROP_LETTERS);
        break;
    }
}

static bool separates(uint8_t byte)
{
    return line_characters[byte] == CHARACTER_BLANK ||
           line_characters[byte] == CHARACTER_PUNCTUATION;
}

// A whole number that is a count as it stands. False where it is not as simple as that.
static inline bool put_simple(struct deframer *deframer, uint32_t value)
{
    struct lines_state *lines = &deframer->lines;
    size_t place = lines->n_numbers - deframer->pad->skip_columns; // below: larger than any
    if (!deframer->plain || value > UINT16_MAX || place >= lines->cells_a_line ||
        lines->first + place >= lines->cells)
        return false;
    deframer->cells[deframer->pad->cell_of[lines->first + place]] = (uint16_t)value;
    lines->n_numbers++;
    return true;
}

size_t lines_take_digits(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    struct lines_state *lines = &deframer->lines;
    size_t i = 0;
    while (i < length && !lines->skipping && !(lines->in_number && lines->in_fraction)) {
        size_t begin = i;
        bool fresh = !lines->in_number;
        uint32_t value = fresh ? 0 : lines->value;
        for (uint8_t digit; i < length && (digit = (uint8_t)(bytes[i] - '0')) <= 9; i++)
            if (value <= NUMBER_MAX)
                value = value * 10 + digit;
        bool ends = i < length && separates(bytes[i]);
        if (!(fresh && ends && i > begin && put_simple(deframer, value))) {
            if (fresh && i > begin)
                begin_number(deframer);
            lines->value = value;
            if (!ends)
                break;
            lines_end_number(deframer);
        }
        i++;
    }
    return i;
}

// How long the line is, its newline included; 0 if it is not as simple as that.
static inline size_t simple_line(const uint8_t *bytes, size_t length, uint32_t *value)
{
    size_t i = 0;
    *value = 0;
    for (uint8_t digit; i < length && (digit = (uint8_t)(bytes[i] - '0')) <= 9; i++) {
        *value = *value * 10 + digit;
        if (*value > UINT16_MAX)
            return 0;
    }
    size_t digits = i;
    while (i < length && line_characters[bytes[i]] == CHARACTER_BLANK)
        i++;
    return digits > 0 && i < length && bytes[i] == '\n' ? i + 1 : 0;
}

size_t lines_take_cells(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    struct lines_state *lines = &deframer->lines;
    const struct pad *pad = deframer->pad;
    size_t most = *pad->marker ? lines->cells : lines->cells - 1;
    size_t taken = 0, place = lines->n_lines, size;
    for (uint32_t value; place < most; place++, taken += size) {
        size = simple_line(bytes + taken, length - taken, &value);
        if (size == 0)
            break;
        deframer->cells[pad->cell_of[place]] = (uint16_t)value;
    }
    if (taken == 0)
        return 0;
    lines->n_in_frame += place - lines->n_lines;
    lines->n_lines = lines->first = place;
    return taken;
}
