// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in bed, and what is only on it. Ticks go through the tracker, which tells the nights.
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "night/night.h"

#define START 1767648600 // 2026-01-05 22:30:00 in Berlin

#define BODY_M2     0.45f
#define SUITCASE_M2 0.35f
#define CAT_M2      0.06f

static int32_t no_offset(int64_t time_s, void *userdata)
{
    (void)time_s;
    (void)userdata;
    return 0;
}

static const struct zone zone = {.name = "UTC", .offset_s = no_offset};

struct bed {
    struct night_tracker *tracker;
    int64_t now_s; // since START
    char text[4096];
};

static void tell(struct bed *bed, const char *what, int64_t start_s, int64_t end_s)
{
    size_t used = strlen(bed->text);
    snprintf(bed->text + used, sizeof bed->text - used, "%s %" PRId64 "-%" PRId64 "\n", what,
             start_s - START, end_s - START);
}

static int on_bout(const struct bout *bout, void *userdata)
{
    tell(userdata, position_identifier(bout->position), bout->start_s, bout->end_s);
    return 0;
}

static int on_taken_back(int64_t since_s, void *userdata)
{
    tell(userdata, "taken back", since_s, START);
    return 0;
}

static int on_closed(const struct night *night, void *userdata)
{
    tell(userdata, "night", night->start_s, night->end_s);
    return 0;
}

static int set_up(void **state)
{
    struct bed *bed = calloc(1, sizeof *bed);
    struct night_rules rules = night_rules_default();
    const struct night_sink sink = {
        .bout_closed = on_bout,
        .taken_back = on_taken_back,
        .closed = on_closed,
        .userdata = bed,
    };
    rules.night_min_s = 0;
    assert_int_equal(night_tracker_new(&bed->tracker, &rules, &zone, &sink), 0);
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    night_tracker_free(bed->tracker);
    free(bed);
    return 0;
}

// For some seconds it looks like this.
static void see(struct bed *bed, int64_t seconds, enum position position, float area_m2,
                float movement)
{
    for (int64_t i = 0; i < seconds; i++) {
        struct tick tick = {
            .time_s = START + bed->now_s++,
            .position = position,
            .confidence = 0.8f,
            .movement = movement,
            .area_m2 = area_m2,
            .load = 100 * area_m2,
        };
        assert_int_equal(night_tick(bed->tracker, &tick), 0);
    }
}

static void nobody(struct bed *bed, int64_t seconds)
{
    see(bed, seconds, POSITION_EMPTY, 0, 0);
}

static void still(struct bed *bed, int64_t seconds, enum position position)
{
    see(bed, seconds, position, BODY_M2, 0.02f);
}

static void end(struct bed *bed, const char *expected)
{
    assert_int_equal(night_finish(bed->tracker), 0);
    assert_string_equal(bed->text, expected);
}

static void a_suitcase_is_nobody(void **state)
{
    struct bed *bed = *state;
    nobody(bed, 60);
    see(bed, 3, POSITION_UNKNOWN, SUITCASE_M2, 0.9f); // is put down
    see(bed, 8 * 3600, POSITION_UNKNOWN, SUITCASE_M2, 0.02f);
    see(bed, 3, POSITION_UNKNOWN, SUITCASE_M2, 0.9f);
    nobody(bed, 60);
    end(bed, "");
}

// It moves all evening, and now and then is taken for a small somebody.
static void a_cat_is_nobody(void **state)
{
    struct bed *bed = *state;
    nobody(bed, 60);
    for (int i = 0; i < 20; i++) {
        see(bed, 10, POSITION_UNKNOWN, CAT_M2, 0.6f);
        see(bed, 600, POSITION_UNKNOWN, CAT_M2, 0.03f);
        see(bed, 300, POSITION_LEFT_FETAL, CAT_M2, 0.03f);
    }
    nobody(bed, 60);
    end(bed, "");
}

// It is sorted for half an hour, and left there.
static void laundry_is_nobody(void **state)
{
    struct bed *bed = *state;
    for (int i = 0; i < 60; i++) {
        see(bed, 5, POSITION_UNKNOWN, 0.3f + 0.002f * (float)i, 0.5f);
        see(bed, 25, POSITION_UNKNOWN, 0.3f + 0.002f * (float)i, 0.02f);
    }
    see(bed, 6 * 3600, POSITION_UNKNOWN, 0.4f, 0.02f);
    end(bed, "");
}

static void who_sits_on_the_edge_is_not_in_bed(void **state)
{
    struct bed *bed = *state;
    nobody(bed, 60);
    see(bed, 3, POSITION_UNKNOWN, 0.06f, 0.8f);
    see(bed, 1800, POSITION_SITTING, 0.08f, 0.05f);
    nobody(bed, 60);
    end(bed, "");
}

// The night begins where they lie down, with the seconds that took.
static void sitting_comes_before_the_night_and_may_be_within(void **state)
{
    struct bed *bed = *state;
    see(bed, 600, POSITION_SITTING, 0.08f, 0.05f);
    see(bed, 4, POSITION_UNKNOWN, 0.3f, 0.7f);
    still(bed, 1000, POSITION_SUPINE);
    see(bed, 300, POSITION_SITTING, 0.08f, 0.05f);
    still(bed, 1000, POSITION_LEFT_FETAL);
    nobody(bed, 60);
    end(bed, "supine 600-1604\nsitting 1604-1904\nleft_fetal 1904-2904\nnight 600-2904\n");
}

