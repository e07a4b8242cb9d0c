// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "period.h"

static day_number day(const char *text)
{
    day_number number;
    assert_true(day_parse(text, &number));
    return number;
}

static void assert_days(struct period period, const char *from, const char *to)
{
    char text[DAY_TEXT_SIZE];
    day_format(period.from, text);
    assert_string_equal(text, from);
    day_format(period.to, text);
    assert_string_equal(text, to);
}

static void assert_around(enum period_kind kind, const char *middle, const char *from,
                          const char *to)
{
    assert_days(period_around(kind, day(middle), WEEK_MONDAY), from, to);
}

static void assert_before(enum period_kind kind, const char *middle, const char *from,
                          const char *to)
{
    struct period period = period_around(kind, day(middle), WEEK_MONDAY), before;
    assert_true(period_before(&period, &before));
    assert_int_equal(before.kind, kind);
    assert_days(before, from, to);
}

static void test_weekday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(day("1970-01-01")), 3);
    assert_int_equal(day_weekday(day("2026-01-05")), WEEKDAY_MONDAY);
    assert_int_equal(day_weekday(day("2026-01-11")), 6);
    assert_int_equal(day_weekday(day("2024-02-29")), 3);
    // The Monday of the first week, before the first day there is.
    assert_int_equal(day_weekday(-3), WEEKDAY_MONDAY);
    assert_int_equal(day_weekday(-4), 6);
}

static void test_night(void **state)
{
    (void)state;
    assert_around(PERIOD_NIGHT, "2026-01-05", "2026-01-05", "2026-01-05");
    assert_before(PERIOD_NIGHT, "2026-01-01", "2025-12-31", "2025-12-31");
    assert_before(PERIOD_NIGHT, "2024-03-01", "2024-02-29", "2024-02-29");
}

static void test_week(void **state)
{
    (void)state;
    assert_around(PERIOD_WEEK, "2026-01-05", "2026-01-05", "2026-01-11");
    assert_around(PERIOD_WEEK, "2026-01-08", "2026-01-05", "2026-01-11");
    assert_around(PERIOD_WEEK, "2026-01-11", "2026-01-05", "2026-01-11");
    assert_around(PERIOD_WEEK, "2026-01-12", "2026-01-12", "2026-01-18");
    assert_before(PERIOD_WEEK, "2026-01-05", "2025-12-29", "2026-01-04");
}

static void test_week_over_new_year(void **state)
{
    (void)state;
    // ISO week 53 of 2020, week 1 of 2025 and of 2026.
    assert_around(PERIOD_WEEK, "2021-01-01", "2020-12-28", "2021-01-03");
    assert_around(PERIOD_WEEK, "2024-12-31", "2024-12-30", "2025-01-05");
    assert_around(PERIOD_WEEK, "2025-12-29", "2025-12-29", "2026-01-04");
    assert_around(PERIOD_WEEK, "2026-01-04", "2025-12-29", "2026-01-04");
    // And over a leap day.
    assert_around(PERIOD_WEEK, "2024-03-02", "2024-02-26", "2024-03-03");
}

static void test_weeks_that_begin_on_other_days(void **state)
{
    (void)state;
    // A Thursday; then the first and the last day of such a week.
    assert_days(period_around(PERIOD_WEEK, day("2026-01-08"), WEEK_SUNDAY), "2026-01-04",
                "2026-01-10");
    assert_days(period_around(PERIOD_WEEK, day("2026-01-04"), WEEK_SUNDAY), "2026-01-04",
                "2026-01-10");
    assert_days(period_around(PERIOD_WEEK, day("2026-01-10"), WEEK_SUNDAY), "2026-01-04",
                "2026-01-10");
    assert_days(period_around(PERIOD_WEEK, day("2026-01-08"), WEEK_SATURDAY), "2026-01-03",
                "2026-01-09");
}

static void test_last_seven(void **state)
{
    (void)state;
    struct period period = period_around(PERIOD_WEEK, day("2026-01-08"), WEEK_LAST_SEVEN), before;
    assert_days(period, "2026-01-02", "2026-01-08");
    assert_int_equal(period_days(&period), 7);
    assert_true(period_before(&period, &before));
    assert_days(before, "2025-12-26", "2026-01-01");
}

