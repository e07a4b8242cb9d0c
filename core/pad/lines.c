// SPDX-License-Identifier: GPL-3.0-or-later
// `lines`: text, numbers with blanks or punctuation between them. A line is a frame, a row of one,
// or a cell. Numbers are read as they pass, so that a line of any length takes no memory.
#include <string.h>

#include "pad/lines.h"

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
        lines_spoil(deframer, DROP_SHORT);
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
            lines_spoil(deframer, DROP_SHORT);
        lines->n_lines++;
    } else {
        lines_spoil(deframer, DROP_SHORT);
        lines->n_lines = (lines->n_in_frame + expected / 2) / expected;
    }
    return is_complete(deframer) && !*pad->marker ? end_frame(deframer) : 0;
}

// ---- lines of words ----

// Lines are kept for a moment that may be more than numbers.
static bool begins_word(const struct pad *pad, uint8_t byte)
{
    bool letter = line_characters[byte] == CHARACTER_LETTER;
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
        while (*rest && line_characters[(uint8_t)*rest] != CHARACTER_DIGIT)
            rest++;
        for (; line_characters[(uint8_t)*rest] == CHARACTER_DIGIT && said[i] < PAD_MAX_CELLS;
             rest++)
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
        lines_take_character(deframer, (uint8_t)lines->word[i]);
    if (lines->word_length > kept) {
        lines_skip(deframer, DROP_LETTERS);
        deframer->counts.stray_bytes += lines->word_length - kept;
    }
    lines_end_number(deframer);
    return end_numbers(deframer);
}

static int end_word(struct deframer *deframer, bool newline)
{
    const struct pad *pad = deframer->pad;
    struct lines_state *lines = &deframer->lines;
    size_t kept = sizeof lines->word - 1;
    size_t length = lines->word_length < kept ? lines->word_length : kept;
    while (length > 0 && line_characters[(uint8_t)lines->word[length - 1]] == CHARACTER_BLANK)
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
    if (pad->headings && line_characters[(uint8_t)*lines->word] == CHARACTER_LETTER) {
        deframer->counts.stray_bytes += lines->word_length + newline;
        return 0;
    }
    return end_other_word(deframer);
}

// ---- the stream ----

// `next` is the offset of the byte after the line; `newline`: one ended it, and not the stream.
static int end_line(struct deframer *deframer, uint64_t next, bool newline)
{
    struct lines_state *lines = &deframer->lines;
    lines_end_number(deframer);
    int r;
    if (lines->in_word)
        r = end_word(deframer, newline);
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
    if (line_characters[byte] == CHARACTER_BLANK)
        return;
    deframer->lines.begun = true;
    deframer->lines.in_word = begins_word(deframer->pad, byte);
}

static int lines_push(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    struct lines_state *lines = &deframer->lines;
    int result = 0;
    for (size_t i = 0; i < length;) {
        if (bytes[i] == '\n') {
            // Bytes behind a failure of the sink are taken all the same.
            int r = end_line(deframer, deframer->offset + ++i, true);
            if (result == 0)
                result = r;
            continue;
        }
        if (!lines->begun && lines->cells_alone) {
            size_t taken = lines_take_cells(deframer, bytes + i, length - i);
            i += taken;
            if (taken > 0)
                continue;
        }
        if (!lines->begun)
            begin_line(deframer, bytes[i]);
        if (lines->in_word) {
            keep_word(lines, bytes[i++]);
            continue;
        }
        // Not across the blanks that a line may begin with: what begins it is behind them.
        size_t taken = lines->begun ? lines_take_digits(deframer, bytes + i, length - i) : 0;
        if (taken == 0)
            lines_take_character(deframer, bytes[i++]);
        i += taken;
    }
    return result;
}

static int lines_finish(struct deframer *deframer)
{
    int r = end_line(deframer, deframer->offset, false);
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
    deframer->lines.cells_alone =
        pad->line == LINE_CELL && deframer->plain && deframer->lines.numbers_a_line == 1;
    return 0;
}

const struct framing_code framing_lines = {
    .start = lines_start, .push = lines_push, .finish = lines_finish};
