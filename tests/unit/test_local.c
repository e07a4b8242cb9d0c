// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "local.h"

#define HOUR_S 3600

// 2025-03-29 22:30 in Berlin, the night the clocks go forward.
#define FORWARD_S INT64_C(1743283800)
// 2025-10-25 22:30 in Berlin, the night they go back.
#define BACK_S INT64_C(1761424200)

static struct store_night night_in(const char *zone, int32_t offset_s, int64_t start_s)
{
    struct store_night night = {.start_utc_offset_s = offset_s, .night.start_s = start_s};
    snprintf(night.timezone, sizeof night.timezone, "%s", zone);
    return night;
}

static void assert_iso(const struct store_night *night, int64_t time_s, const char *expected)
{
    char text[LOCAL_ISO_SIZE];
    local_iso(night, time_s, text);
    assert_string_equal(text, expected);
}

static void test_clocks_go_forward(void **state)
{
    (void)state;
    struct store_night night = night_in("Europe/Berlin", HOUR_S, FORWARD_S);
    assert_iso(&night, FORWARD_S, "2025-03-29T22:30:00+01:00");
    assert_iso(&night, FORWARD_S + 3 * HOUR_S, "2025-03-30T01:30:00+01:00");
    assert_iso(&night, FORWARD_S + 4 * HOUR_S, "2025-03-30T03:30:00+02:00");
    char clock[LOCAL_CLOCK_SIZE];
    local_clock(&night, FORWARD_S + 4 * HOUR_S, clock);
    assert_string_equal(clock, "03:30");
}

static void test_clocks_go_back(void **state)
{
    (void)state;
    struct store_night night = night_in("Europe/Berlin", 2 * HOUR_S, BACK_S);
    assert_iso(&night, BACK_S + 4 * HOUR_S, "2025-10-26T02:30:00+02:00");
    assert_iso(&night, BACK_S + 5 * HOUR_S, "2025-10-26T02:30:00+01:00");
}

static void test_zones_follow_each_other(void **state)
{
    (void)state;
    struct store_night india = night_in("Asia/Kolkata", 19800, FORWARD_S);
    struct store_night island = night_in("America/St_Johns", -9000, FORWARD_S);
    assert_iso(&india, FORWARD_S, "2025-03-30T03:00:00+05:30");
    assert_iso(&island, FORWARD_S, "2025-03-29T19:00:00-02:30");
    assert_iso(&india, FORWARD_S, "2025-03-30T03:00:00+05:30");
}

static void assert_kept_offset(const char *zone)
{
    struct store_night night = night_in(zone, 2 * HOUR_S, FORWARD_S);
    assert_iso(&night, FORWARD_S + 4 * HOUR_S, "2025-03-30T03:30:00+02:00");
}

static void test_the_stored_offset_stands_in(void **state)
{
    (void)state;
    assert_kept_offset("Nowhere/At_All");
    assert_kept_offset("");
    // A zone whose rules are not those the night was recorded with.
    assert_kept_offset("Europe/Berlin");
}

static void assert_refused(const char *zone)
{
    struct store_night night = night_in(zone, 2 * HOUR_S, FORWARD_S);
    char name[LOCAL_ZONE_SIZE];
    local_zone_name(&night, name);
    assert_string_equal(name, "UTC");
    assert_kept_offset(zone);
}

static void test_hostile_names(void **state)
{
    (void)state;
    assert_refused("/etc/passwd");
    assert_refused(":/dev/zero");
    assert_refused("../../etc/passwd");
    assert_refused("Europe/../../../etc/passwd");
    assert_refused("\033]0;owned\a");
    assert_refused("Europe/Berlin\n");
    assert_refused("Europe/Berl\xc3\xadn");
}

static void test_good_names(void **state)
{
    (void)state;
    static const char *const names[] = {"Europe/Berlin", "UTC", "Etc/GMT+5",
                                        "CET-1CEST,M3.5.0,M10.5.0/3", "America/Port-au-Prince"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct store_night night = night_in(names[i], 0, FORWARD_S);
        char name[LOCAL_ZONE_SIZE];
        local_zone_name(&night, name);
        assert_string_equal(name, names[i]);
    }
}

static void test_times_out_of_range(void **state)
{
    (void)state;
    struct store_night night = night_in("UTC", 0, 0);
    assert_iso(&night, INT64_MAX, "9999-12-30T00:00:00+00:00");
    assert_iso(&night, INT64_MIN, "1970-01-01T00:00:00+00:00");
}

static void test_the_day_of_a_moment(void **state)
{
    (void)state;
    struct store_night night = night_in("Europe/Berlin", HOUR_S, FORWARD_S);
    char text[DAY_TEXT_SIZE];
    day_format(local_day(&night, FORWARD_S, 12), text);
    assert_string_equal(text, "2025-03-29");
    day_format(local_day(&night, FORWARD_S + 13 * HOUR_S, 12), text); // 12:30 the day after
    assert_string_equal(text, "2025-03-30");
    day_format(local_day(&night, FORWARD_S + 12 * HOUR_S, 12), text); // 11:30
    assert_string_equal(text, "2025-03-29");
}

static void assert_moment(const struct store_night *night, int hour, int minute, int64_t expected_s)
{
    int64_t time_s = 0;
    assert_true(local_moment(night, (hour * 60 + minute) * 60, &time_s));
    assert_int_equal(time_s - night->night.start_s, expected_s - night->night.start_s);
}

static void assert_no_moment(const struct store_night *night, int hour, int minute)
{
    int64_t time_s;
    assert_false(local_moment(night, (hour * 60 + minute) * 60, &time_s));
}

static void test_the_moment_of_a_clock(void **state)
{
    (void)state;
    // 22:30 to 06:30 and to 05:30: eight hours each.
    struct store_night forward = night_in("Europe/Berlin", HOUR_S, FORWARD_S);
    struct store_night back = night_in("Europe/Berlin", 2 * HOUR_S, BACK_S);
    forward.night.end_s = FORWARD_S + 8 * HOUR_S;
    back.night.end_s = BACK_S + 8 * HOUR_S;
    assert_moment(&forward, 22, 30, FORWARD_S);
    assert_moment(&forward, 1, 59, FORWARD_S + 3 * HOUR_S + 29 * 60);
    assert_no_moment(&forward, 2, 30); // skipped
    assert_moment(&forward, 3, 0, FORWARD_S + 3 * HOUR_S + 30 * 60);
    assert_moment(&forward, 7, 29, FORWARD_S + 8 * HOUR_S - 60);
    assert_no_moment(&forward, 7, 30); // the end does not belong to it
    assert_no_moment(&forward, 22, 29);
    assert_moment(&back, 2, 30, BACK_S + 4 * HOUR_S); // shown twice: the first
    assert_moment(&back, 3, 0, BACK_S + 5 * HOUR_S + 30 * 60);
    assert_moment(&back, 5, 29, BACK_S + 8 * HOUR_S - 60);
    assert_no_moment(&back, 5, 30);
    assert_no_moment(&back, 12, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clocks_go_forward),
        cmocka_unit_test(test_clocks_go_back),
        cmocka_unit_test(test_zones_follow_each_other),
        cmocka_unit_test(test_the_stored_offset_stands_in),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_good_names),
        cmocka_unit_test(test_times_out_of_range),
        cmocka_unit_test(test_the_day_of_a_moment),
        cmocka_unit_test(test_the_moment_of_a_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
