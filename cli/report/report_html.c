// SPDX-License-Identifier: GPL-3.0-or-later
// The report as a page: one file that needs nothing else, runs nothing and asks nobody. The answer
// first: slept well for the psoas? better than before? what changed? Then what it is made of.
#include <errno.h>

#include "report/charts.h"
#include "awake/report_awake.h"
#include "html.h"
#include "report/report_forms.h"
#include "report/report_page.h"
#include "report/report_rows.h"
#include "report/report_words.h"
#include "screen.h"
#include "words.h"

extern const unsigned char page_style[]; // page.css

// Whatever a text may hold: no script, no request, no frame, no form.
#define POLICY                                                                                     \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "              \
    "form-action 'none'"

static void put_head(FILE *stream, const char *title)
{
    fprintf(stream, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
            words_of("language of this translation", "en"));
    fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<meta name=\"generator\" content=\"psoasmon\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          stream);
    html_text(stream, title);
    fputs("</title>\n<style>\n", stream);
    drawing_write_style(stream);
    fprintf(stream, "%s</style>\n</head>\n<body>\n<main>\n", (const char *)page_style);
}

// ---- the answer ----

static void put_paragraph(FILE *stream, const char *class, const char *text)
{
    fprintf(stream, "<p class=\"%s\">", class);
    html_text(stream, text);
    fputs("</p>\n", stream);
}

static void put_meter(FILE *stream, double share)
{
    fprintf(stream,
            "<svg class=\"meter\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect class=\"rest\" width=\"100\" height=\"1\"/>"
            "<rect class=\"c%d\" width=\"%u\" height=\"1\"/></svg>\n",
            (int)INK_FRIENDLY, percent(share));
}

static void put_changed(FILE *stream, const struct report *report, const struct figures *figures)
{
    bool single = report->period.kind == PERIOD_NIGHT;
    const char *judged = words_judged(report, figures);
    bool any = false;
    if (!judged) // nothing to compare with, or one night, which says nothing
        return;
    fprintf(stream, "<h2>%s</h2>\n", _("What changed"));
    for (int i = 0; i < FIGURE_N; i++) {
        enum trend trend = figures->trend[i];
        const struct figure_fact *fact = figure_fact((enum figure)i);
        char here[FIGURE_TEXT_SIZE], before[FIGURE_TEXT_SIZE], change[FIGURE_TEXT_SIZE];
        if (trend != TREND_MORE && trend != TREND_LESS)
            continue;
        figure_words((enum figure)i, figures->here[i], here);
        figure_words((enum figure)i, figures->before[i], before);
        figure_change_words((enum figure)i, figures, change);
        fprintf(stream, "%s<li><span class=\"arrow\" aria-hidden=\"true\">%s</span> ",
                any ? "" : "<ul class=\"changes\">\n", trend == TREND_MORE ? "↑" : "↓");
        html_text(stream, _(single ? fact->title_one : fact->title));
        fprintf(stream, _(": <b>%s</b>, before %s (%s)</li>\n"), here, before, change);
        any = true;
    }
    if (any)
        fputs("</ul>\n", stream);
    else
        put_paragraph(stream, "quiet", judged);
}

static void put_answer(FILE *stream, const struct report *report, const struct figures *figures)
{
    char text[WORDS_SIZE];
    double share = totals_friendly_share(&report->totals);
    words_title(report, text);
    fputs("<header>\n<p class=\"brand\">psoasmon</p>\n<h1>", stream);
    html_text(stream, text);
    fputs("</h1>\n</header>\n<section class=\"answer\">\n", stream);
    fprintf(stream, "<p class=\"share\" aria-hidden=\"true\">%u%%</p>\n<div>\n", percent(share));
    words_answer(report, text);
    put_paragraph(stream, "lead", text);
    put_meter(stream, share);
    words_change(report, figures, text);
    put_paragraph(stream, "change", text);
    fputs("</div>\n</section>\n<section>\n", stream);
    put_changed(stream, report, figures);
    fputs("</section>\n", stream);
}

// ---- charts ----

typedef int (*chart)(struct drawing *drawing, double width, const struct report *report,
                     const struct night_entry *entry);

static int put_chart_at(FILE *stream, const struct report *report, const struct night_entry *entry,
                        chart draw, bool wide, const char *id)
{
    struct drawing drawing;
    int r = draw(&drawing, wide ? CHART_WIDE : CHART_NARROW, report, entry);
    if (r >= 0 && drawing.failed)
        r = -ENOMEM;
    if (r >= 0)
        drawing_write_svg(stream, &drawing, wide ? "wide" : "narrow", id);
    drawing_free(&drawing);
    return r;
}