// Under a mattress the model may never be sure; but people stir.
static void who_stirs_like_a_person_is_one(void **state)
{
    struct bed *bed = *state;
    nobody(bed, 100);
    for (int i = 0; i < 10; i++) {
        see(bed, 5, POSITION_UNKNOWN, BODY_M2, 0.6f);
        see(bed, 995, POSITION_UNKNOWN, BODY_M2, 0.03f);
    }
    nobody(bed, 60);
    end(bed, "unknown 100-10100\nnight 100-10100\n");
}

// Something that was left on the bed when the sleeper got up does not stay in bed for ever.
static void unknown_keeps_nobody_in_bed_for_long(void **state)
{
    struct bed *bed = *state;
    still(bed, 2000, POSITION_SUPINE);
    see(bed, 10, POSITION_UNKNOWN, 0.3f, 0.6f); // gets up from under a heavy blanket
    see(bed, 3599, POSITION_UNKNOWN, 0.3f, 0.02f);
    assert_string_equal(bed->text, "supine 0-2000\n");
    see(bed, 1, POSITION_UNKNOWN, 0.3f, 0.02f);
    assert_string_equal(bed->text, "supine 0-2000\nunknown 2000-2010\ntaken back 2010-0\n"
                                   "night 0-2010\n");
    // It is part of the empty bed now: the next night ends when the sleeper leaves it there.
    see(bed, 3600, POSITION_UNKNOWN, 0.3f, 0.02f);
    see(bed, 500, POSITION_SUPINE, 0.7f, 0.02f);
    see(bed, 100, POSITION_UNKNOWN, 0.3f, 0.02f);
    end(bed, "supine 0-2000\nunknown 2000-2010\ntaken back 2010-0\nnight 0-2010\n"
             "supine 9210-9710\nnight 9210-9710\n");
}

static void unknown_within_the_night_is_in_bed(void **state)
{
    struct bed *bed = *state;
    still(bed, 1000, POSITION_SUPINE);
    see(bed, 3000, POSITION_UNKNOWN, BODY_M2, 0.02f);
    still(bed, 1000, POSITION_PRONE);
    nobody(bed, 60);
    end(bed, "supine 0-1000\nunknown 1000-4000\nprone 4000-5000\nnight 0-5000\n");
}

// Not seeing anybody for a while is no stillness.
static void a_gap_is_not_taken_for_stillness(void **state)
{
    struct bed *bed = *state;
    still(bed, 100, POSITION_SUPINE);
    see(bed, 2000, POSITION_UNKNOWN, BODY_M2, 0.02f);
    const struct gap gap = {START + bed->now_s, START + bed->now_s + 1700, GAP_PAD_SILENT};
    assert_int_equal(night_gap(bed->tracker, &gap), 0);
    bed->now_s += 1700;
    see(bed, 2000, POSITION_UNKNOWN, BODY_M2, 0.02f);
    end(bed, "supine 0-100\nunknown 100-2100\nunknown 3800-5800\nnight 0-5800\n");
}

static void now_there_now_not_opens_no_night(void **state)
{
    struct bed *bed = *state;
    for (int i = 0; i < 2000; i++) {
        nobody(bed, 1);
        see(bed, 1, i % 2 ? POSITION_UNKNOWN : POSITION_SUPINE, BODY_M2, 0.9f);
    }
    end(bed, "");
}

static void now_there_now_not_ends_none_while_a_body_is_seen(void **state)
{
    struct bed *bed = *state;
    still(bed, 100, POSITION_SUPINE);
    for (int i = 0; i < 500; i++) {
        nobody(bed, 2);
        still(bed, 1, POSITION_SUPINE);
    }
    end(bed, "supine 0-1600\nnight 0-1600\n");
}

// But what is mostly nobody, and never a body, is nobody.
static void mostly_nobody_is_nobody(void **state)
{
    struct bed *bed = *state;
    still(bed, 100, POSITION_SUPINE);
    for (int i = 0; i < 1000; i++) {
        nobody(bed, 2);
        see(bed, 1, POSITION_UNKNOWN, 0.03f, 0.02f);
    }
    end(bed, "supine 0-100\nnight 0-100\n");
}

// A pad that drifts presses a little everywhere, ever more, whether or not anybody is there.
static void the_empty_bed_may_drift(void **state)
{
    struct bed *bed = *state;
    for (int i = 0; i < 10000; i++)
        see(bed, 1, i < 1000 ? POSITION_EMPTY : POSITION_UNKNOWN, 0.00002f * (float)i, 0.02f);
    see(bed, 1000, POSITION_SUPINE, 0.7f, 0.02f);
    see(bed, 100, POSITION_UNKNOWN, 0.21f, 0.02f);
    end(bed, "supine 10000-11000\nnight 10000-11000\n");
}

// Noise is as usual there as breathing elsewhere.
static void a_noisy_pad_moves_nobody(void **state)
{
    struct bed *bed = *state;
    still(bed, 600, POSITION_SUPINE);
    see(bed, 20000, POSITION_UNKNOWN, 0.3f, 0.3f);
    assert_non_null(strstr(bed->text, "taken back"));
    assert_int_equal(night_finish(bed->tracker), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_suitcase_is_nobody),
        TEST(a_cat_is_nobody),
        TEST(laundry_is_nobody),
        TEST(who_sits_on_the_edge_is_not_in_bed),
        TEST(sitting_comes_before_the_night_and_may_be_within),
        TEST(who_stirs_like_a_person_is_one),
        TEST(unknown_keeps_nobody_in_bed_for_long),
        TEST(unknown_within_the_night_is_in_bed),
        TEST(a_gap_is_not_taken_for_stillness),
        TEST(now_there_now_not_opens_no_night),
        TEST(now_there_now_not_ends_none_while_a_body_is_seen),
        TEST(mostly_nobody_is_nobody),
        TEST(the_empty_bed_may_drift),
        TEST(a_noisy_pad_moves_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
