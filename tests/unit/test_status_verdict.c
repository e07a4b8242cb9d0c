// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "status_verdict.h"

#define NOW_S INT64_C(1767652200)

static struct live_state told; // too large for a stack

static void assert_verdict(enum status_verdict verdict, const char *expected)
{
    char words[STATUS_WORDS_SIZE];
    assert_int_equal(status_judge(&told, NOW_S, words), verdict);
    assert_string_equal(words, expected);
}

static void test_verdicts(void **state)
{
    (void)state;
    strcpy(told.pad, "virtual");
    strcpy(told.pad_state, "connected");
    told.rate_hz = 10;
    told.last_commit_s = NOW_S - 20;
    assert_verdict(STATUS_RECORDS, "psoasmond records: pad virtual, 10.0 frames a second");
    // One that failed and came right since is over.
    told.failed_commits = 1;
    told.pending_results = 5;
    assert_verdict(STATUS_RECORDS, "psoasmond records: pad virtual, 10.0 frames a second");
    strcpy(told.pad_state, "silent");
    assert_verdict(STATUS_NO_PAD, "pad virtual is silent");
    strcpy(told.pad_state, "waiting");
    strcpy(told.pad_problem, "cannot open x");
    assert_verdict(STATUS_NO_PAD, "pad virtual is waiting: cannot open x");
    told.last_commit_s = NOW_S - 100;
    assert_verdict(STATUS_NO_DATABASE,
                   "the database cannot be written: 1 failed commit, 5 results in memory");
    told.last_commit_s = 0;
    told.failed_commits = 3;
    told.pending_results = 1;
    assert_verdict(STATUS_NO_DATABASE,
                   "the database cannot be written: 3 failed commits, 1 result in memory");
}

static void test_acuity_is_by_name_alone(void **state)
{
    (void)state;
    assert_null(status_acuity("../pads/virtual"));
    assert_null(status_acuity("nothing-like-it"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_acuity_is_by_name_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
