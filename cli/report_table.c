// SPDX-License-Identifier: GPL-3.0-or-later
// The report for people: the answer first, then what it is made of, then its limits.
#include "report_table.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "local.h"
#include "report_forms.h"

#define INDENT 2

static void print_title(FILE *stream, const struct screen *screen, const struct report *report)
{
    static const char *const words[PERIOD_KIND_N] = {
        [PERIOD_NIGHT] = "Night of ", [PERIOD_WEEK] = "Week of ", [PERIOD_MONTH] = "",
        [PERIOD_YEAR] = "",           [PERIOD_DATES] = "",
    };
    char title[128];
    period_title(&report->period, title, sizeof title);
    fprintf(stream, "%s%s%s%s\n\n", screen->colour ? "\033[1m" : "", words[report->period.kind],
            title, screen->colour ? "\033[0m" : "");
}

// "the week before", "the 12 days before".
static void name_before(const struct report *report, char *text, size_t size)
{
    if (report->period.kind == PERIOD_DATES && period_days(&report->period) > 1)
        snprintf(text, size, "the %u days before", period_days(&report->period));
    else if (report->period.kind == PERIOD_DATES)
        snprintf(text, size, "the day before");
    else
        snprintf(text, size, "the %s before", period_kind_name(report->period.kind));
}

// Rounded as shown, so that what is said about it adds up.
static int64_t friendly_a_night(const struct totals *totals)
{
    return duration_minute(totals_a_night(totals, totals->friendly_s));
}

static const char *judgement(enum trend trend)
{
    switch (trend) {
    case TREND_MORE:
    case TREND_LESS:
        return " That is more than nights differ among themselves.";
    case TREND_WITHIN:
        return " Nights differ among themselves by as much.";
    case TREND_NOT_JUDGED:
        break;
    }
    return "";
}

static void print_change(FILE *stream, const struct screen *screen, const struct report *report,
                         const struct figures *figures)
{
    const char *judged = judgement(figures->trend[FIGURE_FRIENDLY_A_NIGHT]);
    char before[64], text[256];
    name_before(report, before, sizeof before);
    if (report->previous.days == 0) {
        snprintf(text, sizeof text, "Nothing was recorded %s, to compare with.", before);
        screen_paragraph(stream, screen, INDENT, text);
        return;
    }
    bool single = report->period.kind == PERIOD_NIGHT;
    int64_t then_s = friendly_a_night(&report->previous);
    int64_t change_s = friendly_a_night(&report->totals) - then_s;
    char change[DURATION_SIZE], then[DURATION_SIZE];
    duration_words(change_s < 0 ? -change_s : change_s, change);
    duration_words(then_s, then);
    unsigned share = percent(totals_friendly_share(&report->previous));
    if (change_s == 0)
        snprintf(text, sizeof text, "As long as %s (%s, %u%%).", before, then, share);
    else
        snprintf(text, sizeof text, "%s%s %s than %s (%s, %u%%).%s", change,
                 single ? "" : " a night", change_s > 0 ? "more" : "less", before, then, share,
                 judged);
    screen_paragraph(stream, screen, INDENT, text);
}

// Did I sleep in positions that help? Is it more than before?
static int print_answer(FILE *stream, const struct screen *screen, const struct report *report,
                        const struct figures *figures)
{
    double share = totals_friendly_share(&report->totals);
    char time[DURATION_SIZE], text[128];
    duration_words(friendly_a_night(&report->totals), time);
    snprintf(text, sizeof text, "%s%s in psoas-friendly positions: %u%% of the time recorded.",
             time, report->period.kind == PERIOD_NIGHT ? "" : " a night", percent(share));
    screen_paragraph(stream, screen, INDENT, text);
    print_change(stream, screen, report, figures);

    unsigned cells = screen->width - 2 * INDENT;
    _cleanup_(freep) char *meter = bar_meter(screen, share, cells < 50 ? cells : 50);
    if (!meter)
        return -ENOMEM;
    fprintf(stream, "\n%*s%s%s%s\n\n", INDENT, "", screen->colour ? "\033[32m" : "", meter,
            screen->colour ? "\033[0m" : "");
    return 0;
}

// One line a stay. Averages of nights would say less than they seem to.
static void note_breathing(FILE *stream, const struct screen *screen, const struct report *report)
{
    if (report->period.kind != PERIOD_NIGHT)
        return;
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_summary *summary = &report->nights.entries[i].summary;
        char clock[LOCAL_CLOCK_SIZE], text[256];
        if (summary->breath_minutes == 0)
            continue;
        local_clock(&summary->night, summary->night.night.start_s, clock);
        snprintf(text, sizeof text,
                 "Breathing%s%s: %.1f a minute, %u%% steady (medians of %lld min).",
                 report->nights.n > 1 ? " from " : "", report->nights.n > 1 ? clock : "",
                 summary->breaths_per_min, percent(summary->breath_steadiness),
                 (long long)summary->breath_minutes);
        screen_paragraph(stream, screen, 0, text);
    }
}

