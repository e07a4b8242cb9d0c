// SPDX-License-Identifier: GPL-3.0-or-later
// Breathing is told where it can be told, rightly, and never made up.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "breather.h"

#define MINUTES 4

struct told {
    unsigned n;
    bool found[MINUTES];
    struct breath breaths[MINUTES];
};

static struct pad *load_pad(const char *name)
{
    struct error error = {0};
    struct pad *pad = NULL;
    const char *const pads[] = {getenv("PSOASMON_PADS"), NULL};
    if (pad_find(&pad, name, pads, &error) < 0)
        fail_msg("%s", error.text);
    return pad;
}

static int set_up(void **state)
{
    *state = load_pad("virtual");
    return 0;
}

static int tear_down(void **state)
{
    pad_free(*state);
    return 0;
}

static struct told sleep_on(const struct pad *pad, const struct breather *b)
{
    struct told told = {0};
    told.n = breather_sleep(b, pad, MINUTES, told.found, told.breaths);
    return told;
}

// Every minute is told, and none is off by more than `off` breaths a minute.
static void assert_told(const struct pad *pad, const struct breather *b, double off)
{
    struct told told = sleep_on(pad, b);
    for (int i = 0; i < MINUTES; i++) {
        if (!told.found[i])
            fail_msg("minute %d of %g breaths a minute is not told", i, b->per_min);
        if (!(fabs(told.breaths[i].per_min - b->per_min) <= off))
            fail_msg("%g breaths a minute are told as %g", b->per_min, told.breaths[i].per_min);
        assert_true(told.breaths[i].steadiness >= 0 && told.breaths[i].steadiness <= 1);
    }
}

// What is told is right; how many minutes are, is returned.
static unsigned told_rightly(const struct pad *pad, const struct breather *b, double off)
{
    struct told told = sleep_on(pad, b);
    for (int i = 0; i < MINUTES; i++)
        if (told.found[i] && !(fabs(told.breaths[i].per_min - b->per_min) <= off))
            fail_msg("%g breaths a minute are told as %g", b->per_min, told.breaths[i].per_min);
    return told.n;
}

static void assert_nothing_told(const struct pad *pad, const struct breather *b, const char *what)
{
    struct told told = sleep_on(pad, b);
    for (int i = 0; i < MINUTES; i++)
        if (told.found[i])
            fail_msg("%s breathes %g times a minute", what, told.breaths[i].per_min);
}

// ---- what is told ----

static void every_rate_is_told(void **state)
{
    for (int per_min = 6; per_min <= 30; per_min += 2) {
        struct breather b = {.rate_hz = 10,
                             .per_min = per_min,
                             .depth = 0.01,
                             .jitter = 0.3,
                             .noise = 2,
                             .seed = (uint64_t)per_min};
        assert_told(*state, &b, 0.3);
    }
}

static void every_rate_of_frames_will_do(void **state)
{
    static const double rates_hz[] = {5, 6.7, 20, 50};
    for (size_t i = 0; i < sizeof rates_hz / sizeof *rates_hz; i++) {
        struct breather b = {.rate_hz = rates_hz[i],
                             .per_min = 14,
                             .depth = 0.01,
                             .jitter = 0.4,
                             .noise = 2,
                             .seed = 30 + i};
        assert_told(*state, &b, 0.3);
    }
}

static void neither_half_nor_double(void **state)
{
    static const double rates[] = {7, 11, 15};
    for (size_t i = 0; i < 3; i++) {
        struct breather b = {.rate_hz = 10,
                             .per_min = rates[i],
                             .depth = 0.01,
                             .jitter = 0.2,
                             .noise = 2,
                             .overtone = 0.8,
                             .seed = 40 + i};
        assert_told(*state, &b, 0.4);
    }
}

