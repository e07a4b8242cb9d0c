// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>

#include "clock_text.h"
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

static void test_clocks(void **state)
{
    (void)state;
    assert_int_equal(habits_clock_of("en_US.UTF-8", "%r"), CLOCK_12);
    assert_int_equal(habits_clock_of("en_IN", "%I:%M:%S %p"), CLOCK_12);
    assert_int_equal(habits_clock_of("de_DE", "%T"), CLOCK_24);
    assert_int_equal(habits_clock_of("C", "%r"), CLOCK_24);
    const int hours[] = {0, 9, 12, 23};
    const char *const twelve[] = {"12:05am", "9:05am", "12:05pm", "11:05pm"};
    const char *const short_twelve[] = {"12a", "9a", "12p", "11p"};
    const char *const whole[] = {"00:05", "09:05", "12:05", "23:05"};
    char text[CLOCK_TEXT_SIZE];
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        clock_use(CLOCK_12);
        clock_text(hours[i], 5, text);
        assert_string_equal(text, twelve[i]);
        clock_hour(hours[i], text);
        assert_string_equal(text, short_twelve[i]);
        clock_use(CLOCK_24);
        clock_text(hours[i], 5, text);
        assert_string_equal(text, whole[i]);
    }
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
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_the_real_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
