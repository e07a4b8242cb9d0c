// SPDX-License-Identifier: GPL-3.0-or-later
#include "canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

enum canvas_depth canvas_depth(const char *term, const char *colorterm, const char *no_color)
{
    if ((no_color && *no_color) || !term || !*term || strcmp(term, "dumb") == 0)
        return CANVAS_GREY;
    if (colorterm && (strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0))
        return CANVAS_TRUE;
    if (strstr(term, "direct"))
        return CANVAS_TRUE;
    return strstr(term, "256color") || (colorterm && *colorterm) ? CANVAS_256 : CANVAS_GREY;
}

int canvas_make(struct canvas *ret, unsigned rows, unsigned cols)
{
    *ret = (struct canvas){.rows = rows, .cols = cols};
    ret->cells = calloc((size_t)rows * cols + 1, sizeof *ret->cells);
    if (!ret->cells)
        return -ENOMEM;
    canvas_clear(ret);
    return 0;
}

void canvas_free(struct canvas *canvas)
{
    free(canvas->cells);
    *canvas = (struct canvas){0};
}

void canvas_clear(struct canvas *canvas)
{
    static const struct canvas_cell blank = {" ", CANVAS_DEFAULT, CANVAS_DEFAULT, CANVAS_PLAIN};
    for (size_t i = 0; i < (size_t)canvas->rows * canvas->cols; i++)
        canvas->cells[i] = blank;
}

struct canvas_cell *canvas_at(struct canvas *canvas, unsigned row, unsigned col)
{
    if (row >= canvas->rows || col >= canvas->cols)
        return NULL;
    return &canvas->cells[(size_t)row * canvas->cols + col];
}

// ---- text ----

struct glyph {
    char bytes[sizeof((struct canvas_cell *)0)->glyph];
    unsigned width;
};

// The next character of the text, which is moved behind it; false at its end. Combining characters
// and the like, which take no column, are left out.
static bool next_glyph(const char **text, struct glyph *glyph)
{
    while (**text) {
        wchar_t wide;
        mbstate_t state = {0};
        size_t n = mbrtowc(&wide, *text, strlen(*text), &state);
        bool broken = n == (size_t)-1 || n == (size_t)-2 || n >= sizeof glyph->bytes;
        int width = broken ? -1 : wcwidth(wide);
        const char *bytes = width < 0 ? "?" : *text;
        size_t length = broken ? 1 : n;
        *text += length;
        if (width == 0)
            continue;
        *glyph = (struct glyph){.width = width < 0 ? 1 : (unsigned)width};
        memcpy(glyph->bytes, bytes, width < 0 ? 1 : length);
        return true;
    }
    return false;
}

unsigned canvas_width(const char *text)
{
    struct glyph glyph;
    unsigned width = 0;
    while (next_glyph(&text, &glyph))
        width += glyph.width;
    return width;
}

static void put_glyph(struct canvas *canvas, unsigned row, unsigned col, unsigned style,
                      const struct glyph *glyph)
{
    for (unsigned i = 0; i < glyph->width; i++) {
        struct canvas_cell *cell = canvas_at(canvas, row, col + i);
        if (!cell)
            return;
        memcpy(cell->glyph, i == 0 ? glyph->bytes : (char[sizeof cell->glyph]){0},
               sizeof cell->glyph);
        cell->style = (uint8_t)style;
    }
}

static unsigned put_text(struct canvas *canvas, unsigned row, unsigned col, unsigned width,
                         unsigned style, const char *text)
{
    if (row >= canvas->rows || col >= canvas->cols)
        return 0;
    if (width > canvas->cols - col)
        width = canvas->cols - col;
    unsigned taken = 0;
    struct glyph glyph;
    while (next_glyph(&text, &glyph) && taken + glyph.width <= width) {
        put_glyph(canvas, row, col + taken, style, &glyph);
        taken += glyph.width;
    }
    return taken;
}

