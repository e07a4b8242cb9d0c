// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>

#include <cairo.h>

#include "report/drawing.h"

#define SCALE 2 // pixels of the picture a pixel of the drawing: sharp on every screen

static void use_ink(cairo_t *cairo, enum ink ink)
{
    uint32_t rgb = palette_colour(ink).light;
    cairo_set_source_rgb(cairo, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void paint_text(cairo_t *cairo, const struct mark *mark)
{
    cairo_text_extents_t extents;
    cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           mark->size > TEXT_SIZE ? CAIRO_FONT_WEIGHT_BOLD
                                                  : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, mark->size);
    cairo_text_extents(cairo, mark->text, &extents);
    double back = mark->anchor == ANCHOR_START    ? 0
                  : mark->anchor == ANCHOR_MIDDLE ? extents.x_advance / 2
                                                  : extents.x_advance;
    cairo_move_to(cairo, mark->x - back, mark->y);
    cairo_show_text(cairo, mark->text);
}

static void paint_mark(cairo_t *cairo, const struct mark *mark)
{
    static const double dashes[] = {3, 2};
    use_ink(cairo, mark->ink);
    switch (mark->kind) {
    case MARK_RECT:
        cairo_rectangle(cairo, mark->x, mark->y, mark->w, mark->h);
        cairo_fill(cairo);
        return;
    case MARK_FRAME:
        cairo_set_dash(cairo, dashes, 2, 0);
        cairo_rectangle(cairo, mark->x, mark->y, mark->w, mark->h);
        cairo_stroke(cairo);
        cairo_set_dash(cairo, NULL, 0, 0);
        return;
    case MARK_LINE:
        cairo_move_to(cairo, mark->x, mark->y);
        cairo_rel_line_to(cairo, mark->w, mark->h);
        cairo_stroke(cairo);
        return;
    case MARK_TEXT:
        paint_text(cairo, mark);
        return;
    case MARK_ITEM:
    case MARK_ITEM_END:
        return;
    }
}

static cairo_status_t put_bytes(void *stream, const unsigned char *bytes, unsigned n)
{
    return fwrite(bytes, 1, n, stream) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

int drawing_write_png(FILE *stream, const struct drawing *drawing)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)(SCALE * drawing->width), (int)(SCALE * drawing->height));
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, SCALE, SCALE);
    cairo_set_line_width(cairo, 1);
    use_ink(cairo, INK_PAPER);
    cairo_paint(cairo);
    for (size_t i = 0; i < drawing->n; i++)
        paint_mark(cairo, &drawing->marks[i]);
    cairo_status_t status = cairo_status(cairo);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, put_bytes, stream);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_NO_MEMORY)
        return -ENOMEM;
    return status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR ? 0 : -EIO;
}
