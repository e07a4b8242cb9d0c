// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "awake/advice.h"
#include "screen.h"
#include "words.h"

#define INDENT 4

static void measured_text(enum advice_measure measure, double value, char text[FIGURE_TEXT_SIZE])
{
    enum figure_unit unit = advice_measure_fact(measure)->unit;
    if (unit != UNIT_DURATION) {
        figure_unit_text(unit, value, text);
        return;
    }
    char length[DURATION_SIZE];
    duration_words(llround(fabs(value)), length);
    snprintf(text, FIGURE_TEXT_SIZE, "%s%.30s", value < 0 ? "-" : "", length);
}

// The rule's sentence, with @1@ and @2@ replaced.
void advice_words(const struct advice_finding *finding, char text[ADVICE_TEXT_SIZE])
{
    size_t length = 0;
    for (const char *at = _(finding->rule->sentence);
         *at && length + FIGURE_TEXT_SIZE < ADVICE_TEXT_SIZE;) {
        unsigned which = (unsigned)(at[0] == '@' ? at[1] - '1' : ADVICE_CONDITIONS_MAX);
        if (which >= ADVICE_CONDITIONS_MAX || at[2] != '@') {
            text[length++] = *at++;
            continue;
        }
        measured_text(finding->rule->conditions[which].measure, finding->measured[which].value,
                      text + length);
        length += strlen(text + length);
        at += strlen("@1@");
    }
    text[length] = '\0';
}

void advice_say(const struct advice *advice, advice_sink sink, void *userdata)
{
    char text[ADVICE_TEXT_SIZE];
    for (size_t i = 0; i < advice->n; i++) {
        if (advice->findings[i].outcome != ADVICE_SPOKE)
            continue;
        advice_words(&advice->findings[i], text);
        sink(text, userdata);
    }
}

// ---- why ----

static const char *outcome_words(enum advice_outcome outcome)
{
    switch (outcome) {
    case ADVICE_SPOKE:
        return _("spoke");
    case ADVICE_HELD_BACK:
        return _("would have spoken, but two had");
    case ADVICE_QUIET:
        return _("quiet");
    case ADVICE_NOT_KNOWN:
        break;
    }
    return _("cannot tell: too little was recorded or told");
}

static void print_condition(FILE *stream, const struct screen *screen,
                            const struct advice_condition *condition,
                            const struct advice_measured *measured)
{
    char border[FIGURE_TEXT_SIZE], value[FIGURE_TEXT_SIZE], text[ADVICE_TEXT_SIZE];
    measured_text(condition->measure, condition->border, border);
    measured_text(condition->measure, measured->value, value);
    snprintf(text, sizeof text,
             condition->relation == AT_LEAST ? _("%s: at least %s; it is %s.")
                                             : _("%s: at most %s; it is %s."),
             _(advice_measure_fact(condition->measure)->title), border,
             measured->known ? value : _("not known"));
    screen_item(stream, screen, text);
}

void advice_why(FILE *stream, const struct screen *screen, const struct advice *advice)
{
    char text[ADVICE_TEXT_SIZE];
    screen_paragraph(
        stream, screen, 0,
        _("A rule speaks where all of its conditions hold, and no more than two do: the "
          "first of this list."));
    for (size_t i = 0; i < advice->n; i++) {
        const struct advice_finding *finding = &advice->findings[i];
        fprintf(stream, "\n%s: %s\n", finding->rule->name, outcome_words(finding->outcome));
        for (int k = 0; k < ADVICE_CONDITIONS_MAX; k++)
            if (finding->rule->conditions[k].measure != MEASURE_NONE)
                print_condition(stream, screen, &finding->rule->conditions[k],
                                &finding->measured[k]);
        if (finding->outcome == ADVICE_SPOKE || finding->outcome == ADVICE_HELD_BACK) {
            advice_words(finding, text);
            screen_paragraph(stream, screen, INDENT, text);
        }
        screen_paragraph(stream, screen, INDENT, _(finding->rule->source));
    }
}
