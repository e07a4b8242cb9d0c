// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SWATCH_SIZE 10
#define LEGEND_STEP 18 // from line to line

void drawing_begin(struct drawing *drawing, double width, const char *title,
                   const char *description)
{
    *drawing = (struct drawing){
        .width = width,
        .title = strdup(title),
        .description = strdup(description),
        .tip_y = TEXT_SIZE,
    };
    drawing->failed = !drawing->title || !drawing->description;
}

void drawing_free(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->n; i++)
        free(drawing->marks[i].text);
    free(drawing->marks);
    free(drawing->title);
    free(drawing->description);
    *drawing = (struct drawing){0};
}

// Takes the mark's text over.
static void add(struct drawing *drawing, struct mark mark)
{
    size_t n = drawing->n;
    if (!drawing->failed && (n & (n - 1)) == 0) { // full
        struct mark *marks = reallocarray(drawing->marks, n ? 2 * n : 1, sizeof *marks);
        drawing->failed = !marks;
        drawing->marks = marks ? marks : drawing->marks;
    }
    if (drawing->failed)
        free(mark.text);
    else
        drawing->marks[drawing->n++] = mark;
}

void draw_rect(struct drawing *drawing, enum ink ink, double x, double y, double w, double h)
{
    if (w > 0 && h > 0)
        add(drawing, (struct mark){.kind = MARK_RECT, .ink = ink, .x = x, .y = y, .w = w, .h = h});
}

void draw_frame(struct drawing *drawing, enum ink ink, double x, double y, double w, double h)
{
    // The line lies within the rectangle.
    if (w > 1 && h > 1)
        add(drawing, (struct mark){.kind = MARK_FRAME,
                                   .ink = ink,
                                   .x = x + 0.5,
                                   .y = y + 0.5,
                                   .w = w - 1,
                                   .h = h - 1});
    else
        draw_rect(drawing, ink, x, y, w, h);
}

void draw_line(struct drawing *drawing, enum ink ink, double x, double y, double w, double h)
{
    add(drawing, (struct mark){.kind = MARK_LINE, .ink = ink, .x = x, .y = y, .w = w, .h = h});
}

void draw_text(struct drawing *drawing, enum ink ink, enum anchor anchor, double x, double y,
               const char *format, ...)
{
    struct mark mark = {.kind = MARK_TEXT, .ink = ink, .x = x, .y = y, .anchor = anchor};
    mark.size = TEXT_SIZE;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&mark.text, format, arguments) < 0) {
        mark.text = NULL;
        drawing->failed = true;
    }
    va_end(arguments);
    add(drawing, mark);
}

void draw_item(struct drawing *drawing, double x, double y, double w, double h, const char *text)
{
    struct mark mark = {.kind = MARK_ITEM, .x = x, .y = y, .w = w, .h = h, .text = strdup(text)};
    drawing->failed = drawing->failed || !mark.text;
    add(drawing, mark);
}

void draw_item_end(struct drawing *drawing)
{
    add(drawing, (struct mark){.kind = MARK_ITEM_END});
}

double draw_legend(struct drawing *drawing, double x, double y, const struct swatch *swatches,
                   size_t n)
{
    double at = x;
    for (size_t i = 0; i < n; i++) {
        double width = SWATCH_SIZE + 6 + TEXT_WIDTH * (double)strlen(swatches[i].name) + 14;
        if (at > x && at + width > drawing->width) {
            at = x;
            y += LEGEND_STEP;
        }
        if (swatches[i].frame)
            draw_frame(drawing, swatches[i].ink, at, y + 2, SWATCH_SIZE, SWATCH_SIZE);
        else
            draw_rect(drawing, swatches[i].ink, at, y + 2, SWATCH_SIZE, SWATCH_SIZE);
        draw_text(drawing, INK_DIM, ANCHOR_START, at + SWATCH_SIZE + 6, y + SWATCH_SIZE + 1.5, "%s",
                  swatches[i].name);
        at += width;
    }
    return y + LEGEND_STEP;
}
