// SPDX-License-Identifier: GPL-3.0-or-later
// A report's chart alone: of a night its timeline, of a period its bars.
#include <errno.h>

#include "report/charts.h"
#include "report/report_forms.h"
#include "report/report_words.h"

#define MARGIN 20

// Moves all that is drawn, and makes room around it, with the report's title on top.
static void frame(struct drawing *drawing, const struct report *report)
{
    char title[WORDS_SIZE], answer[WORDS_SIZE];
    words_title(report, title);
    words_answer(report, answer);
    double top = MARGIN + 42;
    for (size_t i = 0; i < drawing->n; i++) {
        drawing->marks[i].x += MARGIN;
        drawing->marks[i].y += top;
    }
    drawing->tip_x += MARGIN;
    drawing->tip_y += top;
    drawing->width += 2 * MARGIN;
    drawing->height += top + MARGIN;
    draw_text(drawing, INK_TEXT, ANCHOR_START, MARGIN, MARGIN + 14, "%s", title);
    if (!drawing->failed)
        drawing->marks[drawing->n - 1].size = TITLE_SIZE;
    draw_text(drawing, INK_TEXT, ANCHOR_START, MARGIN, MARGIN + 34, "%s", answer);
}

static int draw(struct drawing *drawing, const struct report *report)
{
    int r;
    if (report->period.kind != PERIOD_NIGHT)
        r = chart_nights(drawing, CHART_WIDE, report);
    else if (report->nights.n == 1)
        r = chart_night(drawing, CHART_WIDE, report, report->nights.entries);
    else // several stays: a band each
        r = chart_hours(drawing, CHART_WIDE, report);
    if (r >= 0)
        frame(drawing, report);
    return r >= 0 && drawing->failed ? -ENOMEM : r;
}

int report_print_svg(FILE *stream, const struct report *report)
{
    struct drawing drawing;
    int r = draw(&drawing, report);
    if (r >= 0)
        drawing_write_svg_file(stream, &drawing);
    drawing_free(&drawing);
    return r;
}

int report_print_png(FILE *stream, const struct report *report)
{
    struct drawing drawing;
    int r = draw(&drawing, report);
    if (r >= 0)
        r = drawing_write_png(stream, &drawing);
    drawing_free(&drawing);
    return r;
}
