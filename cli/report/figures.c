// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "report/daily.h"
#include "report/hours.h"
#include "words.h"

const struct figure_fact *figure_fact(enum figure figure)
{
    // clang-format off
    static const struct figure_fact facts[FIGURE_N] = {
        [FIGURE_NIGHTS] =
            {"nights", N_("Nights recorded"), NULL, UNIT_COUNT},
        [FIGURE_FRIENDLY] =
            {"friendly_s", N_("Psoas-friendly, in all"), NULL, UNIT_DURATION},
        [FIGURE_FRIENDLY_A_NIGHT] =
            {"friendly_a_night_s", N_("Psoas-friendly, a night"), N_("Psoas-friendly"), UNIT_DURATION},
        [FIGURE_FRIENDLY_SHARE] =
            {"friendly_share", N_("Psoas-friendly share"), N_("Psoas-friendly share"), UNIT_SHARE},
        [FIGURE_LONGEST_FRIENDLY] =
            {"longest_friendly_s", N_("Longest psoas-friendly"), N_("Longest psoas-friendly"), UNIT_DURATION},
        [FIGURE_LONGEST] =
            {"longest_bout_s", N_("Longest in one position"), N_("Longest in one position"), UNIT_DURATION},
        [FIGURE_LEFT_A_NIGHT] =
            {"left_a_night_s", N_("On the left side, a night"), N_("On the left side"), UNIT_DURATION},
        [FIGURE_RIGHT_A_NIGHT] =
            {"right_a_night_s", N_("On the right side, a night"), N_("On the right side"), UNIT_DURATION},
        [FIGURE_LEFT_SHARE] =
            {"left_share", N_("Left, of time on a side"), N_("Left, of time on a side"), UNIT_SHARE},
        [FIGURE_KNEES_LEFT_A_NIGHT] =
            {"knees_left_a_night_s", N_("Left knee drawn up, a night"), N_("Left knee drawn up"), UNIT_DURATION},
        [FIGURE_KNEES_RIGHT_A_NIGHT] =
            {"knees_right_a_night_s", N_("Right knee drawn up, a night"), N_("Right knee drawn up"), UNIT_DURATION},
        [FIGURE_TURNS_A_NIGHT] =
            {"turns_a_night", N_("Turns, a night"), N_("Turns"), UNIT_COUNT},
        [FIGURE_EXITS_A_NIGHT] =
            {"exits_a_night", N_("Exits from bed, a night"), N_("Exits from bed"), UNIT_COUNT},
        [FIGURE_IN_BED_A_NIGHT] =
            {"in_bed_a_night_s", N_("In bed, a night"), N_("In bed"), UNIT_DURATION},
        [FIGURE_BEDTIME] =
            {"bedtime_clock_s", N_("To bed at"), N_("To bed at"), UNIT_CLOCK},
        [FIGURE_BEDTIME_SPREAD] =
            {"bedtime_spread_s", N_("To bed, give or take"), NULL, UNIT_DURATION},
        [FIGURE_RISING] =
            {"rising_clock_s", N_("Up at"), N_("Up at"), UNIT_CLOCK},
        [FIGURE_MIDDLE_SPREAD] =
            {"middle_spread_s", N_("Mid-night, give or take"), NULL, UNIT_DURATION},
        [FIGURE_UNKNOWN_A_NIGHT] =
            {"unknown_a_night_s", N_("Position not known, a night"), N_("Position not known"), UNIT_DURATION},
        [FIGURE_UNRECORDED] =
            {"unrecorded_s", N_("Not recorded, in all"), N_("Not recorded"), UNIT_DURATION},
        [FIGURE_STRETCHED] =
            {"stretched_s", N_("Stretched, in all"), N_("Stretched"), UNIT_DURATION},
        [FIGURE_PAIN] =
            {"pain", N_("Pain, a morning"), N_("Pain"), UNIT_SCALE},
        [FIGURE_STIFFNESS] =
            {"stiffness", N_("Stiffness, a morning"), N_("Stiffness"), UNIT_SCALE},
        [FIGURE_SITTING] =
            {"sitting_a_day_s", N_("Sitting, a day"), N_("Sitting"), UNIT_DURATION},
    };
    // clang-format on
    return &facts[figure];
}

static struct figure_value a_night(const struct totals *totals, int64_t sum)
{
    return (struct figure_value){true, (double)totals_a_night(totals, sum)};
}

static struct figure_value share(int64_t part_s, int64_t whole_s)
{
    return (struct figure_value){whole_s > 0, share_of(part_s, whole_s)};
}

