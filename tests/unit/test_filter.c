// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "position/filter.h"

#define T0       INT64_C(1767643200) // 2026-01-05 20:00 UTC
#define SECOND   INT64_C(1000000)
#define MAX_TICK 2048

struct heard {
    struct tick ticks[MAX_TICK];
    size_t n;
    int answer; // of the sink
};

static int hear(const struct tick *tick, void *userdata)
{
    struct heard *heard = userdata;
    assert_true(heard->n < MAX_TICK);
    heard->ticks[heard->n++] = *tick;
    return heard->answer;
}

static struct observation seen(int64_t time_us, enum position position, float confidence)
{
    struct observation observation = {.time_us = time_us, .movement = 0.03f, .load = 60.0f};
    observation.occupied = position != POSITION_EMPTY;
    for (int i = 0; i < POSITION_BODY_N; i++)
        observation.probabilities[i] = (1.0f - confidence) / (POSITION_BODY_N - 1);
    if (observation.occupied)
        observation.probabilities[position] = confidence;
    return observation;
}

struct stretch {
    enum position position;
    int seconds;
    float confidence;
};

static void push(struct filter *filter, struct observation observation, struct heard *heard)
{
    assert_int_equal(filter_push(filter, &observation, hear, heard), 0);
}

// Plays stretches at a rate, one after the other, and ends the stream.
static void play(struct heard *heard, const struct stretch *stretches, size_t n, double rate_hz)
{
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    int64_t end_s = T0;
    uint64_t frame = 0;
    for (size_t i = 0; i < n; i++) {
        end_s += stretches[i].seconds;
        int64_t time_us;
        while ((time_us = T0 * SECOND + (int64_t)((double)frame / rate_hz * 1e6)) <
               end_s * SECOND) {
            push(filter, seen(time_us, stretches[i].position, stretches[i].confidence), heard);
            frame++;
        }
    }
    assert_int_equal(filter_finish(filter, end_s, hear, heard), 0);
    filter_free(filter);
}

#define PLAY(heard, rate_hz, ...)                                                                  \
    do {                                                                                           \
        const struct stretch stretches[] = {__VA_ARGS__};                                          \
        play(heard, stretches, sizeof stretches / sizeof *stretches, rate_hz);                     \
    } while (0)

// The ticks have no hole, and their positions are these stretches.
#define assert_heard(heard, ...)                                                                   \
    do {                                                                                           \
        const struct stretch wanted[] = {__VA_ARGS__};                                             \
        check_heard(heard, wanted, sizeof wanted / sizeof *wanted);                                \
    } while (0)

static void check_heard(const struct heard *heard, const struct stretch *wanted, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        for (int second = 0; second < wanted[i].seconds; second++, at++) {
            assert_true(at < heard->n);
            assert_int_equal(heard->ticks[at].time_s, T0 + (int64_t)at);
            if (heard->ticks[at].position != wanted[i].position)
                fail_msg("second %zu: %s instead of %s", at,
                         position_identifier(heard->ticks[at].position),
                         position_identifier(wanted[i].position));
        }
    }
    assert_int_equal(heard->n, at);
}

static void test_edges_land_on_the_second(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 1.0, {POSITION_SUPINE, 60, 0.95f}, {POSITION_LEFT_SIDE, 60, 0.9f},
         {POSITION_LEFT_FETAL, 60, 0.8f}, {POSITION_RIGHT_FETAL, 61, 0.97f});
    assert_heard(&heard, {POSITION_SUPINE, 60, 0}, {POSITION_LEFT_SIDE, 60, 0},
                 {POSITION_LEFT_FETAL, 60, 0}, {POSITION_RIGHT_FETAL, 61, 0});
}

static void test_getting_up(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 1.0, {POSITION_EMPTY, 30, 0}, {POSITION_PRONE, 45, 0.95f}, {POSITION_EMPTY, 9, 0},
         {POSITION_SITTING, 20, 0.95f});
    assert_heard(&heard, {POSITION_EMPTY, 30, 0}, {POSITION_PRONE, 45, 0}, {POSITION_EMPTY, 9, 0},
                 {POSITION_SITTING, 20, 0});
}

