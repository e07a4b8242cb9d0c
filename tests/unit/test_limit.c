// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "limit.h"

#define NOW INT64_C(1000000000)

static unsigned passed(struct limit *limit, unsigned n, int64_t now_us)
{
    unsigned passes = 0;
    while (n-- > 0)
        passes += limit_pass(limit, now_us);
    return passes;
}

static void a_burst_passes_the_rest_is_held(void **state)
{
    (void)state;
    struct limit limit = {.burst = 5};
    assert_int_equal(passed(&limit, 317, NOW), 5);
    assert_int_equal(limit_over(&limit, NOW + LIMIT_INTERVAL_US - 1), 0);
    assert_int_equal(limit_over(&limit, NOW + LIMIT_INTERVAL_US), 312);
    assert_int_equal(limit_over(&limit, NOW + LIMIT_INTERVAL_US), 0);
}

static void an_interval_later_a_burst_passes_again(void **state)
{
    (void)state;
    struct limit limit = {.burst = 2};
    assert_int_equal(passed(&limit, 10, NOW), 2);
    assert_int_equal(passed(&limit, 10, NOW + LIMIT_INTERVAL_US - 1), 0);
    assert_int_equal(limit_take(&limit), 18);
    assert_int_equal(passed(&limit, 10, NOW + LIMIT_INTERVAL_US), 2);
    assert_int_equal(limit_take(&limit), 8);
}

static void the_first_ever_passes_at_any_time(void **state)
{
    (void)state;
    struct limit limit = {.burst = 1};
    assert_true(limit_pass(&limit, 0));
    struct limit late = {.burst = 1};
    assert_true(limit_pass(&late, INT64_C(1) << 50));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_the_rest_is_held),
        cmocka_unit_test(an_interval_later_a_burst_passes_again),
        cmocka_unit_test(the_first_ever_passes_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
