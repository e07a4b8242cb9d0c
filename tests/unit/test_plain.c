// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plain.h"

static void check(const char *text, const char *expected)
{
    char plain[64];
    strcpy(plain, text);
    plain_text(plain);
    assert_string_equal(plain, expected);
}

static void fit_text_stays(void **state)
{
    (void)state;
    check("", "");
    check("/dev/serial/by-id/usb-Pad_1", "/dev/serial/by-id/usb-Pad_1");
    check("/home/j\xc3\xb6rg/\xe5\xa4\x9c/\xf0\x9f\x8c\x99", "/home/j\xc3\xb6rg/\xe5\xa4\x9c/"
                                                             "\xf0\x9f\x8c\x99");
}

static void what_steers_a_terminal_goes(void **state)
{
    (void)state;
    check("a\x1b[31mb\n", "a?[31mb?");
    check("a\x7f\x01", "a??");
    check("\xc2\x9b"
          "31m",
          "?31m"); // CSI in one character
    check("a\xe2\x80\xae"
          "b\xe2\x81\xa6"
          "c\xe2\x80\xa8",
          "a?b?c?"); // right to left, isolate, line separator
}

static void broken_utf8_goes(void **state)
{
    (void)state;
    check("\xff"
          "a\x80",
          "?a?");
    check("a\xc3", "a?");                    // cut short by the end
    check("a\xe5\xa4", "a??");               // likewise
    check("\xc0\xaf", "??");                 // overlong
    check("\xe0\x80\xaf", "???");            // overlong
    check("\xed\xa0\x80", "?");              // half a UTF-16 pair
    check("\xf4\x90\x80\x80", "????");       // beyond the last code
    check("\xef\xb7\x90\xef\xbf\xbe", "??"); // codes that are no characters
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fit_text_stays),
        cmocka_unit_test(what_steers_a_terminal_goes),
        cmocka_unit_test(broken_utf8_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
