// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the page.
#include "report/report_page.h"

#include "awake/awake_rows.h"
#include "html.h"
#include "report/lanes.h"
#include "local.h"
#include "report/palette.h"
#include "report/report_rows.h"
#include "report/report_words.h"
#include "screen.h"
#include "words.h"

// Before a heading that is for who hears the page: what is below speaks for itself to the eye.
#define AWAY "\a"

static void put_heading(FILE *stream, const char *heading)
{
    bool away = *heading == *AWAY;
    fprintf(stream,
            away ? "<th scope=\"col\"><span class=\"away\">%s</span></th>"
                 : "<th scope=\"col\">%s</th>",
            _(heading + away));
}

static void begin_table(FILE *stream, const char *title, const char *class,
                        const char *const *headings, size_t n)
{
    fprintf(stream,
            "<section>\n<h2>%s</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"%s\">\n<table class=\"%s\">\n<thead><tr>",
            _(title), _(title), class);
    for (size_t i = 0; i < n; i++)
        put_heading(stream, headings[i]);
    fputs("</tr></thead>\n<tbody>\n", stream);
}

static void end_table(FILE *stream)
{
    fputs("</tbody>\n</table>\n</div>\n</section>\n", stream);
}

#define HEADINGS(stream, title, class, ...)                                                        \
    begin_table(stream, title, class, (const char *const[]){__VA_ARGS__},                          \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

// A star says it, too, not colour alone; and a word, for who cannot see a star.
static void put_star(FILE *stream, const struct report *report, enum position position)
{
    if (report_is_friendly(report, position))
        fprintf(stream, " <abbr title=\"%s\">*</abbr>", _("psoas-friendly"));
}

static void put_swatch(FILE *stream, int ink)
{
    fprintf(stream,
            "<svg class=\"swatch\" viewBox=\"0 0 1 1\" aria-hidden=\"true\">"
            "<rect class=\"c%d\" width=\"1\" height=\"1\"/></svg>",
            ink);
}

// ---- positions ----

static void put_position(FILE *stream, const struct report *report, struct spent spent,
                         double longest)
{
    const struct position_fact *fact = position_fact(spent.position);
    double share = share_of(spent.seconds, report->totals.recorded_s);
    char time[DURATION_SIZE], share_text[PERCENT_SIZE];
    duration_clock(spent.seconds, time);
    percent_text(share, share_text);
    fputs("<tr><th scope=\"row\">", stream);
    put_swatch(stream, spent.position);
    html_text(stream, _(fact->title));
    put_star(stream, report, spent.position);
    fprintf(stream, "</th><td class=\"word\">%s</td><td>%s</td><td>",
            fact->psoas == PSOAS_NONE ? "" : _(psoas_name(fact->psoas)), time);
    html_text(stream, share_text);
    fprintf(stream,
            "</td><td class=\"bar\"><svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect class=\"c%d\" width=\"%u\" height=\"1\"/></svg></td>"
            "</tr>\n",
            (int)spent.position, percent(share / longest));
}

void page_positions(FILE *stream, const struct report *report)
{
    struct spent spent[POSITION_N];
    size_t n = report_spent(report, spent);
    if (n == 0)
        return;
    HEADINGS(stream, N_("Positions"), "positions", N_("Position"), N_("Psoas"), N_("Time"),
             N_("Share"), AWAY N_("Bar"));
    double longest = share_of(spent[0].seconds, report->totals.recorded_s);
    for (size_t i = 0; i < n; i++)
        put_position(stream, report, spent[i], longest);
    end_table(stream);
}

// ---- figures ----

static void put_trend(FILE *stream, enum trend trend)
{
    if (trend == TREND_MORE || trend == TREND_LESS)
        fprintf(stream,
                "<span class=\"arrow\" role=\"img\" "
                "aria-label=\"%s\">%s</span>",
                _("larger than nights differ among themselves"), trend == TREND_MORE ? "↑" : "↓");
}

static void put_figure(FILE *stream, const struct report *report, const struct figures *figures,
                       enum figure figure)
{
    const struct figure_fact *fact = figure_fact(figure);
    bool single = report->period.kind == PERIOD_NIGHT;
    char here[FIGURE_TEXT_SIZE], before[FIGURE_TEXT_SIZE], change[FIGURE_TEXT_SIZE];
    if (!figure_is_shown(figure, figures, report))
        return;
    figure_text(figure, figures->here[figure], here);
    fputs("<tr><th scope=\"row\">", stream);
    html_text(stream, _(single ? fact->title_one : fact->title));
    fprintf(stream, "</th><td>%s</td>", here);
    if (report->previous.nights > 0) {
        figure_text(figure, figures->before[figure], before);
        figure_change_text(figure, figures, change);
        fprintf(stream, "<td>%s</td><td>%s</td><td class=\"trend\">", before, change);
        put_trend(stream, figures->trend[figure]);
        fputs("</td>", stream);
    }
    fputs("</tr>\n", stream);
}

void page_figures(FILE *stream, const struct report *report, const struct figures *figures)
{
    if (report->previous.nights > 0)
        HEADINGS(stream, N_("Compared with before"), "figures", N_("Figure"), N_("Now"),
                 N_("Before"), N_("Change"), AWAY N_("Judgement"));
    else
        HEADINGS(stream, N_("Figures"), "figures", N_("Figure"), N_("Now"));
    for (int figure = 0; figure < FIGURE_N; figure++)
        put_figure(stream, report, figures, (enum figure)figure);
    end_table(stream);
}

// ---- nights ----

static void put_when(FILE *stream, const struct report *report, const struct report_row *row)
{
    struct date date = day_date(row->day);
    char start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
    if (row->kind == ROW_MONTH) {
        fprintf(stream, "<tr><th scope=\"row\">%s %d</th><td>%u</td>", date.month_name, date.year,
                row->totals.days);
        return;
    }
    fprintf(stream, "<tr><th scope=\"row\">%s %d %s</th>", date.weekday_short, date.day,
            date.month_short);
    if (row->kind == ROW_UNRECORDED) {
        fprintf(stream, "<td colspan=\"7\" class=\"word\">%s</td></tr>\n",
                _("nothing was recorded"));
        return;
    }
    const struct night_summary *summary = &row->entry->summary;
    local_clock(&summary->night, summary->night.night.start_s, start);
    local_clock(&summary->night, summary->night.night.end_s, end);
    fprintf(stream, "<td>%s–%s%s%s</td>", start,
            report_is_recording(report, &summary->night) ? _("now") : end,
            summary->nap ? _(" nap") : "", summary->doubtful ? "?" : "");
}

static void put_row(FILE *stream, const struct report *report, const struct report_row *row)
{
    const struct totals *totals = &row->totals;
    char in_bed[DURATION_SIZE], friendly[DURATION_SIZE], longest[DURATION_SIZE];
    put_when(stream, report, row);
    if (row->kind == ROW_UNRECORDED)
        return;
    duration_clock(totals_a_night(totals, totals->in_bed_s), in_bed);
    duration_clock(totals_a_night(totals, totals->friendly_s), friendly);
    duration_clock(totals->longest_bout_s, longest);
    enum position most = totals_most(totals);
    fprintf(stream,
            "<td>%s</td><td>%s</td><td>%u%%</td><td>%lld</td><td>%s</td><td class=\"word\">",
            in_bed, friendly, percent(totals_friendly_share(totals)),
            (long long)totals_a_night(totals, totals->turns), longest);
    put_swatch(stream, most);
    html_text(stream, _(position_fact(most)->title));
    fputs("</td></tr>\n", stream);
}

int page_nights(FILE *stream, const struct report *report)
{
    struct report_rows rows;
    int r = report_rows_of(&rows, report);
    if (r < 0)
        return r;
    if (report_has_months(report))
        HEADINGS(stream, N_("Months"), "nights", N_("Month"), N_("Nights"), N_("In bed"),
                 N_("Friendly"), N_("Share"), N_("Turns"), N_("Longest"), N_("Mostly"));
    else
        HEADINGS(stream, N_("Nights"), "nights", N_("Night"), N_("From–to"), N_("In bed"),
                 N_("Friendly"), N_("Share"), N_("Turns"), N_("Longest"), N_("Mostly"));
    for (size_t i = 0; i < rows.n; i++)
        put_row(stream, report, &rows.rows[i]);
    report_rows_free(&rows);
    end_table(stream);
    return 0;
}

// ---- awake ----

static void put_awake(FILE *stream, const struct awake_row *row)
{
    char text[AWAKE_ROW_SIZE];
    awake_row_name(row, text);
    fputs("<tr><th scope=\"row\">", stream);
    html_text(stream, text);
    fputs("</th>", stream);
    for (int item = 0; item < AWAKE_ITEM_N; item++) {
        char value[AWAKE_TEXT_SIZE];
        awake_text((enum awake_item)item, row->means.of[item], value);
        fprintf(stream, "<td>%s</td>", value);
    }
    fputs("</tr>\n", stream);
}

int page_awake(FILE *stream, const struct report *report)
{
    const char *headings[1 + AWAKE_ITEM_N] = {report_has_months(report) ? N_("Month")
                                                                        : N_("Night")};
    struct awake_rows rows;
    int r = awake_rows_of(&rows, report);
    if (r < 0 || rows.n == 0)
        return r;
    for (int item = 0; item < AWAKE_ITEM_N; item++)
        headings[1 + item] = awake_fact((enum awake_item)item)->title;
    begin_table(stream, N_("Awake"), "awake", headings, 1 + AWAKE_ITEM_N);
    for (size_t i = 0; i < rows.n; i++)
        put_awake(stream, &rows.rows[i]);
    awake_rows_free(&rows);
    end_table(stream);
    return 0;
}

// ---- a night's stretches ----

static void put_stretch(FILE *stream, const struct report *report, const struct store_night *night,
                        const struct stretch *stretch)
{
    char from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE], length[DURATION_SIZE];
    local_clock(night, stretch->start_s, from);
    local_clock(night, stretch->end_s, to);
    duration_clock_s(stretch->end_s - stretch->start_s, length);
    fprintf(stream, "<tr><th scope=\"row\">%s–%s</th><td>%s</td><td class=\"word\">", from, to,
            length);
    if (stretch->lane == LANE_UNRECORDED) {
        html_text(stream, words_gap(stretch->reason));
        fputs("</td></tr>\n", stream);
        return;
    }
    enum position position = (enum position)stretch->lane;
    put_swatch(stream, position);
    html_text(stream, words_position(position));
    put_star(stream, report, position);
    fputs("</td></tr>\n", stream);
}

int page_bouts(FILE *stream, const struct report *report)
{
    HEADINGS(stream, N_("The night in words"), "bouts", N_("From–to"), N_("For"), N_("Position"));
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_entry *entry = &report->nights.entries[i];
        struct lanes lanes;
        int r = lanes_of(&lanes, report, entry);
        if (r < 0)
            return r;
        for (size_t k = 0; k < lanes.n; k++)
            put_stretch(stream, report, &entry->summary.night, &lanes.stretches[k]);
        lanes_free(&lanes);
    }
    end_table(stream);
    return 0;
}