unsigned canvas_text(struct canvas *canvas, unsigned row, unsigned col, unsigned width,
                     unsigned style, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return put_text(canvas, row, col, width, style, text);
}

unsigned canvas_paragraph(struct canvas *canvas, unsigned row, unsigned col, unsigned width,
                          unsigned rows, unsigned style, const char *text)
{
    unsigned used = 0, column = 0;
    while (*(text += strspn(text, " "))) {
        char word[256];
        size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        unsigned word_width = canvas_width(word);
        if (column > 0 && column + 1 + word_width > width) {
            used++;
            column = 0;
        }
        if (used == rows)
            return rows;
        column += column > 0;
        column += put_text(canvas, row + used, col + column, width - column, style, word);
        text += length;
    }
    return used + (column > 0);
}

// ---- escape codes ----

// xterm's palette: 16 to 231 are a cube of six steps a colour, 232 to 255 a ramp of greys.
static unsigned palette(uint32_t colour)
{
    unsigned grey = colour & 0xff, index = 16;
    if (colour == grey * 0x010101 && grey >= 8 && grey < 248)
        return 232 + (grey - 8) / 10;
    for (int shift = 16; shift >= 0; shift -= 8) {
        unsigned part = colour >> shift & 0xff;
        unsigned step = part < 48 ? 0 : part < 115 ? 1 : (part - 35) / 40; // 0, 95, 135, ... 255
        index += step * (shift == 16 ? 36 : shift == 8 ? 6 : 1);
    }
    return index;
}

static void write_colour(FILE *stream, unsigned code, uint32_t colour, enum canvas_depth depth)
{
    if (colour == CANVAS_DEFAULT || depth == CANVAS_GREY)
        return;
    if (depth == CANVAS_TRUE)
        fprintf(stream, ";%u;2;%u;%u;%u", code, (unsigned)(colour >> 16),
                (unsigned)(colour >> 8 & 0xff), (unsigned)(colour & 0xff));
    else
        fprintf(stream, ";%u;5;%u", code, palette(colour));
}

static bool same_look(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return a->ink == b->ink && a->ground == b->ground && a->style == b->style;
}

static void write_look(FILE *stream, const struct canvas_cell *cell, enum canvas_depth depth)
{
    fputs("\033[0", stream);
    if (cell->style & CANVAS_BOLD)
        fputs(";1", stream);
    if (cell->style & CANVAS_DIM)
        fputs(";2", stream);
    if (cell->style & CANVAS_REVERSE)
        fputs(";7", stream);
    write_colour(stream, 38, cell->ink, depth);
    write_colour(stream, 48, cell->ground, depth);
    fputc('m', stream);
}

static bool same(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return same_look(a, b) && strcmp(a->glyph, b->glyph) == 0;
}

void canvas_draw(FILE *stream, const struct canvas *canvas, const struct canvas *shown,
                 enum canvas_depth depth)
{
    static const struct canvas_cell plain = {"", CANVAS_DEFAULT, CANVAS_DEFAULT, CANVAS_PLAIN};
    const struct canvas_cell *look = &plain;
    bool all = !shown || shown->rows != canvas->rows || shown->cols != canvas->cols;
    fputs(all ? "\033[0m\033[2J" : "\033[0m", stream);
    for (unsigned row = 0; row < canvas->rows; row++) {
        bool there = false; // the cursor is where this cell goes
        for (unsigned col = 0; col < canvas->cols; col++) {
            size_t i = (size_t)row * canvas->cols + col;
            const struct canvas_cell *cell = &canvas->cells[i];
            if (!*cell->glyph)
                continue;
            if (!all && same(cell, &shown->cells[i])) {
                there = false;
                continue;
            }
            if (!there)
                fprintf(stream, "\033[%u;%uH", row + 1, col + 1);
            if (!same_look(cell, look))
                write_look(stream, cell, depth);
            fputs(cell->glyph, stream);
            look = cell;
            there = true;
        }
    }
    if (!same_look(look, &plain))
        fputs("\033[0m", stream);
}
