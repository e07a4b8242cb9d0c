// SPDX-License-Identifier: GPL-3.0-or-later
// The nights on which the clocks change, by the system's own time zones: two where they change by
// an hour, and one where they change by half of one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "local.h"
#include "moment.h"
#include "period.h"
#include "zone.h"

#define HOUR_S INT64_C(3600)

struct change {
    const char *zone;
    int64_t at_s;              // the first second by the new time
    int32_t before_s, after_s; // the offsets
    const char *day, *last, *first, *noon;
};

static const struct change changes[] = {
    {"Europe/Berlin", 1774746000, 3600, 7200, "2026-03-28", "2026-03-29T01:59:59+01:00",
     "2026-03-29T03:00:00+02:00", "2026-03-29T12:00:00"},
    {"Europe/Berlin", 1792890000, 7200, 3600, "2026-10-24", "2026-10-25T02:59:59+02:00",
     "2026-10-25T02:00:00+01:00", "2026-10-25T12:00:00"},
    {"America/New_York", 1772953200, -18000, -14400, "2026-03-07", "2026-03-08T01:59:59-05:00",
     "2026-03-08T03:00:00-04:00", "2026-03-08T12:00:00"},
    {"America/New_York", 1793512800, -14400, -18000, "2026-10-31", "2026-11-01T01:59:59-04:00",
     "2026-11-01T01:00:00-05:00", "2026-11-01T12:00:00"},
    {"Australia/Lord_Howe", 1791041400, 37800, 39600, "2026-10-03", "2026-10-04T01:59:59+10:30",
     "2026-10-04T02:30:00+11:00", "2026-10-04T12:00:00"},
    {"Australia/Lord_Howe", 1775314800, 39600, 37800, "2026-04-04", "2026-04-05T01:59:59+11:00",
     "2026-04-05T01:30:00+10:30", "2026-04-05T12:00:00"},
};
#define N_CHANGES (sizeof changes / sizeof *changes)

static void assert_day(day_number day, const char *expected)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    assert_string_equal(text, expected);
}

static void the_zone_changes_when_the_clocks_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CHANGES; i++) {
        const struct change *change = &changes[i];
        struct zone zone;
        zone_use(change->zone, &zone);
        assert_string_equal(zone.name, change->zone);
        assert_int_equal(zone.offset_s(change->at_s - 1, zone.userdata), change->before_s);
        assert_int_equal(zone.offset_s(change->at_s, zone.userdata), change->after_s);
    }
}

// A night that begins before the change or after it, up to noon.
static void a_night_has_the_name_of_its_evening(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CHANGES; i++) {
        const struct change *change = &changes[i];
        struct zone zone;
        int64_t noon_s;
        zone_use(change->zone, &zone);
        assert_true(moment_parse(change->noon, &noon_s));
        assert_int_equal((noon_s + change->after_s) % 86400, 12 * HOUR_S);
        for (int64_t start_s = change->at_s - 13 * HOUR_S; start_s < noon_s; start_s += 600)
            assert_day(night_day(start_s, &zone, 12), change->day);
        assert_day(night_day(noon_s - 1, &zone, 12), change->day);
        day_number next = night_day(noon_s, &zone, 12);
        assert_int_equal(next, night_day(noon_s - 1, &zone, 12) + 1);
    }
}

static void both_sides_of_a_change_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CHANGES; i++) {
        const struct change *change = &changes[i];
        struct store_night night = {
            .start_utc_offset_s = change->before_s,
            .night = {.start_s = change->at_s - 4 * HOUR_S, .end_s = change->at_s + 4 * HOUR_S},
        };
        snprintf(night.timezone, sizeof night.timezone, "%s", change->zone);
        char text[LOCAL_ISO_SIZE];
        local_iso(&night, change->at_s - 1, text);
        assert_string_equal(text, change->last);
        local_iso(&night, change->at_s, text);
        assert_string_equal(text, change->first);
        // ... and are read again as what they are.
        for (int64_t time_s = night.night.start_s; time_s < night.night.end_s; time_s += 300) {
            int64_t again_s = 0;
            local_iso(&night, time_s, text);
            assert_true(moment_parse(text, &again_s));
            assert_int_equal(again_s, time_s);
        }
    }
}

// Without an offset: a time that is shown twice is the first, whatever was asked for before; one
// that is not shown is none.
static void a_local_time_around_a_change(void **state)
{
    (void)state;
    static const char *const elsewhen[] = {"2026-01-10T12:00:00", "2026-07-10T12:00:00"};
    for (size_t i = 0; i < N_CHANGES; i++)
        for (size_t e = 0; e < 2; e++) {
            const struct change *change = &changes[i];
            struct zone zone;
            zone_use(change->zone, &zone);
            int64_t back_s = change->before_s - change->after_s;
            for (int64_t at_s = change->at_s - 2 * HOUR_S; at_s < change->at_s + 2 * HOUR_S;
                 at_s += 300) {
                struct store_night night = {.night.start_s = at_s};
                night.start_utc_offset_s = zone.offset_s(at_s, zone.userdata);
                snprintf(night.timezone, sizeof night.timezone, "%s", change->zone);
                char text[LOCAL_ISO_SIZE];
                local_iso(&night, at_s, text);
                text[strlen("0000-00-00T00:00:00")] = '\0';
                bool second = at_s >= change->at_s && at_s < change->at_s + back_s;
                int64_t other_s, time_s;
                assert_true(moment_parse(elsewhen[e], &other_s));
                assert_true(moment_parse(text, &time_s));
                assert_int_equal(time_s, second ? at_s - back_s : at_s);
            }
        }
    struct zone zone;
    int64_t time_s;
    zone_use("Australia/Lord_Howe", &zone);
    assert_false(moment_parse("2026-10-04T02:00:00", &time_s));
    assert_false(moment_parse("2026-10-04T02:29:59", &time_s));
    assert_true(moment_parse("2026-10-04T02:30:00", &time_s));
}

// Days are counted, not divided by 24 hours.
static void weeks_have_seven_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CHANGES; i++) {
        const struct change *change = &changes[i];
        struct zone zone;
        zone_use(change->zone, &zone);
        day_number day = night_day(change->at_s, &zone, 12);
        assert_day(day, change->day);
        struct period week = period_around(PERIOD_WEEK, day, WEEK_MONDAY), before;
        assert_int_equal(period_days(&week), 7);
        assert_true(week.from <= day && day <= week.to);
        assert_int_equal(day_weekday(week.from), WEEKDAY_MONDAY);
        assert_true(period_before(&week, &before));
        assert_int_equal(before.to, week.from - 1);
        // Every evening of it at 22:30 has its own day, and none is left out.
        for (day_number d = week.from; d <= week.to; d++) {
            char text[64];
            int64_t evening_s;
            day_format(d, text);
            strcat(text, "T22:30:00");
            assert_true(moment_parse(text, &evening_s));
            assert_int_equal(night_day(evening_s, &zone, 12), d);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_zone_changes_when_the_clocks_do),
        cmocka_unit_test(a_night_has_the_name_of_its_evening),
        cmocka_unit_test(both_sides_of_a_change_are_told_apart),
        cmocka_unit_test(a_local_time_around_a_change),
        cmocka_unit_test(weeks_have_seven_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
