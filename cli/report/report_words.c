// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report_words.h"

#include <stdio.h>
#include <string.h>

#include "local.h"
#include "screen.h"
#include "words.h"

void words_title(const struct report *report, char text[WORDS_SIZE])
{
    char title[128];
    period_title(&report->period, title, sizeof title);
    if (report->period.kind == PERIOD_NIGHT)
        snprintf(text, WORDS_SIZE, _("Night of %s"), title);
    else if (report->period.kind == PERIOD_WEEK)
        snprintf(text, WORDS_SIZE, _("Week of %s"), title);
    else
        snprintf(text, WORDS_SIZE, "%s", title);
}

// Rounded as shown, so that what is said about it adds up.
static int64_t friendly_a_night(const struct totals *totals)
{
    return duration_minute(totals_a_night(totals, totals->friendly_s));
}

void words_answer(const struct report *report, char text[WORDS_SIZE])
{
    char time[DURATION_SIZE];
    unsigned share = percent(totals_friendly_share(&report->totals));
    duration_words(friendly_a_night(&report->totals), time);
    if (report->period.kind == PERIOD_NIGHT)
        snprintf(text, WORDS_SIZE, _("%s in psoas-friendly positions: %u%% of the time recorded."),
                 time, share);
    else
        snprintf(text, WORDS_SIZE,
                 _("%s a night in psoas-friendly positions: %u%% of the time recorded."), time,
                 share);
}

// ---- the change ----

static const char *nothing_before(enum period_kind kind)
{
    switch (kind) {
    case PERIOD_NIGHT:
        return _("Nothing was recorded the night before, to compare with.");
    case PERIOD_WEEK:
        return _("Nothing was recorded the week before, to compare with.");
    case PERIOD_MONTH:
        return _("Nothing was recorded the month before, to compare with.");
    case PERIOD_YEAR:
        return _("Nothing was recorded the year before, to compare with.");
    case PERIOD_DATES:
    case PERIOD_KIND_N:
        break;
    }
    return _("Nothing was recorded in as many days before, to compare with.");
}

static void as_long(enum period_kind kind, const char *then, unsigned share, char text[WORDS_SIZE])
{
    switch (kind) {
    case PERIOD_NIGHT:
        snprintf(text, WORDS_SIZE, _("As long as the night before (%s, %u%%)."), then, share);
        return;
    case PERIOD_WEEK:
        snprintf(text, WORDS_SIZE, _("As long as the week before (%s, %u%%)."), then, share);
        return;
    case PERIOD_MONTH:
        snprintf(text, WORDS_SIZE, _("As long as the month before (%s, %u%%)."), then, share);
        return;
    case PERIOD_YEAR:
        snprintf(text, WORDS_SIZE, _("As long as the year before (%s, %u%%)."), then, share);
        return;
    case PERIOD_DATES:
    case PERIOD_KIND_N:
        break;
    }
    snprintf(text, WORDS_SIZE, _("As long as in as many days before (%s, %u%%)."), then, share);
}

static void longer(enum period_kind kind, const char *by, const char *then, unsigned share,
                   char text[WORDS_SIZE])
{
    switch (kind) {
    case PERIOD_NIGHT:
        snprintf(text, WORDS_SIZE, _("%s more than the night before (%s, %u%%)."), by, then, share);
        return;
    case PERIOD_WEEK:
        snprintf(text, WORDS_SIZE, _("%s a night more than the week before (%s, %u%%)."), by, then,
                 share);
        return;
    case PERIOD_MONTH:
        snprintf(text, WORDS_SIZE, _("%s a night more than the month before (%s, %u%%)."), by, then,
                 share);
        return;
    case PERIOD_YEAR:
        snprintf(text, WORDS_SIZE, _("%s a night more than the year before (%s, %u%%)."), by, then,
                 share);
        return;
    case PERIOD_DATES:
    case PERIOD_KIND_N:
        break;
    }
    snprintf(text, WORDS_SIZE, _("%s a night more than in as many days before (%s, %u%%)."), by,
             then, share);
}

static void shorter(enum period_kind kind, const char *by, const char *then, unsigned share,
                    char text[WORDS_SIZE])
{
    switch (kind) {
    case PERIOD_NIGHT:
        snprintf(text, WORDS_SIZE, _("%s less than the night before (%s, %u%%)."), by, then, share);
        return;
    case PERIOD_WEEK:
        snprintf(text, WORDS_SIZE, _("%s a night less than the week before (%s, %u%%)."), by, then,
                 share);
        return;
    case PERIOD_MONTH:
        snprintf(text, WORDS_SIZE, _("%s a night less than the month before (%s, %u%%)."), by, then,
                 share);
        return;
    case PERIOD_YEAR:
        snprintf(text, WORDS_SIZE, _("%s a night less than the year before (%s, %u%%)."), by, then,
                 share);
        return;
    case PERIOD_DATES:
    case PERIOD_KIND_N:
        break;
    }
    snprintf(text, WORDS_SIZE, _("%s a night less than in as many days before (%s, %u%%)."), by,
             then, share);
}

static const char *judgement(enum trend trend)
{
    switch (trend) {
    case TREND_MORE:
    case TREND_LESS:
        return _(" That is more than nights differ among themselves.");
    case TREND_WITHIN:
        return _(" Nights differ among themselves by as much.");
    case TREND_NOT_JUDGED:
        break;
    }
    return "";
}

void words_change(const struct report *report, const struct figures *figures, char text[WORDS_SIZE])
{
    enum period_kind kind = report->period.kind;
    if (report->previous.days == 0) {
        snprintf(text, WORDS_SIZE, "%s", nothing_before(kind));
        return;
    }
    int64_t then_s = friendly_a_night(&report->previous);
    int64_t change_s = friendly_a_night(&report->totals) - then_s;
    char by[DURATION_SIZE], then[DURATION_SIZE];
    duration_words(change_s < 0 ? -change_s : change_s, by);
    duration_words(then_s, then);
    unsigned share = percent(totals_friendly_share(&report->previous));
    if (change_s == 0) {
        as_long(kind, then, share, text);
        return;
    }
    if (change_s > 0)
        longer(kind, by, then, share, text);
    else
        shorter(kind, by, then, share, text);
    size_t length = strlen(text);
    snprintf(text + length, WORDS_SIZE - length, "%s",
             judgement(figures->trend[FIGURE_FRIENDLY_A_NIGHT]));
}

// ---- parts ----

void words_day(day_number day, char text[WORDS_SIZE])
{
    struct date date = day_date(day);
    snprintf(text, WORDS_SIZE, _("%s %d %s %d"), date.weekday_name, date.day, date.month_name,
             date.year);
}

const char *words_gap(enum gap_reason reason)
{
    switch (reason) {
    case GAP_PAD_SILENT:
        return _("not recorded: the pad was silent");
    case GAP_PAD_UNPLUGGED:
        return _("not recorded: the pad was unplugged");
    case GAP_DAEMON_DOWN:
        return _("not recorded: psoasmond was down");
    case GAP_CLOCK_STEPPED:
        return _("not recorded: the clock was set");
    case GAP_SUSPENDED:
        return _("not recorded: the machine slept");
    case GAP_NOT_STORED:
        return _("not recorded: no room to store it");
    case GAP_N:
        break;
    }
    return _("not recorded");
}

const char *words_position(enum position position)
{
    return position == POSITION_EMPTY ? _("Out of bed") : _(position_fact(position)->title);
}