// What follows from sums alone; of a day that is recorded, it is the same of its sums.
static struct figure_value of_totals(enum figure figure, const struct totals *totals)
{
    int64_t left_s =
        totals->position_s[POSITION_LEFT_FETAL] + totals->position_s[POSITION_LEFT_SIDE];
    int64_t right_s =
        totals->position_s[POSITION_RIGHT_FETAL] + totals->position_s[POSITION_RIGHT_SIDE];
    if (totals->nights == 0)
        return (struct figure_value){0};
    switch (figure) {
    case FIGURE_NIGHTS:
        return (struct figure_value){true, totals->days};
    case FIGURE_FRIENDLY:
        return (struct figure_value){true, (double)totals->friendly_s};
    case FIGURE_FRIENDLY_A_NIGHT:
        return a_night(totals, totals->friendly_s);
    case FIGURE_FRIENDLY_SHARE:
        return share(totals->friendly_s, totals->recorded_s);
    case FIGURE_LONGEST_FRIENDLY:
        return (struct figure_value){true, (double)totals->longest_friendly_s};
    case FIGURE_LONGEST:
        return (struct figure_value){true, (double)totals->longest_bout_s};
    case FIGURE_LEFT_A_NIGHT:
        return a_night(totals, left_s);
    case FIGURE_RIGHT_A_NIGHT:
        return a_night(totals, right_s);
    case FIGURE_LEFT_SHARE:
        return share(left_s, left_s + right_s);
    case FIGURE_KNEES_LEFT_A_NIGHT:
        return a_night(totals, totals->knees_left_s);
    case FIGURE_KNEES_RIGHT_A_NIGHT:
        return a_night(totals, totals->knees_right_s);
    case FIGURE_TURNS_A_NIGHT:
        return a_night(totals, totals->turns);
    case FIGURE_EXITS_A_NIGHT:
        return a_night(totals, totals->exits);
    case FIGURE_IN_BED_A_NIGHT:
        return a_night(totals, totals->in_bed_s);
    case FIGURE_UNKNOWN_A_NIGHT:
        return a_night(totals, totals->unknown_s);
    case FIGURE_UNRECORDED:
        return (struct figure_value){true, (double)totals_unrecorded_s(totals)};
    case FIGURE_BEDTIME:
    case FIGURE_BEDTIME_SPREAD:
    case FIGURE_RISING:
    case FIGURE_MIDDLE_SPREAD:
    case FIGURE_STRETCHED:
    case FIGURE_PAIN:
    case FIGURE_STIFFNESS:
    case FIGURE_SITTING:
    case FIGURE_N:
        break;
    }
    return (struct figure_value){0};
}

static bool is_judged(enum figure figure)
{
    return figure != FIGURE_NIGHTS && figure != FIGURE_FRIENDLY && figure != FIGURE_UNRECORDED &&
           figure != FIGURE_BEDTIME_SPREAD && figure != FIGURE_MIDDLE_SPREAD &&
           figure != FIGURE_STRETCHED;
}

// ---- hours ----

// The days' bedtimes, or risings, or middles; returns how many there are.
static size_t clocks_of(enum figure figure, const struct daily *daily, double *clocks)
{
    size_t n = 0;
    for (size_t i = 0; i < daily->n; i++) {
        const struct day_figures *day = &daily->days[i];
        bool bedtime = figure == FIGURE_BEDTIME || figure == FIGURE_BEDTIME_SPREAD;
        if (bedtime ? !day->bedtime_known : !day->rising_known)
            continue;
        clocks[n++] = bedtime                   ? day->bedtime_s
                      : figure == FIGURE_RISING ? day->rising_s
                                                : day->middle_s;
    }
    return n;
}

static struct figure_value of_clocks(enum figure figure, const struct hours *hours)
{
    if (figure_fact(figure)->unit == UNIT_CLOCK)
        return (struct figure_value){hours->known, hours->mean_s};
    return (struct figure_value){hours->sd_known, hours->sd_s};
}

// ---- both periods ----

struct sides {
    struct daily here, before;
    double *a, *b; // room for a value a day
};

static void put_hours(struct figures *figures, enum figure figure, struct sides *sides)
{
    size_t n = clocks_of(figure, &sides->here, sides->a);
    size_t m = clocks_of(figure, &sides->before, sides->b);
    struct hours here = hours_of(sides->a, n), before = hours_of(sides->b, m);
    figures->here[figure] = of_clocks(figure, &here);
    figures->before[figure] = of_clocks(figure, &before);
    if (!is_judged(figure) || !here.known || !before.known)
        return;
    // Cut open opposite to where the hours lie, the circle is a line.
    for (size_t i = 0; i < n; i++)
        sides->a[i] = hours_between(before.mean_s, sides->a[i]);
    for (size_t i = 0; i < m; i++)
        sides->b[i] = hours_between(before.mean_s, sides->b[i]);
    struct spread a = spread_of(sides->a, n), b = spread_of(sides->b, m);
    figures->trend[figure] = spread_judge(&a, &b);
}