static void note_movement(FILE *stream, const struct screen *screen, const struct report *report)
{
    if (report->period.kind != PERIOD_NIGHT)
        return;
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_summary *summary = &report->nights.entries[i].summary;
        char clock[LOCAL_CLOCK_SIZE], settled[DURATION_SIZE], text[256];
        if (summary->movement_minutes == 0)
            continue;
        local_clock(&summary->night, summary->night.night.start_s, clock);
        duration_words(summary->settling_s < 0 ? 0 : summary->settling_s, settled);
        snprintf(text, sizeof text,
                 "Movement%s%s: in %u%% of the minutes, %lld time%s without turning; %s%s.",
                 report->nights.n > 1 ? " from " : "", report->nights.n > 1 ? clock : "",
                 percent(summary->restlessness), (long long)summary->moves,
                 summary->moves == 1 ? "" : "s",
                 summary->settling_s < 0 ? "never ten minutes of rest"
                                         : "first ten minutes of rest after ",
                 summary->settling_s < 0 ? "" : settled);
        screen_paragraph(stream, screen, 0, text);
    }
}

// How the changes are judged, beside what they are.
static void note_changes(FILE *stream, const struct screen *screen, const struct report *report,
                         const struct figures *figures)
{
    if (report->previous.nights == 0 || report->period.kind == PERIOD_NIGHT)
        return;
    bool judged = false, arrows = false;
    for (int i = 0; i < FIGURE_N; i++) {
        judged = judged || figures->trend[i] != TREND_NOT_JUDGED;
        arrows = arrows || figures->trend[i] == TREND_MORE || figures->trend[i] == TREND_LESS;
    }
    const char *text = arrows   ? "An arrow: the change is larger than nights differ among "
                                  "themselves (psoasmon help report)."
                       : judged ? "No change is larger than nights differ among themselves."
                                : "Changes are judged from three nights on either side.";
    screen_paragraph(stream, screen, 0, text);
}

static void note_friendly_set(FILE *stream, const struct screen *screen,
                              const struct report *report)
{
    char text[512] = "* counts as psoas-friendly:";
    size_t length = strlen(text);
    const char *separator = " ";
    for (int p = 0; p < POSITION_N; p++) {
        if (!report_is_friendly(report, (enum position)p))
            continue;
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", separator,
                                   position_identifier((enum position)p));
        separator = ", ";
    }
    bool by_default = report->friendly == position_friendly_default();
    snprintf(text + length, sizeof text - length, "%s (%s; psoasmon positions explains).",
             report->friendly ? "" : " nothing",
             by_default ? "the default set" : "set in the configuration");
    screen_paragraph(stream, screen, 0, text);
}

static void note_unrecorded(FILE *stream, const struct screen *screen, const struct report *report)
{
    int64_t unrecorded_s = totals_unrecorded_s(&report->totals);
    if (unrecorded_s <= 0)
        return;
    char time[DURATION_SIZE], text[256];
    duration_words(unrecorded_s, time);
    snprintf(text, sizeof text,
             "Not recorded: %s of the time in bed. Shares are of what was recorded.", time);
    screen_paragraph(stream, screen, 0, text);
}

static void note_open_nights(FILE *stream, const struct screen *screen, const struct report *report)
{
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct store_night *night = &report->nights.entries[i].summary.night;
        if (!night->open)
            continue;
        struct date date = day_date(night->night.day);
        char clock[LOCAL_CLOCK_SIZE], text[256];
        local_clock(night, night->night.end_s, clock);
        if (report_is_recording(report, night))
            snprintf(text, sizeof text, "%s %d %s is being recorded: its figures are those so far.",
                     date.weekday_name, date.day, date.month_name);
        else
            snprintf(text, sizeof text, "The recording of %s %d %s breaks off at %s.",
                     date.weekday_name, date.day, date.month_name, clock);
        screen_paragraph(stream, screen, 0, text);
    }
}

// Nights slept elsewhere are shown by the clock of that place.
static void note_zones(FILE *stream, const struct screen *screen, const struct report *report)
{
    char text[512] = "Times are those of", name[LOCAL_ZONE_SIZE], last[LOCAL_ZONE_SIZE] = "";
    for (size_t i = 0; i < report->nights.n; i++) {
        local_zone_name(&report->nights.entries[i].summary.night, name);
        if (strcmp(name, last) == 0)
            continue;
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s %s", *last ? ", then" : "", name);
        memcpy(last, name, sizeof last);
    }
    size_t length = strlen(text);
    snprintf(text + length, sizeof text - length, ".");
    screen_paragraph(stream, screen, 0, text);
}

static int print_all_bouts(FILE *stream, const struct screen *screen, const struct report *report)
{
    for (size_t i = 0; i < report->nights.n; i++) {
        const struct night_entry *entry = &report->nights.entries[i];
        struct date date = day_date(entry->summary.night.night.day);
        if (report->period.kind != PERIOD_NIGHT)
            fprintf(stream, "%s %d %s %d\n", date.weekday_name, date.day, date.month_name,
                    date.year);
        int r = report_print_bouts(stream, screen, report, entry);
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
    r = report_print_nights(stream, screen, report);
    if (r < 0)
        return r;
    fputc('\n', stream);
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

    note_changes(stream, screen, report, &figures);
    note_movement(stream, screen, report);
    note_breathing(stream, screen, report);
    note_friendly_set(stream, screen, report);
    if (report_has_months(report))
        screen_paragraph(stream, screen, 0, "A month's figures are averages a night.");
    if (report_has_doubtful(report))
        screen_paragraph(
            stream, screen, 0,
            "? in bed for more than a day: perhaps the pad did not notice who got up.");
    note_open_nights(stream, screen, report);
    note_unrecorded(stream, screen, report);
    note_zones(stream, screen, report);
    screen_paragraph(stream, screen, 0,
                     "psoasmon reports what the pad measured; it does not diagnose.");
    return 0;
}
