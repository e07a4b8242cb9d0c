// SPDX-License-Identifier: GPL-3.0-or-later
// A guide with a filter that knows everything a few seconds later, and one that thinks twice.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recorder/awake.h"
#include "stretching/guide.h"

#define START 1767637800

static struct guide guide;
static int64_t time_s;
static enum position truth[4096];

static const struct routine two = {
    .rest_s = 10,
    .n = 2,
    .items = {{POSITION_SUPINE_LEFT_KNEE, 20}, {POSITION_LEFT_FETAL, 30}},
};

static struct tick tick_of(int64_t s, enum position position)
{
    return (struct tick){.time_s = s, .position = position, .confidence = 1};
}

static void begin(const struct routine *routine)
{
    static const struct stretch_session nothing = {.pad = "virtual"};
    guide_begin(&guide, routine, &nothing);
    time_s = START;
}

static void settle(int64_t s)
{
    struct tick tick = tick_of(s, truth[s - START]);
    guide_settle(&guide, &tick);
}

// What is thought of them at first need not be what they were.
static void lie(enum position position, int seconds, enum position thought)
{
    for (int i = 0; i < seconds; i++, time_s++) {
        truth[time_s - START] = position;
        if (time_s - FILTER_LAG_S >= START)
            settle(time_s - FILTER_LAG_S);
        struct tick now = tick_of(time_s, thought);
        guide_see(&guide, &now);
    }
}

static void finish(void)
{
    for (int64_t s = time_s - FILTER_LAG_S; s < time_s; s++)
        settle(s);
    guide_end(&guide);
    struct error error = {0};
    if (stretch_session_check(&guide.session, &error) < 0)
        fail_msg("%s", error.text);
}

static void to_the_end(void **state)
{
    (void)state;
    begin(&two);
    lie(POSITION_SUPINE, 5, POSITION_SUPINE);
    assert_int_equal(guide.sight, GUIDE_OTHER);
    lie(POSITION_SUPINE_LEFT_KNEE, 20, POSITION_SUPINE_LEFT_KNEE);
    assert_int_equal(guide.phase, GUIDE_REST);
    assert_int_equal(guide_rest_left_s(&guide), 10);
    assert_int_equal(guide_item(&guide)->position, POSITION_LEFT_FETAL);
    lie(POSITION_SUPINE, 10, POSITION_SUPINE);
    lie(POSITION_LEFT_FETAL, 30, POSITION_LEFT_FETAL);
    assert_int_equal(guide.phase, GUIDE_DONE);
    finish();
    assert_true(guide.session.finished);
    assert_int_equal(guide.session.start_s, START);
    assert_int_equal(guide.session.holds[0].held_s, 20);
    assert_int_equal(guide.session.holds[0].end_s, START + 25);
    assert_int_equal(guide.session.holds[1].held_s, 30);
}

static void what_is_thought_first_is_corrected(void **state)
{
    (void)state;
    begin(&two);
    // Ten seconds on the wrong side are taken for the right one, until they are settled.
    lie(POSITION_SUPINE_RIGHT_KNEE, 10, POSITION_SUPINE_LEFT_KNEE);
    lie(POSITION_SUPINE_LEFT_KNEE, 10, POSITION_SUPINE_LEFT_KNEE);
    assert_int_equal(guide.phase, GUIDE_HOLD);
    lie(POSITION_SUPINE_LEFT_KNEE, 10, POSITION_SUPINE_LEFT_KNEE);
    assert_int_equal(guide.phase, GUIDE_REST);
    finish();
    assert_int_equal(guide.session.holds[0].held_s, 20);
    assert_int_equal(guide.session.holds[0].wrong_side_s, 10);
    assert_false(guide.session.finished);
}

static void passed_over(void **state)
{
    (void)state;
    begin(&two);
    lie(POSITION_EMPTY, GUIDE_PATIENCE_S - 1, POSITION_EMPTY);
    assert_int_equal(guide.sight, GUIDE_NOBODY);
    assert_int_equal(guide.phase, GUIDE_HOLD);
    lie(POSITION_EMPTY, 1, POSITION_EMPTY);
    assert_int_equal(guide.phase, GUIDE_REST);
    guide_skip(&guide); // the rest, too
    lie(POSITION_RIGHT_FETAL, 5, POSITION_RIGHT_FETAL);
    assert_int_equal(guide.sight, GUIDE_WRONG_SIDE);
    guide_skip(&guide);
    assert_int_equal(guide.phase, GUIDE_DONE);
    finish();
    assert_int_equal(guide.session.holds[0].held_s, 0);
    assert_int_equal(guide.session.holds[1].held_s, 0);
    assert_int_equal(guide.session.holds[1].wrong_side_s, 5);
}

