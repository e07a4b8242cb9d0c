// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/spread.h"

#define N(values) (sizeof(values) / sizeof(values)[0])

static void test_mean_and_deviation(void **state)
{
    (void)state;
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    struct spread spread = spread_of(values, N(values));
    assert_int_equal(spread.n, 8);
    assert_true(spread.mean == 5);
    assert_true(fabs(spread.sd - sqrt(32.0 / 7)) < 1e-12);
    spread = spread_of(values, 1);
    assert_true(spread.mean == 2 && spread.sd == 0);
    spread = spread_of(values, 0);
    assert_true(spread.n == 0 && spread.mean == 0 && spread.sd == 0);
}

static void test_two_nights_say_nothing(void **state)
{
    (void)state;
    struct spread few = {2, 100, 1}, many = {30, 1, 1}, three = {3, 100, 1};
    assert_int_equal(spread_judge(&few, &many), TREND_NOT_JUDGED);
    assert_int_equal(spread_judge(&many, &few), TREND_NOT_JUDGED);
    assert_int_equal(spread_judge(&three, &many), TREND_MORE);
    assert_int_equal(spread_judge(&many, &three), TREND_LESS);
}

// A hair more or less than one deviation, of so many nights that Welch's test sees either.
static void test_no_larger_than_the_spread(void **state)
{
    (void)state;
    struct spread before = {365, 100, 10};
    struct spread within = {365, 109.9, 10}, more = {365, 110.1, 10}, less = {365, 89.9, 10};
    assert_int_equal(spread_judge(&within, &before), TREND_WITHIN);
    assert_int_equal(spread_judge(&more, &before), TREND_MORE);
    assert_int_equal(spread_judge(&less, &before), TREND_LESS);
}

// The example of two sevens: Welch's t at 12 degrees of freedom is 2.179, so 1.165 deviations.
static void test_a_week_against_a_week(void **state)
{
    (void)state;
    struct spread before = {7, 0, 1};
    struct spread within = {7, 1.16, 1}, more = {7, 1.17, 1};
    assert_int_equal(spread_judge(&within, &before), TREND_WITHIN);
    assert_int_equal(spread_judge(&more, &before), TREND_MORE);
    // Unequal deviations: a = 9 / 4, b = 1 / 10, so 3.27 degrees, of which 3 count: 3.182.
    struct spread wild = {4, 4.8, 3}, calm = {10, 0, 1}, wilder = {4, 4.9, 3};
    assert_int_equal(spread_judge(&wild, &calm), TREND_WITHIN);
    assert_int_equal(spread_judge(&wilder, &calm), TREND_MORE);
}

static void test_nights_all_alike(void **state)
{
    (void)state;
    struct spread before = {7, 5, 0}, same = {7, 5, 0}, other = {7, 5.5, 0};
    assert_int_equal(spread_judge(&same, &before), TREND_WITHIN);
    assert_int_equal(spread_judge(&other, &before), TREND_MORE);
}

static double uniform(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

static struct spread drawn(uint64_t *seed, size_t n, double mean)
{
    double values[32];
    for (size_t i = 0; i < n; i++)
        values[i] = mean + sqrt(-2 * log(uniform(seed))) * cos(2 * M_PI * uniform(seed));
    return spread_of(values, n);
}

static double arrows_in(size_t n, double change)
{
    uint64_t seed = 6;
    const unsigned weeks = 20000;
    unsigned arrows = 0;
    for (unsigned i = 0; i < weeks; i++) {
        struct spread before = drawn(&seed, n, 0), here = drawn(&seed, n, change);
        enum trend trend = spread_judge(&here, &before);
        arrows += trend == TREND_MORE || trend == TREND_LESS;
    }
    return (double)arrows / weeks;
}

// Of weeks like any other, one in twenty may get an arrow; months never do; and an arrow that is
// due comes.
static void test_how_often_an_arrow_is_wrong(void **state)
{
    (void)state;
    assert_true(arrows_in(3, 0) < 0.05);
    assert_true(arrows_in(7, 0) < 0.05);
    assert_true(arrows_in(7, 0) > 0.03);
    assert_true(arrows_in(30, 0) < 0.001);
    assert_true(arrows_in(7, 2) > 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean_and_deviation),
        cmocka_unit_test(test_two_nights_say_nothing),
        cmocka_unit_test(test_no_larger_than_the_spread),
        cmocka_unit_test(test_a_week_against_a_week),
        cmocka_unit_test(test_nights_all_alike),
        cmocka_unit_test(test_how_often_an_arrow_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
