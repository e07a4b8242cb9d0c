// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "screen.h"

static const struct screen ascii = {.width = 80};
static const struct screen utf8 = {.width = 80, .utf8 = true};

static void assert_wrapped(unsigned width, unsigned indent, const char *text, const char *expected)
{
    struct screen screen = {.width = width};
    _cleanup_(freep) char *printed = NULL;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);
    assert_non_null(stream);
    screen_paragraph(stream, &screen, indent, text);
    fclose(stream);
    assert_string_equal(printed, expected);
}

static void test_paragraphs(void **state)
{
    (void)state;
    assert_wrapped(20, 0, "one two three four five", "one two three four\nfive\n");
    assert_wrapped(20, 0, "one two three four f", "one two three four f\n");
    assert_wrapped(20, 2, "one two three four f", "  one two three four\n  f\n");
    assert_wrapped(20, 0, "  blanks   do  not  count ", "blanks do not count\n");
    // A word that is too long is not broken: it may be a name to copy.
    assert_wrapped(20, 0, "a supine_with_a_very_long_name b",
                   "a\nsupine_with_a_very_long_name\nb\n");
    assert_wrapped(20, 0, "", "\n");
}

static void test_paragraphs_stay_readable_on_wide_screens(void **state)
{
    (void)state;
    char text[301] = "";
    for (int i = 0; i < 150; i++)
        strcat(text, "a ");
    struct screen screen = {.width = 300};
    _cleanup_(freep) char *printed = NULL;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);
    assert_non_null(stream);
    screen_paragraph(stream, &screen, 0, text);
    fclose(stream);
    assert_int_equal(strcspn(printed, "\n"), 99);
}

static void test_items_hang(void **state)
{
    (void)state;
    struct screen screen = {.width = 20};
    _cleanup_(freep) char *printed = NULL;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);
    assert_non_null(stream);
    screen_item(stream, &screen, "one two three four five");
    fclose(stream);
    assert_string_equal(printed, "  - one two three\n    four five\n");
}

static void test_durations(void **state)
{
    (void)state;
    char text[DURATION_SIZE];
    duration_clock(0, text);
    assert_string_equal(text, "0:00");
    duration_clock(29, text);
    assert_string_equal(text, "0:00");
    duration_clock(30, text);
    assert_string_equal(text, "0:01");
    duration_clock(4 * 3600 + 12 * 60 + 29, text);
    assert_string_equal(text, "4:12");
    duration_clock(123 * 3600, text);
    assert_string_equal(text, "123:00");
    duration_clock_s(3723, text);
    assert_string_equal(text, "1:02:03");
    duration_words(59 * 60, text);
    assert_string_equal(text, "59 min");
    duration_words(59 * 60 + 30, text);
    assert_string_equal(text, "1 h 00 min");
    duration_words(4 * 3600 + 5 * 60, text);
    assert_string_equal(text, "4 h 05 min");
}

static void test_changes(void **state)
{
    (void)state;
    char text[DURATION_SIZE];
    duration_change(26 * 60, text);
    assert_string_equal(text, "+0:26");
    duration_change(-65 * 60, text);
    assert_string_equal(text, "-1:05");
    duration_change(0, text);
    assert_string_equal(text, "0:00");
    duration_change(-29, text);
    assert_string_equal(text, "0:00");
}

static void test_percents(void **state)
{
    (void)state;
    char text[PERCENT_SIZE];
    assert_int_equal(percent(0.574), 57);
    assert_int_equal(percent(0.576), 58);
    percent_text(0, text);
    assert_string_equal(text, "0%");
    percent_text(0.001, text);
    assert_string_equal(text, "<1%");
    percent_text(1, text);
    assert_string_equal(text, "100%");
}

static void assert_meter(const struct screen *screen, double share, const char *expected)
{
    _cleanup_(freep) char *bar = bar_meter(screen, share, 10);
    assert_string_equal(bar, expected);
}

static void test_meters(void **state)
{
    (void)state;
    assert_meter(&ascii, 0, "..........");
    assert_meter(&ascii, 0.34, "###.......");
    assert_meter(&ascii, 1, "##########");
    assert_meter(&utf8, 0.57, "██████░░░░");
    // Never wider than its column.
    assert_meter(&ascii, 1.5, "##########");
    assert_meter(&ascii, -1, "..........");
}

static void assert_length(const struct screen *screen, double share, const char *expected)
{
    _cleanup_(freep) char *bar = bar_length(screen, share, 10);
    assert_string_equal(bar, expected);
}

static void test_lengths(void **state)
{
    (void)state;
    assert_length(&ascii, 0, "");
    assert_length(&ascii, 0.001, "#");
    assert_length(&ascii, 0.5, "#####");
    assert_length(&ascii, 2, "##########");
    assert_length(&utf8, 0, "");
    assert_length(&utf8, 0.001, "▏");
    assert_length(&utf8, 0.25, "██▌");
    assert_length(&utf8, 0.9999, "██████████");
    assert_length(&utf8, 2, "██████████");
}

static void test_width_from_the_environment(void **state)
{
    (void)state;
    setenv("COLUMNS", "132", 1);
    assert_int_equal(screen_of_stdout().width, 132);
    setenv("COLUMNS", "3", 1); // too narrow for anything
    assert_true(screen_of_stdout().width >= 20);
    setenv("COLUMNS", "99999999999999999999", 1);
    assert_true(screen_of_stdout().width <= 1000);
    setenv("COLUMNS", "wide", 1);
    assert_true(screen_of_stdout().width >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paragraphs),
        cmocka_unit_test(test_paragraphs_stay_readable_on_wide_screens),
        cmocka_unit_test(test_items_hang),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_percents),
        cmocka_unit_test(test_meters),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_width_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