// For wide windows and for phones: one of them is shown.
static int put_chart(FILE *stream, const struct report *report, const struct night_entry *entry,
                     chart draw, const char *name, size_t number)
{
    char id[32];
    int r = 0;
    fputs("<figure>\n", stream);
    for (int wide = 1; r >= 0 && wide >= 0; wide--) {
        snprintf(id, sizeof id, "%s%zu%s", name, number, wide ? "w" : "n");
        r = put_chart_at(stream, report, entry, draw, wide, id);
    }
    fputs("</figure>\n", stream);
    return r;
}

static int draw_nights(struct drawing *drawing, double width, const struct report *report,
                       const struct night_entry *entry)
{
    (void)entry;
    return chart_nights(drawing, width, report);
}

static int draw_hours(struct drawing *drawing, double width, const struct report *report,
                      const struct night_entry *entry)
{
    (void)entry;
    return chart_hours(drawing, width, report);
}

static int put_timelines(FILE *stream, const struct report *report)
{
    int r = 0;
    fprintf(stream, "<section>\n<h2>%s</h2>\n", _("The night"));
    for (size_t i = 0; r >= 0 && i < report->nights.n; i++)
        r = put_chart(stream, report, &report->nights.entries[i], chart_night, "night", i);
    fputs("</section>\n", stream);
    return r;
}

static int put_period(FILE *stream, const struct report *report)
{
    bool months = report_has_months(report);
    fprintf(stream, "<section>\n<h2>%s</h2>\n", months ? _("Month by month") : _("Night by night"));
    int r = put_chart(stream, report, NULL, draw_nights, "nights", 0);
    fputs("</section>\n", stream);
    if (r < 0 || months)
        return r;
    fprintf(stream, "<section>\n<h2>%s</h2>\n", _("When, and in which position"));
    r = put_chart(stream, report, NULL, draw_hours, "hours", 0);
    fputs("</section>\n", stream);
    return r;
}

// ---- the rest ----

static void put_note(const char *sentence, void *stream)
{
    fputs("<li>", stream);
    html_text(stream, sentence);
    fputs("</li>\n", stream);
}

static void put_notes(FILE *stream, const struct report *report, const struct figures *figures)
{
    const char *judged = words_judged(report, figures);
    fprintf(stream, "<section>\n<h2>%s</h2>\n<ul class=\"notes\">\n", _("To know"));
    if (judged)
        put_note(judged, stream);
    words_notes(report, put_note, stream);
    fputs("</ul>\n</section>\n</main>\n</body>\n</html>\n", stream);
}

struct list {
    FILE *stream;
    const char *heading;
    unsigned n;
};

static void put_sentence(const char *sentence, void *userdata)
{
    struct list *list = userdata;
    if (list->n++ == 0)
        fprintf(list->stream, "<section>\n<h2>%s</h2>\n<ul class=\"said\">\n", _(list->heading));
    put_note(sentence, list->stream);
}

static int put_sentences(FILE *stream, const struct report_sentences *sentences,
                         const struct report *report, const struct figures *figures)
{
    struct list list = {stream, sentences->heading, 0};
    int r = sentences->say(report, figures, put_sentence, &list);
    if (list.n > 0)
        fputs("</ul>\n</section>\n", stream);
    return r;
}

int report_print_html(FILE *stream, const struct report *report)
{
    struct figures figures;
    char title[WORDS_SIZE];
    int r = figures_of(&figures, report);
    if (r < 0)
        return r;
    words_title(report, title);
    put_head(stream, title);
    put_answer(stream, report, &figures);
    r = put_sentences(stream, &report_advice, report, &figures);
    if (r < 0)
        return r;
    r = report->period.kind == PERIOD_NIGHT ? put_timelines(stream, report)
                                            : put_period(stream, report);
    if (r < 0)
        return r;
    page_positions(stream, report);
    page_figures(stream, report, &figures);
    r = page_nights(stream, report);
    if (r >= 0)
        r = page_awake(stream, report);
    if (r >= 0)
        r = put_sentences(stream, &report_helps, report, &figures);
    if (r >= 0 && report->period.kind == PERIOD_NIGHT)
        r = page_bouts(stream, report);
    if (r >= 0)
        put_notes(stream, report, &figures);
    return r;
}
