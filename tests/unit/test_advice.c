// SPDX-License-Identifier: GPL-3.0-or-later
// Each rule of the weekly advice on both sides of its border, and what the rules measure.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "awake/advice.h"

#define HOUR_S   3600
#define MONDAY   20458 // 2026-01-05
#define N(array) (sizeof(array) / sizeof *(array))

// ---- rules ----

// A week of which no rule has anything to say.
static void quiet_week(struct advice_measured measured[MEASURE_N])
{
    for (int i = 0; i < MEASURE_N; i++)
        measured[i] = (struct advice_measured){.known = true};
    measured[MEASURE_LEFT_SHARE].value = 0.5;
    measured[MEASURE_FRIENDLY_SHARE].value = 0.5;
    measured[MEASURE_STRETCHING_DAYS].value = 1;
}

static struct advice_finding finding_of(const struct advice *advice, const char *name)
{
    for (size_t i = 0; i < advice->n; i++)
        if (strcmp(advice->findings[i].rule->name, name) == 0)
            return advice->findings[i];
    fail_msg("there is no rule %s", name);
    return (struct advice_finding){0};
}

static unsigned spoken(const struct advice *advice)
{
    unsigned n = 0;
    for (size_t i = 0; i < advice->n; i++)
        n += advice->findings[i].outcome == ADVICE_SPOKE;
    return n;
}

// The number with which a rule just speaks, and the nearest one with which it does not; where it
// goes by two, the other one holds.
struct border {
    const char *rule;
    enum advice_measure measure;
    double speaks, quiet;
    enum advice_measure with;
    double with_value;
    const char *says;
};

static const struct border borders[] = {
    {"pain-rising", MEASURE_PAIN_CHANGE, 2, 1.9, MEASURE_NONE, 0, "2.0 points higher"},
    {"pain-staying", MEASURE_PAIN_WEEKS, 6, 5, MEASURE_NONE, 0, "for 6 weeks"},
    {"one-position", MEASURE_LONG_NIGHTS, 3, 2, MEASURE_NONE, 0, "In 3 nights"},
    {"legs-long", MEASURE_KNEES_RAISED, 0, 60, MEASURE_LEGS_LONG, 2 * HOUR_S,
     "for 2 h 00 min a night"},
    {"legs-long", MEASURE_LEGS_LONG, HOUR_S, HOUR_S - 60, MEASURE_KNEES_RAISED, 0,
     "for 1 h 00 min"},
    {"mostly-left", MEASURE_LEFT_SHARE, 0.8, 0.79, MEASURE_ON_SIDES, 3 * HOUR_S, "80% of the time"},
    {"mostly-left", MEASURE_ON_SIDES, 2 * HOUR_S, 2 * HOUR_S - 60, MEASURE_LEFT_SHARE, 1,
     "100% of"},
    {"mostly-right", MEASURE_LEFT_SHARE, 0.2, 0.21, MEASURE_ON_SIDES, 3 * HOUR_S, "Only 20% of"},
    {"mostly-right", MEASURE_ON_SIDES, 2 * HOUR_S, 2 * HOUR_S - 60, MEASURE_LEFT_SHARE, 0,
     "Only 0%"},
    {"sitting-rising", MEASURE_SITTING_CHANGE, HOUR_S, HOUR_S - 60, MEASURE_SITTING, 8 * HOUR_S,
     "1 h 00 min a day longer"},
    {"sitting-rising", MEASURE_SITTING, 6 * HOUR_S, 6 * HOUR_S - 60, MEASURE_SITTING_CHANGE,
     2 * HOUR_S, "6 h 00 min a day:"},
    {"much-strain", MEASURE_STRAIN, 7, 6.9, MEASURE_NONE, 0, "was 7.0 of 10"},
    {"little-friendly", MEASURE_FRIENDLY_SHARE, 0.2, 0.21, MEASURE_NONE, 0, "20% of the time"},
    {"stretching-stopped", MEASURE_STRETCHING_DAYS, 0, 1, MEASURE_STRETCHING_BEFORE, 3,
     "after 3 days"},
    {"stretching-stopped", MEASURE_STRETCHING_BEFORE, 2, 1, MEASURE_STRETCHING_DAYS, 0,
     "after 2 days"},
};

static struct advice judged(const struct border *border, double value, bool known)
{
    struct advice_measured measured[MEASURE_N];
    struct advice advice;
    quiet_week(measured);
    measured[border->with].value = border->with_value;
    measured[border->measure] = (struct advice_measured){known, value};
    advice_judge(&advice, measured);
    return advice;
}

