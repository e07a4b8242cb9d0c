// SPDX-License-Identifier: GPL-3.0-or-later
// When which positions were slept in: a band a night, one below the other, by the clock.
#include <errno.h>
#include <stdlib.h>

#include "report/charts.h"
#include "report/hours.h"
#include "report/lanes.h"
#include "local.h"
#include "words.h"
#include "report/report_words.h"

#define LEFT        52 // "Mon 12"
#define LANES_LEAST 8
#define HOUR_S      3600

struct bands {
    const struct report *report;
    struct hour_axis axis; // seconds since the day's midnight, by the clock beside the bed
    double step, high;
    bool seen[LANE_N];
};

// Where a moment is on the axis. Two stays of one day share it, and a row each.
static int64_t clock_of(const struct store_night *night, int64_t time_s)
{
    return time_s + local_offset_s(night, night->night.start_s) -
           (int64_t)night->night.day * HOURS_DAY_S;
}

// Nights that are longer than a day would make all others small: they end where a day does.
static int64_t end_of(const struct night_summary *summary)
{
    int64_t start_s = clock_of(&summary->night, summary->night.night.start_s);
    int64_t end_s = clock_of(&summary->night, summary->night.night.end_s);
    return end_s - start_s > HOURS_DAY_S ? start_s + HOURS_DAY_S : end_s;
}

static struct hour_axis axis_of(const struct nights *nights, double width)
{
    struct hour_axis axis = {.left = LEFT, .right = width - 8, .from_s = INT64_MAX};
    for (size_t i = 0; i < nights->n; i++) {
        const struct night_summary *summary = &nights->entries[i].summary;
        int64_t start_s = clock_of(&summary->night, summary->night.night.start_s);
        if (start_s < axis.from_s)
            axis.from_s = start_s;
        if (end_of(summary) > axis.to_s)
            axis.to_s = end_of(summary);
    }
    axis.from_s = axis.from_s / HOUR_S * HOUR_S;
    axis.to_s = (axis.to_s + HOUR_S - 1) / HOUR_S * HOUR_S;
    if (axis.to_s <= axis.from_s)
        axis.to_s = axis.from_s + HOUR_S;
    return axis;
}

static void put_stretch(struct drawing *drawing, const struct bands *bands,
                        const struct store_night *night, const struct stretch *stretch, double y)
{
    struct swatch look = chart_swatch(stretch->lane);
    double x = chart_x(&bands->axis, clock_of(night, stretch->start_s));
    double end = chart_x(&bands->axis, clock_of(night, stretch->end_s));
    if (end > bands->axis.right)
        end = bands->axis.right;
    if (look.frame)
        draw_frame(drawing, look.ink, x, y, end - x, bands->high);
    else
        draw_rect(drawing, look.ink, x, y, end - x, bands->high);
}

// One colour after the other, so that each is one element of the page.
static int put_band(struct drawing *drawing, struct bands *bands, const struct night_entry *entry,
                    double y)
{
    struct lanes lanes;
    int r = lanes_of(&lanes, bands->report, entry);
    if (r < 0)
        return r;
    for (unsigned i = 0; i < lanes.n_order; i++) {
        bands->seen[lanes.order[i]] = true;
        for (size_t k = 0; k < lanes.n; k++)
            if (lanes.stretches[k].lane == lanes.order[i])
                put_stretch(drawing, bands, &entry->summary.night, &lanes.stretches[k], y);
    }
    lanes_free(&lanes);
    return 0;
}

static int put_night(struct drawing *drawing, struct bands *bands, const struct night_entry *entry,
                     double y)
{
    const struct night_summary *summary = &entry->summary;
    struct date date = day_date(summary->night.night.day);
    char from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE], text[WORDS_SIZE];
    local_clock(&summary->night, summary->night.night.start_s, from);
    local_clock(&summary->night, summary->night.night.end_s, to);
    snprintf(text, sizeof text,
             ngettext("%s %d %s, %s to %s: %lld turn", "%s %d %s, %s to %s: %lld turns",
                      (unsigned long)summary->turns),
             date.weekday_name, date.day, date.month_name, from, to, (long long)summary->turns);
    draw_item(drawing, 0, y - 1, drawing->width, bands->high + 2, text);
    if (bands->step >= 13)
        draw_text(drawing, INK_DIM, ANCHOR_START, 0, y + bands->high / 2 + 4, "%s %d",
                  date.weekday_short, date.day);
    else if (day_weekday(summary->night.night.day) == WEEKDAY_MONDAY)
        draw_text(drawing, INK_DIM, ANCHOR_START, 0, y + bands->high / 2 + 4, "%d %s", date.day,
                  date.month_short);
    int r = put_band(drawing, bands, entry, y);
    draw_item_end(drawing);
    return r;
}

static double put_legend(struct drawing *drawing, const struct bands *bands, double y)
{
    struct swatch swatches[LANE_N];
    size_t n = 0;
    for (unsigned lane = 0; lane < LANE_N; lane++)
        if (bands->seen[lane])
            swatches[n++] = chart_swatch(lane);
    return draw_legend(drawing, 0, y, swatches, n);
}

int chart_hours(struct drawing *drawing, double width, const struct report *report)
{
    const struct nights *nights = &report->nights;
    struct bands bands = {.report = report, .axis = axis_of(nights, width)};
    bands.step = nights->n <= LANES_LEAST ? 22 : nights->n <= 2 * LANES_LEAST ? 15 : 9;
    bands.high = bands.step > 20 ? 16 : bands.step - 2;
    drawing_begin(
        drawing, width, _("When, and in which position"),
        _("A band a night, by the clock beside the bed, in the colours of the positions."));
    double bottom = chart_top(drawing) + bands.step * (double)nights->n + 2;
    chart_hours_axis(drawing, &bands.axis, chart_top(drawing) - 2, bottom);
    int r = 0;
    for (size_t i = 0; r >= 0 && i < nights->n; i++)
        r = put_night(drawing, &bands, &nights->entries[i],
                      chart_top(drawing) + bands.step * (double)i + (bands.step - bands.high) / 2);
    drawing->height = put_legend(drawing, &bands, bottom + 24);
    return r;
}
