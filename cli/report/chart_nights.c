// SPDX-License-Identifier: GPL-3.0-or-later
// A bar a night or a month: how long, and how much of it in psoas-friendly positions.
#include <errno.h>

#include "awake/awake_rows.h"
#include "awake/chart_awake.h"
#include "report/charts.h"
#include "report/report_rows.h"
#include "report/report_words.h"
#include "screen.h"
#include "words.h"

#define HEIGHT      150 // of the bars
#define LEFT        26  // for the hours' names
#define LABEL_WIDTH 46  // "Mon 12"
#define SHARE_WIDTH 30  // "100%"
#define BAR_MAX     56
#define HOUR_S      3600

struct bars {
    const struct report *report;
    double slot, bar; // from bar to bar, and as wide as one
    int64_t top_s;    // the hours that fit: whole ones
    double bottom;
    struct awake_strips strips;
};

static int64_t in_bed_s(const struct report_row *row)
{
    return totals_a_night(&row->totals, row->totals.in_bed_s);
}

static double height_of(const struct bars *bars, int64_t seconds)
{
    return HEIGHT * (double)seconds / (double)bars->top_s;
}

static void put_scale(struct drawing *drawing, const struct bars *bars)
{
    int64_t step_s = 2 * HOUR_S;
    while (bars->top_s > 7 * step_s)
        step_s *= 2;
    for (int64_t s = 0; s <= bars->top_s; s += step_s) {
        double y = bars->bottom - height_of(bars, s);
        draw_line(drawing, INK_GRID, LEFT, y, drawing->width - LEFT, 0);
        draw_text(drawing, INK_DIM, ANCHOR_END, LEFT - 5, y + 4, "%lldh", (long long)(s / HOUR_S));
    }
}

static void item_words(const struct report_row *row, const struct awake_means *awake,
                       char text[WORDS_SIZE])
{
    struct date date = day_date(row->day);
    char friendly[DURATION_SIZE], in_bed[DURATION_SIZE];
    const struct totals *totals = &row->totals;
    duration_clock(totals_a_night(totals, totals->friendly_s), friendly);
    duration_clock(in_bed_s(row), in_bed);
    unsigned share = percent(totals_friendly_share(totals));
    if (row->kind == ROW_UNRECORDED)
        snprintf(text, WORDS_SIZE, _("%s %d %s: nothing was recorded"), date.weekday_name, date.day,
                 date.month_name);
    else if (row->kind == ROW_MONTH)
        snprintf(text, WORDS_SIZE, _("%s %d: %s h a night friendly (%u%%), %s h in bed"),
                 date.month_name, date.year, friendly, share, in_bed);
    else if (row->entry->summary.nap)
        snprintf(text, WORDS_SIZE, _("Nap of %s %d %s: %s h friendly (%u%%), %s h in bed"),
                 date.weekday_name, date.day, date.month_name, friendly, share, in_bed);
    else
        snprintf(text, WORDS_SIZE, _("%s %d %s: %s h friendly (%u%%), %s h in bed"),
                 date.weekday_name, date.day, date.month_name, friendly, share, in_bed);
    awake_column_words(awake, text, WORDS_SIZE);
}

// What was told of a day stands below the first of its bars.
static struct awake_means awake_below(const struct bars *bars, const struct report_rows *rows,
                                      size_t i)
{
    if (i > 0 && rows->rows[i - 1].day == rows->rows[i].day)
        return (struct awake_means){0};
    return awake_row_at(bars->report, rows->rows[i].day).means;
}

static void put_label(struct drawing *drawing, const struct bars *bars,
                      const struct report_row *row, double middle)
{
    struct date date = day_date(row->day);
    double y = bars->bottom + 16;
    if (row->kind == ROW_MONTH)
        draw_text(drawing, INK_DIM, ANCHOR_MIDDLE, middle, y, "%s", date.month_short);
    else if (bars->slot >= LABEL_WIDTH)
        draw_text(drawing, INK_DIM, ANCHOR_MIDDLE, middle, y, "%s %d", date.weekday_short,
                  date.day);
    else
        draw_text(drawing, INK_DIM, ANCHOR_MIDDLE, middle, y, "%d", date.day);
}