static void test_month(void **state)
{
    (void)state;
    assert_around(PERIOD_MONTH, "2026-01-31", "2026-01-01", "2026-01-31");
    assert_around(PERIOD_MONTH, "2026-02-01", "2026-02-01", "2026-02-28");
    assert_around(PERIOD_MONTH, "2024-02-29", "2024-02-01", "2024-02-29");
    assert_around(PERIOD_MONTH, "2026-04-30", "2026-04-01", "2026-04-30");
    assert_around(PERIOD_MONTH, "2026-12-01", "2026-12-01", "2026-12-31");
    // The month before has a length of its own.
    assert_before(PERIOD_MONTH, "2026-03-31", "2026-02-01", "2026-02-28");
    assert_before(PERIOD_MONTH, "2024-03-01", "2024-02-01", "2024-02-29");
    assert_before(PERIOD_MONTH, "2026-01-15", "2025-12-01", "2025-12-31");
}

static void test_year(void **state)
{
    (void)state;
    assert_around(PERIOD_YEAR, "2024-02-29", "2024-01-01", "2024-12-31");
    assert_around(PERIOD_YEAR, "2025-12-31", "2025-01-01", "2025-12-31");
    assert_before(PERIOD_YEAR, "2025-07-01", "2024-01-01", "2024-12-31");
    struct period leap = period_around(PERIOD_YEAR, day("2024-06-01"), WEEK_MONDAY);
    assert_int_equal(period_days(&leap), 366);
}

static void test_dates(void **state)
{
    (void)state;
    struct period period = {PERIOD_DATES, day("2024-02-28"), day("2024-03-01")}, before;
    assert_int_equal(period_days(&period), 3);
    assert_true(period_before(&period, &before));
    assert_days(before, "2024-02-25", "2024-02-27");
    assert_int_equal(before.kind, PERIOD_DATES);
}

static void test_nothing_before_1970(void **state)
{
    (void)state;
    struct period before;
    struct period first = {PERIOD_NIGHT, 0, 0};
    assert_false(period_before(&first, &before));
    struct period second_week = period_around(PERIOD_WEEK, day("1970-01-07"), WEEK_MONDAY);
    assert_false(period_before(&second_week, &before));
    struct period year = period_around(PERIOD_YEAR, day("1970-06-01"), WEEK_MONDAY);
    assert_false(period_before(&year, &before));
    struct period half = {PERIOD_DATES, 5, 14};
    assert_false(period_before(&half, &before));
}

static void test_the_last_days_there_are(void **state)
{
    (void)state;
    assert_around(PERIOD_MONTH, "9999-12-31", "9999-12-01", "9999-12-31");
    assert_around(PERIOD_YEAR, "9999-12-31", "9999-01-01", "9999-12-31");
}

static void assert_title(enum period_kind kind, const char *from, const char *to,
                         const char *expected)
{
    struct period period = {kind, day(from), day(to)};
    char title[128];
    period_title(&period, title, sizeof title);
    assert_string_equal(title, expected);
}

static void test_titles(void **state)
{
    (void)state;
    assert_title(PERIOD_NIGHT, "2026-01-05", "2026-01-05", "Monday 5 January 2026");
    assert_title(PERIOD_WEEK, "2026-01-05", "2026-01-11", "Monday 5 to Sunday 11 January 2026");
    assert_title(PERIOD_WEEK, "2026-04-27", "2026-05-03", "Monday 27 April to Sunday 3 May 2026");
    assert_title(PERIOD_WEEK, "2025-12-29", "2026-01-04",
                 "Monday 29 December 2025 to Sunday 4 January 2026");
    assert_title(PERIOD_MONTH, "2024-02-01", "2024-02-29", "February 2024");
    assert_title(PERIOD_YEAR, "2024-01-01", "2024-12-31", "2024");
    assert_title(PERIOD_DATES, "2026-01-05", "2026-02-11", "5 January to 11 February 2026");
    assert_title(PERIOD_DATES, "2026-01-05", "2026-01-05", "Monday 5 January 2026");
}

static void test_kind_names(void **state)
{
    (void)state;
    assert_string_equal(period_kind_name(PERIOD_NIGHT), "night");
    assert_string_equal(period_kind_name(PERIOD_WEEK), "week");
    assert_string_equal(period_kind_name(PERIOD_MONTH), "month");
    assert_string_equal(period_kind_name(PERIOD_YEAR), "year");
    assert_string_equal(period_kind_name(PERIOD_DATES), "dates");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weekday),
        cmocka_unit_test(test_night),
        cmocka_unit_test(test_week),
        cmocka_unit_test(test_week_over_new_year),
        cmocka_unit_test(test_weeks_that_begin_on_other_days),
        cmocka_unit_test(test_last_seven),
        cmocka_unit_test(test_month),
        cmocka_unit_test(test_year),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_nothing_before_1970),
        cmocka_unit_test(test_the_last_days_there_are),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_kind_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
