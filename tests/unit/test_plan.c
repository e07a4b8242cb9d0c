// SPDX-License-Identifier: GPL-3.0-or-later
// Plans of a night, and playing them.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "player.h"
#include "sleeper.h"

#define MAX   1024
#define NIGHT 28800.0

static double total(const struct sleep_step *steps, size_t n)
{
    double seconds = 0;
    for (size_t i = 0; i < n; i++)
        seconds += steps[i].seconds;
    return seconds;
}

// ---- nights ----

static void a_night_is_plausible(void **state)
{
    (void)state;
    unsigned nights_with_trips = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct sleep_step steps[MAX];
        size_t n = sleeper_plan_night(seed, NIGHT, steps, MAX);
        assert_true(total(steps, n) == NIGHT);
        assert_int_equal(steps[0].position, POSITION_EMPTY);
        assert_in_range(steps[0].seconds, 15, 30);
        assert_int_equal(steps[n - 1].position, POSITION_EMPTY);
        assert_in_range(steps[n - 1].seconds, 30, 60);
        unsigned bouts = 0, trips = 0;
        for (size_t i = 1; i < n - 1; i++) {
            assert_int_not_equal(steps[i].position, steps[i - 1].position);
            if (steps[i].position == POSITION_EMPTY) {
                trips++;
                assert_in_range(steps[i].seconds, 120, 360);
            } else {
                bouts++;
                assert_in_range(steps[i].seconds, 119, 3660);
            }
        }
        assert_in_range(bouts, 20, 45);
        assert_in_range(trips, 0, 2);
        nights_with_trips += trips > 0;
    }
    assert_in_range(nights_with_trips, 50, 190);
}

static void no_two_nights_are_alike(void **state)
{
    (void)state;
    struct sleep_step one[MAX], same[MAX], other[MAX];
    size_t n = sleeper_plan_night(1, NIGHT, one, MAX);
    assert_int_equal(sleeper_plan_night(1, NIGHT, same, MAX), n);
    size_t m = sleeper_plan_night(2, NIGHT, other, MAX);
    bool differs = n != m;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(one[i].position, same[i].position);
        assert_true(one[i].seconds == same[i].seconds);
        differs = differs || one[i].seconds != other[i].seconds;
    }
    assert_true(differs);
}

static void short_nights_and_little_room_do(void **state)
{
    (void)state;
    struct sleep_step steps[MAX];
    const double lengths[] = {1, 36, 100, 600, 3600, 86400};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t max = 3; max < 200; max = max * 3 / 2) {
            size_t n = sleeper_plan_night(i, lengths[i], steps, max);
            assert_in_range(n, 3, max);
            assert_true(total(steps, n) == lengths[i]);
            for (size_t step = 0; step < n; step++)
                assert_true(steps[step].seconds >= 0);
        }
    assert_int_equal(sleeper_plan_night(1, NIGHT, steps, 2), 0);
    assert_int_equal(sleeper_plan_night(1, 0, steps, MAX), 0);
}

// ---- plans in words ----

static void plans_are_read(void **state)
{
    (void)state;
    struct sleep_step steps[3];
    size_t n;
    struct error error = {0};
    assert_int_equal(sleeper_plan_parse("supine:600,empty:2.5", steps, 3, &n, &error), 0);
    assert_int_equal(n, 2);
    assert_int_equal(steps[0].position, POSITION_SUPINE);
    assert_true(steps[0].seconds == 600);
    assert_int_equal(steps[1].position, POSITION_EMPTY);
    assert_true(steps[1].seconds == 2.5);
}

static void bad_plans_are_refused_in_words(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int r;
        const char *says;
    } bad[] = {
        {"", -EINVAL, "POSITION:SECONDS"},
        {"supine", -EINVAL, "'supine' is not POSITION:SECONDS"},
        {":5", -EINVAL, "':5'"},
        {"supine:600,", -EINVAL, "POSITION:SECONDS"},
        {"upine:5", -EINVAL, "'upine'"},
        {"unknown:5", -EINVAL, "'unknown'"},
        {"supine:", -EINVAL, "''"},
        {"supine:0", -EINVAL, "'0'"},
        {"supine:-5", -EINVAL, "'-5'"},
        {"supine:5s", -EINVAL, "'5s'"},
        {"supine:nan", -EINVAL, "'nan'"},
        {"supine:5:6", -EINVAL, "'5:6'"},
        {"supine:1,prone:1,supine:1,prone:1", -E2BIG, "more than 3 steps"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct sleep_step steps[3];
        size_t n;
        struct error error = {0};
        assert_int_equal(sleeper_plan_parse(bad[i].text, steps, 3, &n, &error), bad[i].r);
        if (!strstr(error.text, bad[i].says))
            fail_msg("\"%s\": %s", bad[i].text, error.text);
    }
    char endless[4096];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    struct sleep_step step;
    size_t n;
    struct error error = {0};
    assert_int_equal(sleeper_plan_parse(endless, &step, 1, &n, &error), -EINVAL);
}

// ---- playing ----

static const char small_pad[] = "[pad]\nname = small\ntitle = Small\nstatus = untested\n"
                                "[wire]\nframing = delimited\nsync = AA 55\nsample = u8\n"
                                "rate_hz = 1\n"
                                "[grid]\nrows = 16\ncols = 8\nhead = top\nleft = left\n"
                                "[cells]\npitch_mm = 100 100\nfull_scale = 255\ntouch = 5\n";

static void every_frame_has_its_time_and_truth(void **state)
{
    (void)state;
    struct pad *pad = NULL;
    struct player *player = NULL;
    struct error error = {0};
    assert_int_equal(pad_parse(&pad, small_pad, sizeof small_pad - 1, "small.pad", &error), 0);
    // Tenths of a second add up to no whole number; frames may not get lost in between.
    struct sleep_step steps[12] = {{POSITION_EMPTY, 2}, {POSITION_SUPINE, 20}};
    for (int i = 2; i < 12; i++)
        steps[i] = (struct sleep_step){i % 2 ? POSITION_PRONE : POSITION_SUPINE, 0.1};
    struct sleeper_options options = sleeper_options_default();
    options.rate_hz = 10;
    assert_int_equal(player_new(&player, pad, &options, steps, 12), 0);

    uint64_t n = 0;
    for (struct played_frame frame; player_next(player, &frame); n++) {
        assert_int_equal(frame.number, n);
        assert_true(frame.time_s > (double)n / 10 - 1e-9 && frame.time_s < (double)n / 10 + 1e-9);
        assert_int_equal(frame.length, 2 + 16 * 8);
        assert_int_equal(frame.bytes[0], 0xAA);
        if (n < 20)
            assert_int_equal(frame.truth, POSITION_EMPTY);
        else if (n == 20 || n == 220)
            assert_int_equal(frame.truth, POSITION_UNKNOWN);
        else if (n == 219)
            assert_int_equal(frame.truth, POSITION_SUPINE);
    }
    assert_int_equal(n, 230);
    player_free(player);
    pad_free(pad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_night_is_plausible),
        cmocka_unit_test(no_two_nights_are_alike),
        cmocka_unit_test(short_nights_and_little_room_do),
        cmocka_unit_test(plans_are_read),
        cmocka_unit_test(bad_plans_are_refused_in_words),
        cmocka_unit_test(every_frame_has_its_time_and_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
