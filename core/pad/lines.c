// SPDX-License-Identifier: GPL-3.0-or-later
// `lines`: text, numbers with blanks or punctuation between them. A line is a frame, a row of one,
// or a cell. Numbers are read as they pass, so that a line of any length takes no memory.
#include <limits.h>
#include <string.h>

#include "pad/framing.h"

#define NUMBER_MAX 0xFFFFFF // larger ones are no counts, whatever mask they have

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

// ASCII, 16 a row; all else is OTHER.
// clang-format off
#define B CHARACTER_BLANK
#define D CHARACTER_DIGIT
#define F CHARACTER_POINT
#define L CHARACTER_LETTER
#define M CHARACTER_MINUS
#define N CHARACTER_NEWLINE
#define P CHARACTER_PUNCTUATION
static const uint8_t characters[UCHAR_MAX + 1] = {
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

static size_t cells_a_line(const struct pad *pad)
{
    switch (pad->line) {
    case LINE_ROW:
        return pad->wire_line_cells;
    case LINE_CELL:
        return 1;
    case LINE_FRAME:
    case LINE_ANY:
        break;
    }
    return pad_cells(pad);
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

// ---- numbers ----

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
        spoil(deframer, DROP_RANGE);
}

static void end_number(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    struct lines_state *lines = &deframer->lines;
    if (!lines->in_number)
        return;
    lines->in_number = false;
    size_t column = lines->n_numbers++;
    if (column >= lines->numbers_a_line) {
        // Where a line is a row, its length tells how many were run together.
        spoil(deframer, DROP_LONG);
        lines->skipping = pad->line == LINE_FRAME;
        return;
    }
    size_t place = column - pad->skip_columns; // below: larger than any
    if (place >= lines->cells_a_line)
        return;
    if (lines->first + place < lines->cells)
        put_number(deframer, lines->first + place);
    else
        spoil(deframer, DROP_LONG);
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

static void take_character(struct deframer *deframer, uint8_t byte)
{
    if (deframer->lines.skipping) {
        deframer->counts.stray_bytes++;
        return;
    }
    switch ((enum character)characters[byte]) {
    case CHARACTER_DIGIT:
        take_digit(deframer, (uint8_t)(byte - '0'));
        break;
    case CHARACTER_BLANK:
    case CHARACTER_PUNCTUATION:
        end_number(deframer);
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
        skip_line(deframer, DROP_LETTERS);
        break;
    }
}

// ---- frames ----

static int end_frame(struct deframer *deframer)
{
    struct lines_state *lines = &deframer->lines;
    enum drop drop = lines->other_size ? DROP_SIZE : lines->spoiled;
    lines->spoiled = DROP_NONE;
    lines->n_lines = lines->n_in_frame = 0;
    return deframer_emit(deframer, drop, lines->start);
}

static bool is_complete(const struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    if (pad->line == LINE_ANY)
        return deframer->lines.n_in_frame >= pad_cells(pad);
    return deframer->lines.n_lines >= pad_cells(pad) / cells_a_line(pad);
}

// What was read so far is all there is of the frame.
static int end_unfinished(struct deframer *deframer)
{
    if (deframer->lines.n_in_frame == 0 && deframer->lines.spoiled == DROP_NONE)
        return 0;
    if (!is_complete(deframer))
        spoil(deframer, DROP_SHORT);
    return end_frame(deframer);
}

// A line of numbers. Where it is a row and not of its length, newlines were lost or made: the
// numbers so far tell how many rows have passed, and the next frame begins where it does.
static int end_numbers(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    struct lines_state *lines = &deframer->lines;
    size_t expected = deframer->lines.numbers_a_line;
    bool unknown = lines->skipping;
    lines->n_in_frame += unknown && pad->line != LINE_ANY ? expected : lines->n_numbers;
    if (pad->line == LINE_ANY) {
        lines->n_lines++;
    } else if (lines->n_numbers == expected || unknown || pad->line == LINE_FRAME) {
        if (lines->n_numbers < expected)
            spoil(deframer, DROP_SHORT);
        lines->n_lines++;
    } else {
        spoil(deframer, DROP_SHORT);
        lines->n_lines = (lines->n_in_frame + expected / 2) / expected;
    }
    return is_complete(deframer) && !*pad->marker ? end_frame(deframer) : 0;
}

// ---- lines of words ----

// Lines are kept for a moment that may be more than numbers.
static bool begins_word(const struct pad *pad, uint8_t byte)
{
    bool letter = characters[byte] == CHARACTER_LETTER;
    return (letter && (pad->headings || *pad->config_word)) ||
           (*pad->marker && byte == (uint8_t)*pad->marker);
}

static void keep_word(struct lines_state *lines, uint8_t byte)
{
    if (lines->word_length < sizeof lines->word - 1)
        lines->word[lines->word_length] = (char)byte;
    lines->word_length++;
}

// "CFG,16,16": rows and columns.
static void take_config(struct deframer *deframer, const char *rest)
{
    const struct pad *pad = deframer->pad;
    unsigned said[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        while (*rest && characters[(uint8_t)*rest] != CHARACTER_DIGIT)
            rest++;
        for (; characters[(uint8_t)*rest] == CHARACTER_DIGIT && said[i] < PAD_MAX_CELLS; rest++)
            said[i] = said[i] * 10 + (unsigned)(*rest - '0');
    }
    unsigned line = pad->wire_line_cells, lines = (unsigned)pad_cells(pad) / line;
    deframer->lines.other_size =
        !((said[0] == lines && said[1] == line) || (said[0] == line && said[1] == lines));
}

// What was kept is a line of numbers after all, or one that is wrong.
static int end_other_word(struct deframer *deframer)
{
    struct lines_state *lines = &deframer->lines;
    size_t kept = sizeof lines->word - 1;
    for (size_t i = 0; i < lines->word_length && i < kept; i++)
        take_character(deframer, (uint8_t)lines->word[i]);
    if (lines->word_length > kept) {
        skip_line(deframer, DROP_LETTERS);
        deframer->counts.stray_bytes += lines->word_length - kept;
    }
    end_number(deframer);
    return end_numbers(deframer);
}

static int end_word(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    struct lines_state *lines = &deframer->lines;
    size_t kept = sizeof lines->word - 1;
    size_t length = lines->word_length < kept ? lines->word_length : kept;
    while (length > 0 && characters[(uint8_t)lines->word[length - 1]] == CHARACTER_BLANK)
        length--;
    lines->word[length] = '\0';
    lines->in_word = false;
    if (*pad->marker && strcmp(lines->word, pad->marker) == 0)
        return end_unfinished(deframer);
    size_t config = strlen(pad->config_word);
    if (config > 0 && strncmp(lines->word, pad->config_word, config) == 0) {
        take_config(deframer, lines->word + config);
        return 0;
    }
    if (pad->headings && characters[(uint8_t)*lines->word] == CHARACTER_LETTER) {
        deframer->counts.stray_bytes += lines->word_length + 1;
        return 0;
    }
    return end_other_word(deframer);
}

// ---- the stream ----

// `next` is the offset of the byte after the line.
static int end_line(struct deframer *deframer, uint64_t next)
{
    struct lines_state *lines = &deframer->lines;
    end_number(deframer);
    int r;
    if (lines->in_word)
        r = end_word(deframer);
    else if (lines->n_numbers == 0 && !lines->skipping)
        r = *deframer->pad->marker ? 0 : end_unfinished(deframer); // a blank line between frames
    else
        r = end_numbers(deframer);
    lines->n_numbers = 0;
    lines->first =
        deframer->pad->line == LINE_ANY ? lines->n_in_frame : lines->n_lines * lines->cells_a_line;
    lines->word_length = 0;
    lines->skipping = lines->begun = false;
    if (lines->n_in_frame == 0 && lines->spoiled == DROP_NONE)
        lines->start = next;
    return r;
}

// The first byte of a line that is no blank.
static void begin_line(struct deframer *deframer, uint8_t byte)
{
    if (characters[byte] == CHARACTER_BLANK)
        return;
    deframer->lines.begun = true;
    deframer->lines.in_word = begins_word(deframer->pad, byte);
}

static bool separates(uint8_t byte)
{
    return characters[byte] == CHARACTER_BLANK || characters[byte] == CHARACTER_PUNCTUATION;
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

// What most lines consist of: digits and what separates them. Stops at anything else, and returns
// how many bytes it took; take_character goes on from any state that it leaves.
static size_t take_digits(struct deframer *deframer, const uint8_t *bytes, size_t length)
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
            end_number(deframer);
        }
        i++;
    }
    return i;
}