static void a_heart_is_no_breath(void **state)
{
    static const double beats[] = {60, 72, 90};
    for (size_t i = 0; i < 3; i++) {
        struct breather b = {.rate_hz = 20,
                             .per_min = 13,
                             .depth = 0.01,
                             .jitter = 0.2,
                             .noise = 2,
                             .heart_per_min = beats[i],
                             .heart = 0.005,
                             .seed = 50 + i};
        assert_told(*state, &b, 0.4);
        b.depth = 0;
        assert_nothing_told(*state, &b, "a heart");
    }
}

static void drift_is_no_breath(void **state)
{
    struct breather b = {.rate_hz = 10,
                         .per_min = 12,
                         .depth = 0.01,
                         .jitter = 0.2,
                         .noise = 2,
                         .drift = 0.05,
                         .seed = 60};
    assert_told(*state, &b, 0.4);
    b.depth = 0;
    assert_nothing_told(*state, &b, "drift");
}

// A breath of a third of a count in each cell: the noise carries it over.
static void coarse_counts_are_enough_while_they_move(void **state)
{
    struct breather b = {.rate_hz = 20,
                         .per_min = 14,
                         .depth = 0.005,
                         .jitter = 0.2,
                         .noise = 3,
                         .scale = 0.3,
                         .seed = 65};
    assert_told(*state, &b, 0.5);
}

static void steadiness_is_how_alike_breaths_are(void **state)
{
    double last = 1.01;
    static const double uneven[] = {0, 0.1, 0.2};
    for (size_t i = 0; i < 3; i++) {
        struct breather b = {.rate_hz = 10,
                             .per_min = 16,
                             .depth = 0.01,
                             .jitter = 0.2,
                             .noise = 1,
                             .unevenness = uneven[i],
                             .seed = 70};
        struct told told = sleep_on(*state, &b);
        double sum = 0;
        for (int m = 0; m < MINUTES; m++)
            sum += told.found[m] ? told.breaths[m].steadiness : 0;
        assert_true(told.n >= 2);
        // What is very uneven is told in its steadier minutes only.
        if (!(sum / told.n < last && sum / told.n > 0.94 - uneven[i] &&
              (uneven[i] > 0.1 || sum / told.n < 1.06 - uneven[i])))
            fail_msg("uneven by %g, told %g", uneven[i], sum / told.n);
        last = sum / told.n;
    }
}

// ---- what is not ----

