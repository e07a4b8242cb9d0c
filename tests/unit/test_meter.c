// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meter.h"

#define SECOND INT64_C(1000000)
#define START  (100 * SECOND)

// `seconds` ticks with so many frames in each.
static void run(struct meter *meter, int64_t *now_us, int seconds, unsigned frames)
{
    for (int s = 0; s < seconds; s++) {
        *now_us += SECOND;
        if (frames > 0)
            meter_frames(meter, meter->frames + frames, *now_us);
        meter_tick(meter, *now_us);
    }
}

static void nothing_is_known_at_first(void **state)
{
    (void)state;
    struct meter meter = {0};
    assert_float_equal(meter_rate_hz(&meter), 0, 0);
    assert_int_equal(meter_age_ms(&meter, START), -1);
    meter_frames(&meter, 0, START); // bytes, but no frame
    meter_tick(&meter, START);
    assert_float_equal(meter_rate_hz(&meter), 0, 0);
    assert_int_equal(meter_age_ms(&meter, START), -1);
}

static void the_rate_is_that_of_the_last_seconds(void **state)
{
    (void)state;
    struct meter meter = {0};
    int64_t now_us = START;
    run(&meter, &now_us, 4, 10);
    assert_float_equal(meter_rate_hz(&meter), 10, 1e-9);
    run(&meter, &now_us, 25, 4);
    assert_float_equal(meter_rate_hz(&meter), 4, 1e-9);
    run(&meter, &now_us, METER_SECONDS / 2, 0);
    assert_float_equal(meter_rate_hz(&meter), 2, 1e-9);
    run(&meter, &now_us, METER_SECONDS, 0);
    assert_float_equal(meter_rate_hz(&meter), 0, 0);
}

static void the_age_counts_from_the_last_frame(void **state)
{
    (void)state;
    struct meter meter = {0};
    meter_frames(&meter, 3, START);
    meter_frames(&meter, 3, START + SECOND); // bytes without a new frame
    assert_int_equal(meter_age_ms(&meter, START + 2 * SECOND), 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_at_first),
        cmocka_unit_test(the_rate_is_that_of_the_last_seconds),
        cmocka_unit_test(the_age_counts_from_the_last_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
