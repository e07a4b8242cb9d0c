// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>

#include "habits.h"

// What glibc's locales say.
static void test_weeks(void **state)
{
    (void)state;
    assert_int_equal(habits_week_of("de_DE.UTF-8", 19971130, 2), WEEK_MONDAY);
    assert_int_equal(habits_week_of("en_US.UTF-8", 19971130, 1), WEEK_SUNDAY);
    assert_int_equal(habits_week_of("ar_EG.UTF-8", 19971130, 7), WEEK_SATURDAY);
    assert_int_equal(habits_week_of("fr_FR.UTF-8", 19971201, 1), WEEK_MONDAY);
    assert_int_equal(habits_week_of("xx_XX", 19971201, 7), WEEK_SUNDAY);
    // Fridays (Maldives) begin no week here.
    assert_int_equal(habits_week_of("dv_MV", 19971130, 6), WEEK_MONDAY);
}

// glibc calls Sunday the first day there, which nobody chose.
static void test_locales_of_nobody(void **state)
{
    (void)state;
    assert_int_equal(habits_week_of("C", 19971130, 1), WEEK_MONDAY);
    assert_int_equal(habits_week_of("POSIX", 19971130, 1), WEEK_MONDAY);
    assert_int_equal(habits_week_of("C.UTF-8", 19971130, 1), WEEK_MONDAY);
    assert_int_equal(habits_week_of(NULL, 0, 0), WEEK_MONDAY);
    assert_int_equal(habits_week_of("odd", 0, 99), WEEK_MONDAY);
    setlocale(LC_TIME, "C");
    assert_int_equal(habits_week(), WEEK_MONDAY);
}

// What this system has of it.
static void test_the_real_ones(void **state)
{
    (void)state;
    if (setlocale(LC_TIME, "en_US.UTF-8"))
        assert_int_equal(habits_week(), WEEK_SUNDAY);
    if (setlocale(LC_TIME, "de_DE.UTF-8"))
        assert_int_equal(habits_week(), WEEK_MONDAY);
    setlocale(LC_TIME, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weeks),
        cmocka_unit_test(test_locales_of_nobody),
        cmocka_unit_test(test_the_real_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