static void test_three_clear_seconds_are_a_bout(void **state)
{
    (void)state;
    for (int seconds = 3; seconds < 8; seconds++) {
        struct heard heard = {0};
        PLAY(&heard, 1.0, {POSITION_SUPINE, 40, 0.98f}, {POSITION_RIGHT_SIDE, seconds, 0.98f},
             {POSITION_SUPINE, 40, 0.98f});
        assert_heard(&heard, {POSITION_SUPINE, 40, 0}, {POSITION_RIGHT_SIDE, seconds, 0},
                     {POSITION_SUPINE, 40, 0});
    }
}

static void test_flicker_is_no_bout(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 1.0, {POSITION_SUPINE, 20, 0.9f}, {POSITION_RECLINED, 1, 0.98f},
         {POSITION_SUPINE, 9, 0.9f}, {POSITION_RECLINED, 2, 0.98f}, {POSITION_SUPINE, 20, 0.9f},
         {POSITION_EMPTY, 2, 0}, {POSITION_SUPINE, 3, 0.9f}, {POSITION_RECLINED, 1, 0.98f},
         {POSITION_SUPINE, 20, 0.9f});
    assert_heard(&heard, {POSITION_SUPINE, 78, 0});
    assert_true(heard.ticks[20].confidence > 0.7f);
}

// Every third second wrong, but weakly: the bout stands.
static void test_weak_doubt(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct stretch stretches[60];
    for (int i = 0; i < 60; i += 3) {
        stretches[i] = stretches[i + 1] = (struct stretch){POSITION_LEFT_FETAL, 1, 0.9f};
        stretches[i + 2] = (struct stretch){POSITION_LEFT_SIDE, 1, 0.5f};
    }
    play(&heard, stretches, 60, 1.0);
    assert_heard(&heard, {POSITION_LEFT_FETAL, 60, 0});
}

static void test_nothing_sure_is_unknown(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 1.0, {POSITION_SUPINE, 30, 0.95f}, {POSITION_PRONE, 30, 1.0f / POSITION_BODY_N},
         {POSITION_PRONE, 30, 0.35f}, {POSITION_PRONE, 30, 0.95f});
    assert_int_equal(heard.n, 120);
    assert_int_equal(heard.ticks[20].position, POSITION_SUPINE);
    for (int i = 75; i < 80; i++) {
        assert_int_equal(heard.ticks[i].position, POSITION_UNKNOWN);
        assert_true(heard.ticks[i].confidence < 0.5f);
    }
    assert_int_equal(heard.ticks[100].position, POSITION_PRONE);
}

// Two positions of one way up share the probability: the likelier is told, as sure as it is. Two
// ways up that share it are unknown.
static void test_way_up_is_what_must_be_sure(void **state)
{
    (void)state;
    static const struct {
        enum position other, told;
    } cases[] = {
        {POSITION_LEFT_SIDE, POSITION_LEFT_FETAL},
        {POSITION_RIGHT_FETAL, POSITION_UNKNOWN},
        {POSITION_PRONE, POSITION_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct heard heard = {0};
        struct filter *filter;
        assert_int_equal(filter_new(&filter), 0);
        for (int second = 0; second < 30; second++) {
            struct observation observation =
                seen((T0 + second) * SECOND, POSITION_LEFT_FETAL, 0.36f);
            for (int p = 0; p < POSITION_BODY_N; p++)
                if (p != POSITION_LEFT_FETAL)
                    observation.probabilities[p] = p == (int)cases[i].other ? 0.34f : 0.03f;
            push(filter, observation, &heard);
        }
        assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
        filter_free(filter);
        assert_heard(&heard, {cases[i].told, 30, 0});
        assert_true(fabsf(heard.ticks[15].confidence - 0.36f) < 1e-3f);
    }
}

// The confidence is what the model said, not a certainty multiplied up from repetition.
static void test_confidence_is_the_models(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 1.0, {POSITION_SUPINE, 100, 0.7f});
    for (size_t i = 0; i < heard.n; i++) {
        float sum = 0.0f;
        assert_true(heard.ticks[i].confidence > 0.69f && heard.ticks[i].confidence < 0.71f);
        for (int p = 0; p < POSITION_N; p++)
            sum += heard.ticks[i].probabilities[p];
        assert_true(sum > 0.999f && sum < 1.001f);
        assert_true(heard.ticks[i].probabilities[POSITION_UNKNOWN] == 0.0f);
    }
}

