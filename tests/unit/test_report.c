// SPDX-License-Identifier: GPL-3.0-or-later
// What golden tests cannot reach: the clock, and the smallest reports word for word.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/report_forms.h"

// Wednesday 2026-01-07 23:00 in Berlin.
#define DAY     20460
#define START_S INT64_C(1767823200)

static struct store_bout bouts[] = {
    {{START_S, START_S + 3600, POSITION_LEFT_FETAL, 1}, BOUT_LABELLED, POSITION_LEFT_SIDE},
    {{START_S + 5400, START_S + 9000, POSITION_PRONE, 0.87654321}, BOUT_RECORDED, POSITION_PRONE},
};
static struct gap gaps[] = {{START_S + 3600, START_S + 5400, GAP_PAD_UNPLUGGED}};

static struct night_entry one_night(void)
{
    struct night_entry entry = {
        .summary =
            {
                .night = {.night = {DAY, START_S, START_S + 9000},
                          .timezone = "Europe/Berlin",
                          .start_utc_offset_s = 3600},
                .in_bed_s = 9000,
                .recorded_s = 7200,
                .friendly_s = 3600,
                .longest_bout_s = 3600,
                .turns = 1,
            },
        .bouts = bouts,
        .n_bouts = 2,
        .gaps = gaps,
        .n_gaps = 1,
    };
    entry.summary.position_s[POSITION_LEFT_FETAL] = 3600;
    entry.summary.position_s[POSITION_PRONE] = 3600;
    return entry;
}

static struct report report_of(struct night_entry *entry, enum period_kind kind)
{
    struct report report = {
        .period = period_around(kind, DAY, WEEK_MONDAY),
        .nights = {entry, 1},
        .totals = totals_of(entry, 1),
        .friendly = position_friendly_default(),
        .day_starts_hour = 12,
        .now_s = START_S + 10 * 86400,
    };
    assert_true(period_before(&report.period, &report.before));
    return report;
}

typedef int (*printer)(FILE *stream, const struct screen *screen, const struct report *report);

static int print_json(FILE *stream, const struct screen *screen, const struct report *report)
{
    (void)screen;
    return report_print_json(stream, report);
}

// The caller frees.
static char *printed(printer print, const struct report *report)
{
    struct screen screen = {.width = 80};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(print(stream, &screen, report), 0);
    fclose(stream);
    return text;
}

static void assert_has(printer print, const struct report *report, const char *expected)
{
    _cleanup_(freep) char *text = printed(print, report);
    if (!strstr(text, expected))
        fail_msg("no '%s' in:\n%s", expected, text);
}

static void assert_lacks(printer print, const struct report *report, const char *unexpected)
{
    _cleanup_(freep) char *text = printed(print, report);
    if (strstr(text, unexpected))
        fail_msg("'%s' in:\n%s", unexpected, text);
}

static void test_json(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_NIGHT);
    report.bouts = true;
    report.friendly = POSITION_BIT(POSITION_LEFT_FETAL);
    _cleanup_(freep) char *text = printed(print_json, &report);