static void nobody_is_heard_to_breathe(void **state)
{
    static const struct {
        const char *what;
        struct breather breather;
    } cases[] = {
        {"an empty bed", {.lying = LYING_NOTHING, .noise = 4}},
        {"a suitcase", {.lying = LYING_SUITCASE, .noise = 4}},
        {"a suitcase on a pad without noise", {.lying = LYING_SUITCASE}},
        {"a suitcase that creeps", {.lying = LYING_SUITCASE, .drift = 0.1}},
        {"noise", {.noise = 4}},
        {"much noise", {.noise = 30}},
        {"wandering", {.noise = 1, .walk = 0.002}},
        {"much wandering", {.noise = 1, .walk = 0.01}},
        {"hum", {.noise = 2, .hum_hz = 49.75, .hum = 6}},
        {"hum without noise", {.hum_hz = 49.75, .hum = 6}},
        {"a ripple of the supply", {.noise = 2, .ripple_hz = 49.75, .ripple = 0.02}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct breather b = cases[i].breather;
        b.rate_hz = 10;
        b.seed = 80 + i;
        assert_nothing_told(*state, &b, cases[i].what);
    }
}

static void what_is_no_breathing_rate_is_not_told(void **state)
{
    static const double rates[] = {3, 4.5, 36, 45};
    for (size_t i = 0; i < 4; i++) {
        struct breather b = {.rate_hz = 20,
                             .per_min = rates[i],
                             .depth = 0.01,
                             .jitter = 0.2,
                             .noise = 2,
                             .overtone = 0.3,
                             .seed = 100 + i};
        assert_nothing_told(*state, &b, "something else");
    }
}

static void a_slow_pad_tells_nothing(void **state)
{
    struct breather b = {.rate_hz = 4.9, .per_min = 14, .depth = 0.02, .noise = 1, .seed = 110};
    assert_nothing_told(*state, &b, "a slow pad");
    b.rate_hz = 1;
    assert_nothing_told(*state, &b, "a very slow pad");
}

// A pad that says 10 a second and sends 4, or stops for a while in the middle.
static void frames_that_fail_to_come(void **state)
{
    const struct pad *pad = *state;
    struct breather b = {.rate_hz = 10, .per_min = 14, .depth = 0.02, .noise = 1, .seed = 120};
    for (int kind = 0; kind < 2; kind++) {
        static struct pressure_map map;
        static uint16_t counts[64 * 32];
        const struct frame frame = {.rows = 64, .cols = 32, .counts = counts};
        struct surface *surface = NULL;
        struct breathing *breathing = NULL;
        struct breather_state sleeper = breather_begin(&b);
        struct breath breath;
        assert_int_equal(surface_new(&surface, pad), 0);
        assert_int_equal(breathing_new(&breathing, pad, 10), 0);
        for (int i = 0; i < 620; i++) {
            breather_frame(&b, pad, &sleeper, i / 10.0, counts);
            bool lost = kind == 0 ? i % 5 > 1 : i >= 280 && i < 330;
            if (lost || surface_read(surface, &frame, &map) != 0)
                continue;
            breathing_see(breathing, &map, (BREATHER_START_S * 10 + i) * 100000);
        }
        assert_false(breathing_minute(breathing, BREATHER_START_S, &breath));
        breathing_free(breathing);
        surface_free(surface);
    }
}

static double leg_moves_often(double time_s)
{
    return fmod(time_s, 15) < 2 ? 0.5 - 0.5 * cos(M_PI * fmod(time_s, 15)) : 0;
}

static double leg_moves_once(double time_s)
{
    return fmod(time_s, 60) > 10 && fmod(time_s, 60) < 12 ? 0.5 - 0.5 * cos(M_PI * time_s) : 0;
}

static void movement_is_no_breath(void **state)
{
    struct breather b = {.rate_hz = 10,
                         .per_min = 15,
                         .depth = 0.01,
                         .noise = 1,
                         .jitter = 0.2,
                         .shove = leg_moves_often,
                         .seed = 130};
    assert_nothing_told(*state, &b, "a restless sleeper");
    // The rest of the minute is still long enough.
    b.shove = leg_moves_once;
    assert_told(*state, &b, 0.4);
}

// ---- breathing that comes and goes ----

static double holds_breath(double time_s, double phase)
{
    return fmod(time_s, 60) < 25 ? 0 : sin(phase);
}

static double waxes_and_wanes(double time_s, double phase)
{
    return fmax(0, sin(2 * M_PI * time_s / 50)) * sin(phase);
}

static double sighs(double time_s, double phase)
{
    return sin(phase) * (fmod(time_s, 30) < 4 ? 2.5 : 1);
}

static void pauses_are_not_filled(void **state)
{
    struct breather b = {.rate_hz = 10,
                         .per_min = 16,
                         .depth = 0.01,
                         .noise = 2,
                         .jitter = 0.2,
                         .breath = holds_breath,
                         .seed = 140};
    // Either nothing, or how often they breathed: in the whole minute, or while they did.
    struct told told = sleep_on(*state, &b);
    for (int i = 0; i < MINUTES; i++)
        if (told.found[i] && !(told.breaths[i].per_min > 8 && told.breaths[i].per_min < 17))
            fail_msg("%g is neither", told.breaths[i].per_min);
    b.breath = waxes_and_wanes;
    told_rightly(*state, &b, 2);
    b.breath = sighs;
    assert_true(told_rightly(*state, &b, 1.5) >= MINUTES / 2);
}

// ---- odds and ends ----

static void time_may_leap_and_go_back(void **state)
{
    const struct pad *pad = *state;
    static struct pressure_map map;
    static uint16_t counts[64 * 32];
    const struct frame frame = {.rows = 64, .cols = 32, .counts = counts};
    struct breather b = {.rate_hz = 10, .per_min = 14, .depth = 0.01, .noise = 2, .seed = 150};
    struct breather_state sleeper = breather_begin(&b);
    struct surface *surface = NULL;
    struct breathing *breathing = NULL;
    struct breath breath;
    assert_int_equal(surface_new(&surface, pad), 0);
    assert_int_equal(breathing_new(&breathing, pad, 10), 0);
    static const int64_t starts_s[] = {0, 90, INT64_C(86400) * 365, -3600, -3599, 60};
    for (size_t leap = 0; leap < 6; leap++)
        for (int i = 0; i < 650; i++) {
            breather_frame(&b, pad, &sleeper, (double)(650 * leap + (size_t)i) / 10, counts);
            assert_int_equal(surface_read(surface, &frame, &map), 0);
            breathing_see(breathing, &map,
                          (BREATHER_START_S + starts_s[leap]) * 1000000 + i * 100000);
        }
    breathing_stop(breathing);
    breathing_stop(breathing);
    // The last stretch began with a minute and filled it.
    assert_true(breathing_minute(breathing, BREATHER_START_S + 60, &breath));
    assert_true(fabs(breath.per_min - 14) < 0.4);
    assert_false(breathing_minute(breathing, BREATHER_START_S + 7200, &breath));
    breathing_free(breathing);
    surface_free(surface);
}

// A part of a minute will do where it is long enough, and is told when the frames end.
static void the_last_minute_is_told(void **state)
{
    const struct pad *pad = *state;
    for (int seconds = 20; seconds <= 50; seconds += 30) {
        static struct pressure_map map;
        static uint16_t counts[64 * 32];
        const struct frame frame = {.rows = 64, .cols = 32, .counts = counts};
        struct breather b = {.rate_hz = 10, .per_min = 18, .depth = 0.02, .noise = 1, .seed = 160};
        struct breather_state sleeper = breather_begin(&b);
        struct surface *surface = NULL;
        struct breathing *breathing = NULL;
        struct breath breath;
        assert_int_equal(surface_new(&surface, pad), 0);
        assert_int_equal(breathing_new(&breathing, pad, 10), 0);
        for (int i = 0; i < 10 * seconds; i++) {
            breather_frame(&b, pad, &sleeper, i / 10.0, counts);
            assert_int_equal(surface_read(surface, &frame, &map), 0);
            breathing_see(breathing, &map, (BREATHER_START_S * 10 + i) * 100000);
        }
        assert_false(breathing_minute(breathing, BREATHER_START_S, &breath));
        breathing_stop(breathing);
        assert_int_equal(breathing_minute(breathing, BREATHER_START_S, &breath), seconds >= 30);
        breathing_free(breathing);
        surface_free(surface);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rate_is_told),
        cmocka_unit_test(every_rate_of_frames_will_do),
        cmocka_unit_test(neither_half_nor_double),
        cmocka_unit_test(a_heart_is_no_breath),
        cmocka_unit_test(drift_is_no_breath),
        cmocka_unit_test(coarse_counts_are_enough_while_they_move),
        cmocka_unit_test(steadiness_is_how_alike_breaths_are),
        cmocka_unit_test(nobody_is_heard_to_breathe),
        cmocka_unit_test(what_is_no_breathing_rate_is_not_told),
        cmocka_unit_test(a_slow_pad_tells_nothing),
        cmocka_unit_test(frames_that_fail_to_come),
        cmocka_unit_test(movement_is_no_breath),
        cmocka_unit_test(pauses_are_not_filled),
        cmocka_unit_test(time_may_leap_and_go_back),
        cmocka_unit_test(the_last_minute_is_told),
    };
    return cmocka_run_group_tests_name("breathing", tests, set_up, tear_down);
}
