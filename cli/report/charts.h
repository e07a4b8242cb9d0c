// SPDX-License-Identifier: GPL-3.0-or-later
// The charts of a report, for SVG, PNG and the page alike.
#ifndef PSOASMON_CHARTS_H
#define PSOASMON_CHARTS_H

#include "report/drawing.h"
#include "report/report.h"

#define CHART_WIDE   720
#define CHART_NARROW 340 // on a phone

// Each begins a drawing of that width, to be freed by drawing_free, with room on top for what is
// pointed at. 0, -ENOMEM; a shortage later on is drawing->failed.

// How long the nights (or months, a night on average) were, and how much of them was friendly: a
// bar each.
int chart_nights(struct drawing *drawing, double width, const struct report *report);
// When which positions were slept in: a band a night, by the clock beside the bed. Needs bouts.
int chart_hours(struct drawing *drawing, double width, const struct report *report);
// One night as lanes. Needs its bouts.
int chart_night(struct drawing *drawing, double width, const struct report *report,
                const struct night_entry *entry);

// The y below the words of what is pointed at: a line, or two where it is narrow.
static inline double chart_top(const struct drawing *drawing)
{
    return drawing->width < CHART_WIDE ? 36 : 22;
}

// A position's swatch in a legend.
struct swatch chart_swatch(unsigned lane);

// Draws the hours from from_s to to_s, seconds on any clock that shows midnight at multiples of a
// day, as lines from `y` down to `bottom` with their names below. x of a moment: chart_x.
struct hour_axis {
    double left, right; // where the drawing's from_s and to_s are
    int64_t from_s, to_s;
};
double chart_x(const struct hour_axis *axis, int64_t time_s);
void chart_hours_axis(struct drawing *drawing, const struct hour_axis *axis, double y,
                      double bottom);

#endif
