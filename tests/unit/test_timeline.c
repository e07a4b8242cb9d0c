// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recorder/timeline.h"

#define START INT64_C(1767648600) // 2026-01-05 22:30:00 in Berlin
#define BOOT  "11111111-2222-3333-4444-555555555555"
#define HOUR  INT64_C(3600)
#define AWAY  (HOUR / 2)
#define YEARS (56 * INT64_C(31557600))

// This boot began an hour before START, as its clock has it that is `wrong` seconds ahead.
static struct timeline boot(int64_t wrong)
{
    return (struct timeline){.boot = BOOT, .offset_s = START - HOUR + wrong};
}

// A night of one hour from START on, which another boot has recorded.
static struct store_night anothers(void)
{
    return (struct store_night){
        .night = {.start_s = START, .end_s = START + HOUR}, .boot = "another", .boot_s = 5000};
}

// ... or this one, when its clock was `wrong` seconds ahead.
static struct store_night ours(int64_t wrong)
{
    struct store_night night = anothers();
    strcpy(night.boot, BOOT);
    night.boot_s = 2 * HOUR;
    night.night.start_s += wrong;
    night.night.end_s += wrong;
    return night;
}

static void expect(const struct timeline *timeline, const struct store_night *night, int64_t now_s,
                   enum resume expected, int64_t expected_by_s)
{
    int64_t by_s = -999;
    assert_int_equal(timeline_resume(timeline, night, now_s, AWAY, &by_s), expected);
    assert_int_equal(by_s, expected_by_s);
}

static void in_the_same_boot_the_clock_may_be_set_as_it_likes(void **state)
{
    (void)state;
    static const int64_t steps[] = {0, HOUR, -HOUR, 1, -1};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t by = steps[i], end_s = START + HOUR + by;
        struct timeline timeline = boot(by);
        struct store_night night = ours(0);
        expect(&timeline, &night, end_s - 1, RESUME_GO_ON, by); // within the same second
        expect(&timeline, &night, end_s, RESUME_GO_ON, by);
        expect(&timeline, &night, end_s + AWAY - 1, RESUME_GO_ON, by);
        expect(&timeline, &night, end_s + AWAY, RESUME_CLOSE, by);
    }
    // Booted in 1970, and learnt meanwhile.
    struct timeline timeline = boot(0);
    struct store_night night = ours(-YEARS);
    expect(&timeline, &night, START + HOUR + 60, RESUME_GO_ON, YEARS);
    // ... and still not learnt.
    timeline = boot(-YEARS);
    expect(&timeline, &night, START + HOUR + 60 - YEARS, RESUME_GO_ON, 0);
    // ... and lost.
    night = ours(0);
    expect(&timeline, &night, START + HOUR + 60 - YEARS, RESUME_LEAVE, 0);
}

static void in_another_boot_the_clock_decides(void **state)
{
    (void)state;
    struct timeline timeline = boot(0);
    struct store_night night = anothers();
    expect(&timeline, &night, START + HOUR, RESUME_GO_ON, 0);
    expect(&timeline, &night, START + HOUR + AWAY - 1, RESUME_GO_ON, 0);
    expect(&timeline, &night, START + HOUR + AWAY, RESUME_CLOSE, 0);
    // It went back, or does not know the time: what has not ended yet is left alone.
    expect(&timeline, &night, START + HOUR - 2, RESUME_LEAVE, 0);
    timeline = boot(-YEARS);
    expect(&timeline, &night, 60, RESUME_LEAVE, 0);
    // A night of a boot that never learnt the time.
    night.night.start_s -= YEARS;
    night.night.end_s -= YEARS;
    expect(&timeline, &night, night.night.end_s + 60, RESUME_CLOSE, 0);
    expect(&timeline, &night, START, RESUME_CLOSE, 0);
}

