// SPDX-License-Identifier: GPL-3.0-or-later
// Runs with TZ=Europe/Berlin.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "live.h"
#include "story.h"
#include "zone.h"

#define EVENING INT64_C(1767648840) // 2026-01-05 22:34 in Berlin

static struct zone berlin(void)
{
    struct zone zone;
    zone_local(&zone);
    return zone;
}

static bool has_field(const struct line *line, const char *field)
{
    for (unsigned i = 0; i < line->n_fields; i++)
        if (strcmp(line->fields[i], field) == 0)
            return true;
    return false;
}

static void a_bout(void **state)
{
    (void)state;
    struct zone zone = berlin();
    struct line line;
    struct bout bout = {EVENING, EVENING + 41 * 60, POSITION_LEFT_FETAL, 0.9};
    story_bout(&line, 20458, &bout, &zone);
    assert_int_equal(line.event, EVENT_BOUT);
    assert_string_equal(line.message,
                        "22:34 on the left side, knees drawn up, for 41 min (release)");
    assert_true(has_field(&line, "PSOASMON_NIGHT=2026-01-05"));
    assert_true(has_field(&line, "PSOASMON_POSITION=left_fetal"));
    assert_true(has_field(&line, "PSOASMON_START=1767648840"));
    assert_true(has_field(&line, "PSOASMON_DURATION_S=2460"));

    bout = (struct bout){EVENING + 3600, EVENING + 3859, POSITION_EMPTY, 1};
    story_bout(&line, 20458, &bout, &zone);
    assert_string_equal(line.message, "23:34 out of bed for 4 min");

    bout = (struct bout){EVENING + 3600, EVENING + 3612, POSITION_UNKNOWN, 0.3};
    story_bout(&line, 20458, &bout, &zone);
    assert_string_equal(line.message, "23:34 position not known, for 12 s");
}

static void a_gap(void **state)
{
    (void)state;
    struct zone zone = berlin();
    struct line line;
    struct gap gap = {EVENING, EVENING + 90, GAP_PAD_UNPLUGGED};
    story_gap(&line, 20458, &gap, &zone);
    assert_string_equal(line.message, "22:34 nothing recorded for 2 min: the pad was unplugged");
    assert_true(has_field(&line, "PSOASMON_NIGHT=2026-01-05"));
    assert_true(has_field(&line, "PSOASMON_REASON=pad_unplugged"));
}

static void a_night(void **state)
{
    (void)state;
    struct zone zone = berlin();
    struct line line;
    struct night night = {20458, EVENING, EVENING + 8 * 3600};
    story_night_opened(&line, &night, &zone);
    assert_string_equal(line.message, "22:34 to bed: the night of 2026-01-05 begins");

    struct night_sums sums = night_sums_none();
    night_sums_add(&sums, POSITION_LEFT_FETAL, 3 * 3600);
    night_sums_add(&sums, POSITION_SUPINE, 4 * 3600);
    night_sums_add(&sums, POSITION_EMPTY, 600);
    story_night_closed(&line, &night, &sums, position_friendly_default(), &zone);
    assert_string_equal(line.message,
                        "06:34 up: the night of 2026-01-05, 7 h 50 min in bed, 3 h 00 min of it "
                        "(42 %) easy on the psoas, 1 turn, up once, 50 min not recorded");
    assert_true(has_field(&line, "PSOASMON_FRIENDLY_S=10800"));
    assert_true(has_field(&line, "PSOASMON_EXITS=1"));
    assert_true(has_field(&line, "PSOASMON_KIND=night"));

    night.end_s = night.start_s + sums.recorded_s + 59;
    sums.exits = 0;
    sums.position_s[POSITION_EMPTY] = 0;
    story_night_closed(&line, &night, &sums, position_friendly_default(), &zone);
    assert_string_equal(line.message,
                        "05:34 up: the night of 2026-01-05, 7 h 01 min in bed, 3 h 00 min of it "
                        "(42 %) easy on the psoas, 1 turn, never up");
}

static void a_stay_too_short(void **state)
{
    (void)state;
    struct zone zone = berlin();
    struct line line;
    const struct night night = {.day = 20458, .start_s = EVENING, .end_s = EVENING + 200};
    story_stay_dropped(&line, &night, &zone);
    assert_string_equal(line.message, "22:37 up after 3 min: too short for a night, not kept");
    assert_true(has_field(&line, "PSOASMON_KEPT=0"));
}

