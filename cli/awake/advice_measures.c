// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/advice.h"
#include "words.h"

#define WEEK_DAYS 7

const struct advice_measure_fact *advice_measure_fact(enum advice_measure measure)
{
    static const struct advice_measure_fact facts[MEASURE_N] = {
        [MEASURE_PAIN_CHANGE] = {N_("pain of the mornings, less that of the week before"),
                                 UNIT_SCALE},
        [MEASURE_PAIN_WEEKS] = {N_("weeks in a row with a mean pain of 5 or more"), UNIT_COUNT},
        [MEASURE_SITTING] = {N_("sitting, a day"), UNIT_DURATION},
        [MEASURE_SITTING_CHANGE] = {N_("sitting a day, less that of the week before"),
                                    UNIT_DURATION},
        [MEASURE_STRAIN] = {N_("strain, on average"), UNIT_SCALE},
        [MEASURE_LONG_NIGHTS] = {N_("nights with three hours or more in one position"), UNIT_COUNT},
        [MEASURE_LEGS_LONG] = {N_("on the back with long legs, a night"), UNIT_DURATION},
        [MEASURE_KNEES_RAISED] = {N_("on the back with raised knees or calves, in all"),
                                  UNIT_DURATION},
        [MEASURE_ON_SIDES] = {N_("on a side, a night"), UNIT_DURATION},
        [MEASURE_LEFT_SHARE] = {N_("left, of the time on a side"), UNIT_SHARE},
        [MEASURE_FRIENDLY_SHARE] = {N_("psoas-friendly, of the time recorded"), UNIT_SHARE},
        [MEASURE_STRETCHING_DAYS] = {N_("days with stretching"), UNIT_COUNT},
        [MEASURE_STRETCHING_BEFORE] = {N_("days with stretching, the week before"), UNIT_COUNT},
    };
    return &facts[measure];
}

// ---- the diary's ----

// The mean of a field over the nights of [from, to]; not known of fewer than ADVICE_NIGHTS_MIN.
static struct advice_measured mean_of(const struct report *report, enum diary_field field,
                                      day_number from, day_number to)
{
    double sum = 0;
    unsigned n = 0;
    for (size_t i = 0; i < report->awake.n; i++) {
        const struct awake_day *day = &report->awake.days[i];
        if (day->day < from || day->day > to || !day->told ||
            !diary_is_answered(&day->entry, field))
            continue;
        sum += (double)day->entry.numbers[field];
        n++;
    }
    return (struct advice_measured){n >= ADVICE_NIGHTS_MIN, n > 0 ? sum / n : 0};
}

static struct advice_measured here(const struct report *report, enum diary_field field)
{
    return mean_of(report, field, report->period.from, report->period.to);
}

static struct advice_measured change(const struct report *report, enum diary_field field)
{
    struct advice_measured now = here(report, field);
    struct advice_measured then = mean_of(report, field, report->before.from, report->before.to);
    return (struct advice_measured){now.known && then.known, now.value - then.value};
}

static struct advice_measured pain_weeks(const struct report *report)
{
    struct advice_measured weeks = {.known = here(report, DIARY_PAIN).known};
    day_number to = report->period.to;
    for (int i = 0; i < ADVICE_WEEKS_MAX; i++, to -= WEEK_DAYS) {
        struct advice_measured pain = mean_of(report, DIARY_PAIN, to - WEEK_DAYS + 1, to);
        if (!pain.known || pain.value < ADVICE_PAIN_WEEK)
            break;
        weeks.value++;
    }
    return weeks;
}

static double stretching_days(const struct report *report, const struct period *week)
{
    double n = 0;
    for (size_t i = 0; i < report->awake.n; i++) {
        const struct awake_day *day = &report->awake.days[i];
        n += day->day >= week->from && day->day <= week->to && day->sessions > 0;
    }
    return n;
}

// ---- the nights' ----

static struct advice_measured long_nights(const struct report *report)
{
    struct advice_measured nights = {.known = true};
    for (size_t i = 0; i < report->nights.n; i++)
        nights.value += report->nights.entries[i].summary.longest_bout_s >= ADVICE_LONG_S;
    return nights;
}

static struct advice_measured of_nights(enum advice_measure measure, const struct report *report,
                                        const struct figures *figures)
{
    const struct totals *totals = &report->totals;
    double left_s = figures->here[FIGURE_LEFT_A_NIGHT].value;
    double right_s = figures->here[FIGURE_RIGHT_A_NIGHT].value;
    struct figure_value figure = {true, 0};
    if (totals->days < ADVICE_NIGHTS_MIN)
        return (struct advice_measured){0};
    if (measure == MEASURE_LONG_NIGHTS)
        return long_nights(report);
    if (measure == MEASURE_LEGS_LONG)
        figure.value = (double)totals_a_night(totals, totals->position_s[POSITION_SUPINE]);
    else if (measure == MEASURE_KNEES_RAISED)
        figure.value = (double)(totals->position_s[POSITION_SUPINE_KNEES_RAISED] +
                                totals->position_s[POSITION_SUPINE_LEGS_RAISED]);
    else if (measure == MEASURE_ON_SIDES)
        figure.value = left_s + right_s;
    else
        figure =
            figures
                ->here[measure == MEASURE_LEFT_SHARE ? FIGURE_LEFT_SHARE : FIGURE_FRIENDLY_SHARE];
    return (struct advice_measured){figure.known, figure.value};
}

struct advice_measured advice_measure(enum advice_measure measure, const struct report *report,
                                      const struct figures *figures)
{
    bool over = report_newest(report)->night.day >= report->period.from + ADVICE_WEEK_OVER - 1;
    if (report->period.kind != PERIOD_WEEK)
        return (struct advice_measured){0};
    switch (measure) {
    case MEASURE_PAIN_CHANGE:
        return change(report, DIARY_PAIN);
    case MEASURE_PAIN_WEEKS:
        return pain_weeks(report);
    case MEASURE_SITTING:
        return here(report, DIARY_SITTING);
    case MEASURE_SITTING_CHANGE:
        return change(report, DIARY_SITTING);
    case MEASURE_STRAIN:
        return here(report, DIARY_STRAIN);
    case MEASURE_STRETCHING_DAYS:
        return (struct advice_measured){over, stretching_days(report, &report->period)};
    case MEASURE_STRETCHING_BEFORE:
        return (struct advice_measured){true, stretching_days(report, &report->before)};
    case MEASURE_LONG_NIGHTS:
    case MEASURE_LEGS_LONG:
    case MEASURE_KNEES_RAISED:
    case MEASURE_ON_SIDES:
    case MEASURE_LEFT_SHARE:
    case MEASURE_FRIENDLY_SHARE:
        return of_nights(measure, report, figures);
    case MEASURE_NONE:
    case MEASURE_N:
        break;
    }
    return (struct advice_measured){0};
}