// An animal, or two people: the model says that it is none of the positions, as surely as it says
// that something is one. POSITION_UNKNOWN is believed like any of them.
static void test_none_of_the_positions(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    for (int second = 0; second < 90; second++) {
        bool none = second >= 30 && second < 60;
        struct observation observation = seen((T0 + second) * SECOND, POSITION_SUPINE, 0.95f);
        for (int p = 0; none && p < POSITION_BODY_N; p++)
            observation.probabilities[p] = 0.1f / POSITION_BODY_N;
        push(filter, observation, &heard);
    }
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    filter_free(filter);
    assert_heard(&heard, {POSITION_SUPINE, 30, 0}, {POSITION_UNKNOWN, 30, 0},
                 {POSITION_SUPINE, 30, 0});
    for (size_t i = 0; i < heard.n; i++) {
        const struct tick *tick = &heard.ticks[i];
        float sum = 0.0f;
        for (int p = 0; p < POSITION_N; p++)
            sum += tick->probabilities[p];
        assert_true(fabsf(sum - 1.0f) < 1e-4f);
        assert_true(tick->confidence == tick->probabilities[tick->position]);
        assert_true(tick->confidence > 0.85f && tick->confidence < 0.951f);
    }
}

// Half a doubt that it is any position is no position, but told as it is.
static void test_half_a_doubt(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    for (int second = 0; second < 30; second++) {
        struct observation observation = seen((T0 + second) * SECOND, POSITION_SUPINE, 0.45f);
        for (int p = 1; p < POSITION_BODY_N; p++)
            observation.probabilities[p] = 0.0f;
        observation.probabilities[POSITION_PRONE] = 0.12f;
        push(filter, observation, &heard);
    }
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    filter_free(filter);
    assert_heard(&heard, {POSITION_UNKNOWN, 30, 0});
    assert_true(fabsf(heard.ticks[15].probabilities[POSITION_UNKNOWN] - 0.43f) < 1e-3f);
    assert_true(fabsf(heard.ticks[15].confidence - 0.45f) < 1e-3f);
}

// A frame every 8 s: a bout ends at the frame that shows the next one.
static void test_slow_pad(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 0.125, {POSITION_SUPINE, 64, 0.95f}, {POSITION_LEFT_SIDE, 64, 0.95f},
         {POSITION_SUPINE, 8, 0.9f}, {POSITION_LEFT_SIDE, 64, 0.95f}, {POSITION_EMPTY, 64, 0});
    assert_heard(&heard, {POSITION_SUPINE, 64, 0}, {POSITION_LEFT_SIDE, 136, 0},
                 {POSITION_EMPTY, 64, 0});
}

static void test_fast_pad(void **state)
{
    (void)state;
    struct heard heard = {0};
    PLAY(&heard, 10.0, {POSITION_SUPINE, 60, 0.95f}, {POSITION_RIGHT_FETAL, 3, 0.98f},
         {POSITION_SUPINE, 60, 0.95f}, {POSITION_PRONE, 2, 0.98f}, {POSITION_SUPINE, 60, 0.95f});
    assert_heard(&heard, {POSITION_SUPINE, 60, 0}, {POSITION_RIGHT_FETAL, 3, 0},
                 {POSITION_SUPINE, 122, 0});
}