static void a_pad_that_is_strained(void **state)
{
    (void)state;
    struct line line;
    assert_false(story_pad_strained(&line, 20458, 0.09, 0));
    assert_true(story_pad_strained(&line, 20458, 0.141, 1));
    assert_string_equal(
        line.message, "the pad in this night: 14 % of the pressed cells read as much as they can, "
                      "1 cell is dead or stuck, filled from the neighbours");
    assert_true(has_field(&line, "PSOASMON_SATURATED=0.141"));
    assert_true(story_pad_strained(&line, 20458, 0.02, 3));
    assert_string_equal(line.message,
                        "the pad in this night: 3 cells are dead or stuck, filled from "
                        "the neighbours");
    assert_true(has_field(&line, "PSOASMON_MENDED_CELLS=3"));
}

static void psoasmond_stops(void **state)
{
    (void)state;
    struct line line;
    story_stopped(&line, NULL);
    assert_string_equal(line.message, "psoasmond stops");
    const day_number night = 20458;
    story_stopped(&line, &night);
    assert_string_equal(line.message,
                        "psoasmond stops in the night of 2026-01-05, and goes on with "
                        "it if started again soon");
}

static void reasons_in_a_word(void **state)
{
    (void)state;
    struct line line;
    line_say(&line, EVENT_STORE_FAILED, "cannot write");
    line_reason(&line, -ENOSPC);
    line_reason(&line, -EACCES);
    line_reason(&line, -ENOENT);
    line_reason(&line, -EPROTO);
    assert_true(has_field(&line, "PSOASMON_REASON=no_room"));
    assert_true(has_field(&line, "PSOASMON_REASON=no_permission"));
    assert_true(has_field(&line, "PSOASMON_REASON=missing"));
    assert_true(has_field(&line, "PSOASMON_REASON=other"));
}

static void control_characters_do_not_pass(void **state)
{
    (void)state;
    struct line line;
    line_say(&line, EVENT_PAD_WAITING, "cannot open %s", "/dev/\x1b[2Jtty\n<0>");
    assert_string_equal(line.message, "cannot open /dev/?[2Jtty?<0>");
    for (unsigned i = 0; i < LINE_FIELDS_MAX + 3; i++)
        line_field(&line, "PSOASMON_PORT=%s", "a\nPRIORITY=0");
    assert_int_equal(line.n_fields, LINE_FIELDS_MAX);
    assert_string_equal(line.fields[0], "PSOASMON_PORT=a?PRIORITY=0");
}

static void spans(void **state)
{
    (void)state;
    char text[SPAN_TEXT_SIZE];
    story_span(59, text);
    assert_string_equal(text, "59 s");
    story_span(60, text);
    assert_string_equal(text, "1 min");
    story_span(3599, text);
    assert_string_equal(text, "1 h 00 min");
    story_span(7 * 3600 + 5 * 60, text);
    assert_string_equal(text, "7 h 05 min");
}

static void the_status_line(void **state)
{
    (void)state;
    struct zone zone = berlin();
    char text[LIVE_STATUS_SIZE];
    struct live live = {
        .pad = "virtual",
        .port = "/dev/ttyUSB0",
        .pad_state = PAD_WAITING,
        .pad_problem = "cannot open /dev/ttyUSB0: No such file or directory",
        .position_now = POSITION_UNKNOWN,
    };
    live_status(&live, &zone, text);
    assert_string_equal(text, "waits for pad virtual: cannot open /dev/ttyUSB0: No such file or "
                              "directory");

    live.pad_state = PAD_CONNECTED;
    live.position_now = POSITION_PRONE;
    live.position_since_s = EVENING;
    live.in_bed = 1;
    live.in_bed_s = 3725;
    live.friendly_s = 119;
    live_status(&live, &zone, text);
    assert_string_equal(text, "pad virtual connected; on the front since 22:34; the night so far "
                              "1 h 02 min, 1 min of it easy on the psoas");

    // However long the problem, the line ends.
    char problem[2 * LIVE_STATUS_SIZE];
    memset(problem, 'x', sizeof problem - 1);
    problem[sizeof problem - 1] = '\0';
    live.pad_state = PAD_WAITING;
    live.pad_problem = problem;
    live_status(&live, &zone, text);
    assert_int_equal(strlen(text), LIVE_STATUS_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bout),
        cmocka_unit_test(a_gap),
        cmocka_unit_test(a_night),
        cmocka_unit_test(a_stay_too_short),
        cmocka_unit_test(a_pad_that_is_strained),
        cmocka_unit_test(psoasmond_stops),
        cmocka_unit_test(reasons_in_a_word),
        cmocka_unit_test(control_characters_do_not_pass),
        cmocka_unit_test(spans),
        cmocka_unit_test(the_status_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