#define POSITIONS                                                                                  \
    "{\"supine\":0,\"supine_knees_raised\":0,\"supine_left_knee\":0,\"supine_right_knee\":0,"      \
    "\"supine_legs_raised\":0,\"reclined\":0,\"left_fetal\":3600,\"right_fetal\":0,"               \
    "\"left_side\":0,\"right_side\":0,\"prone\":3600,\"sitting\":0,\"empty\":0,\"unknown\":0}"
    static const char expected[] =
        "{\"version\":1,\"period\":{\"kind\":\"night\",\"from\":\"2026-01-07\","
        "\"to\":\"2026-01-07\",\"timezone\":\"Europe/Berlin\"},\"nights\":[{"
        "\"day\":\"2026-01-07\",\"start\":\"2026-01-07T23:00:00+01:00\","
        "\"end\":\"2026-01-08T01:30:00+01:00\",\"timezone\":\"Europe/Berlin\",\"open\":false,"
        "\"in_bed_s\":9000,\"recorded_s\":7200,\"unrecorded_s\":1800,\"friendly_s\":3600,"
        "\"turns\":1,\"longest_bout_s\":3600,\"unknown_s\":0,\"kind\":\"night\","
        "\"doubtful\":false,\"exits\":0,\"longest_friendly_s\":0,\"knees_left_s\":0,"
        "\"knees_right_s\":0,\"breaths_per_min\":null,\"breath_steadiness\":null,"
        "\"breath_minutes\":0,\"moves\":null,\"restlessness\":null,\"settling_s\":null,"
        "\"positions\":" POSITIONS ","
        "\"bouts\":[{\"start\":\"2026-01-07T23:00:00+01:00\","
        "\"end\":\"2026-01-08T00:00:00+01:00\",\"position\":\"left_fetal\",\"confidence\":1.0,"
        "\"source\":\"label\"},"
        "{\"start\":\"2026-01-08T00:30:00+01:00\",\"end\":\"2026-01-08T01:30:00+01:00\","
        "\"position\":\"prone\",\"confidence\":0.8765,\"source\":\"recorded\"}],"
        "\"gaps\":[{\"start\":\"2026-01-08T00:00:00+01:00\","
        "\"end\":\"2026-01-08T00:30:00+01:00\",\"reason\":\"pad_unplugged\"}]}],"
        "\"totals\":{\"nights\":1,\"days\":1,\"in_bed_s\":9000,\"recorded_s\":7200,"
        "\"unrecorded_s\":1800,\"friendly_s\":3600,\"friendly_share\":0.5,\"turns\":1,"
        "\"longest_bout_s\":3600,\"unknown_s\":0,\"naps\":0,\"exits\":0,"
        "\"longest_friendly_s\":0,\"knees_left_s\":0,\"knees_right_s\":0,"
        "\"positions\":" POSITIONS ","
        "\"stretched_s\":null,\"pain\":null,\"stiffness\":null,\"sitting_s\":null},"
        "\"previous\":null,\"friendly_set\":[\"left_fetal\"],\"awake\":[],"
        "\"helps\":null,\"advice\":[]}";
#undef POSITIONS
    // No value holds a blank or a line's end, so what is left without them is the document.
    char *end = text;
    for (const char *c = text; *c; c++)
        if (*c != ' ' && *c != '\n')
            *end++ = *c;
    *end = '\0';
    assert_string_equal(text, expected);
}

// Only where there is something to tell, and of single nights.
static void test_breathing(void **state)
{
    (void)state;
    struct night_entry entries[2] = {one_night(), one_night()};
    struct report report = report_of(entries, PERIOD_NIGHT);
    assert_lacks(report_print_table, &report, "Breathing");
    entries[0].summary.breaths_per_min = 14.26;
    entries[0].summary.breath_steadiness = 0.876;
    entries[0].summary.breath_minutes = 93;
    assert_has(report_print_table, &report,
               "\nBreathing: 14.3 a minute, 88% steady (medians of 93 min).\n");
    assert_has(print_json, &report, "\"breaths_per_min\": 14.26,");
    assert_has(print_json, &report, "\"breath_steadiness\": 0.876,");
    assert_has(print_json, &report, "\"breath_minutes\": 93,");
    report.nights.n = 2;
    assert_has(report_print_table, &report, "Breathing from 23:00: 14.3 a minute");
    report = report_of(entries, PERIOD_WEEK);
    assert_lacks(report_print_table, &report, "Breathing");
}

static void test_a_night_in_progress(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    entry.summary.night.open = true;
    struct report report = report_of(&entry, PERIOD_WEEK);
    report.now_s = START_S + 9000 + 20;
    assert_has(report_print_table, &report, "Wed  7 Jan 23:00-now");
    assert_has(report_print_table, &report, "Wednesday 7 January is being recorded");
    assert_has(print_json, &report, "\"open\": true");
}

static void test_a_night_that_broke_off(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    entry.summary.night.open = true;
    struct report report = report_of(&entry, PERIOD_WEEK);
    assert_has(report_print_table, &report, "23:00-01:30");
    assert_has(report_print_table, &report,
               "The recording of Wednesday 7 January breaks off at 01:30.");
    // One whose end lies in the future (the clock was set back) is not growing either.
    report.now_s = START_S;
    assert_lacks(report_print_table, &report, "-now");
}