static struct spread daily_spread(enum figure figure, const struct daily *daily, double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < daily->n; i++) {
        const struct day_figures *day = &daily->days[i];
        struct figure_value value = of_totals(figure, &day->totals);
        if (value.known && !day->growing)
            values[n++] = value.value;
    }
    return spread_of(values, n);
}

static void put_sums(struct figures *figures, enum figure figure, const struct report *report,
                     struct sides *sides)
{
    figures->here[figure] = of_totals(figure, &report->totals);
    figures->before[figure] = of_totals(figure, &report->previous);
    if (!is_judged(figure))
        return;
    struct spread here = daily_spread(figure, &sides->here, sides->a);
    struct spread before = daily_spread(figure, &sides->before, sides->b);
    figures->trend[figure] = spread_judge(&here, &before);
}

// ---- awake ----

static struct figure_value of_awake(const struct awake_means *means, enum awake_item item)
{
    return (struct figure_value){means->of[item].n > 0, means->of[item].value};
}

static struct spread awake_spread(const struct awake *awake, const struct period *period,
                                  enum awake_item item, double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < awake->n; i++) {
        const struct awake_day *day = &awake->days[i];
        if (day->day >= period->from && day->day <= period->to &&
            awake_number(day, item, &values[n]))
            n++;
    }
    return spread_of(values, n);
}

static void put_awake(struct figures *figures, enum figure figure, const struct report *report,
                      struct sides *sides)
{
    enum awake_item item = (enum awake_item)(figure - FIGURE_STRETCHED);
    const struct awake *awake = &report->awake;
    struct awake_means here = awake_means(awake, report->period.from, report->period.to);
    struct awake_means before = awake_means(awake, report->before.from, report->before.to);
    figures->here[figure] = of_awake(&here, item);
    figures->before[figure] = of_awake(&before, item);
    if (!is_judged(figure)) {
        // Who stretches at all did so for no time where there is no session.
        bool any = figures->here[figure].known || figures->before[figure].known;
        figures->here[figure].known = figures->before[figure].known = any;
        return;
    }
    struct spread a = awake_spread(awake, &report->period, item, sides->a);
    struct spread b = awake_spread(awake, &report->before, item, sides->b);
    figures->trend[figure] = spread_judge(&a, &b);
}

bool figure_is_shown(enum figure figure, const struct figures *figures, const struct report *report)
{
    if (report->period.kind == PERIOD_NIGHT && !figure_fact(figure)->title_one)
        return false;
    return figure < FIGURE_STRETCHED || figures->here[figure].known ||
           figures->before[figure].known;
}

// ----

static void put_figures(struct figures *figures, const struct report *report, struct sides *sides)
{
    for (int i = 0; i < FIGURE_N; i++) {
        enum figure figure = (enum figure)i;
        if (figure >= FIGURE_BEDTIME && figure <= FIGURE_MIDDLE_SPREAD)
            put_hours(figures, figure, sides);
        else if (figure >= FIGURE_STRETCHED)
            put_awake(figures, figure, report, sides);
        else
            put_sums(figures, figure, report, sides);
        // No arrow points against what is shown: a share of all time may fall while most nights'
        // shares rise.
        double change = figure_change(figure, figures);
        if ((figures->trend[figure] == TREND_MORE && change <= 0) ||
            (figures->trend[figure] == TREND_LESS && change >= 0))
            figures->trend[figure] = TREND_WITHIN;
    }
}

int figures_of(struct figures *ret, const struct report *report)
{
    struct sides sides = {0};
    *ret = (struct figures){0};
    int r = daily_of(&sides.here, report, &report->nights);
    if (r == 0)
        r = daily_of(&sides.before, report, &report->earlier);
    size_t room =
        1 + report->awake.n + (sides.here.n > sides.before.n ? sides.here.n : sides.before.n);
    sides.a = calloc(room, sizeof *sides.a);
    sides.b = calloc(room, sizeof *sides.b);
    if (!sides.a || !sides.b)
        r = -ENOMEM;
    if (r == 0)
        put_figures(ret, report, &sides);
    free(sides.a);
    free(sides.b);
    daily_free(&sides.here);
    daily_free(&sides.before);
    return r;
}
