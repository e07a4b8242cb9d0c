// SPDX-License-Identifier: GPL-3.0-or-later
// What goes along with pain, in plain words: no diagnosis, no promise, no because.
#include <stdio.h>
#include <string.h>

#include "awake/helps.h"
#include "plain.h"
#include "report/report_words.h"
#include "words.h"

#define SENTENCE_SIZE   2048
#define DIFFERENCE_SIZE 512
#define NAME_SIZE       (DIARY_TEXT_MAX + 16)

struct voice {
    helps_sink sink;
    void *userdata;
};

// ---- friendly time ----

static void friendly_words(const struct estimate *estimate, char text[SENTENCE_SIZE])
{
    if (estimate->n < STATISTICS_NIGHTS_MIN)
        snprintf(text, SENTENCE_SIZE,
                 ngettext("Psoas-friendly time and pain the morning after: known of %u night. "
                          "Nothing is said of fewer than %u.",
                          "Psoas-friendly time and pain the morning after: known of %u nights. "
                          "Nothing is said of fewer than %u.",
                          estimate->n),
                 (unsigned)estimate->n, STATISTICS_NIGHTS_MIN);
    else if (!estimate->known)
        snprintf(text, SENTENCE_SIZE,
                 _("Psoas-friendly time and pain the morning after: one of them was always the "
                   "same, so nothing can be said (%u nights)."),
                 (unsigned)estimate->n);
    else if (!estimate->claimed)
        snprintf(text, SENTENCE_SIZE,
                 _("Psoas-friendly time and pain the morning after: no connection that could be "
                   "told from chance (rank correlation %.2f, 95%% from %.2f to %.2f; %u nights)."),
                 estimate->value, estimate->low, estimate->high, (unsigned)estimate->n);
    else
        snprintf(text, SENTENCE_SIZE,
                 estimate->value < 0
                     ? _("More psoas-friendly time goes along with less pain the morning after "
                         "(rank correlation %.2f, 95%% from %.2f to %.2f; %u nights).")
                     : _("More psoas-friendly time goes along with more pain the morning after "
                         "(rank correlation %.2f, 95%% from %.2f to %.2f; %u nights)."),
                 estimate->value, estimate->low, estimate->high, (unsigned)estimate->n);
}

// ---- changes ----

static void name_of(const struct helps_change *change, char name[NAME_SIZE])
{
    const char *fixed = "";
    switch (change->kind) {
    case HELPS_TAG:
        snprintf(name, NAME_SIZE, "'%s'", change->tag);
        plain_text(name);
        return;
    case HELPS_PILLOW:
        fixed = _("a new pillow");
        break;
    case HELPS_MATTRESS:
        fixed = _("a new mattress");
        break;
    case HELPS_STRETCHING:
        fixed = _("stretching");
        break;
    case HELPS_PAD:
        fixed = _("another pad");
        break;
    case HELPS_SITTING:
        fixed = change->less ? _("less sitting") : _("more sitting");
        break;
    case HELPS_SPORT:
        fixed = change->less ? _("less sport") : _("more sport");
        break;
    }
    snprintf(name, NAME_SIZE, "%s", fixed);
}

// Both sides have mornings enough to be compared.
static bool is_compared(const struct helps_effect *effect)
{
    return effect->n_before >= STATISTICS_SIDE_MIN && effect->n_since >= STATISTICS_SIDE_MIN;
}

static void difference_words(const struct helps_effect *effect, char text[DIFFERENCE_SIZE])
{
    const struct estimate *pain = &effect->pain;
    unsigned before = (unsigned)effect->n_before, since = (unsigned)effect->n_since;
    if (!is_compared(effect))
        snprintf(text, DIFFERENCE_SIZE,
                 _("too few mornings to compare (%u before, %u since; it takes %u of each)."),
                 before, since, STATISTICS_SIDE_MIN);
    else if (!pain->known)
        snprintf(text, DIFFERENCE_SIZE,
                 _("pain was the same on all mornings of either side, so nothing can be said "
                   "(%u before, %u since)."),
                 before, since);
    else if (!pain->claimed)
        snprintf(text, DIFFERENCE_SIZE,
                 _("no difference of pain that could be told from chance (%+.1f points, 95%% from "
                   "%+.1f to %+.1f; %u mornings before, %u since)."),
                 pain->value, pain->low, pain->high, before, since);
    else
        snprintf(text, DIFFERENCE_SIZE,
                 pain->value < 0
                     ? _("goes along with less pain (%+.1f points, 95%% from %+.1f to %+.1f; %u "
                         "mornings before, %u since).")
                     : _("goes along with more pain (%+.1f points, 95%% from %+.1f to %+.1f; %u "
                         "mornings before, %u since)."),
                 pain->value, pain->low, pain->high, before, since);
}

static void add_beside(const struct helps_effect *effect, char text[SENTENCE_SIZE])
{
    char list[HELPS_BESIDE_MAX * (NAME_SIZE + 2)] = "", name[NAME_SIZE];
    for (unsigned i = 0; i < effect->n_beside; i++) {
        size_t length = strlen(list);
        name_of(&effect->beside[i], name);
        snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", name);
    }
    size_t length = strlen(text);
    if (effect->n_beside > 0)
        snprintf(text + length, SENTENCE_SIZE - length,
                 _(" Careful: at about the same time there was %s, and which of them it goes along "
                   "with cannot be told."),
                 list);
}

static void effect_words(const struct helps_effect *effect, char text[SENTENCE_SIZE])
{
    char name[NAME_SIZE], day[WORDS_SIZE], difference[DIFFERENCE_SIZE];
    name_of(&effect->change, name);
    words_day(effect->change.since, day);
    difference_words(effect, difference);
    snprintf(text, SENTENCE_SIZE, _("Since %.80s, %s: %s"), day, name, difference);
    if (is_compared(effect))
        add_beside(effect, text);
}

void helps_words(const struct helps *helps, const struct report *report, helps_sink sink,
                 void *userdata)
{
    char text[SENTENCE_SIZE], from[WORDS_SIZE], to[WORDS_SIZE];
    if (!helps->told)
        return;
    friendly_words(&helps->friendly, text);
    sink(text, userdata);
    for (size_t i = 0; i < helps->n; i++) {
        effect_words(&helps->effects[i], text);
        sink(text, userdata);
    }
    words_day(report->window.from, from);
    words_day(report->window.to, to);
    snprintf(text, sizeof text,
             _("This is of the nights from %.80s to %.80s. What goes along with something need not "
               "be its cause, and of twenty such comparisons one differs by chance alone."),
             from, to);
    sink(text, userdata);
}