static void each_rule_on_both_sides_of_its_border(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(borders); i++) {
        const struct border *border = &borders[i];
        char text[ADVICE_TEXT_SIZE];
        struct advice advice = judged(border, border->speaks, true);
        struct advice_finding finding = finding_of(&advice, border->rule);
        assert_int_equal(finding.outcome, ADVICE_SPOKE);
        assert_int_equal(spoken(&advice), 1);
        advice_words(&finding, text);
        if (!strstr(text, border->says) || strchr(text, '@') || text[strlen(text) - 1] != '.')
            fail_msg("%s: %s", border->rule, text);

        advice = judged(border, border->quiet, true);
        assert_int_equal(finding_of(&advice, border->rule).outcome, ADVICE_QUIET);
        assert_int_equal(spoken(&advice), 0);

        advice = judged(border, border->speaks, false);
        assert_int_equal(finding_of(&advice, border->rule).outcome, ADVICE_NOT_KNOWN);
        assert_int_equal(spoken(&advice), 0);
    }
}

static void no_rule_is_without_its_borders_here(void **state)
{
    (void)state;
    for (size_t i = 0; i < advice_rules_n; i++) {
        const struct advice_rule *rule = &advice_rules[i];
        for (int k = 0; k < ADVICE_CONDITIONS_MAX; k++) {
            bool tried = rule->conditions[k].measure == MEASURE_NONE;
            for (size_t b = 0; b < N(borders); b++)
                tried = tried || (strcmp(borders[b].rule, rule->name) == 0 &&
                                  borders[b].measure == rule->conditions[k].measure);
            if (!tried)
                fail_msg("%s: condition %d", rule->name, k + 1);
        }
        assert_true(*rule->sentence && *rule->source);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(rule->name, advice_rules[other].name);
    }
}

static void a_quiet_week_gets_no_advice_and_a_bad_one_two_sentences(void **state)
{
    (void)state;
    struct advice_measured measured[MEASURE_N];
    struct advice advice;
    quiet_week(measured);
    advice_judge(&advice, measured);
    assert_int_equal(spoken(&advice), 0);
    measured[MEASURE_FRIENDLY_SHARE].value = 0;
    measured[MEASURE_STRAIN].value = 9;
    measured[MEASURE_PAIN_CHANGE].value = 4;
    measured[MEASURE_LONG_NIGHTS].value = 7;
    advice_judge(&advice, measured);
    assert_int_equal(spoken(&advice), 2);
    assert_int_equal(finding_of(&advice, "pain-rising").outcome, ADVICE_SPOKE);
    assert_int_equal(finding_of(&advice, "one-position").outcome, ADVICE_SPOKE);
    assert_int_equal(finding_of(&advice, "much-strain").outcome, ADVICE_HELD_BACK);
    assert_int_equal(finding_of(&advice, "little-friendly").outcome, ADVICE_HELD_BACK);
}

// ---- measures ----

#define DAYS 84

struct weeks {
    struct night_entry nights[7];
    struct awake_day days[DAYS]; // the last seven are the week's
    struct report report;
    struct figures figures;
};

static struct weeks *weeks_of(unsigned n_nights)
{
    struct weeks *weeks = calloc(1, sizeof *weeks);
    for (int i = 0; i < 7; i++) {
        struct night_summary *summary = &weeks->nights[i].summary;
        summary->night.night = (struct night){MONDAY + i, (MONDAY + i) * INT64_C(86400) + 79200,
                                              (MONDAY + i) * INT64_C(86400) + 108000};
        strcpy(summary->night.timezone, "UTC");
        summary->in_bed_s = summary->recorded_s = 8 * HOUR_S;
        summary->friendly_s = 2 * HOUR_S;
        summary->longest_bout_s = i < 2 ? ADVICE_LONG_S : ADVICE_LONG_S - 1;
        summary->position_s[POSITION_SUPINE] = HOUR_S;
        summary->position_s[POSITION_SUPINE_KNEES_RAISED] = 600;
        summary->position_s[POSITION_SUPINE_LEGS_RAISED] = 60;
        summary->position_s[POSITION_LEFT_FETAL] = 3 * HOUR_S;
        summary->position_s[POSITION_RIGHT_SIDE] = HOUR_S;
    }
    for (int i = 0; i < DAYS; i++) {
        struct awake_day *day = &weeks->days[i];
        *day = (struct awake_day){.day = MONDAY + 7 - DAYS + i, .told = true};
        diary_begin(&day->entry, day->day + 1, 0);
    }
    weeks->report = (struct report){
        .period = period_around(PERIOD_WEEK, MONDAY, WEEK_MONDAY),
        .before = period_around(PERIOD_WEEK, MONDAY - 7, WEEK_MONDAY),
        .nights = {weeks->nights, n_nights},
        .totals = totals_of(weeks->nights, n_nights),
        .awake = {weeks->days, DAYS},
        .now_s = INT64_C(1) << 40,
    };
    return weeks;
}

static struct advice_measured measured(struct weeks *weeks, enum advice_measure measure)
{
    assert_int_equal(figures_of(&weeks->figures, &weeks->report), 0);
    return advice_measure(measure, &weeks->report, &weeks->figures);
}

static void assert_measured(struct weeks *weeks, enum advice_measure measure, double value)
{
    struct advice_measured found = measured(weeks, measure);
    assert_true(found.known);
    if (found.value < value - 1e-9 || found.value > value + 1e-9)
        fail_msg("measure %d: %g, not %g", measure, found.value, value);
}

