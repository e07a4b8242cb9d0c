// SPDX-License-Identifier: GPL-3.0-or-later
// What the charts share: the axis of hours, the legend of positions.
#include "report/charts.h"

#include "clock_text.h"

#include "report/hours.h"
#include "report/lanes.h"

#define HOUR_S     3600
#define HOUR_WIDTH 30 // at least, from name to name

struct swatch chart_swatch(unsigned lane)
{
    bool unrecorded = lane == LANE_UNRECORDED;
    bool frame = unrecorded || lane == POSITION_EMPTY;
    return (struct swatch){frame ? INK_MISSING : (enum ink)lane, frame, lane_name(lane)};
}

double chart_x(const struct hour_axis *axis, int64_t time_s)
{
    double share = (double)(time_s - axis->from_s) / (double)(axis->to_s - axis->from_s);
    return axis->left + share * (axis->right - axis->left);
}

void chart_hours_axis(struct drawing *drawing, const struct hour_axis *axis, double y,
                      double bottom)
{
    static const int steps[] = {1, 2, 3, 4, 6, 12, 24};
    double hours = (double)(axis->to_s - axis->from_s) / HOUR_S;
    int64_t step_s = HOUR_S;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        step_s = steps[i] * HOUR_S;
        if ((axis->right - axis->left) * steps[i] / hours >= HOUR_WIDTH)
            break;
    }
    while ((axis->right - axis->left) * (double)step_s / HOUR_S / hours < HOUR_WIDTH)
        step_s *= 2; // a file may hold a night of years
    int64_t first_s = (axis->from_s + step_s - 1) / step_s * step_s;
    for (int64_t s = first_s; s <= axis->to_s; s += step_s) {
        double x = chart_x(axis, s);
        draw_line(drawing, INK_GRID, x, y, 0, bottom - y);
        char hour[CLOCK_TEXT_SIZE];
        clock_hour((int)(s % HOURS_DAY_S / HOUR_S), hour);
        draw_text(drawing, INK_DIM, ANCHOR_MIDDLE, x, bottom + 15, "%s", hour);
    }
}
