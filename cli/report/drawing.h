// SPDX-License-Identifier: GPL-3.0-or-later
// A chart as a list of marks, laid out once and then written as SVG or painted as PNG. Lengths are
// pixels of the size it is meant to be seen at; y grows downward.
#ifndef PSOASMON_DRAWING_H
#define PSOASMON_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/palette.h"

enum mark_kind {
    MARK_RECT,
    MARK_FRAME,    // the dashed outline of a rectangle: what is missing
    MARK_LINE,     // from x, y by w, h
    MARK_TEXT,     // its baseline begins, has its middle or ends at x, y
    MARK_ITEM,     // what follows, up to MARK_ITEM_END, is one thing that can be pointed at: the
    MARK_ITEM_END, // rectangle, and words that say what it is
};

enum anchor {
    ANCHOR_START,
    ANCHOR_MIDDLE,
    ANCHOR_END,
};

#define TEXT_SIZE  12
#define TITLE_SIZE 16
#define TEXT_WIDTH 6.4 // of a letter of TEXT_SIZE, about: to leave room by

struct mark {
    enum mark_kind kind;
    enum ink ink;
    double x, y, w, h;
    enum anchor anchor; // of a text
    double size;
    char *text; // of a text or an item
};

struct drawing {
    double width, height;
    char *title;         // what it shows
    char *description;   // what is to be seen there, for those who do not see it
    double tip_x, tip_y; // where the words of what is pointed at begin
    struct mark *marks;
    size_t n;
    bool failed; // memory was short; everything after it does nothing
};

void drawing_begin(struct drawing *drawing, double width, const char *title,
                   const char *description);
void drawing_free(struct drawing *drawing);

void draw_rect(struct drawing *drawing, enum ink ink, double x, double y, double w, double h);
void draw_frame(struct drawing *drawing, enum ink ink, double x, double y, double w, double h);
void draw_line(struct drawing *drawing, enum ink ink, double x, double y, double w, double h);
void draw_text(struct drawing *drawing, enum ink ink, enum anchor anchor, double x, double y,
               const char *format, ...) __attribute__((format(printf, 6, 7)));
void draw_item(struct drawing *drawing, double x, double y, double w, double h, const char *text);
void draw_item_end(struct drawing *drawing);

// A line of swatches with their names from x, y on, wrapped at the drawing's width. Returns the y
// below it.
struct swatch {
    enum ink ink;
    bool frame;
    const char *name;
};
double draw_legend(struct drawing *drawing, double x, double y, const struct swatch *swatches,
                   size_t n);

// ---- writing: 0, -ENOMEM, -EIO; what a stream has against it is told where it is closed ----

// As part of a page, whose style sheet has drawing_write_style's rules. `id`: its own in the page.
void drawing_write_svg(FILE *stream, const struct drawing *drawing, const char *class,
                       const char *id);
// As a file of its own.
void drawing_write_svg_file(FILE *stream, const struct drawing *drawing);
// The colours, light and dark, and how the marks are painted with them.
void drawing_write_style(FILE *stream);
// On light paper.
int drawing_write_png(FILE *stream, const struct drawing *drawing);

#endif
