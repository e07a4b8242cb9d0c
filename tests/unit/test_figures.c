// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/figures.h"

#define HOUR_S 3600
#define NIGHTS 7

// Monday 2026-01-05 and the Monday before it; nights begin at 23:00 in Berlin.
#define MONDAY  20458
#define START_S INT64_C(1767650400)

// `fetal` hours of eight on the left side with the knees up, two on the right, the rest on the
// back.
static struct night_entry night(int day, double fetal, int64_t late_s)
{
    int64_t start_s = START_S + day * INT64_C(86400) + late_s;
    int64_t fetal_s = (int64_t)(fetal * HOUR_S);
    struct night_entry entry = {
        .summary = {.night = {.night = {MONDAY + day, start_s, start_s + 8 * HOUR_S},
                              .timezone = "Europe/Berlin",
                              .start_utc_offset_s = 3600},
                    .in_bed_s = 8 * HOUR_S,
                    .recorded_s = 8 * HOUR_S,
                    .friendly_s = fetal_s,
                    .longest_friendly_s = fetal_s,
                    .longest_bout_s = fetal_s,
                    .knees_left_s = fetal_s,
                    .turns = 2}};
    entry.summary.position_s[POSITION_LEFT_FETAL] = fetal_s;
    entry.summary.position_s[POSITION_RIGHT_SIDE] = 2 * HOUR_S;
    return entry;
}

struct weeks {
    struct night_entry here[NIGHTS], before[NIGHTS];
    struct report report;
    struct figures figures;
};

// The nights differ among themselves by half an hour up and down.
static struct weeks weeks(double here, double before)
{
    struct weeks weeks = {0};
    for (int i = 0; i < NIGHTS; i++) {
        double off = i % 3 * 0.5 - 0.5;
        weeks.here[i] = night(i, here + off, 60 * i);
        weeks.before[i] = night(i - NIGHTS, before + off, 60 * i);
    }
    return weeks;
}

static void work_out(struct weeks *weeks, size_t n)
{
    struct report *report = &weeks->report;
    *report = (struct report){
        .period = period_around(PERIOD_WEEK, MONDAY, WEEK_MONDAY),
        .nights = {weeks->here, n},
        .earlier = {weeks->before, n},
        .totals = totals_of(weeks->here, n),
        .previous = totals_of(weeks->before, n),
        .day_starts_hour = 12,
        .now_s = START_S + INT64_C(30) * 86400,
    };
    assert_int_equal(figures_of(&weeks->figures, report), 0);
}

static void assert_text(const struct weeks *weeks, enum figure figure, const char *here,
                        const char *before, const char *change)
{
    char text[FIGURE_TEXT_SIZE];
    figure_text(figure, weeks->figures.here[figure], text);
    assert_string_equal(text, here);
    figure_text(figure, weeks->figures.before[figure], text);
    assert_string_equal(text, before);
    figure_change_text(figure, &weeks->figures, text);
    assert_string_equal(text, change);
}

static void test_values(void **state)
{
    (void)state;
    struct weeks both = weeks(4, 3);
    work_out(&both, NIGHTS);
    assert_text(&both, FIGURE_NIGHTS, "7", "7", "0");
    assert_text(&both, FIGURE_FRIENDLY, "27:30", "20:30", "+7:00");
    assert_text(&both, FIGURE_FRIENDLY_A_NIGHT, "3:56", "2:56", "+1:00");
    assert_text(&both, FIGURE_FRIENDLY_SHARE, "49%", "37%", "+12");
    assert_text(&both, FIGURE_LONGEST, "4:30", "3:30", "+1:00");
    assert_text(&both, FIGURE_RIGHT_A_NIGHT, "2:00", "2:00", "0:00");
    assert_text(&both, FIGURE_LEFT_SHARE, "66%", "59%", "+7");
    assert_text(&both, FIGURE_BEDTIME, "23:03", "23:03", "0:00");
    assert_text(&both, FIGURE_RISING, "07:03", "07:03", "0:00");
    assert_text(&both, FIGURE_BEDTIME_SPREAD, "0:02", "0:02", "0:00");
    assert_text(&both, FIGURE_UNRECORDED, "0:00", "0:00", "0:00");
}

