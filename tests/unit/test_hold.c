// SPDX-License-Identifier: GPL-3.0-or-later
// One hold, a map a second.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "calibrate/hold.h"

#define READY ((int)HOLD_READY_S)
#define HELD  ((int)SESSION_HOLD_S)

static struct pressure_map lying, shifted, nobody;
static struct hold hold;
static double now_s;

// Half a load at each of two places; `shifted` has moved this share of it.
static void press(struct pressure_map *map, float moved)
{
    memset(map, 0, sizeof *map);
    map->cells[100] = 0.5f;
    map->cells[900] = 0.5f - moved;
    map->cells[1700] = moved;
    map->occupied = true;
}

static int set_up(void **state)
{
    (void)state;
    press(&lying, 0);
    press(&shifted, (float)HOLD_MOVEMENT + 0.01f);
    memset(&nobody, 0, sizeof nobody);
    memset(&hold, 0xff, sizeof hold); // whatever was before
    hold_begin(&hold);
    now_s = 1000;
    return 0;
}

static enum hold_trouble see(const struct pressure_map *map)
{
    enum hold_trouble trouble = hold_see(&hold, map, now_s);
    now_s += 1;
    return trouble;
}

static void see_well(const struct pressure_map *map, int seconds)
{
    for (int i = 0; i < seconds; i++)
        assert_int_equal(see(map), HOLD_WELL);
}

static void still_for(int seconds)
{
    see_well(&lying, 1 + READY);
    assert_int_equal(hold.phase, HOLD_STILL);
    see_well(&lying, seconds);
}

static void from_the_empty_bed_to_the_end(void **state)
{
    (void)state;
    see_well(&nobody, 100);
    assert_int_equal(hold.phase, HOLD_AWAITED);
    assert_true(hold_left_s(&hold) == 0);
    see_well(&lying, 1);
    assert_int_equal(hold.phase, HOLD_TAKEN_UP);
    assert_true(hold_left_s(&hold) == HOLD_READY_S);
    see_well(&shifted, READY - 1); // still getting into it
    assert_true(hold_left_s(&hold) == 1);
    see_well(&lying, 1);
    assert_int_equal(hold.phase, HOLD_STILL);
    see_well(&lying, HELD - 1);
    assert_int_equal(hold.phase, HOLD_STILL);
    assert_true(hold_left_s(&hold) == 1);
    see_well(&lying, 1);
    assert_int_equal(hold.phase, HOLD_DONE);
    see_well(&nobody, 1);
    assert_int_equal(hold.phase, HOLD_DONE);
}

static void lying_down_takes_as_long_as_it_takes(void **state)
{
    (void)state;
    see_well(&lying, READY / 2);
    see_well(&nobody, 1);
    assert_int_equal(hold.phase, HOLD_AWAITED);
    see_well(&lying, READY);
    assert_int_equal(hold.phase, HOLD_TAKEN_UP);
}

static void settling_may_move(void **state)
{
    (void)state;
    still_for((int)SESSION_SETTLED_S - 1);
    see_well(&shifted, HELD - (int)SESSION_SETTLED_S);
    see_well(&shifted, 1);
    assert_int_equal(hold.phase, HOLD_DONE);
}

static void moving_later_may_not(void **state)
{
    (void)state;
    still_for((int)SESSION_SETTLED_S);
    assert_int_equal(see(&shifted), HOLD_MOVED);
    // And all begins again, with this as what is being got into.
    assert_int_equal(hold.phase, HOLD_TAKEN_UP);
    see_well(&shifted, READY);
    assert_int_equal(hold.phase, HOLD_STILL);
    see_well(&shifted, HELD);
    assert_int_equal(hold.phase, HOLD_DONE);
}

static void a_slow_drift_is_a_move(void **state)
{
    (void)state;
    still_for((int)SESSION_SETTLED_S);
    enum hold_trouble trouble = HOLD_WELL;
    int seconds = 0;
    for (; trouble == HOLD_WELL && hold.phase == HOLD_STILL; seconds++) {
        press(&shifted, 0.02f * (float)(seconds + 1));
        trouble = see(&shifted);
    }
    assert_int_equal(trouble, HOLD_MOVED);
    assert_int_equal(seconds, 6); // 6 x 0.02 is the first that is not below 0.12
}

static void leaving(void **state)
{
    (void)state;
    still_for(1);
    assert_int_equal(see(&nobody), HOLD_LEFT);
    assert_int_equal(hold.phase, HOLD_AWAITED);
}

static void a_gap(void **state)
{
    (void)state;
    still_for(5);
    now_s += HOLD_GAP_S - 1; // as much as may be
    see_well(&lying, 1);
    now_s += HOLD_GAP_S - 0.9;
    assert_int_equal(see(&lying), HOLD_GAP);
    assert_int_equal(hold.phase, HOLD_TAKEN_UP);
}

static void time_that_runs_backwards(void **state)
{
    (void)state;
    still_for(5);
    now_s -= 100;
    assert_int_equal(see(&lying), HOLD_GAP);
    see_well(&lying, READY - 2);
    now_s -= 100;
    see_well(&lying, READY);
    assert_int_equal(hold.phase, HOLD_TAKEN_UP);
    see_well(&lying, 1);
    assert_int_equal(hold.phase, HOLD_STILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(from_the_empty_bed_to_the_end, set_up),
        cmocka_unit_test_setup(lying_down_takes_as_long_as_it_takes, set_up),
        cmocka_unit_test_setup(settling_may_move, set_up),
        cmocka_unit_test_setup(moving_later_may_not, set_up),
        cmocka_unit_test_setup(a_slow_drift_is_a_move, set_up),
        cmocka_unit_test_setup(leaving, set_up),
        cmocka_unit_test_setup(a_gap, set_up),
        cmocka_unit_test_setup(time_that_runs_backwards, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
