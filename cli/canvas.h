// SPDX-License-Identifier: GPL-3.0-or-later
// A screenful of characters, and the escape codes (ECMA-48; colours as ISO 8613-6 has them) that
// turn what a terminal shows into it. Knows no terminal: all of it is text that goes to a stream.
#ifndef PSOASMON_CANVAS_H
#define PSOASMON_CANVAS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/cleanup.h"

enum canvas_depth {
    CANVAS_GREY, // characters alone
    CANVAS_256,  // xterm's palette
    CANVAS_TRUE, // 24 bits
};

// What a terminal says of itself: TERM, COLORTERM, NO_COLOR; null where it is not set.
enum canvas_depth canvas_depth(const char *term, const char *colorterm, const char *no_color);

#define CANVAS_DEFAULT UINT32_MAX // the terminal's own colour; any other is 0xRRGGBB

enum canvas_style {
    CANVAS_PLAIN,
    CANVAS_BOLD = 1,
    CANVAS_DIM = 2,
    CANVAS_REVERSE = 4,
};

struct canvas_cell {
    char glyph[8]; // one character in the locale's encoding; empty behind one that is two wide
    uint32_t ink, ground;
    uint8_t style;
};

struct canvas {
    unsigned rows, cols;
    struct canvas_cell *cells; // row after row
};

// Blank. -ENOMEM.
int canvas_make(struct canvas *ret, unsigned rows, unsigned cols);
void canvas_free(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

// Null outside.
struct canvas_cell *canvas_at(struct canvas *canvas, unsigned row, unsigned col);

// Writes at most `width` columns of the text, '?' for what is no character that can be shown.
// Returns how many columns it took. What lies outside is left out.
unsigned canvas_text(struct canvas *canvas, unsigned row, unsigned col, unsigned width,
                     unsigned style, const char *format, ...) __attribute__((format(printf, 6, 7)));

// The same in several rows, broken between words; returns how many of at most `rows` it took.
unsigned canvas_paragraph(struct canvas *canvas, unsigned row, unsigned col, unsigned width,
                          unsigned rows, unsigned style, const char *text);

// How many columns the text takes.
unsigned canvas_width(const char *text);

// Turns a terminal that shows `shown` (null: anything) into one that shows `canvas`, and leaves it
// with plain characters. Only what differs is written.
void canvas_draw(FILE *stream, const struct canvas *canvas, const struct canvas *shown,
                 enum canvas_depth depth);

#endif
