// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

// As if the wall clock had been set by so much since the anchor.
static void set_by(struct steady_clock *clock, int64_t us)
{
    int64_t whole_us = us / 1000000 * 1000000;
    clock->wall_us -= whole_us;
    clock->rest_us -= us - whole_us;
}

static void a_step_is_followed_by_whole_seconds(void **state)
{
    (void)state;
    static const int64_t steps_us[] = {2 * HOUR, -2 * HOUR, 1000100, -1000100, 1400000, -90700000};
    for (size_t i = 0; i < sizeof steps_us / sizeof *steps_us; i++) {
        struct steady_clock clock;
        int64_t by_s = 0;
        clock_anchor(&clock);
        assert_int_equal(clock_follow(&clock, &by_s), CLOCK_STEADY);
        set_by(&clock, steps_us[i]);
        assert_int_equal(clock_follow(&clock, &by_s), CLOCK_SET);
        assert_in_range(llabs(by_s * 1000000 - steps_us[i]), 0, 1000000);
        // It shows the wall clock's time again, to within a second.
        struct steady_clock anew;
        clock_anchor(&anew);
        assert_in_range(llabs(clock_now_us(&clock) - clock_now_us(&anew)), 0, 1000000);
        assert_int_equal(clock_follow(&clock, &by_s), CLOCK_STEADY);
    }
}

static void small_steps_add_up(void **state)
{
    (void)state;
    struct steady_clock clock;
    int64_t by_s = 0;
    clock_anchor(&clock);
    set_by(&clock, 1000000);
    set_by(&clock, -600000);
    assert_int_equal(clock_follow(&clock, &by_s), CLOCK_STEADY);
    set_by(&clock, 700000);
    assert_int_equal(clock_follow(&clock, &by_s), CLOCK_SET);
    assert_int_equal(by_s, 1);
    assert_int_equal(clock_follow(&clock, &by_s), CLOCK_STEADY);
}

// Whole seconds, so that a second of a night is the same second for whoever takes it up again.
static void it_is_whole_seconds_ahead_of_the_elapsed_time(void **state)
{
    (void)state;
    struct steady_clock clock;
    clock_anchor(&clock);
    assert_int_equal((clock.wall_us - clock.elapsed_us) % 1000000, 0);
    assert_int_equal(clock_offset_s(&clock), (clock.wall_us - clock.elapsed_us) / 1000000);
}

static void a_machine_that_is_awake_does_not_sleep(void **state)
{
    (void)state;
    struct steady_clock clock;
    clock_anchor(&clock);
    assert_in_range(llabs(clock_slept_us(&clock)), 0, 100000);
    clock.slept_us -= HOUR;
    assert_in_range(clock_slept_us(&clock), HOUR - 100000, HOUR + 100000);
    assert_in_range(llabs(clock_slept_us(&clock)), 0, 100000);
}

static void a_boot_has_a_name(void **state)
{
    (void)state;
    char boot[CLOCK_BOOT_SIZE], again[CLOCK_BOOT_SIZE];
    clock_boot(boot);
    clock_boot(again);
    assert_int_equal(strlen(boot), CLOCK_BOOT_SIZE - 1);
    assert_string_equal(boot, again);
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
        cmocka_unit_test(a_step_is_followed_by_whole_seconds),
        cmocka_unit_test(small_steps_add_up),
        cmocka_unit_test(it_is_whole_seconds_ahead_of_the_elapsed_time),
        cmocka_unit_test(a_machine_that_is_awake_does_not_sleep),
        cmocka_unit_test(a_boot_has_a_name),
        cmocka_unit_test(elapsed_time_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
