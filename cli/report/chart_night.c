// SPDX-License-Identifier: GPL-3.0-or-later
// One night as lanes, a position each, and the hours across.
#include <errno.h>

#include "report/brief.h"
#include "report/charts.h"
#include "report/lanes.h"
#include "local.h"
#include "report/report_words.h"
#include "screen.h"
#include "words.h"

#define LANE_STEP 22
#define LANE_HIGH 15
#define LEFT      (TEXT_WIDTH * (POSITION_BRIEF_WIDTH + 3)) // "back, knees up *"
#define RIGHT     40                                        // how long, behind each lane

static void item_words(const struct report *report, const struct store_night *night,
                       const struct stretch *stretch, char text[WORDS_SIZE])
{
    char from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE], length[DURATION_SIZE];
    bool unrecorded = stretch->lane == LANE_UNRECORDED;
    bool friendly = !unrecorded && report_is_friendly(report, (enum position)stretch->lane);
    local_clock(night, stretch->start_s, from);
    local_clock(night, stretch->end_s, to);
    duration_words(stretch->end_s - stretch->start_s, length);
    snprintf(text, WORDS_SIZE, friendly ? _("%s to %s, %s: %s (friendly)") : _("%s to %s, %s: %s"),
             from, to, length,
             unrecorded ? words_gap(stretch->reason)
                        : words_position((enum position)stretch->lane));
}

static void put_lanes(struct drawing *drawing, const struct report *report,
                      const struct lanes *lanes, const struct hour_axis *axis, double row[LANE_N])
{
    for (unsigned i = 0; i < lanes->n_order; i++) {
        unsigned lane = lanes->order[i];
        bool friendly = lane != LANE_UNRECORDED && report_is_friendly(report, (enum position)lane);
        char length[DURATION_SIZE];
        row[lane] = chart_top(drawing) + LANE_STEP * i;
        double base = row[lane] + LANE_HIGH - 3;
        duration_clock(lanes->lane_s[lane], length);
        draw_text(drawing, friendly ? INK_TEXT : INK_DIM, ANCHOR_START, 0, base, "%s%s",
                  lane_name(lane), friendly ? " *" : "");
        draw_text(drawing, INK_DIM, ANCHOR_END, drawing->width, base, "%s", length);
        draw_line(drawing, INK_GRID, axis->left, row[lane] + LANE_HIGH + 2.5,
                  axis->right - axis->left, 0);
    }
}

static void put_stretch(struct drawing *drawing, const struct report *report,
                        const struct store_night *night, const struct stretch *stretch,
                        const struct hour_axis *axis, int32_t offset_s, const double row[LANE_N])
{
    struct swatch look = chart_swatch(stretch->lane);
    double x = chart_x(axis, stretch->start_s + offset_s);
    double w = chart_x(axis, stretch->end_s + offset_s) - x;
    double y = row[stretch->lane];
    char text[WORDS_SIZE];
    if (w < 1.5) // still to be seen
        w = 1.5;
    item_words(report, night, stretch, text);
    draw_item(drawing, x - 1, y - 1, w + 2, LANE_HIGH + 2, text);
    if (look.frame)
        draw_frame(drawing, look.ink, x, y, w, LANE_HIGH);
    else
        draw_rect(drawing, look.ink, x, y, w, LANE_HIGH);
    draw_item_end(drawing);
}

int chart_night(struct drawing *drawing, double width, const struct report *report,
                const struct night_entry *entry)
{
    const struct store_night *night = &entry->summary.night;
    // Where the clocks change in the night, the axis shows the hours of its beginning.
    int32_t offset_s = local_offset_s(night, night->night.start_s);
    double row[LANE_N] = {0};
    struct lanes lanes;
    drawing_begin(
        drawing, width, _("The night"),
        _("A lane a position, time from left to right: what is psoas-friendly (*) on top."));
    int r = lanes_of(&lanes, report, entry);
    if (r < 0)
        return r;
    struct hour_axis axis = {
        .left = LEFT,
        .right = width - RIGHT,
        .from_s = lanes.start_s + offset_s,
        .to_s = lanes.end_s + offset_s,
    };
    double bottom = chart_top(drawing) + LANE_STEP * lanes.n_order;
    if (lanes.n > 0) {
        chart_hours_axis(drawing, &axis, chart_top(drawing) - 2, bottom);
        put_lanes(drawing, report, &lanes, &axis, row);
    }
    for (size_t i = 0; i < lanes.n; i++)
        put_stretch(drawing, report, night, &lanes.stretches[i], &axis, offset_s, row);
    drawing->height = bottom + 22;
    lanes_free(&lanes);
    return 0;
}
