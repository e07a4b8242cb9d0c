// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/hours.h"

#define H(hours)  ((hours)*3600.0)
#define N(values) (sizeof(values) / sizeof(values)[0])

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

static void test_the_shorter_way_round(void **state)
{
    (void)state;
    assert_true(near(hours_between(H(23.5), H(0.5)), H(1)));
    assert_true(near(hours_between(H(0.5), H(23.5)), H(-1)));
    assert_true(near(hours_between(H(6), H(18)), H(-12)));
    assert_true(near(hours_between(H(3), H(3)), 0));
}

static void test_about_midnight(void **state)
{
    (void)state;
    const double clocks[] = {H(23), H(0), H(1)};
    struct hours hours = hours_of(clocks, N(clocks));
    assert_true(hours.known && hours.sd_known);
    assert_true(near(hours_between(0, hours.mean_s), 0));
    assert_true(near(hours.sd_s, H(1)));
}

static void test_few(void **state)
{
    (void)state;
    const double clocks[] = {H(22), H(23)};
    struct hours hours = hours_of(clocks, 0);
    assert_false(hours.known || hours.sd_known);
    hours = hours_of(clocks, 1);
    assert_true(hours.known && near(hours.mean_s, H(22)));
    hours = hours_of(clocks, 2);
    assert_true(hours.known && near(hours.mean_s, H(22.5)));
    assert_false(hours.sd_known);
}

static void test_all_around_the_clock(void **state)
{
    (void)state;
    const double clocks[] = {H(0), H(8), H(16)};
    struct hours hours = hours_of(clocks, N(clocks));
    assert_false(hours.known || hours.sd_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_shorter_way_round),
        cmocka_unit_test(test_about_midnight),
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_all_around_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