static void test_trends(void **state)
{
    (void)state;
    struct weeks both = weeks(4, 3);
    work_out(&both, NIGHTS);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_A_NIGHT], TREND_MORE);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_SHARE], TREND_MORE);
    assert_int_equal(both.figures.trend[FIGURE_TURNS_A_NIGHT], TREND_WITHIN);
    assert_int_equal(both.figures.trend[FIGURE_BEDTIME], TREND_WITHIN);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY], TREND_NOT_JUDGED);

    both = weeks(4, 3.8); // a fifth of an hour, where nights differ by half an hour
    work_out(&both, NIGHTS);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_A_NIGHT], TREND_WITHIN);

    both = weeks(3, 4);
    work_out(&both, NIGHTS);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_A_NIGHT], TREND_LESS);
}

static void test_two_nights_get_no_verdict(void **state)
{
    (void)state;
    struct weeks both = weeks(7, 1);
    work_out(&both, 2);
    for (int i = 0; i < FIGURE_N; i++)
        assert_int_equal(both.figures.trend[i], TREND_NOT_JUDGED);
    assert_text(&both, FIGURE_BEDTIME_SPREAD, "-", "-", "");
    work_out(&both, 3);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_A_NIGHT], TREND_MORE);
}

// Half of the nights before midnight, half after: an hour later is an hour later.
static void test_bedtimes_across_midnight(void **state)
{
    (void)state;
    struct weeks both = weeks(4, 4);
    for (int i = 0; i < NIGHTS; i++) {
        both.before[i] = night(i - NIGHTS, 4, HOUR_S / 2 + (i - 3) * 60);
        both.here[i] = night(i, 4, 3 * HOUR_S / 2 + (i - 3) * 60);
    }
    work_out(&both, NIGHTS);
    assert_text(&both, FIGURE_BEDTIME, "00:30", "23:30", "+1:00");
    assert_int_equal(both.figures.trend[FIGURE_BEDTIME], TREND_MORE);
    assert_text(&both, FIGURE_BEDTIME_SPREAD, "0:02", "0:02", "0:00");
}

// Somebody up for two hours has one night: from the first to bed to the last up. Naps have none.
static void test_a_night_in_two_stays(void **state)
{
    (void)state;
    struct weeks both = weeks(4, 4);
    both.here[0] = night(0, 2, -6 * HOUR_S);
    both.here[0].summary.nap = true;
    both.here[1] = night(0, 2, 0);
    both.here[1].summary.night.night.end_s -= 4 * HOUR_S;
    both.here[2] = night(0, 2, 6 * HOUR_S);
    work_out(&both, 3);
    assert_text(&both, FIGURE_BEDTIME, "23:00", "23:01", "-0:01");
    assert_text(&both, FIGURE_RISING, "13:00", "07:01", "+5:59");
    assert_int_equal(both.figures.trend[FIGURE_BEDTIME], TREND_NOT_JUDGED);
}

// What is still growing says nothing about nights, nor when somebody got up.
static void test_a_night_being_recorded(void **state)
{
    (void)state;
    struct weeks both = weeks(6, 3);
    work_out(&both, 3);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_A_NIGHT], TREND_MORE);
    struct store_night *last = &both.here[2].summary.night;
    last->open = true;
    both.report.now_s = last->night.end_s + 20;
    assert_int_equal(figures_of(&both.figures, &both.report), 0);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_A_NIGHT], TREND_NOT_JUDGED);
    assert_text(&both, FIGURE_RISING, "07:01", "07:01", "0:00");
}

static void test_nothing_before(void **state)
{
    (void)state;
    struct weeks both = weeks(4, 3);
    work_out(&both, NIGHTS);
    both.report.earlier.n = 0;
    both.report.previous = totals_of(NULL, 0);
    assert_int_equal(figures_of(&both.figures, &both.report), 0);
    assert_text(&both, FIGURE_FRIENDLY_SHARE, "49%", "-", "");
    assert_true(figure_change(FIGURE_FRIENDLY_SHARE, &both.figures) == 0);
    assert_int_equal(both.figures.trend[FIGURE_FRIENDLY_SHARE], TREND_NOT_JUDGED);
}

// Scripts know figures by these; two of one name would be one too few.
static void test_identifiers(void **state)
{
    (void)state;
    for (int i = 0; i < FIGURE_N; i++) {
        const char *name = figure_fact((enum figure)i)->identifier;
        assert_non_null(name);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, figure_fact((enum figure)j)->identifier);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_trends),
        cmocka_unit_test(test_two_nights_get_no_verdict),
        cmocka_unit_test(test_bedtimes_across_midnight),
        cmocka_unit_test(test_a_night_in_two_stays),
        cmocka_unit_test(test_a_night_being_recorded),
        cmocka_unit_test(test_nothing_before),
        cmocka_unit_test(test_identifiers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
