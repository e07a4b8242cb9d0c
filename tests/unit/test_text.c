// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"

static void numbers_are_whole_or_nothing(void **state)
{
    (void)state;
    unsigned long value;
    assert_true(text_unsigned("42", 0, 100, &value));
    assert_int_equal(value, 42);
    assert_true(text_unsigned("0", 0, 0, &value));
    assert_false(text_unsigned("", 0, 100, &value));
    assert_false(text_unsigned("42 ", 0, 100, &value));
    assert_false(text_unsigned("+42", 0, 100, &value));
    assert_false(text_unsigned("0x10", 0, 100, &value));
    assert_false(text_unsigned("101", 0, 100, &value));
    assert_false(text_unsigned("4", 5, 100, &value));
    assert_false(text_unsigned("99999999999999999999999999", 0, 100, &value));
}

static void reals_do_not_follow_the_locale(void **state)
{
    (void)state;
    double value;
    assert_true(text_double("25.4", 1, 100, &value));
    assert_true(value > 25.399 && value < 25.401);
    assert_true(text_double("-3.25", -10, 10, &value));
    assert_true(value == -3.25);
    assert_false(text_double("25,4", 1, 100, &value));
    assert_false(text_double("nan", 0, 1, &value));
    assert_false(text_double("1e3", 0, 10000, &value));
    assert_false(text_double("1.", 0, 10, &value));
    assert_false(text_double(".5", 0, 10, &value));
    assert_false(text_double("0.5", 1, 10, &value));
}

static void durations_have_a_unit(void **state)
{
    (void)state;
    double s;
    assert_true(text_duration("90s", 1000, &s) && s == 90);
    assert_true(text_duration("1.5min", 1000, &s) && s == 90);
    assert_true(text_duration("8h", 86400, &s) && s == 28800);
    static const char *const wrong[] = {"",    "90",      "s",   "0s",  "-1s",
                                        "1 h", "1h30min", "25h", "1e3s"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(text_duration(wrong[i], 86400, &s));
}

static void bytes_are_pairs_of_hex_digits(void **state)
{
    (void)state;
    uint8_t bytes[4];
    size_t n;
    assert_true(text_bytes("AA 55 03 99", bytes, 4, &n));
    assert_int_equal(n, 4);
    assert_memory_equal(bytes, "\xAA\x55\x03\x99", 4);
    assert_true(text_bytes("aa55", bytes, 4, &n));
    assert_int_equal(n, 2);
    assert_true(text_bytes("", bytes, 4, &n));
    assert_int_equal(n, 0);
    assert_false(text_bytes("A", bytes, 4, &n));
    assert_false(text_bytes("AA 5", bytes, 4, &n));
    assert_false(text_bytes("GG", bytes, 4, &n));
    assert_false(text_bytes("00 01 02 03 04", bytes, 4, &n));
}

// Found by the fuzzer: half a byte shifted a negative number.
static void half_a_byte_is_none(void **state)
{
    (void)state;
    uint8_t bytes[8];
    uint32_t any;
    size_t n;
    assert_true(text_wire("AA \"R\\n\" ??", bytes, &any, sizeof bytes, &n));
    assert_int_equal(n, 4);
    assert_int_equal(any, 8);
    static const char *const wrong[] = {"A", "AA 5", "AA 55r8", "r8", "?", "\"R"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(text_wire(wrong[i], bytes, &any, sizeof bytes, &n));
}

static void runs_go_up_and_down(void **state)
{
    (void)state;
    uint16_t numbers[8];
    size_t n;
    assert_true(text_runs("2..4 1..0 7", 10, numbers, 8, &n));
    static const uint16_t expected[] = {2, 3, 4, 1, 0, 7};
    assert_int_equal(n, 6);
    assert_memory_equal(numbers, expected, sizeof expected);
    assert_false(text_runs("2..", 10, numbers, 8, &n));
    assert_false(text_runs("2...4", 10, numbers, 8, &n));
    assert_false(text_runs("2-4", 10, numbers, 8, &n));
    assert_false(text_runs("0..8", 10, numbers, 8, &n)); // nine of them
    assert_false(text_runs("11", 10, numbers, 8, &n));
}

static void words_are_taken_one_by_one(void **state)
{
    (void)state;
    const char *text = "  one\ttwo ";
    char word[4];
    assert_true(text_word(&text, word, sizeof word));
    assert_string_equal(word, "one");
    assert_true(text_word(&text, word, sizeof word));
    assert_string_equal(word, "two");
    assert_false(text_word(&text, word, sizeof word));
    text = "toolong";
    assert_false(text_word(&text, word, sizeof word));
}

static void an_error_is_one_harmless_line(void **state)
{
    (void)state;
    struct error error;
    assert_int_equal(error_set(&error, -5, "%s", "a\nb\x1b[31mc"), -5);
    assert_string_equal(error.text, "a?b?[31mc");
    assert_int_equal(error_set(NULL, -7, "nobody listens"), -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_whole_or_nothing),
        cmocka_unit_test(reals_do_not_follow_the_locale),
        cmocka_unit_test(durations_have_a_unit),
        cmocka_unit_test(bytes_are_pairs_of_hex_digits),
        cmocka_unit_test(half_a_byte_is_none),
        cmocka_unit_test(runs_go_up_and_down),
        cmocka_unit_test(words_are_taken_one_by_one),
        cmocka_unit_test(an_error_is_one_harmless_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
