// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "night/night.h"

static int32_t fixed(int64_t time_s, void *userdata)
{
    (void)time_s;
    return *(int32_t *)userdata;
}

static void expect_day(int64_t time_s, int32_t offset_s, int hour, const char *expected)
{
    const struct zone zone = {.offset_s = fixed, .userdata = &offset_s};
    char text[DAY_TEXT_SIZE];
    day_format(night_day(time_s, &zone, hour), text);
    assert_string_equal(text, expected);
}

static void a_night_is_named_by_its_evening(void **state)
{
    (void)state;
    expect_day(1767648600, 3600, 12, "2026-01-05");            // 22:30
    expect_day(1767648600 + 4 * 3600, 3600, 12, "2026-01-05"); // 02:30 the next morning
    expect_day(1767611370, 3600, 12, "2026-01-05");            // 12:09:30
    expect_day(1767611370 - 600, 3600, 12, "2026-01-04");      // 11:59:30
    expect_day(1767611370 - 600, 3600, 0, "2026-01-05");
    expect_day(1767648600, -36000, 12, "2026-01-04"); // 11:30 in Honolulu
    expect_day(-1, 0, 0, "1969-12-31");
}

// Against the C library's calendar, over four centuries.
static void the_calendar_is_the_c_librarys(void **state)
{
    (void)state;
    for (day_number day = -100000; day < 200000; day += 13) {
        time_t time = (time_t)day * 86400;
        struct tm tm;
        char text[DAY_TEXT_SIZE], expected[64];
        gmtime_r(&time, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%d", &tm);
        day_format(day, text);
        assert_string_equal(text, expected);
        day_number back;
        assert_int_equal(day_parse(text, &back), day >= 0);
        if (day >= 0)
            assert_int_equal(back, day);
    }
}

static void dates_that_do_not_exist(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2026-02-29", "2026-13-01", "2026-00-10",  "2026-01-00",
                                        "2026-1-05",  "20260105",   "2026-01-05 ", "",
                                        "1969-12-31", "abcd-01-01", "2026-04-31"};
    day_number day;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(day_parse(wrong[i], &day));
    assert_true(day_parse("2024-02-29", &day));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_night_is_named_by_its_evening),
        cmocka_unit_test(the_calendar_is_the_c_librarys),
        cmocka_unit_test(dates_that_do_not_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
