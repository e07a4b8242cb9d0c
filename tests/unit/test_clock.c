// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"

#define HOUR (INT64_C(3600) * 1000000)
// Far more than passes between two readings, far less than what is looked for.
#define SLACK (HOUR / 60)

static void assert_near(int64_t value, int64_t expected)
{
    assert_in_range(value - expected + SLACK, 0, 2 * SLACK);
}

static void an_anchored_clock_shows_the_wall_clocks_time(void **state)
{
    (void)state;
    struct steady_clock clock;
    clock_anchor(&clock);
    assert_near(clock_now_us(&clock), clock.wall_us);
    assert_near(clock_stepped_us(&clock), 0);
    assert_true(clock_now_us(&clock) >= clock.wall_us);
}

// Setting the wall clock forward is the same as having been anchored to an earlier one.
static void a_step_shows_and_does_not_move_it(void **state)
{
    (void)state;
    struct steady_clock clock;
    clock_anchor(&clock);
    clock.wall_us -= 2 * HOUR;
    assert_near(clock_now_us(&clock), clock.wall_us);
    assert_near(clock_stepped_us(&clock), 2 * HOUR);
    clock.wall_us += 5 * HOUR;
    assert_near(clock_stepped_us(&clock), -3 * HOUR);
    clock_anchor(&clock);
    assert_near(clock_stepped_us(&clock), 0);
}

static void elapsed_time_counts(void **state)
{
    (void)state;
    struct steady_clock clock;
    clock_anchor(&clock);
    clock.elapsed_us -= 8 * HOUR;
    assert_near(clock_now_us(&clock), clock.wall_us + 8 * HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_anchored_clock_shows_the_wall_clocks_time),
        cmocka_unit_test(a_step_shows_and_does_not_move_it),
        cmocka_unit_test(elapsed_time_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