static int lines_push(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    struct lines_state *lines = &deframer->lines;
    int result = 0;
    for (size_t i = 0; i < length;) {
        if (bytes[i] == '\n') {
            // Bytes behind a failure of the sink are taken all the same.
            int r = end_line(deframer, deframer->offset + ++i);
            if (result == 0)
                result = r;
            continue;
        }
        if (!lines->begun)
            begin_line(deframer, bytes[i]);
        if (lines->in_word) {
            keep_word(lines, bytes[i++]);
            continue;
        }
        size_t taken = take_digits(deframer, bytes + i, length - i);
        if (taken == 0)
            take_character(deframer, bytes[i++]);
        i += taken;
    }
    return result;
}

static int lines_finish(struct deframer *deframer)
{
    int r = end_line(deframer, deframer->offset);
    int ended = end_unfinished(deframer);
    deframer->lines.first = 0;
    deframer->lines.start = deframer->offset;
    return r == 0 ? ended : r;
}

static int lines_start(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    deframer->lines.cells = pad_cells(pad);
    deframer->lines.cells_a_line = cells_a_line(pad);
    deframer->lines.numbers_a_line =
        pad->skip_columns + deframer->lines.cells_a_line + pad->extra_columns;
    return 0;
}

const struct framing_code framing_lines = {
    .start = lines_start, .push = lines_push, .finish = lines_finish};
