// SPDX-License-Identifier: GPL-3.0-or-later
// Figures as they are shown: in numbers for tables, in words for reading aloud.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock_text.h"
#include "report/figures.h"
#include "report/hours.h"
#include "screen.h"
#include "words.h"

// In the unit that is shown: whole minutes, in seconds; whole per cents.
double figure_unit_shown(enum figure_unit unit, double value)
{
    switch (unit) {
    case UNIT_DURATION:
    case UNIT_CLOCK:
        return (double)duration_minute(llround(value));
    case UNIT_SHARE:
        return percent(value);
    case UNIT_SCALE:
        return round(value * 10) / 10;
    case UNIT_COUNT:
        break;
    }
    return value;
}

double figure_shown(enum figure figure, double value)
{
    return figure_unit_shown(figure_fact(figure)->unit, value);
}

double figure_change(enum figure figure, const struct figures *figures)
{
    enum figure_unit unit = figure_fact(figure)->unit;
    if (!figures->here[figure].known || !figures->before[figure].known)
        return 0;
    double here = figure_shown(figure, figures->here[figure].value);
    double before = figure_shown(figure, figures->before[figure].value);
    if (unit == UNIT_SCALE)
        return round((here - before) * 10) / 10; // no trace of what is no tenth
    return unit == UNIT_CLOCK ? hours_between(before, here) : here - before;
}

void figure_unit_text(enum figure_unit unit, double value, char text[FIGURE_TEXT_SIZE])
{
    long long minutes = 0;
    switch (unit) {
    case UNIT_DURATION:
        duration_clock(llround(value), text);
        return;
    case UNIT_SHARE:
        snprintf(text, FIGURE_TEXT_SIZE, "%u%%", percent(value));
        return;
    case UNIT_CLOCK:
        minutes = duration_minute(llround(value)) % HOURS_DAY_S / 60;
        clock_text((int)(minutes / 60), (int)(minutes % 60), text);
        return;
    case UNIT_SCALE:
        snprintf(text, FIGURE_TEXT_SIZE, "%.1f", figure_unit_shown(unit, value));
        return;
    case UNIT_COUNT:
        break;
    }
    snprintf(text, FIGURE_TEXT_SIZE, "%lld", llround(value));
}

void figure_text(enum figure figure, struct figure_value value, char text[FIGURE_TEXT_SIZE])
{
    if (value.known)
        figure_unit_text(figure_fact(figure)->unit, value.value, text);
    else
        snprintf(text, FIGURE_TEXT_SIZE, "-");
}

void figure_change_text(enum figure figure, const struct figures *figures,
                        char text[FIGURE_TEXT_SIZE])
{
    double change = figure_change(figure, figures);
    enum figure_unit unit = figure_fact(figure)->unit;
    if (!figures->here[figure].known || !figures->before[figure].known)
        *text = '\0';
    else if (unit == UNIT_DURATION || unit == UNIT_CLOCK)
        duration_change(llround(change), text);
    else if (unit == UNIT_SCALE)
        snprintf(text, FIGURE_TEXT_SIZE, change == 0 ? "%.1f" : "%+.1f",
                 fabs(change) > 0 ? change : 0);
    else
        snprintf(text, FIGURE_TEXT_SIZE, change == 0 ? "%lld" : "%+lld", llround(change));
}

void figure_words(enum figure figure, struct figure_value value, char text[FIGURE_TEXT_SIZE])
{
    if (!value.known)
        snprintf(text, FIGURE_TEXT_SIZE, _("not known"));
    else if (figure_fact(figure)->unit == UNIT_DURATION)
        duration_words(llround(value.value), text);
    else
        figure_text(figure, value, text);
}

static void change_of_duration(enum figure_unit unit, double change, char text[FIGURE_TEXT_SIZE])
{
    char by[DURATION_SIZE];
    duration_words(llround(fabs(change)), by);
    if (unit == UNIT_CLOCK)
        snprintf(text, FIGURE_TEXT_SIZE, change > 0 ? _("%s later") : _("%s earlier"), by);
    else
        snprintf(text, FIGURE_TEXT_SIZE, change > 0 ? _("%s more") : _("%s less"), by);
}

void figure_change_words(enum figure figure, const struct figures *figures,
                         char text[FIGURE_TEXT_SIZE])
{
    double change = figure_change(figure, figures);
    enum figure_unit unit = figure_fact(figure)->unit;
    long long by = llround(fabs(change));
    if (!figures->here[figure].known || !figures->before[figure].known)
        *text = '\0';
    else if (change == 0)
        snprintf(text, FIGURE_TEXT_SIZE, _("no change"));
    else if (unit == UNIT_DURATION || unit == UNIT_CLOCK)
        change_of_duration(unit, change, text);
    else if (unit == UNIT_SCALE)
        snprintf(text, FIGURE_TEXT_SIZE, change > 0 ? _("%.1f more") : _("%.1f less"),
                 fabs(change));
    else if (unit == UNIT_SHARE)
        snprintf(text, FIGURE_TEXT_SIZE, change > 0 ? _("%lld points more") : _("%lld points less"),
                 by);
    else
        snprintf(text, FIGURE_TEXT_SIZE, change > 0 ? _("%lld more") : _("%lld less"), by);
}