static void what_the_nights_say(void **state)
{
    (void)state;
    struct weeks *weeks = weeks_of(7);
    assert_measured(weeks, MEASURE_LONG_NIGHTS, 2);
    assert_measured(weeks, MEASURE_LEGS_LONG, HOUR_S);
    assert_measured(weeks, MEASURE_KNEES_RAISED, 7 * 660);
    assert_measured(weeks, MEASURE_ON_SIDES, 4 * HOUR_S);
    assert_measured(weeks, MEASURE_LEFT_SHARE, 0.75);
    assert_measured(weeks, MEASURE_FRIENDLY_SHARE, 0.25);
    weeks->report.period.kind = PERIOD_MONTH;
    assert_false(measured(weeks, MEASURE_LONG_NIGHTS).known);
    free(weeks);
    weeks = weeks_of(ADVICE_NIGHTS_MIN);
    assert_measured(weeks, MEASURE_LONG_NIGHTS, 2);
    free(weeks);
    weeks = weeks_of(ADVICE_NIGHTS_MIN - 1);
    assert_false(measured(weeks, MEASURE_LONG_NIGHTS).known);
    assert_false(measured(weeks, MEASURE_KNEES_RAISED).known);
    free(weeks);
}

static void what_the_diary_says(void **state)
{
    (void)state;
    struct weeks *weeks = weeks_of(7);
    struct awake_day *here = &weeks->days[DAYS - 7], *before = here - 7;
    assert_false(measured(weeks, MEASURE_PAIN_CHANGE).known);
    for (int i = 0; i < 3; i++) {
        here[2 * i].entry.numbers[DIARY_PAIN] = 4 + i;
        before[2 * i].entry.numbers[DIARY_PAIN] = 2;
        here[i].entry.numbers[DIARY_SITTING] = (7 + i) * HOUR_S;
        here[i].entry.numbers[DIARY_STRAIN] = 6;
    }
    assert_measured(weeks, MEASURE_PAIN_CHANGE, 3);
    assert_measured(weeks, MEASURE_SITTING, 8 * HOUR_S);
    assert_measured(weeks, MEASURE_STRAIN, 6);
    assert_false(measured(weeks, MEASURE_SITTING_CHANGE).known); // nothing of the week before
    for (int i = 0; i < 3; i++)
        before[i].entry.numbers[DIARY_SITTING] = 9 * HOUR_S;
    assert_measured(weeks, MEASURE_SITTING_CHANGE, -HOUR_S);
    here[0].entry.numbers[DIARY_PAIN] = -1; // two mornings are too few
    assert_false(measured(weeks, MEASURE_PAIN_CHANGE).known);
    free(weeks);
}

static void weeks_of_pain(void **state)
{
    (void)state;
    struct weeks *weeks = weeks_of(7);
    for (int i = DAYS - 6 * 7; i < DAYS; i++)
        weeks->days[i].entry.numbers[DIARY_PAIN] = 5;
    assert_measured(weeks, MEASURE_PAIN_WEEKS, 6);
    weeks->days[DAYS - 3 * 7].entry.numbers[DIARY_PAIN] = 4; // a little better, and on it goes
    assert_measured(weeks, MEASURE_PAIN_WEEKS, 2);
    for (int i = 0; i < DAYS; i++)
        weeks->days[i].entry.numbers[DIARY_PAIN] = 9;
    assert_measured(weeks, MEASURE_PAIN_WEEKS, ADVICE_WEEKS_MAX);
    free(weeks);
}

static void days_with_stretching(void **state)
{
    (void)state;
    struct weeks *weeks = weeks_of(7);
    weeks->days[DAYS - 8].sessions = 2;
    weeks->days[DAYS - 9].sessions = 1;
    assert_measured(weeks, MEASURE_STRETCHING_BEFORE, 2);
    assert_measured(weeks, MEASURE_STRETCHING_DAYS, 0);
    weeks->days[DAYS - 7].sessions = 1;
    assert_measured(weeks, MEASURE_STRETCHING_DAYS, 1);
    free(weeks);
    // Nobody is told on a Thursday what they have not done.
    weeks = weeks_of(ADVICE_WEEK_OVER - 1);
    assert_false(measured(weeks, MEASURE_STRETCHING_DAYS).known);
    free(weeks);
    weeks = weeks_of(ADVICE_WEEK_OVER);
    assert_true(measured(weeks, MEASURE_STRETCHING_DAYS).known);
    free(weeks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_on_both_sides_of_its_border),
        cmocka_unit_test(no_rule_is_without_its_borders_here),
        cmocka_unit_test(a_quiet_week_gets_no_advice_and_a_bad_one_two_sentences),
        cmocka_unit_test(what_the_nights_say),
        cmocka_unit_test(what_the_diary_says),
        cmocka_unit_test(weeks_of_pain),
        cmocka_unit_test(days_with_stretching),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
