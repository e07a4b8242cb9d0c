// SPDX-License-Identifier: GPL-3.0-or-later
// The report to be read aloud: a sentence a line, no bars, no boxes, no columns, no colour, and
// nothing that has to be seen beside something else to be understood.
#include <stdio.h>

#include "awake/report_awake.h"
#include "report/lanes.h"
#include "local.h"
#include "report/report_forms.h"
#include "report/report_rows.h"
#include "report/report_words.h"
#include "words.h"

static void say(const char *sentence, void *stream)
{
    fprintf(stream, "%s\n", sentence);
}

static const char *friendly_words(const struct report *report, enum position position)
{
    return report_is_friendly(report, position) ? _(", psoas-friendly") : "";
}

// ---- nights ----

static void say_totals(FILE *stream, const struct totals *totals, bool average)
{
    char in_bed[DURATION_SIZE], friendly[DURATION_SIZE], longest[DURATION_SIZE];
    duration_words(totals_a_night(totals, totals->in_bed_s), in_bed);
    duration_words(totals_a_night(totals, totals->friendly_s), friendly);
    duration_words(totals->longest_bout_s, longest);
    unsigned share = percent(totals_friendly_share(totals));
    long long turns = totals_a_night(totals, totals->turns);
    if (average)
        fprintf(stream,
                _("In bed %s a night, psoas-friendly %s a night, %u%%. Turns: %lld a night. "),
                in_bed, friendly, share, turns);
    else
        fprintf(stream, _("In bed %s, psoas-friendly %s, %u%%. Turns: %lld. "), in_bed, friendly,
                share, turns);
    fprintf(stream, _("Longest in one position: %s. Mostly: %s.\n"), longest,
            _(position_fact(totals_most(totals))->title));
}

static void say_night(FILE *stream, const struct report *report, const struct report_row *row)
{
    const struct night_summary *summary = &row->entry->summary;
    char day[WORDS_SIZE], start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
    words_day(row->day, day);
    local_clock(&summary->night, summary->night.night.start_s, start);
    local_clock(&summary->night, summary->night.night.end_s, end);
    if (report_is_recording(report, &summary->night))
        fprintf(stream,
                summary->nap ? _("%s, a nap from %s until now. ") : _("%s, from %s until now. "),
                day, start);
    else
        fprintf(stream, summary->nap ? _("%s, a nap from %s to %s. ") : _("%s, from %s to %s. "),
                day, start, end);
    if (summary->doubtful)
        fputs(_("That is more than a day, and doubtful. "), stream);
    say_totals(stream, &row->totals, false);
}

static void say_row(FILE *stream, const struct report *report, const struct report_row *row)
{
    char day[WORDS_SIZE];
    struct date date = day_date(row->day);
    switch (row->kind) {
    case ROW_NIGHT:
        say_night(stream, report, row);
        return;
    case ROW_MONTH:
        fprintf(stream, ngettext("%s %d, %u night. ", "%s %d, %u nights. ", row->totals.days),
                date.month_name, date.year, row->totals.days);
        say_totals(stream, &row->totals, true);
        return;
    case ROW_UNRECORDED:
        words_day(row->day, day);
        fprintf(stream, _("%s: nothing was recorded.\n"), day);
        return;
    }
}

static int say_nights(FILE *stream, const struct report *report)
{
    struct report_rows rows;
    int r = report_rows_of(&rows, report);
    if (r < 0)
        return r;
    fputs(report_has_months(report) ? _("\nMonths:\n") : _("\nNights:\n"), stream);
    for (size_t i = 0; i < rows.n; i++)
        say_row(stream, report, &rows.rows[i]);
    report_rows_free(&rows);
    return 0;
}

// ---- what a night was made of ----