// Ten frames of a second are one observation, not ten: averaged, a minority among them changes
// neither position nor, by much, the confidence.
static void test_frames_of_a_second_are_averaged(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    for (int frame = 0; frame < 600; frame++)
        push(filter,
             seen(T0 * SECOND + frame * SECOND / 10,
                  frame % 10 < 3 ? POSITION_LEFT_SIDE : POSITION_LEFT_FETAL, 1.0f),
             &heard);
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    filter_free(filter);
    assert_heard(&heard, {POSITION_LEFT_FETAL, 60, 0});
    for (size_t i = 0; i < heard.n; i++)
        assert_true(heard.ticks[i].confidence > 0.69f && heard.ticks[i].confidence < 0.71f);
}

// Turning over: two seconds of anything, moving, between two positions.
static void test_movement(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    for (int second = 0; second < 60; second++) {
        enum position position = second < 30 ? POSITION_SUPINE : POSITION_RIGHT_SIDE;
        bool moving = second == 30 || second == 31;
        struct observation observation =
            seen((T0 + second) * SECOND, moving ? POSITION_PRONE : position, moving ? 0.6f : 0.95f);
        observation.movement = moving ? 0.6f : 0.02f;
        push(filter, observation, &heard);
    }
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    filter_free(filter);
    assert_int_equal(heard.n, 60);
    for (int second = 0; second < 60; second++) {
        assert_int_not_equal(heard.ticks[second].position, POSITION_PRONE);
        if (second < 30)
            assert_int_equal(heard.ticks[second].position, POSITION_SUPINE);
        if (second >= 32)
            assert_int_equal(heard.ticks[second].position, POSITION_RIGHT_SIDE);
    }
    assert_true(heard.ticks[30].movement > 0.59f);
}

// A cut between two recordings: all of the pressure goes elsewhere within one frame, which still
// is the first of the new bout.
static void test_cut(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    for (int second = 0; second < 60; second++) {
        struct observation observation = seen(
            (T0 + second) * SECOND, second < 30 ? POSITION_SUPINE : POSITION_RIGHT_SIDE, 0.95f);
        observation.movement = second == 30 ? 0.8f : 0.02f;
        push(filter, observation, &heard);
    }
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    filter_free(filter);
    assert_heard(&heard, {POSITION_SUPINE, 30, 0}, {POSITION_RIGHT_SIDE, 30, 0});
}

static void test_lag(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    // A second is over when the next one's first frame comes, and settled a lag later.
    for (int second = 0; second <= FILTER_LAG_S; second++) {
        push(filter, seen((T0 + second) * SECOND, POSITION_SUPINE, 0.9f), &heard);
        assert_int_equal(heard.n, 0);
    }
    push(filter, seen((T0 + FILTER_LAG_S + 1) * SECOND, POSITION_SUPINE, 0.9f), &heard);
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.ticks[0].time_s, T0);
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    assert_int_equal(heard.n, FILTER_LAG_S + 2);
    // The past is forgotten: another stream may begin anywhere.
    push(filter, seen((T0 - 1000) * SECOND, POSITION_PRONE, 0.9f), &heard);
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    assert_int_equal(heard.n, FILTER_LAG_S + 3);
    assert_int_equal(heard.ticks[heard.n - 1].time_s, T0 - 1000);
    assert_int_equal(heard.ticks[heard.n - 1].position, POSITION_PRONE);
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    assert_int_equal(heard.n, FILTER_LAG_S + 3);
    filter_free(filter);
}

static void test_before_1970(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    push(filter, seen(-1500000, POSITION_SUPINE, 0.9f), &heard);
    push(filter, seen(-500000, POSITION_SUPINE, 0.9f), &heard);
    push(filter, seen(500000, POSITION_SUPINE, 0.9f), &heard);
    assert_int_equal(filter_finish(filter, 0, hear, &heard), 0);
    filter_free(filter);
    assert_int_equal(heard.n, 3);
    assert_int_equal(heard.ticks[0].time_s, -2);
    assert_int_equal(heard.ticks[1].time_s, -1);
    assert_int_equal(heard.ticks[2].time_s, 0);
}