static void test_days_to_come_are_not_missing(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_WEEK);
    report.now_s = START_S + 86400; // Thursday, 23:00: the night has not begun
    assert_has(report_print_table, &report, "Mon  5 Jan unrecorded");
    assert_has(report_print_table, &report, "Tue  6 Jan unrecorded");
    assert_lacks(report_print_table, &report, "Thu  8 Jan");
    report.now_s = START_S + 2 * 86400;
    assert_has(report_print_table, &report, "Thu  8 Jan unrecorded");
    assert_lacks(report_print_table, &report, "Fri  9 Jan");
}

static void test_the_period_before(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_WEEK);
    assert_has(report_print_table, &report, "Nothing was recorded the week before");
    assert_lacks(report_print_table, &report, "CHANGE");

    report.previous = report.totals;
    assert_has(report_print_table, &report, "As long as the week before (1 h 00 min, 50%).");
    report.previous.friendly_s = 600;
    assert_has(report_print_table, &report,
               "50 min a night more than the week before (10 min, 8%).");
    report.previous.friendly_s = 3660;
    assert_has(report_print_table, &report,
               "1 min a night less than the week before (1 h 01 min, 51%).");
    assert_has(report_print_table, &report, "WEEK BEFORE   CHANGE");
}

static void test_one_night_is_not_averaged(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_NIGHT);
    report.previous = report.totals;
    report.previous.friendly_s = 600;
    assert_has(report_print_table, &report, "1 h 00 min in psoas-friendly positions: 50%");
    assert_has(report_print_table, &report, "50 min more than the night before (10 min, 8%).");
    assert_lacks(report_print_table, &report, "a night");
}

static void test_gaps_stand_between_bouts(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_NIGHT);
    report.bouts = true;
    assert_has(report_print_table, &report,
               "23:00 00:00 1:00:00 * On the left side, knees drawn up    release         100%\n"
               "00:00 00:30 0:30:00   not recorded: the pad was unplugged\n"
               "00:30 01:30 1:00:00   On the front                        extended         88%\n");
    assert_has(report_print_table, &report, "Not recorded: 30 min of the time in bed.");
}

static void test_naps_and_nights_too_long(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_WEEK);
    assert_lacks(report_print_table, &report, "nap");
    assert_lacks(report_print_table, &report, "?");
    entry.summary.nap = true;
    assert_has(report_print_table, &report, "nap  7 Jan 23:00-01:30");
    assert_has(print_json, &report, "\"kind\": \"nap\"");
    entry.summary.nap = false;
    entry.summary.doubtful = true;
    assert_has(report_print_table, &report, "Wed  7 Jan 23:00-01:30?");
    assert_has(report_print_table, &report, "? in bed for more than a day");
    assert_has(print_json, &report, "\"doubtful\": true");
}

static void test_friendly_sets(void **state)
{
    (void)state;
    struct night_entry entry = one_night();
    struct report report = report_of(&entry, PERIOD_NIGHT);
    assert_has(report_print_table, &report, "* On the left side, knees drawn up");
    assert_has(report_print_table, &report, "(the default set;");
    report.friendly = POSITION_BIT(POSITION_PRONE);
    assert_has(report_print_table, &report, "* On the front");
    assert_has(report_print_table, &report, "Psoas-friendly (*): prone (set in the configuration;");
    report.friendly = 0;
    assert_has(report_print_table, &report, "Psoas-friendly (*): nothing");
}

static void test_a_night_without_anything(void **state)
{
    (void)state;
    struct night_entry entry = {0};
    entry.summary.night = one_night().summary.night;
    entry.summary.night.night.end_s = entry.summary.night.night.start_s;
    struct report report = report_of(&entry, PERIOD_NIGHT);
    assert_has(report_print_table, &report, "0 min in psoas-friendly positions: 0%");
    assert_has(print_json, &report, "\"friendly_share\": 0.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_breathing),
        cmocka_unit_test(test_a_night_in_progress),
        cmocka_unit_test(test_a_night_that_broke_off),
        cmocka_unit_test(test_days_to_come_are_not_missing),
        cmocka_unit_test(test_the_period_before),
        cmocka_unit_test(test_one_night_is_not_averaged),
        cmocka_unit_test(test_gaps_stand_between_bouts),
        cmocka_unit_test(test_naps_and_nights_too_long),
        cmocka_unit_test(test_friendly_sets),
        cmocka_unit_test(test_a_night_without_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
