// SPDX-License-Identifier: GPL-3.0-or-later
// Runs with TZ=Europe/Berlin.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "moment.h"

static void check(const char *text, int64_t expected_s)
{
    int64_t time_s = -1;
    assert_true(moment_parse(text, &time_s));
    assert_int_equal(time_s, expected_s);
}

static void refuse(const char *text)
{
    int64_t time_s;
    assert_false(moment_parse(text, &time_s));
}

static void utc_and_offsets(void **state)
{
    (void)state;
    check("1970-01-01T00:00:00Z", 0);
    check("2026-01-05T22:30:00Z", 1767652200);
    check("2026-01-05T22:30:00+01:00", 1767652200 - 3600);
    check("2026-01-05T22:30:00-09:30", 1767652200 + 9 * 3600 + 1800);
    check("2024-02-29T12:00:00Z", 1709208000);
    // Where 32 bits end, and far beyond.
    check("2038-01-19T03:14:08Z", 2147483648);
    check("9999-12-31T23:59:59Z", 253402300799);
}

static void local_time_follows_the_zone(void **state)
{
    (void)state;
    check("2026-01-05T22:30:00", 1767652200 - 3600);
    check("2026-07-05T22:30:00", 1783290600 - 7200);
    check("2045-01-05T22:30:00", 2367268200 - 3600);
    check("2045-07-05T22:30:00", 2382906600 - 7200);
}

static void what_does_not_exist_is_refused(void **state)
{
    (void)state;
    refuse("2026-02-29T12:00:00Z");
    refuse("2026-02-30T12:00:00");
    refuse("2026-13-01T12:00:00Z");
    refuse("2026-01-05T24:00:00Z");
    refuse("2026-01-05T23:60:00Z");
    refuse("2026-01-05T23:59:60Z");
    refuse("1969-12-31T23:59:59Z");
    refuse("2026-01-05T22:30:00+24:00");
    refuse("2026-01-05T22:30:00+01:60");
    refuse("2026-03-29T02:30:00"); // the clocks go from 2 to 3
}

static void other_shapes_are_refused(void **state)
{
    (void)state;
    const char *const shapes[] = {
        "",
        "now",
        "2026-01-05",
        "2026-01-05 22:30:00",
        "2026-1-5T22:30:00",
        "2026-01-05T22:30",
        "2026-01-05T22:30:00z",
        "2026-01-05T22:30:00 ",
        "2026-01-05T22:30:00+0100",
        "2026-01-05T22:30:00+01:00x",
        "-026-01-05T22:30:00Z",
        "+026-01-05T22:30:00Z",
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        refuse(shapes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utc_and_offsets),
        cmocka_unit_test(local_time_follows_the_zone),
        cmocka_unit_test(what_does_not_exist_is_refused),
        cmocka_unit_test(other_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