// The clock is set while seconds wait: they are told by the clock as set, and are what they were.
static void test_the_clock_is_set(void **state)
{
    (void)state;
    static struct heard heard[2];
    static const int64_t steps_s[] = {3600, -3600, 1, 56 * INT64_C(31557600)};
    for (size_t s = 0; s < sizeof steps_s / sizeof *steps_s; s++) {
        memset(heard, 0, sizeof heard);
        for (int set = 0; set < 2; set++) {
            struct filter *filter;
            assert_int_equal(filter_new(&filter), 0);
            int64_t by_s = 0;
            for (int i = 0; i < 120; i++) {
                if (set && i == 61) {
                    by_s = steps_s[s];
                    filter_move(filter, by_s);
                }
                enum position position = i < 60 ? POSITION_SUPINE : POSITION_PRONE;
                push(filter, seen((T0 + by_s) * SECOND + i * SECOND / 2, position, 0.8f),
                     &heard[set]);
            }
            assert_int_equal(filter_finish(filter, 0, hear, &heard[set]), 0);
            filter_free(filter);
        }
        assert_int_equal(heard[0].n, 60);
        assert_int_equal(heard[1].n, 60);
        for (size_t i = 0; i < 60; i++) {
            bool waited = i + FILTER_LAG_S >= 30;
            heard[0].ticks[i].time_s += waited ? steps_s[s] : 0;
            assert_memory_equal(&heard[0].ticks[i], &heard[1].ticks[i], sizeof(struct tick));
        }
    }
}

static void test_finish_covers_until(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    push(filter, seen(T0 * SECOND, POSITION_SUPINE, 0.9f), &heard);
    assert_int_equal(filter_finish(filter, T0 + 40, hear, &heard), 0);
    filter_free(filter);
    assert_heard(&heard, {POSITION_SUPINE, 40, 0});
    assert_true(heard.ticks[39].confidence > 0.89f);
}

static void test_a_sink_that_fails(void **state)
{
    (void)state;
    struct heard heard = {.answer = -5};
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    struct observation observation = seen(T0 * SECOND, POSITION_SUPINE, 0.9f);
    assert_int_equal(filter_push(filter, &observation, hear, &heard), 0);
    observation.time_us += 20 * SECOND;
    assert_int_equal(filter_push(filter, &observation, hear, &heard), -5);
    assert_int_equal(heard.n, 1);
    assert_int_equal(filter_finish(filter, 0, hear, &heard), -5);
    filter_free(filter);
}

static void test_now(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct tick tick;
    struct filter *filter;
    assert_int_equal(filter_new(&filter), 0);
    assert_false(filter_now(filter, &tick));
    push(filter, seen(T0 * SECOND, POSITION_EMPTY, 0), &heard);
    assert_true(filter_now(filter, &tick));
    assert_int_equal(tick.position, POSITION_EMPTY);
    for (int second = 1; second < 30; second++)
        push(filter, seen((T0 + second) * SECOND, POSITION_SITTING, 0.95f), &heard);
    size_t n = heard.n;
    assert_true(filter_now(filter, &tick));
    assert_int_equal(tick.time_s, T0 + 29);
    assert_int_equal(tick.position, POSITION_SITTING);
    assert_true(tick.confidence > 0.9f);
    assert_int_equal(heard.n, n);
    filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges_land_on_the_second),
        cmocka_unit_test(test_getting_up),
        cmocka_unit_test(test_three_clear_seconds_are_a_bout),
        cmocka_unit_test(test_flicker_is_no_bout),
        cmocka_unit_test(test_weak_doubt),
        cmocka_unit_test(test_nothing_sure_is_unknown),
        cmocka_unit_test(test_way_up_is_what_must_be_sure),
        cmocka_unit_test(test_confidence_is_the_models),
        cmocka_unit_test(test_none_of_the_positions),
        cmocka_unit_test(test_half_a_doubt),
        cmocka_unit_test(test_slow_pad),
        cmocka_unit_test(test_fast_pad),
        cmocka_unit_test(test_frames_of_a_second_are_averaged),
        cmocka_unit_test(test_movement),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_lag),
        cmocka_unit_test(test_before_1970),
        cmocka_unit_test(test_the_clock_is_set),
        cmocka_unit_test(test_finish_covers_until),
        cmocka_unit_test(test_a_sink_that_fails),
        cmocka_unit_test(test_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
