// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pad/asker.h"

#define MS INT64_C(1000)

static struct pad asked(const char *start, const char *request, const char *stop)
{
    struct pad pad = {.rate_hz = 10, .settle_ms = 2000, .silence_ms = 30, .timeout_ms = 1000};
    pad.start.length = strlen(start);
    memcpy(pad.start.bytes, start, strlen(start));
    pad.request.length = strlen(request);
    memcpy(pad.request.bytes, request, strlen(request));
    pad.stop.length = strlen(stop);
    memcpy(pad.stop.bytes, stop, strlen(stop));
    return pad;
}

// What it says to do at a moment, as text: "|" is a pause.
static const char *steps(struct asker *asker, int64_t now_us)
{
    static char text[64];
    const struct pad_bytes *words = NULL;
    enum asker_step step;
    *text = '\0';
    while ((step = asker_next(asker, now_us, &words)) != ASKER_WAIT) {
        assert_true(strlen(text) < sizeof text - PAD_BYTES_MAX);
        if (step == ASKER_PAUSE)
            strcat(text, "|");
        else
            strncat(text, (const char *)words->bytes, words->length);
    }
    return text;
}

static void asks_at_the_pads_rate(void **state)
{
    (void)state;
    struct pad pad = asked("", "A", "");
    struct asker asker;
    asker_open(&asker, &pad, 5000 * MS);
    assert_true(asker_settles(&asker, 6999 * MS));
    assert_string_equal(steps(&asker, 6999 * MS), "");
    assert_int_equal(asker_due_us(&asker), 7000 * MS);
    assert_false(asker_settles(&asker, 7000 * MS));
    assert_string_equal(steps(&asker, 7000 * MS), "A");
    asker_hear(&asker, 7010 * MS);
    assert_int_equal(asker_due_us(&asker), 7040 * MS);
    assert_string_equal(steps(&asker, 7039 * MS), "");
    assert_string_equal(steps(&asker, 7040 * MS), "|");
    assert_int_equal(asker_due_us(&asker), 7100 * MS);
    assert_string_equal(steps(&asker, 7100 * MS), "A");
    assert_null(asker_last(&asker));
}

static void waits_for_an_answer_that_has_begun(void **state)
{
    (void)state;
    struct pad pad = asked("", "A", "");
    struct asker asker;
    asker_open(&asker, &pad, 0);
    assert_string_equal(steps(&asker, 2000 * MS), "A");
    for (int64_t now_ms = 2010; now_ms < 4000; now_ms += 20) {
        asker_hear(&asker, now_ms * MS);
        assert_string_equal(steps(&asker, now_ms * MS), "");
    }
    assert_string_equal(steps(&asker, 4020 * MS), "A");
}

static void asks_again_where_nothing_comes(void **state)
{
    (void)state;
    struct pad pad = asked("", "A", "");
    struct asker asker;
    asker_open(&asker, &pad, 0);
    assert_string_equal(steps(&asker, 2000 * MS), "A");
    assert_int_equal(asker_due_us(&asker), 3000 * MS);
    assert_string_equal(steps(&asker, 2999 * MS), "");
    assert_string_equal(steps(&asker, 3000 * MS), "A");
}

static void starts_once_and_again_after_a_long_silence(void **state)
{
    (void)state;
    struct pad pad = asked("go", "", "halt");
    struct asker asker;
    asker_open(&asker, &pad, 0);
    assert_null(asker_last(&asker));
    assert_string_equal(steps(&asker, 2000 * MS), "go");
    asker_hear(&asker, 3000 * MS);
    assert_string_equal(steps(&asker, 7999 * MS), "");
    assert_string_equal(steps(&asker, 8000 * MS), "go");
    assert_memory_equal(asker_last(&asker)->bytes, "halt", 4);
}

static void says_nothing_to_a_pad_that_speaks_by_itself(void **state)
{
    (void)state;
    struct pad pad = asked("", "", "");
    struct asker asker;
    asker_open(&asker, &pad, 0);
    asker_hear(&asker, 1);
    assert_string_equal(steps(&asker, 100000 * MS), "");
    assert_int_equal(asker_due_us(&asker), INT64_MAX);
    assert_true(asker_settles(&asker, 1999 * MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_at_the_pads_rate),
        cmocka_unit_test(waits_for_an_answer_that_has_begun),
        cmocka_unit_test(asks_again_where_nothing_comes),
        cmocka_unit_test(starts_once_and_again_after_a_long_silence),
        cmocka_unit_test(says_nothing_to_a_pad_that_speaks_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
