// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/advice.h"

// Rounded to what is shown, so that a border and a number on either side of it are told apart by
// whoever reads them.
static bool holds(const struct advice_condition *condition, double value)
{
    double shown = figure_unit_shown(advice_measure_fact(condition->measure)->unit, value);
    double border =
        figure_unit_shown(advice_measure_fact(condition->measure)->unit, condition->border);
    return condition->relation == AT_LEAST ? shown >= border : shown <= border;
}

static struct advice_finding judge(const struct advice_rule *rule,
                                   const struct advice_measured *measured)
{
    struct advice_finding finding = {.rule = rule, .outcome = ADVICE_SPOKE};
    bool known = true, held = true;
    for (int i = 0; i < ADVICE_CONDITIONS_MAX; i++) {
        const struct advice_condition *condition = &rule->conditions[i];
        if (condition->measure == MEASURE_NONE)
            continue;
        finding.measured[i] = measured[condition->measure];
        known = known && finding.measured[i].known;
        held = held && holds(condition, finding.measured[i].value);
    }
    if (!known || !held)
        finding.outcome = known ? ADVICE_QUIET : ADVICE_NOT_KNOWN;
    return finding;
}

void advice_judge(struct advice *ret, const struct advice_measured *measured)
{
    unsigned spoken = 0;
    *ret = (struct advice){.n = advice_rules_n};
    for (size_t i = 0; i < advice_rules_n; i++) {
        ret->findings[i] = judge(&advice_rules[i], measured);
        if (ret->findings[i].outcome == ADVICE_SPOKE && ++spoken > ADVICE_SPOKEN_MAX)
            ret->findings[i].outcome = ADVICE_HELD_BACK;
    }
}

void advice_of(struct advice *ret, const struct report *report, const struct figures *figures)
{
    struct advice_measured measured[MEASURE_N] = {0};
    for (int i = 0; i < MEASURE_N; i++)
        measured[i] = advice_measure((enum advice_measure)i, report, figures);
    advice_judge(ret, measured);
}
