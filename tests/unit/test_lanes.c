// SPDX-License-Identifier: GPL-3.0-or-later
// A night cut into stretches, whatever its bouts and gaps leave out or say twice.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/brief.h"
#include "report/lanes.h"

static struct night_entry night_of(int64_t end_s, struct store_bout *bouts, size_t n_bouts,
                                   struct gap *gaps, size_t n_gaps)
{
    struct night_entry entry = {.bouts = bouts, n_bouts, gaps, n_gaps};
    entry.summary.night.night = (struct night){.start_s = 0, .end_s = end_s};
    return entry;
}

static struct lanes cut(const struct night_entry *entry)
{
    const struct report report = {.friendly = POSITION_BIT(POSITION_PRONE)};
    struct lanes lanes;
    assert_int_equal(lanes_of(&lanes, &report, entry), 0);
    return lanes;
}

static void check(const struct lanes *lanes, const struct stretch *expected, size_t n)
{
    assert_int_equal(lanes->n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(lanes->stretches[i].start_s, expected[i].start_s);
        assert_int_equal(lanes->stretches[i].end_s, expected[i].end_s);
        assert_int_equal(lanes->stretches[i].lane, expected[i].lane);
        assert_int_equal(lanes->stretches[i].reason, expected[i].reason);
    }
}

#define CHECK(lanes, ...)                                                                          \
    check(lanes, (const struct stretch[]){__VA_ARGS__},                                            \
          sizeof((const struct stretch[]){__VA_ARGS__}) / sizeof(struct stretch))

static void what_nobody_saw_is_there_with_its_reason(void **state)
{
    (void)state;
    struct store_bout bouts[] = {{.bout = {10, 20, POSITION_SUPINE, 1}},
                                 {.bout = {50, 60, POSITION_PRONE, 1}}};
    struct gap gaps[] = {{25, 30, GAP_DAEMON_DOWN}, {30, 50, GAP_SUSPENDED}};
    struct night_entry entry = night_of(70, bouts, 2, gaps, 2);
    struct lanes lanes = cut(&entry);
    CHECK(&lanes, {0, 10, LANE_UNRECORDED, GAP_N}, {10, 20, POSITION_SUPINE, GAP_N},
          {20, 25, LANE_UNRECORDED, GAP_N}, {25, 30, LANE_UNRECORDED, GAP_DAEMON_DOWN},
          {30, 50, LANE_UNRECORDED, GAP_SUSPENDED}, {50, 60, POSITION_PRONE, GAP_N},
          {60, 70, LANE_UNRECORDED, GAP_N});
    assert_int_equal(lanes.lane_s[LANE_UNRECORDED], 50);
    // What is friendly is on top.
    assert_int_equal(lanes.n_order, 3);
    assert_int_equal(lanes.order[0], POSITION_PRONE);
    assert_int_equal(lanes.order[1], POSITION_SUPINE);
    assert_int_equal(lanes.order[2], LANE_UNRECORDED);
    lanes_free(&lanes);
}

static void no_time_is_there_twice(void **state)
{
    (void)state;
    struct store_bout bouts[] = {{.bout = {0, 30, POSITION_SUPINE, 1}},
                                 {.bout = {20, 40, POSITION_EMPTY, 1}},
                                 {.bout = {25, 35, POSITION_PRONE, 1}},
                                 {.bout = {90, 200, POSITION_UNKNOWN, 1}}};
    struct gap gaps[] = {{35, 60, GAP_PAD_SILENT}, {50, 300, GAP_PAD_UNPLUGGED}};
    struct night_entry entry = night_of(100, bouts, 4, gaps, 2);
    struct lanes lanes = cut(&entry);
    CHECK(&lanes, {0, 30, POSITION_SUPINE, GAP_N}, {30, 40, POSITION_EMPTY, GAP_N},
          {40, 60, LANE_UNRECORDED, GAP_PAD_SILENT}, {60, 90, LANE_UNRECORDED, GAP_PAD_UNPLUGGED},
          {90, 100, POSITION_UNKNOWN, GAP_N});
    lanes_free(&lanes);
}

static void a_night_without_anything(void **state)
{
    (void)state;
    struct night_entry entry = night_of(0, NULL, 0, NULL, 0);
    struct lanes lanes = cut(&entry);
    assert_int_equal(lanes.n, 0);
    assert_int_equal(lanes.n_order, 0);
    lanes_free(&lanes);
    entry = night_of(5, NULL, 0, NULL, 0);
    lanes = cut(&entry);
    CHECK(&lanes, {0, 5, LANE_UNRECORDED, GAP_N});
    lanes_free(&lanes);
}

static void names_fit_their_column(void **state)
{
    (void)state;
    for (unsigned lane = 0; lane < LANE_N; lane++)
        assert_in_range(strlen(lane_name(lane)), 1, POSITION_BRIEF_WIDTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_saw_is_there_with_its_reason),
        cmocka_unit_test(no_time_is_there_twice),
        cmocka_unit_test(a_night_without_anything),
        cmocka_unit_test(names_fit_their_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