static void one_second_is_no_sight(void **state)
{
    (void)state;
    begin(&two);
    lie(POSITION_SUPINE_LEFT_KNEE, 5, POSITION_SUPINE_LEFT_KNEE);
    assert_int_equal(guide.sight, GUIDE_RIGHT);
    lie(POSITION_SUPINE_RIGHT_KNEE, 1, POSITION_SUPINE_RIGHT_KNEE);
    assert_int_equal(guide.sight, GUIDE_RIGHT);
    lie(POSITION_SUPINE_RIGHT_KNEE, 1, POSITION_SUPINE_RIGHT_KNEE);
    assert_int_equal(guide.sight, GUIDE_WRONG_SIDE);
}

static void seconds_that_nobody_saw(void **state)
{
    (void)state;
    begin(&two);
    lie(POSITION_SUPINE_LEFT_KNEE, 12, POSITION_SUPINE_LEFT_KNEE);
    for (int64_t s = time_s - FILTER_LAG_S; s < time_s; s++)
        settle(s);
    guide_lose_sight(&guide);
    time_s += 30;
    struct tick now = tick_of(time_s, POSITION_SUPINE_LEFT_KNEE);
    guide_see(&guide, &now);
    assert_int_equal(guide_held_s(&guide), 13);
    assert_int_equal(guide.phase, GUIDE_HOLD);
}

static void what_is_expected_is_likelier(void **state)
{
    (void)state;
    float probabilities[POSITION_BODY_N] = {
        [POSITION_SUPINE] = 0.5f, [POSITION_SUPINE_LEFT_KNEE] = 0.3f};
    begin(&two);
    guide_expect(&guide, probabilities);
    assert_true(probabilities[POSITION_SUPINE] > 0.4f); // nothing is asked for yet
    lie(POSITION_SUPINE, 1, POSITION_SUPINE);
    guide_expect(&guide, probabilities);
    assert_true(probabilities[POSITION_SUPINE_LEFT_KNEE] > probabilities[POSITION_SUPINE]);
    float sum = 0;
    for (int p = 0; p < POSITION_BODY_N; p++)
        sum += probabilities[p];
    assert_true(sum > 0.799f && sum < 0.801f);
}

// ---- what the night sees of it ----

static enum position seen(const struct awake *awake, int64_t s)
{
    const struct tick tick = tick_of(s, POSITION_SUPINE);
    return awake_tick(awake, &tick).position;
}

static void awake_is_not_in_bed(void **state)
{
    (void)state;
    struct awake awake = {0};
    assert_int_equal(seen(&awake, START), POSITION_SUPINE);
    awake_see(&awake, START);
    awake_set(&awake, true);
    for (int64_t s = START + 1; s <= START + 60; s++)
        awake_see(&awake, s);
    awake_set(&awake, false);
    awake_see(&awake, START + 61);
    assert_int_equal(seen(&awake, START), POSITION_SUPINE);
    assert_int_equal(seen(&awake, START + 1), POSITION_EMPTY);
    assert_int_equal(seen(&awake, START + 60), POSITION_EMPTY);
    assert_int_equal(seen(&awake, START + 61), POSITION_SUPINE);
    awake_move(&awake, 3600); // the clock was set
    assert_int_equal(seen(&awake, START + 3600 + 60), POSITION_EMPTY);
    assert_int_equal(seen(&awake, START + 60), POSITION_SUPINE);
    assert_int_equal(awake_tick(&awake, &(struct tick){.time_s = START + 3660}).time_s,
                     START + 3660);
}

static void who_never_says_that_it_is_over_is_in_bed(void **state)
{
    (void)state;
    struct awake awake = {0};
    awake_set(&awake, true);
    for (int64_t s = START; s <= START + AWAKE_MAX_S + 10; s++) {
        awake_set(&awake, true);
        awake_see(&awake, s);
    }
    assert_int_equal(seen(&awake, START + AWAKE_MAX_S - 1), POSITION_EMPTY);
    assert_int_equal(seen(&awake, START + AWAKE_MAX_S), POSITION_SUPINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_the_end),
        cmocka_unit_test(what_is_thought_first_is_corrected),
        cmocka_unit_test(passed_over),
        cmocka_unit_test(one_second_is_no_sight),
        cmocka_unit_test(seconds_that_nobody_saw),
        cmocka_unit_test(what_is_expected_is_likelier),
        cmocka_unit_test(awake_is_not_in_bed),
        cmocka_unit_test(who_never_says_that_it_is_over_is_in_bed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
