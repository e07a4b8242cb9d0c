// SPDX-License-Identifier: GPL-3.0-or-later
#include "changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND_US INT64_C(1000000)

static struct live quiet(void)
{
    return (struct live){.pad = "virtual",
                         .port = "/dev/pts/7",
                         .pad_problem = "",
                         .pad_state = PAD_CONNECTED,
                         .position_now = POSITION_SUPINE};
}

// What is told of `live`, as one text with blanks between.
static const char *told(const struct changes *before, const struct live *live, int64_t now_us)
{
    static char text[512];
    const char *names[CHANGES_MAX];
    unsigned n = changes_find(before, live, now_us, names);
    assert_null(names[n]);
    text[0] = '\0';
    for (unsigned i = 0; i < n; i++) {
        strcat(text, i ? " " : "");
        strcat(text, names[i]);
    }
    return text;
}

static void nothing_new_is_not_told(void **state)
{
    (void)state;
    struct changes before = {0};
    struct live live = quiet();
    changes_take(&before, &live, SECOND_US);
    assert_string_equal(told(&before, &live, 2 * SECOND_US), "");
    // Nor what changes all the time.
    live.frames = 10;
    live.rate_hz = 9.7;
    live.last_frame_age_ms = 103;
    live.confidence = 0.9;
    live.uptime_s = 1;
    live.last_commit_s = 5;
    live.pending_results = 3;
    assert_string_equal(told(&before, &live, 2 * SECOND_US), "");
}

static void each_change_is_told_once(void **state)
{
    (void)state;
    struct changes before = {0};
    struct live live = quiet();
    changes_take(&before, &live, SECOND_US);
    char other[] = "/dev/pts/8"; // another place in memory, and other words in it
    live.port = other;
    assert_string_equal(told(&before, &live, 2 * SECOND_US), "Port");
    live.pad_state = PAD_WAITING;
    live.pad_problem = "No such file or directory";
    live.position_now = POSITION_UNKNOWN;
    live.failed_commits = 1;
    assert_string_equal(told(&before, &live, 2 * SECOND_US),
                        "Port PadState PadProblem Position FailedCommits");
    changes_take(&before, &live, 2 * SECOND_US);
    assert_string_equal(told(&before, &live, 3 * SECOND_US), "");
    // The words count, not where they are.
    other[9] = '9';
    assert_string_equal(told(&before, &live, 3 * SECOND_US), "Port");
}

static void the_night_is_told(void **state)
{
    (void)state;
    struct changes before = {0};
    struct live live = quiet();
    changes_take(&before, &live, SECOND_US);
    live.in_bed = 1;
    live.position_since_s = live.night_start_s = 1767652200;
    strcpy(live.day, "2026-01-05");
    assert_string_equal(told(&before, &live, 2 * SECOND_US),
                        "PositionSince InBed NightDay NightStart");
    changes_take(&before, &live, 2 * SECOND_US);
    live.turns = 1;
    live.lost_results = 2;
    assert_string_equal(told(&before, &live, 3 * SECOND_US), "Turns LostResults");
}

static void what_grows_all_night_is_noted_once_a_minute(void **state)
{
    (void)state;
    struct changes before = {0};
    struct live live = quiet();
    int64_t now_us = 5 * SECOND_US;
    changes_take(&before, &live, now_us);
    unsigned noted = 0;
    for (int second = 1; second <= 600; second++) {
        now_us += SECOND_US;
        live.in_bed_s++;
        live.recorded_s++;
        if (strcmp(told(&before, &live, now_us), "") == 0)
            continue;
        assert_string_equal(told(&before, &live, now_us), "InBedSeconds RecordedSeconds");
        noted++;
        changes_take(&before, &live, now_us);
    }
    assert_int_equal(noted, 10);
}

// A change that was told in between does not put off the minute.
static void telling_does_not_put_off_noting(void **state)
{
    (void)state;
    struct changes before = {0};
    struct live live = quiet();
    int64_t now_us = 5 * SECOND_US;
    changes_take(&before, &live, now_us);
    bool noted = false;
    for (int second = 1; second <= 60; second++) {
        now_us += SECOND_US;
        live.friendly_s++;
        live.turns++;
        noted = strstr(told(&before, &live, now_us), "FriendlySeconds") != NULL;
        assert_int_equal(noted, second == 60);
        changes_take(&before, &live, now_us);
    }
    assert_true(noted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_new_is_not_told),
        cmocka_unit_test(each_change_is_told_once),
        cmocka_unit_test(the_night_is_told),
        cmocka_unit_test(what_grows_all_night_is_noted_once_a_minute),
        cmocka_unit_test(telling_does_not_put_off_noting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
