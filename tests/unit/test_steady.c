// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "surface/steady.h"

#define SECOND_US 1000000

static double uniform(uint64_t *state) // 0 to 1
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 33) / (double)(UINT64_C(1) << 31);
}

// Two bodies that share nothing: the upper half of the map, and the lower.
static struct pressure_map body(int half)
{
    struct pressure_map map = {.occupied = true};
    for (size_t i = 0; i < MAP_CELLS; i++)
        map.cells[i] = (i < MAP_CELLS / 2) == (half == 0) ? 0.5f : 0.0f;
    return map;
}

static struct pressure_map noisy(const struct pressure_map *truth, double noise, uint64_t *state)
{
    struct pressure_map map = *truth;
    for (size_t i = 0; i < MAP_CELLS; i++)
        map.cells[i] = (float)fmax(map.cells[i] + noise * (2.0 * uniform(state) - 1.0), 0.0);
    return map;
}

static void test_noise_is_left_out(void **state)
{
    (void)state;
    static struct steady steady;
    uint64_t random = 1;
    steady_forget(&steady);
    struct pressure_map truth = body(0), map = truth;
    for (int64_t s = 0; s < 60; s++) {
        map = noisy(&truth, 0.1, &random);
        steady_see(&steady, &map, s * SECOND_US);
    }
    // The half without a body is one-sided: the noise has a mean there that no averaging takes out.
    double of_map = 0.0, of_mean = 0.0;
    for (size_t i = 0; i < MAP_CELLS / 2; i++) {
        of_map += fabs(map.cells[i] - truth.cells[i]);
        of_mean += fabs(steady.mean.cells[i] - truth.cells[i]);
    }
    assert_true(of_mean < 0.5 * of_map);
}

static void test_a_very_noisy_pad_is_learnt(void **state)
{
    (void)state;
    static struct steady steady;
    uint64_t random = 2;
    steady_forget(&steady);
    // However long nobody and nothing was there.
    struct pressure_map truth = body(0), empty = {0};
    int64_t s = 0;
    for (; s < 3600; s++)
        steady_see(&steady, &empty, s * SECOND_US);
    // Every map is further from the mean than a turn of somebody on a good pad.
    for (; s < 3660; s++) {
        struct pressure_map map = noisy(&truth, 0.5, &random);
        double movement = steady_see(&steady, &map, s * SECOND_US);
        assert_true(movement > 0.12);
    }
    assert_true(steady.since_s > 30.0);
}

static void test_another_position_begins_anew(void **state)
{
    (void)state;
    static struct steady steady;
    steady_forget(&steady);
    struct pressure_map upper = body(0), lower = body(1);
    assert_true(steady_see(&steady, &upper, 0) == 0.0);
    for (int64_t s = 1; s < 30; s++)
        assert_true(steady_see(&steady, &upper, s * SECOND_US) == 0.0);
    assert_true(steady_see(&steady, &lower, 30 * SECOND_US) == 1.0);
    assert_memory_equal(steady.mean.cells, lower.cells, sizeof lower.cells);
    struct pressure_map empty = {0};
    steady_see(&steady, &empty, 31 * SECOND_US);
    assert_false(steady.mean.occupied);
    assert_memory_equal(steady.mean.cells, empty.cells, sizeof empty.cells);
}

// Ten frames a second: no frame is far from the one before, but the mean does not trail behind.
static void test_a_slow_turn(void **state)
{
    (void)state;
    static struct steady steady;
    steady_forget(&steady);
    struct pressure_map upper = body(0), lower = body(1), between = upper;
    for (int step = 0; step <= 60; step++) {
        float share = fminf((float)step / 30.0f, 1.0f);
        for (size_t i = 0; i < MAP_CELLS; i++)
            between.cells[i] = upper.cells[i] + share * (lower.cells[i] - upper.cells[i]);
        double movement = steady_see(&steady, &between, step * (SECOND_US / 10));
        assert_true(movement < 0.12);
        assert_true(surface_movement(&steady.mean, &between) <= 0.121);
    }
}

static void test_frames_at_one_time(void **state)
{
    (void)state;
    static struct steady steady;
    steady_forget(&steady);
    struct pressure_map upper = body(0);
    for (int i = 0; i < 5; i++)
        steady_see(&steady, &upper, 7 * SECOND_US);
    for (size_t i = 0; i < MAP_CELLS; i++)
        assert_true(isfinite(steady.mean.cells[i]));
    assert_memory_equal(steady.mean.cells, upper.cells, sizeof upper.cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise_is_left_out),
        cmocka_unit_test(test_a_very_noisy_pad_is_learnt),
        cmocka_unit_test(test_another_position_begins_anew),
        cmocka_unit_test(test_a_slow_turn),
        cmocka_unit_test(test_frames_at_one_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