static void put_bar(struct drawing *drawing, const struct bars *bars, const struct report_row *row,
                    double x)
{
    const struct totals *totals = &row->totals;
    double friendly = height_of(bars, totals_a_night(totals, totals->friendly_s));
    double recorded = height_of(bars, totals_a_night(totals, totals->recorded_s));
    double in_bed = height_of(bars, in_bed_s(row));
    draw_rect(drawing, INK_FRIENDLY, x, bars->bottom - friendly, bars->bar, friendly);
    draw_rect(drawing, INK_OTHER, x, bars->bottom - recorded, bars->bar, recorded - friendly);
    if (in_bed - recorded >= 1)
        draw_frame(drawing, INK_MISSING, x, bars->bottom - in_bed, bars->bar, in_bed - recorded);
    if (bars->slot >= SHARE_WIDTH && row->kind != ROW_UNRECORDED)
        draw_text(drawing, INK_TEXT, ANCHOR_MIDDLE, x + bars->bar / 2, bars->bottom - in_bed - 5,
                  "%u%%", percent(totals_friendly_share(totals)));
}

static void put_row(struct drawing *drawing, const struct bars *bars,
                    const struct report_rows *rows, size_t i)
{
    const struct report_row *row = &rows->rows[i];
    double left = LEFT + bars->slot * (double)i;
    const struct awake_means awake = awake_below(bars, rows, i);
    char text[WORDS_SIZE];
    item_words(row, &awake, text);
    draw_item(drawing, left, chart_top(drawing), bars->slot,
              bars->strips.bottom - chart_top(drawing), text);
    put_bar(drawing, bars, row, left + (bars->slot - bars->bar) / 2);
    const struct awake_column column = {left + bars->slot / 2, bars->slot, bars->bar};
    awake_column_draw(drawing, &bars->strips, &awake, &column);
    // Where they are narrow, not every bar has its name.
    size_t each = 1;
    while (bars->slot * (double)each < (row->kind == ROW_MONTH ? 28 : 20))
        each++;
    if (i % each == 0)
        put_label(drawing, bars, row, left + bars->slot / 2);
    draw_item_end(drawing);
}

static void put_all(struct drawing *drawing, const struct report *report,
                    const struct report_rows *rows)
{
    struct bars bars = {.report = report, .bottom = chart_top(drawing) + 18 + HEIGHT};
    for (size_t i = 0; i < rows->n; i++)
        if (in_bed_s(&rows->rows[i]) > bars.top_s)
            bars.top_s = in_bed_s(&rows->rows[i]);
    bars.top_s = (bars.top_s / (2 * HOUR_S) + 1) * 2 * HOUR_S;
    bars.slot = (drawing->width - LEFT) / (double)rows->n;
    bars.bar = bars.slot * 0.7 < BAR_MAX ? bars.slot * 0.7 : BAR_MAX;
    for (size_t i = 0; i < rows->n; i++) {
        const struct awake_means awake = awake_below(&bars, rows, i);
        awake_strips_fit(&bars.strips, &awake);
    }
    awake_strips_lay(&bars.strips, bars.bottom + 21);
    put_scale(drawing, &bars);
    awake_strips_draw(drawing, &bars.strips, LEFT, drawing->width);
    for (size_t i = 0; i < rows->n; i++)
        put_row(drawing, &bars, rows, i);
    const struct swatch swatches[] = {
        {INK_FRIENDLY, false, _("psoas-friendly")},
        {INK_OTHER, false, _("other positions")},
        {INK_MISSING, true, _("not recorded")},
    };
    drawing->height = draw_legend(drawing, LEFT, bars.strips.bottom + 5, swatches,
                                  sizeof swatches / sizeof *swatches);
}

int chart_nights(struct drawing *drawing, double width, const struct report *report)
{
    struct report_rows rows;
    bool months = report_has_months(report);
    drawing_begin(drawing, width, months ? _("Month by month") : _("Night by night"),
                  months ? _("A bar a month: how long a night was on average, and how much of it "
                             "was spent in psoas-friendly positions.")
                         : _("A bar a night: how long it was, and how much of it was spent in "
                             "psoas-friendly positions."));
    int r = report_rows_of(&rows, report);
    if (r < 0)
        return r;
    put_all(drawing, report, &rows);
    report_rows_free(&rows);
    return 0;
}
