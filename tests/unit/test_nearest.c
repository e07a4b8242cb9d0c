// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli.h"

static const char *const names[] = {"report", "replay", "positions", "status"};

static const char *nearest(const char *word)
{
    return cli_nearest(word, names, sizeof names / sizeof names[0]);
}

static void test_typing_slips(void **state)
{
    (void)state;
    assert_string_equal(nearest("reprot"), "report");
    assert_string_equal(nearest("repor"), "report");
    assert_string_equal(nearest("reply"), "replay");
    assert_string_equal(nearest("position"), "positions");
    assert_string_equal(nearest("stauts"), "status");
}

static void test_beginnings(void **state)
{
    (void)state;
    assert_string_equal(nearest("pos"), "positions");
    assert_string_equal(nearest("st"), "status");
}

static void test_nothing_near(void **state)
{
    (void)state;
    assert_null(nearest(""));
    assert_null(nearest("x"));
    assert_null(nearest("weather"));
    assert_null(nearest("a word that is far longer than any verb could ever be"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_typing_slips),
        cmocka_unit_test(test_beginnings),
        cmocka_unit_test(test_nothing_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
