// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "table.h"

enum {
    NAME,
    COUNT,
    BAR,
    WORDS,
    N
};

static const struct table_column columns[N] = {
    [NAME] = {.heading = "NAME", .width = 6},
    [COUNT] = {.heading = "COUNT", .width = 5, .right = true},
    [BAR] = {.heading = "", .width = 4, .width_max = 10, .drop = 1},
    [WORDS] = {.heading = "WORDS", .width = 8, .drop = 2},
};

static void assert_printed(struct screen screen, const char *expected)
{
    struct table table;
    table_begin(&table, &screen, columns, N);
    table_row(&table);
    table_cell(&table, NAME, TABLE_PLAIN, "%s", "one");
    table_cell(&table, COUNT, TABLE_BOLD, "%d", 12);
    table_meter(&table, BAR, 0.5);
    table_cell(&table, WORDS, TABLE_PLAIN, "%s", "a\033b");
    table_row(&table);
    table_cell(&table, NAME, TABLE_DIM, "%s", "second");

    _cleanup_(freep) char *printed = NULL;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);
    assert_non_null(stream);
    assert_int_equal(table_print(&table, stream), 0);
    fclose(stream);
    table_end(&table);
    assert_string_equal(printed, expected);
}

static void test_wide(void **state)
{
    (void)state;
    // Gaps of three, and the bar no wider than it may be.
    assert_printed((struct screen){.width = 100}, "NAME     COUNT                WORDS\n"
                                                  "one         12   #####.....   a\\x1bb\n"
                                                  "second\n");
}

static void test_fitting(void **state)
{
    (void)state;
    assert_printed((struct screen){.width = 26}, "NAME   COUNT      WORDS\n"
                                                 "one       12 ##.. a\\x1bb\n"
                                                 "second\n");
}

static void test_bar_takes_what_is_left(void **state)
{
    (void)state;
    assert_printed((struct screen){.width = 31}, "NAME    COUNT          WORDS\n"
                                                 "one        12  ###...  a\\x1bb\n"
                                                 "second\n");
}

static void test_narrow_drops_words_first(void **state)
{
    (void)state;
    assert_printed((struct screen){.width = 25}, "NAME     COUNT\n"
                                                 "one         12   ####....\n"
                                                 "second\n");
}

static void test_narrower_drops_the_bar(void **state)
{
    (void)state;
    assert_printed((struct screen){.width = 16}, "NAME     COUNT\n"
                                                 "one         12\n"
                                                 "second\n");
}

static void test_too_narrow_keeps_what_must_stay(void **state)
{
    (void)state;
    struct table table;
    struct screen screen = {.width = 5};
    table_begin(&table, &screen, columns, N);
    assert_int_equal(table.widths[NAME], 6);
    assert_int_equal(table.widths[COUNT], 5);
    assert_int_equal(table.widths[BAR], 0);
    assert_int_equal(table.widths[WORDS], 0);
    table_end(&table);
}

static void test_colour(void **state)
{
    (void)state;
    assert_printed((struct screen){.width = 16, .colour = true},
                   "\033[1mNAME  \033[0m   \033[1mCOUNT\033[0m\n"
                   "one      \033[1m   12\033[0m\n"
                   "\033[2msecond\033[0m\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_fitting),
        cmocka_unit_test(test_bar_takes_what_is_left),
        cmocka_unit_test(test_narrow_drops_words_first),
        cmocka_unit_test(test_narrower_drops_the_bar),
        cmocka_unit_test(test_too_narrow_keeps_what_must_stay),
        cmocka_unit_test(test_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
