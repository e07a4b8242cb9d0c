// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "report/drawing.h"
#include "html.h"

#define TIP_STEP  14  // from line to line
#define LINE_SIZE 256 // of an item's words

// Tenths of a pixel, with a point whatever the locale.
static void put_number(FILE *stream, const char *before, double value)
{
    long long tenths = llround(fabs(value) * 10);
    fprintf(stream, "%s%s%lld", before, value < 0 && tenths ? "-" : "", tenths / 10);
    if (tenths % 10)
        fprintf(stream, ".%lld", tenths % 10);
}

static void put_corners(FILE *stream, const struct mark *mark)
{
    put_number(stream, "M", mark->x);
    put_number(stream, " ", mark->y);
    put_number(stream, "h", mark->w);
    put_number(stream, "v", mark->h);
    put_number(stream, "h", -mark->w);
    fputc('z', stream);
}

static void put_text(FILE *stream, const struct mark *mark)
{
    static const char *const anchors[] = {
        [ANCHOR_START] = "",
        [ANCHOR_MIDDLE] = " text-anchor=\"middle\"",
        [ANCHOR_END] = " text-anchor=\"end\"",
    };
    fprintf(stream, "<text class=\"c%d\"", (int)mark->ink);
    put_number(stream, " x=\"", mark->x);
    put_number(stream, "\" y=\"", mark->y);
    fprintf(stream, "\"%s%s>", anchors[mark->anchor],
            mark->size > TEXT_SIZE ? " font-weight=\"bold\" font-size=\"16\"" : "");
    html_text(stream, mark->text);
    fputs("</text>", stream);
}

// The words in lines that fit the drawing.
static void put_lines(FILE *stream, const struct drawing *drawing, const char *text)
{
    size_t room = (size_t)((drawing->width - drawing->tip_x) / TEXT_WIDTH);
    for (double y = drawing->tip_y; *text; y += TIP_STEP) {
        size_t length = strlen(text), n = length;
        if (length > room)
            for (n = room; n > 0 && text[n] != ' ';)
                n--;
        n = n ? n : length;
        char line[LINE_SIZE];
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        put_number(stream, "<tspan x=\"", drawing->tip_x);
        put_number(stream, "\" y=\"", y);
        fputs("\">", stream);
        html_text(stream, line);
        fputs("</tspan>", stream);
        text += n + strspn(text + n, " ");
    }
}

// What can be pointed at, by hand or by keyboard: its words are its title, and are shown in the
// line that the chart keeps for them (.tip).
static void put_item(FILE *stream, const struct drawing *drawing, const struct mark *mark)
{
    fputs("<g class=\"item\" tabindex=\"0\" role=\"img\"><title>", stream);
    html_text(stream, mark->text);
    fputs("</title><path class=\"hit\" d=\"", stream);
    put_corners(stream, mark);
    fputs("\"/><text class=\"tip\" aria-hidden=\"true\">", stream);
    put_lines(stream, drawing, mark->text);
    fputs("</text>", stream);
}

// Marks[i], and as many behind it as go into one element with it. Returns how many.
static size_t put_mark(FILE *stream, const struct drawing *drawing, size_t i)
{
    const struct mark *mark = &drawing->marks[i];
    size_t n = 1;
    switch (mark->kind) {
    case MARK_RECT:
    case MARK_FRAME:
        fprintf(stream, "<path class=\"%c%d\" d=\"", mark->kind == MARK_RECT ? 'c' : 'f',
                (int)mark->ink);
        put_corners(stream, mark);
        for (; i + n < drawing->n && mark[n].kind == mark->kind && mark[n].ink == mark->ink; n++)
            put_corners(stream, &mark[n]);
        fputs("\"/>", stream);
        break;
    case MARK_LINE:
        fprintf(stream, "<path class=\"l%d\" d=\"", (int)mark->ink);
        put_number(stream, "M", mark->x);
        put_number(stream, " ", mark->y);
        put_number(stream, "l", mark->w);
        put_number(stream, " ", mark->h);
        fputs("\"/>", stream);
        break;
    case MARK_TEXT:
        put_text(stream, mark);
        break;
    case MARK_ITEM:
        put_item(stream, drawing, mark);
        break;
    case MARK_ITEM_END:
        fputs("</g>\n", stream);
        break;
    }
    return n;
}

static void put_head(FILE *stream, const struct drawing *drawing, const char *attributes,
                     const char *class, const char *id)
{
    fprintf(stream, "<svg %srole=\"group\" class=\"chart %s\" aria-labelledby=\"%s-t %s-d\"",
            attributes, class, id, id);
    put_number(stream, " width=\"", drawing->width);
    put_number(stream, "\" height=\"", drawing->height);
    put_number(stream, "\" viewBox=\"0 0 ", drawing->width);
    put_number(stream, " ", drawing->height);
    fprintf(stream, "\">\n<title id=\"%s-t\">", id);
    html_text(stream, drawing->title);
    fprintf(stream, "</title><desc id=\"%s-d\">", id);
    html_text(stream, drawing->description);
    fputs("</desc>\n", stream);
}

static void put_marks(FILE *stream, const struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->n;)
        i += put_mark(stream, drawing, i);
    fputs("</svg>\n", stream);
}

void drawing_write_svg(FILE *stream, const struct drawing *drawing, const char *class,
                       const char *id)
{
    put_head(stream, drawing, "", class, id);
    put_marks(stream, drawing);
}

void drawing_write_svg_file(FILE *stream, const struct drawing *drawing)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", stream);
    put_head(stream, drawing, "xmlns=\"http://www.w3.org/2000/svg\" ", "alone", "psoasmon");
    fputs("<style>\n", stream);
    drawing_write_style(stream);
    fputs("</style>\n<path class=\"c", stream);
    fprintf(stream, "%d\" d=\"", (int)INK_PAPER);
    put_corners(stream, &(struct mark){.w = drawing->width, .h = drawing->height});
    fputs("\"/>\n", stream);
    put_marks(stream, drawing);
}

static void put_colours(FILE *stream, bool dark)
{
    fputs(":root{", stream);
    for (int ink = 0; ink < INK_N; ink++) {
        struct colour colour = palette_colour((enum ink)ink);
        fprintf(stream, "--%s:#%06x;", palette_name((enum ink)ink),
                (unsigned)(dark ? colour.dark : colour.light));
    }
    fputs("}\n", stream);
}

void drawing_write_style(FILE *stream)
{
    put_colours(stream, false);
    fputs("@media screen and (prefers-color-scheme:dark){", stream);
    put_colours(stream, true);
    fputs("}\n", stream);
    for (int ink = 0; ink < INK_N; ink++) {
        const char *name = palette_name((enum ink)ink);
        fprintf(stream, ".c%d{fill:var(--%s)}", ink, name);
        fprintf(stream, ".l%d{stroke:var(--%s)}", ink, name);
        fprintf(stream, ".f%d{fill:none;stroke:var(--%s);stroke-dasharray:3 2}\n", ink, name);
    }
    fprintf(stream,
            ".chart text{font:%dpx system-ui,sans-serif}\n"
            ".hit{fill:transparent}\n"
            ".tip{fill:var(--text);visibility:hidden}\n"
            ".item:hover .tip,.item:focus .tip{visibility:visible}\n"
            ".item:focus{outline:none}\n"
            ".item:focus .hit{stroke:var(--text);stroke-width:1.5}\n"
            ".item:hover .hit{fill:var(--grid);fill-opacity:.6}\n",
            TEXT_SIZE);
}
