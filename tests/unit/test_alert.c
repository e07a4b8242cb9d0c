// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/alert.h"

static void assert_parsed(const char *text, enum figure figure, bool above, double limit)
{
    struct alert alert = {0};
    struct error error = {0};
    if (alert_parse(&alert, text, &error) < 0)
        fail_msg("%s", error.text);
    assert_int_equal(alert.figure, figure);
    assert_int_equal(alert.above, above);
    assert_true(alert.limit == limit);
}

static void test_conditions(void **state)
{
    (void)state;
    assert_parsed("friendly<20%", FIGURE_FRIENDLY_SHARE, false, 20);
    assert_parsed("friendly_share<20%", FIGURE_FRIENDLY_SHARE, false, 20);
    assert_parsed("  friendly  >  1.5 h", FIGURE_FRIENDLY, true, 5400);
    assert_parsed("friendly_a_night<90min", FIGURE_FRIENDLY_A_NIGHT, false, 5400);
    assert_parsed("friendly_a_night_s<90m", FIGURE_FRIENDLY_A_NIGHT, false, 5400);
    assert_parsed("in_bed_a_night<6:30", FIGURE_IN_BED_A_NIGHT, false, 23400);
    assert_parsed("turns_a_night>30", FIGURE_TURNS_A_NIGHT, true, 30);
    assert_parsed("bedtime>23:30", FIGURE_BEDTIME, true, 84600);
    assert_parsed("bedtime_clock_s>0:15", FIGURE_BEDTIME, true, 900);
    assert_parsed("bedtime_spread>1:00", FIGURE_BEDTIME_SPREAD, true, 3600);
    assert_parsed("left>60%", FIGURE_LEFT_SHARE, true, 60);
    assert_parsed("pain>4.5", FIGURE_PAIN, true, 4.5);
}

// Every figure can be asked for by what docs/report.md calls it.
static void test_every_figure(void **state)
{
    (void)state;
    static const char *const numbers[] = {[UNIT_COUNT] = "3",
                                          [UNIT_DURATION] = "3h",
                                          [UNIT_SHARE] = "3%",
                                          [UNIT_CLOCK] = "3:00",
                                          [UNIT_SCALE] = "3"};
    for (int i = 0; i < FIGURE_N; i++) {
        const struct figure_fact *fact = figure_fact((enum figure)i);
        char text[80];
        snprintf(text, sizeof text, "%s<%s", fact->identifier, numbers[fact->unit]);
        assert_parsed(text, (enum figure)i, false,
                      fact->unit == UNIT_DURATION || fact->unit == UNIT_CLOCK ? 10800 : 3);
    }
}

static void assert_refused(const char *text, const char *place, const char *why)
{
    struct alert alert;
    struct error error = {0};
    assert_true(alert_parse(&alert, text, &error) < 0);
    if (!strstr(error.text, place) || !strstr(error.text, why))
        fail_msg("%s", error.text);
}

static void test_what_is_refused_is_told_where(void **state)
{
    (void)state;
    assert_refused("", "character 1:", "name is missing");
    assert_refused("<20%", "character 1:", "name is missing");
    assert_refused("friendly", "character 9:", "< or > is missing");
    assert_refused("friendly=20%", "character 9:", "< or > is missing");
    assert_refused("friendly<", "character 10:", "no number");
    assert_refused("friendly<-3%", "character 10:", "no number");
    assert_refused("friendly<20%x", "character 10:", "no number");
    assert_refused("friendly<1e5%", "character 10:", "no number");
    assert_refused("friendly<20", "character 10:", "another unit");
    assert_refused("turns_a_night<20%", "character 15:", "another unit");
    assert_refused("bedtime>25:00", "character 9:", "no such hour");
    assert_refused("bedtime>23:60", "character 9:", "no number");
    assert_refused("bedtime>23:30:10", "character 9:", "no number");
    assert_refused("frendly_share<20%", "character 1:", "did you mean friendly_share?");
    assert_refused("xyzzy<20%", "character 1:", "no figure is called 'xyzzy'");
}

static enum alert_outcome judged(const char *text, enum figure figure, double value)
{
    struct alert alert;
    assert_int_equal(alert_parse(&alert, text, NULL), 0);
    struct figures figures = {0};
    figures.here[figure] = (struct figure_value){true, value};
    return alert_judge(&alert, &figures);
}

static void test_outcomes(void **state)
{
    (void)state;
    assert_int_equal(judged("friendly<20%", FIGURE_FRIENDLY_SHARE, 0.15), ALERT_FIRES);
    assert_int_equal(judged("friendly<20%", FIGURE_FRIENDLY_SHARE, 0.2), ALERT_QUIET);
    // As the report shows it: 20%.
    assert_int_equal(judged("friendly<20%", FIGURE_FRIENDLY_SHARE, 0.196), ALERT_QUIET);
    assert_int_equal(judged("friendly<20%", FIGURE_FRIENDLY_SHARE, 0.194), ALERT_FIRES);
    assert_int_equal(judged("friendly>20%", FIGURE_FRIENDLY_SHARE, 0.25), ALERT_FIRES);
    assert_int_equal(judged("friendly<20%", FIGURE_NIGHTS, 3), ALERT_UNKNOWN);
    // Midnight lies between.
    assert_int_equal(judged("bedtime>23:30", FIGURE_BEDTIME, 900), ALERT_FIRES);
    assert_int_equal(judged("bedtime>23:30", FIGURE_BEDTIME, 84000), ALERT_QUIET);
    assert_int_equal(judged("bedtime<0:30", FIGURE_BEDTIME, 86000), ALERT_FIRES);
}

static void test_words(void **state)
{
    (void)state;
    struct alert alert;
    struct figures figures = {0};
    char text[ALERT_TEXT_SIZE];
    figures.here[FIGURE_FRIENDLY_SHARE] = (struct figure_value){true, 0.15};
    figures.here[FIGURE_BEDTIME] = (struct figure_value){true, 900};
    assert_int_equal(alert_parse(&alert, "friendly<20%", NULL), 0);
    alert_text(&alert, &figures, text);
    assert_string_equal(text, "Psoas-friendly share: 15%, below 20%");
    assert_int_equal(alert_parse(&alert, "bedtime>23:30", NULL), 0);
    alert_text(&alert, &figures, text);
    assert_string_equal(text, "To bed at: 00:15, after 23:30");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_every_figure),
        cmocka_unit_test(test_what_is_refused_is_told_where),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