static int say_bouts(FILE *stream, const struct report *report, const struct night_entry *entry)
{
    struct lanes lanes;
    int r = lanes_of(&lanes, report, entry);
    if (r < 0)
        return r;
    char day[WORDS_SIZE];
    words_day(entry->summary.night.night.day, day);
    fprintf(stream, _("\nHow %s was spent:\n"), day);
    for (size_t i = 0; i < lanes.n; i++) {
        const struct stretch *stretch = &lanes.stretches[i];
        char from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE], length[DURATION_SIZE];
        local_clock(&entry->summary.night, stretch->start_s, from);
        local_clock(&entry->summary.night, stretch->end_s, to);
        duration_words(stretch->end_s - stretch->start_s, length);
        fprintf(stream, _("From %s to %s, %s: "), from, to, length);
        if (stretch->lane == LANE_UNRECORDED)
            fprintf(stream, "%s.\n", words_gap(stretch->reason));
        else
            fprintf(stream, "%s%s.\n", words_position((enum position)stretch->lane),
                    friendly_words(report, (enum position)stretch->lane));
    }
    lanes_free(&lanes);
    return 0;
}

static int say_all_bouts(FILE *stream, const struct report *report)
{
    int r = 0;
    for (size_t i = 0; report->bouts && r >= 0 && i < report->nights.n; i++)
        r = say_bouts(stream, report, &report->nights.entries[i]);
    return r;
}

// ---- figures ----

static void say_positions(FILE *stream, const struct report *report)
{
    struct spent spent[POSITION_N];
    size_t n = report_spent(report, spent);
    fputs(_("\nPositions, the longest first:\n"), stream);
    for (size_t i = 0; i < n; i++) {
        char time[DURATION_SIZE], share[PERCENT_SIZE];
        duration_words(spent[i].seconds, time);
        percent_text(share_of(spent[i].seconds, report->totals.recorded_s), share);
        fprintf(stream, "%s%s: %s, %s.\n", _(position_fact(spent[i].position)->title),
                friendly_words(report, spent[i].position), time, share);
    }
}

static const char *trend_words(enum trend trend)
{
    switch (trend) {
    case TREND_MORE:
    case TREND_LESS:
        return _(", larger than nights differ among themselves");
    case TREND_WITHIN:
    case TREND_NOT_JUDGED:
        break;
    }
    return "";
}

static void say_figure(FILE *stream, const struct report *report, const struct figures *figures,
                       enum figure figure)
{
    const struct figure_fact *fact = figure_fact(figure);
    bool single = report->period.kind == PERIOD_NIGHT;
    char here[FIGURE_TEXT_SIZE], before[FIGURE_TEXT_SIZE], change[FIGURE_TEXT_SIZE];
    if (!figure_is_shown(figure, figures, report))
        return;
    figure_words(figure, figures->here[figure], here);
    fprintf(stream, "%s: %s.", _(single ? fact->title_one : fact->title), here);
    if (report->previous.nights > 0) {
        figure_words(figure, figures->before[figure], before);
        figure_change_words(figure, figures, change);
        fprintf(stream, _(" Before: %s."), before);
        if (*change)
            fprintf(stream, "%s%s%s.", _(" Change: "), change, trend_words(figures->trend[figure]));
    }
    fputc('\n', stream);
}

static bool has_arrows(const struct figures *figures)
{
    for (int i = 0; i < FIGURE_N; i++)
        if (figures->trend[i] == TREND_MORE || figures->trend[i] == TREND_LESS)
            return true;
    return false;
}

int report_print_plain(FILE *stream, const struct report *report)
{
    struct figures figures;
    char text[WORDS_SIZE];
    int r = figures_of(&figures, report);
    if (r < 0)
        return r;
    words_title(report, text);
    fprintf(stream, "%s.\n", text);
    words_answer(report, text);
    say(text, stream);
    words_change(report, &figures, text);
    say(text, stream);
    r = report_print_sentences(stream, NULL, &report_advice, report, &figures);
    if (r >= 0)
        r = say_nights(stream, report);
    if (r >= 0)
        r = report_say_awake(stream, report);
    if (r >= 0)
        r = say_all_bouts(stream, report);
    if (r < 0)
        return r;
    say_positions(stream, report);
    fputs(_("\nFigures:\n"), stream);
    for (int figure = 0; figure < FIGURE_N; figure++)
        say_figure(stream, report, &figures, (enum figure)figure);
    r = report_print_sentences(stream, NULL, &report_helps, report, &figures);
    if (r < 0)
        return r;
    fputs(_("\nNotes:\n"), stream);
    const char *judged = words_judged(report, &figures);
    if (judged && !has_arrows(&figures)) // here each change says it itself
        say(judged, stream);
    words_notes(report, say, stream);
    return 0;
}
