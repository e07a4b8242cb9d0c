// SPDX-License-Identifier: GPL-3.0-or-later
// What has to be known to read a report's figures, and their limits: a sentence each.
#include <stdio.h>
#include <string.h>

#include "local.h"
#include "report/report_rows.h"
#include "report/report_words.h"
#include "screen.h"
#include "words.h"

struct notes {
    const struct report *report;
    words_sink sink;
    void *userdata;
};

static void note(const struct notes *notes, const char *sentence)
{
    notes->sink(sentence, notes->userdata);
}

const char *words_judged(const struct report *report, const struct figures *figures)
{
    if (report->previous.nights == 0 || report->period.kind == PERIOD_NIGHT)
        return NULL;
    bool judged = false, arrows = false;
    for (int i = 0; i < FIGURE_N; i++) {
        judged = judged || figures->trend[i] != TREND_NOT_JUDGED;
        arrows = arrows || figures->trend[i] == TREND_MORE || figures->trend[i] == TREND_LESS;
    }
    return arrows   ? _("An arrow: the change is larger than nights differ among themselves "
                          "(psoasmon help report).")
           : judged ? _("No change is larger than nights differ among themselves.")
                    : _("Changes are judged from three nights on either side.");
}

static void note_movement(const struct notes *notes, const struct night_summary *summary,
                          const char *from)
{
    char settled[DURATION_SIZE], rest[128], text[WORDS_SIZE];
    if (summary->movement_minutes == 0)
        return;
    duration_words(summary->settling_s < 0 ? 0 : summary->settling_s, settled);
    if (summary->settling_s < 0)
        snprintf(rest, sizeof rest, "%s", _("never ten minutes of rest"));
    else
        snprintf(rest, sizeof rest, _("first ten minutes of rest after %s"), settled);
    snprintf(text, sizeof text,
             ngettext("Movement%s: in %u%% of the minutes, %lld time without turning; %s.",
                      "Movement%s: in %u%% of the minutes, %lld times without turning; %s.",
                      (unsigned long)summary->moves),
             from, percent(summary->restlessness), (long long)summary->moves, rest);
    note(notes, text);
}

static void note_breathing(const struct notes *notes, const struct night_summary *summary,
                           const char *from)
{
    char text[WORDS_SIZE];
    if (summary->breath_minutes == 0)
        return;
    snprintf(text, sizeof text, _("Breathing%s: %.1f a minute, %u%% steady (medians of %lld min)."),
             from, summary->breaths_per_min, percent(summary->breath_steadiness),
             (long long)summary->breath_minutes);
    note(notes, text);
}

// A sentence a stay, of single nights: averages of nights would say less than they seem to.
static void note_minutes(const struct notes *notes,
                         void (*note_one)(const struct notes *, const struct night_summary *,
                                          const char *))
{
    const struct nights *nights = &notes->report->nights;
    if (notes->report->period.kind != PERIOD_NIGHT)
        return;
    for (size_t i = 0; i < nights->n; i++) {
        const struct night_summary *summary = &nights->entries[i].summary;
        char clock[LOCAL_CLOCK_SIZE], from[32] = "";
        local_clock(&summary->night, summary->night.night.start_s, clock);
        if (nights->n > 1)
            snprintf(from, sizeof from, _(" from %s"), clock);
        note_one(notes, summary, from);
    }
}

static void note_friendly_set(const struct notes *notes)
{
    char text[WORDS_SIZE];
    size_t length = (size_t)snprintf(text, sizeof text, "%s", _("Psoas-friendly (*):"));
    const char *separator = " ";
    for (int p = 0; p < POSITION_N; p++) {
        if (!report_is_friendly(notes->report, (enum position)p))
            continue;
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", separator,
                                   position_identifier((enum position)p));
        separator = ", ";
    }
    bool by_default = notes->report->friendly == position_friendly_default();
    snprintf(text + length, sizeof text - length, _("%s (%s; psoasmon positions explains)."),
             notes->report->friendly ? "" : _(" nothing"),
             by_default ? _("the default set") : _("set in the configuration"));
    note(notes, text);
}

static void note_open_nights(const struct notes *notes)
{
    const struct nights *nights = &notes->report->nights;
    for (size_t i = 0; i < nights->n; i++) {
        const struct store_night *night = &nights->entries[i].summary.night;
        if (!night->open)
            continue;
        struct date date = day_date(night->night.day);
        char clock[LOCAL_CLOCK_SIZE], text[WORDS_SIZE];
        local_clock(night, night->night.end_s, clock);
        if (report_is_recording(notes->report, night))
            snprintf(text, sizeof text,
                     _("%s %d %s is being recorded: its figures are those so far."),
                     date.weekday_name, date.day, date.month_name);
        else
            snprintf(text, sizeof text, _("The recording of %s %d %s breaks off at %s."),
                     date.weekday_name, date.day, date.month_name, clock);
        note(notes, text);
    }
}

static void note_unrecorded(const struct notes *notes)
{
    int64_t unrecorded_s = totals_unrecorded_s(&notes->report->totals);
    if (unrecorded_s <= 0)
        return;
    char time[DURATION_SIZE], text[WORDS_SIZE];
    duration_words(unrecorded_s, time);
    snprintf(text, sizeof text,
             _("Not recorded: %s of the time in bed. Shares are of what was recorded."), time);
    note(notes, text);
}

// ", then ", and that there are others, in any language.
#define ZONES_END 80

// Nights slept elsewhere are shown by the clock of that place.
static void note_zones(const struct notes *notes)
{
    const struct nights *nights = &notes->report->nights;
    char text[WORDS_SIZE], name[LOCAL_ZONE_SIZE], last[LOCAL_ZONE_SIZE] = "";
    size_t length = (size_t)snprintf(text, sizeof text, "%s", _("Times are those of"));
    for (size_t i = 0; i < nights->n; i++) {
        local_zone_name(&nights->entries[i].summary.night, name);
        if (strcmp(name, last) == 0)
            continue;
        // A year of travelling has no room in a sentence.
        if (length + strlen(name) + ZONES_END > sizeof text) {
            length += (size_t)snprintf(text + length, sizeof text - length, _(", and others"));
            break;
        }
        length += (size_t)snprintf(text + length, sizeof text - length, "%s %s",
                                   *last ? _(", then") : "", name);
        memcpy(last, name, sizeof last);
    }
    snprintf(text + length, sizeof text - length, ".");
    note(notes, text);
}

void words_notes(const struct report *report, words_sink sink, void *userdata)
{
    const struct notes notes = {report, sink, userdata};
    note_minutes(&notes, note_movement);
    note_minutes(&notes, note_breathing);
    note_friendly_set(&notes);
    if (report_has_months(report))
        note(&notes, _("A month's figures are averages a night."));
    if (report_has_doubtful(report))
        note(&notes, _("? in bed for more than a day: perhaps the pad did not notice who got up."));
    note_open_nights(&notes);
    note_unrecorded(&notes);
    note_zones(&notes);
    note(&notes, _("psoasmon reports what the pad measured; it does not diagnose."));
}
