// SPDX-License-Identifier: GPL-3.0-or-later
// `lines`: text, numbers with blanks, tabs, commas or semicolons between them. A line is a frame,
// or a row of one. Numbers are read as they pass, so that a line of any length takes no memory.
#include <limits.h>

#include "pad/framing.h"

enum character {
    CHARACTER_OTHER,
    CHARACTER_DIGIT,
    CHARACTER_BLANK,
    CHARACTER_MINUS,
    CHARACTER_POINT,
    CHARACTER_NEWLINE,
};

static const uint8_t characters[UCHAR_MAX + 1] = {
    ['0'] = CHARACTER_DIGIT, ['1'] = CHARACTER_DIGIT, ['2'] = CHARACTER_DIGIT,
    ['3'] = CHARACTER_DIGIT, ['4'] = CHARACTER_DIGIT, ['5'] = CHARACTER_DIGIT,
    ['6'] = CHARACTER_DIGIT, ['7'] = CHARACTER_DIGIT, ['8'] = CHARACTER_DIGIT,
    ['9'] = CHARACTER_DIGIT, [' '] = CHARACTER_BLANK, ['\t'] = CHARACTER_BLANK,
    [','] = CHARACTER_BLANK, [';'] = CHARACTER_BLANK, ['\r'] = CHARACTER_BLANK,
    ['-'] = CHARACTER_MINUS, ['.'] = CHARACTER_POINT, ['\n'] = CHARACTER_NEWLINE,
};

static size_t cells_a_line(const struct pad *pad)
{
    return pad->line_is_row ? pad->wire_line_cells : pad_cells(pad);
}

static size_t lines_a_frame(const struct pad *pad)
{
    return pad->line_is_row ? pad_cells(pad) / pad->wire_line_cells : 1;
}

static size_t numbers_a_line(const struct pad *pad)
{
    return pad->skip_columns + cells_a_line(pad) + pad->extra_columns;
}

// The frame cannot be good any more; the first cause is the one that is told.
static void spoil(struct deframer *deframer, enum drop drop)
{
    if (deframer->lines.spoiled == DROP_NONE)
        deframer->lines.spoiled = drop;
}

static void skip_line(struct deframer *deframer, enum drop drop)
{
    spoil(deframer, drop);
    deframer->lines.skipping = true;
}

static void end_number(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    if (!deframer->lines.in_number)
        return;
    deframer->lines.in_number = false;
    uint32_t value = deframer->lines.value + deframer->lines.round_up;
    size_t place = deframer->lines.n_numbers++;
    if (place >= numbers_a_line(pad)) {
        skip_line(deframer, DROP_LONG);
        return;
    }
    if (place < pad->skip_columns || place >= pad->skip_columns + cells_a_line(pad))
        return;
    if (deframer->lines.negative || value > UINT16_MAX) {
        spoil(deframer, DROP_RANGE);
        return;
    }
    deframer_put(deframer, deframer->lines.n_lines * cells_a_line(pad) + place - pad->skip_columns,
                 (uint16_t)value);
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
    } else if (deframer->lines.value <= UINT16_MAX) {
        deframer->lines.value = deframer->lines.value * 10 + digit;
    }
}

static void take_point(struct deframer *deframer)
{
    if (!deframer->lines.in_number || deframer->lines.in_fraction) {
        skip_line(deframer, DROP_LETTERS);
        return;
    }
    deframer->lines.in_fraction = true;
    deframer->lines.fraction_seen = false;
}

static void take_minus(struct deframer *deframer)
{
    if (deframer->lines.in_number) {
        skip_line(deframer, DROP_LETTERS);
        return;
    }
    begin_number(deframer);
    deframer->lines.negative = true;
}

static int end_frame(struct deframer *deframer)
{
    enum drop drop = deframer->lines.spoiled;
    deframer->lines.spoiled = DROP_NONE;
    deframer->lines.n_lines = 0;
    return deframer_emit(deframer, drop, deframer->lines.start);
}

// `next` is the offset of the byte after the line.
static int end_line(struct deframer *deframer, uint64_t next)
{
    const struct pad *pad = deframer->pad;
    end_number(deframer);
    bool blank = deframer->lines.n_numbers == 0 && !deframer->lines.skipping;
    int r = 0;
    if (blank && deframer->lines.n_lines > 0) {
        // A blank line stands between frames: the one before it is a row or more short.
        spoil(deframer, DROP_SHORT);
        r = end_frame(deframer);
    } else if (!blank) {
        if (deframer->lines.n_numbers < numbers_a_line(pad))
            spoil(deframer, DROP_SHORT);
        deframer->lines.n_lines++;
        if (deframer->lines.n_lines == lines_a_frame(pad))
            r = end_frame(deframer);
    }
    deframer->lines.n_numbers = 0;
    deframer->lines.skipping = false;
    if (deframer->lines.n_lines == 0)
        deframer->lines.start = next;
    return r;
}

static int lines_push(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    int result = 0;
    for (size_t i = 0; i < length; i++) {
        enum character character = characters[bytes[i]];
        if (character == CHARACTER_NEWLINE) {
            // Bytes behind a failure of the sink are taken all the same.
            int r = end_line(deframer, deframer->offset + i + 1);
            if (result == 0)
                result = r;
            continue;
        }
        if (deframer->lines.skipping) {
            deframer->counts.stray_bytes++;
            continue;
        }
        switch (character) {
        case CHARACTER_DIGIT:
            take_digit(deframer, (uint8_t)(bytes[i] - '0'));
            break;
        case CHARACTER_BLANK:
            end_number(deframer);
            break;
        case CHARACTER_MINUS:
            take_minus(deframer);
            break;
        case CHARACTER_POINT:
            take_point(deframer);
            break;
        case CHARACTER_OTHER:
        case CHARACTER_NEWLINE:
            skip_line(deframer, DROP_LETTERS);
            break;
        }
    }
    return result;
}

static int lines_finish(struct deframer *deframer)
{
    int r = end_line(deframer, deframer->offset);
    if (deframer->lines.n_lines > 0) {
        spoil(deframer, DROP_SHORT);
        int ended = end_frame(deframer);
        if (r == 0)
            r = ended;
    }
    deframer->lines.start = deframer->offset;
    return r;
}

static int lines_start(struct deframer *deframer)
{
    (void)deframer; // all zero, as it should be
    return 0;
}

const struct framing_code framing_lines = {
    .start = lines_start,
    .push = lines_push,
    .finish = lines_finish,
};
