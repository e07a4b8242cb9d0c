// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/alert.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli.h"
#include "report/hours.h"
#include "words.h"

// ---- names ----

static const char *const suffixes[] = {[UNIT_COUNT] = "",
                                       [UNIT_DURATION] = "_s",
                                       [UNIT_SHARE] = "_share",
                                       [UNIT_CLOCK] = "_clock_s",
                                       [UNIT_SCALE] = ""};

// A figure's identifier, or that without its unit: the number has one.
static bool is_named(const struct figure_fact *fact, const char *name)
{
    size_t length = strlen(name), whole = strlen(fact->identifier);
    if (strcmp(fact->identifier, name) == 0)
        return true;
    return whole == length + strlen(suffixes[fact->unit]) &&
           strncmp(fact->identifier, name, length) == 0;
}

// Of several figures of one name (a time and a share), that in this unit. FIGURE_N: none.
static enum figure find_figure(const char *name, enum figure_unit unit, bool *named)
{
    *named = false;
    for (int i = 0; i < FIGURE_N; i++) {
        const struct figure_fact *fact = figure_fact((enum figure)i);
        if (!is_named(fact, name))
            continue;
        *named = true;
        if (fact->unit == unit || (fact->unit == UNIT_SCALE && unit == UNIT_COUNT))
            return (enum figure)i;
    }
    return FIGURE_N;
}

static const char *nearest_name(const char *name)
{
    const char *names[FIGURE_N];
    for (int i = 0; i < FIGURE_N; i++)
        names[i] = figure_fact((enum figure)i)->identifier;
    return cli_nearest(name, names, FIGURE_N);
}

// ---- numbers ----

struct number {
    double value;
    bool clock; // "23:30": an hour of the day, or that long
    enum figure_unit unit;
};

// Hours and minutes, "1:30".
static bool read_clock(const char *text, struct number *number)
{
    unsigned hours, minutes;
    int end = 0;
    if (sscanf(text, "%3u:%2u%n", &hours, &minutes, &end) != 2 || text[end] || minutes > 59)
        return false;
    *number = (struct number){hours * 3600.0 + minutes * 60.0, true, UNIT_DURATION};
    return true;
}

static bool read_number(const char *text, struct number *number)
{
    static const struct {
        const char *word;
        double factor;
        enum figure_unit unit;
    } units[] = {
        {"", 1, UNIT_COUNT},        {"%", 1, UNIT_SHARE},     {"h", 3600, UNIT_DURATION},
        {"min", 60, UNIT_DURATION}, {"m", 60, UNIT_DURATION},
    };
    char digits[32];
    size_t length = strspn(text, "0123456789.");
    if (length == 0 || length >= sizeof digits)
        return read_clock(text, number);
    snprintf(digits, sizeof digits, "%.*s", (int)length, text);
    const char *unit = text + length + strspn(text + length, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].word) != 0)
            continue;
        *number = (struct number){.unit = units[i].unit};
        if (!text_double(digits, 0, 1e6, &number->value))
            return false;
        number->value *= units[i].factor;
        return true;
    }
    return read_clock(text, number);
}

// ---- the expression ----

// Where it is wrong, counted from 1.
static int refuse(struct error *error, const char *text, const char *at, const char *why)
{
    return error_set(error, -EINVAL, _("--alert '%s', character %zu: %s"), text,
                     (size_t)(at - text) + 1, why);
}

static int refuse_name(struct error *error, const char *text, const char *name)
{
    const char *nearest = nearest_name(name);
    char why[128];
    snprintf(why, sizeof why, _("no figure is called '%.40s'%s%s%s"), name,
             nearest ? _("; did you mean ") : _("; docs/report.md names them"),
             nearest ? nearest : "", nearest ? "?" : "");
    return refuse(error, text, text + strspn(text, " "), why);
}

int alert_parse(struct alert *ret, const char *text, struct error *error)
{
    char name[64];
    const char *at = text + strspn(text, " ");
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
    if (length == 0 || length >= sizeof name)
        return refuse(error, text, at, _("a figure's name is missing (like friendly<20%)"));
    snprintf(name, sizeof name, "%.*s", (int)length, at);
    at += length;
    at += strspn(at, " ");
    if (*at != '<' && *at != '>')
        return refuse(error, text, at, _("< or > is missing"));
    struct alert alert = {.above = *at == '>'};
    at += 1;
    at += strspn(at, " ");
    struct number number;
    bool named;
    if (!read_number(at, &number))
        return refuse(error, text, at, _("no number: 20%, 1.5h, 90min, 1:30, 23:30 or 12"));
    if (number.clock && find_figure(name, UNIT_CLOCK, &named) != FIGURE_N) {
        number.unit = UNIT_CLOCK;
        if (number.value >= HOURS_DAY_S)
            return refuse(error, text, at, _("no such hour of the day"));
    }
    alert.figure = find_figure(name, number.unit, &named);
    alert.limit = number.value;
    if (!named)
        return refuse_name(error, text, name);
    if (alert.figure == FIGURE_N)
        return refuse(error, text, at,
                      _("this figure has another unit: % for shares, h or min for times, none for "
                        "counts and scales, 23:30 for hours of the day"));
    *ret = alert;
    return 0;
}

// ---- the outcome ----

enum alert_outcome alert_judge(const struct alert *alert, const struct figures *figures)
{
    const struct figure_value *value = &figures->here[alert->figure];
    if (!value->known)
        return ALERT_UNKNOWN;
    double shown = figure_shown(alert->figure, value->value);
    // An hour is later or earlier the shorter way round.
    double over = figure_fact(alert->figure)->unit == UNIT_CLOCK
                      ? hours_between(alert->limit, shown)
                      : shown - alert->limit;
    return (alert->above ? over > 0 : over < 0) ? ALERT_FIRES : ALERT_QUIET;
}

static void limit_text(const struct alert *alert, char text[FIGURE_TEXT_SIZE])
{
    enum figure_unit unit = figure_fact(alert->figure)->unit;
    if (unit == UNIT_SHARE)
        snprintf(text, FIGURE_TEXT_SIZE, "%g%%", alert->limit);
    else if (unit == UNIT_COUNT || unit == UNIT_SCALE)
        snprintf(text, FIGURE_TEXT_SIZE, "%g", alert->limit);
    else
        figure_text(alert->figure, (struct figure_value){true, alert->limit}, text);
}

void alert_text(const struct alert *alert, const struct figures *figures,
                char text[ALERT_TEXT_SIZE])
{
    char value[FIGURE_TEXT_SIZE], limit[FIGURE_TEXT_SIZE];
    const struct figure_fact *fact = figure_fact(alert->figure);
    figure_text(alert->figure, figures->here[alert->figure], value);
    limit_text(alert, limit);
    const char *where = fact->unit == UNIT_CLOCK ? alert->above ? _("after") : _("before")
                        : alert->above ? _("above")
                                                 : _("below");
    snprintf(text, ALERT_TEXT_SIZE, "%s: %s, %s %s", _(fact->title), value, where, limit);
}
