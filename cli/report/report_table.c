// SPDX-License-Identifier: GPL-3.0-or-later
// The report for people: the answer first, then what it is made of, then its limits.
#include "report/report_table.h"

#include <errno.h>

#include "awake/report_awake.h"
#include "base/cleanup.h"
#include "report/report_forms.h"
#include "report/report_words.h"

#define INDENT 2

static void print_title(FILE *stream, const struct screen *screen, const struct report *report)
{
    char title[WORDS_SIZE];
    words_title(report, title);
    fprintf(stream, "%s%s%s\n\n", screen->colour ? "\033[1m" : "", title,
            screen->colour ? "\033[0m" : "");
}

// Did I sleep in positions that help? Is it more than before?
static int print_answer(FILE *stream, const struct screen *screen, const struct report *report,
                        const struct figures *figures)
{
    double share = totals_friendly_share(&report->totals);
    char text[WORDS_SIZE];
    words_answer(report, text);
    screen_paragraph(stream, screen, INDENT, text);
    words_change(report, figures, text);
    screen_paragraph(stream, screen, INDENT, text);

    unsigned cells = screen->width - 2 * INDENT;
    _cleanup_(freep) char *meter = bar_meter(screen, share, cells < 50 ? cells : 50);
    if (!meter)
        return -ENOMEM;
    fprintf(stream, "\n%*s%s%s%s\n\n", INDENT, "", screen->colour ? "\033[32m" : "", meter,
            screen->colour ? "\033[0m" : "");
    return 0;
}

struct paragraphs {
    FILE *stream;
    const struct screen *screen;
};

static void print_note(const char *sentence, void *userdata)
{
    const struct paragraphs *paragraphs = userdata;
    screen_paragraph(paragraphs->stream, paragraphs->screen, 0, sentence);
}

static int print_all_bouts(FILE *stream, const struct screen *screen, const struct report *report)
{
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_entry *entry = &report->nights.entries[i];
        char day[WORDS_SIZE];
        words_day(entry->summary.night.night.day, day);
        if (report->period.kind != PERIOD_NIGHT)
            fprintf(stream, "%s\n", day);
        int r = report_print_timeline(stream, screen, report, entry);
        if (r < 0)
            return r;
        fputc('\n', stream);
        r = report_print_bouts(stream, screen, report, entry);
        if (r < 0)
            return r;
        fputc('\n', stream);
    }
    return 0;
}

int report_print_table(FILE *stream, const struct screen *screen, const struct report *report)
{
    struct figures figures;
    int r = figures_of(&figures, report);
    if (r < 0)
        return r;
    print_title(stream, screen, report);
    r = print_answer(stream, screen, report, &figures);
    if (r < 0)
        return r;
    r = report_print_sentences(stream, screen, &report_advice, report, &figures);
    if (r < 0)
        return r;
    r = report_print_nights(stream, screen, report);
    if (r < 0)
        return r;
    fputc('\n', stream);
    r = report_print_awake(stream, screen, report);
    if (r < 0)
        return r;
    if (report->bouts) {
        r = print_all_bouts(stream, screen, report);
        if (r < 0)
            return r;
    }
    r = report_print_positions(stream, screen, report);
    if (r < 0)
        return r;
    fputc('\n', stream);
    r = report_print_comparison(stream, screen, report, &figures);
    if (r < 0)
        return r;
    fputc('\n', stream);
    r = report_print_sentences(stream, screen, &report_helps, report, &figures);
    if (r < 0)
        return r;

    struct paragraphs paragraphs = {stream, screen};
    const char *judged = words_judged(report, &figures);
    if (judged)
        print_note(judged, &paragraphs);
    words_notes(report, print_note, &paragraphs);
    return 0;
}