static void counted_frames_have_no_boot(void **state)
{
    (void)state;
    struct timeline timeline = {.boot = ""};
    struct store_night night = anothers();
    night.boot[0] = '\0';
    expect(&timeline, &night, START + HOUR + 60, RESUME_GO_ON, 0);
    expect(&timeline, &night, START, RESUME_CLOSE, 0);
    night.night.start_s -= YEARS;
    night.night.end_s -= YEARS;
    expect(&timeline, &night, night.night.end_s, RESUME_GO_ON, 0);
}

static void a_night_of_this_boot_moves_as_a_whole(void **state)
{
    (void)state;
    struct timeline timeline = boot(0);
    timeline_begin(&timeline);
    timeline_see(&timeline, START, START + 100);
    assert_int_equal(timeline_move(&timeline, HOUR, START + 500), INT64_MIN);
    assert_int_equal(timeline.offset_s, START);
    // After psoasmond was started again, too.
    struct store_night night = ours(HOUR);
    timeline_go_on(&timeline, &night, START + HOUR);
    assert_int_equal(timeline_move(&timeline, -HOUR, START), INT64_MIN);
}

static void only_the_part_of_this_boot_moves(void **state)
{
    (void)state;
    struct timeline timeline = boot(0);
    struct store_night night = anothers();
    int64_t end_s = night.night.end_s;
    timeline_go_on(&timeline, &night, INT64_MAX);
    // Nothing was seen yet: nothing moves.
    assert_int_equal(timeline_move(&timeline, 60, end_s + 100), INT64_MAX);
    timeline_see(&timeline, end_s, end_s + 110);
    timeline_see(&timeline, end_s + 200, end_s + 300); // a silence
    assert_int_equal(timeline_move(&timeline, 90, end_s + 490), end_s + 110);
    assert_int_equal(timeline_move(&timeline, -200, end_s + 290), end_s + 200);
    // It would go on before it began: so the other boot's clock was wrong as well.
    assert_int_equal(timeline_move(&timeline, -1, end_s + 300), INT64_MIN);
    assert_int_equal(timeline_move(&timeline, 10, end_s + 300), end_s - 1);
    assert_false(timeline_parts(&timeline, AWAY));
    timeline_move(&timeline, AWAY - 11, end_s + HOUR);
    assert_false(timeline_parts(&timeline, AWAY));
    timeline_move(&timeline, 1, end_s + HOUR);
    assert_true(timeline_parts(&timeline, AWAY));
    timeline_begin(&timeline);
    assert_false(timeline_parts(&timeline, AWAY));
}

static void back_before_anything_was_seen(void **state)
{
    (void)state;
    struct timeline timeline = boot(0);
    struct store_night night = anothers();
    timeline_go_on(&timeline, &night, INT64_MAX);
    assert_int_equal(timeline_move(&timeline, -HOUR, night.night.end_s - 1), INT64_MIN);
    assert_int_equal(timeline_move(&timeline, -10, night.night.end_s - HOUR), INT64_MAX);
}

static void where_this_boots_part_begins(void **state)
{
    (void)state;
    struct timeline timeline = boot(0); // began at START - HOUR
    const struct gap gaps[] = {
        {START - 3 * HOUR, START - 2 * HOUR, GAP_DAEMON_DOWN}, // of the other boot
        {START - HOUR / 2, START, GAP_PAD_SILENT},
        {START - 60, START + 60, GAP_DAEMON_DOWN},
        {START + 600, START + 660, GAP_DAEMON_DOWN}, // psoasmond was started again
    };
    int64_t ours_s = INT64_MAX;
    for (size_t i = 0; i < 4; i++)
        timeline_look_at_gap(&timeline, &gaps[i], &ours_s);
    assert_int_equal(ours_s, START + 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_same_boot_the_clock_may_be_set_as_it_likes),
        cmocka_unit_test(in_another_boot_the_clock_decides),
        cmocka_unit_test(counted_frames_have_no_boot),
        cmocka_unit_test(a_night_of_this_boot_moves_as_a_whole),
        cmocka_unit_test(only_the_part_of_this_boot_moves),
        cmocka_unit_test(back_before_anything_was_seen),
        cmocka_unit_test(where_this_boots_part_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
