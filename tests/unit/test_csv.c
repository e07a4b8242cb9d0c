// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

#define FIELDS_MAX 4

// All records, "a|b\n" each, or the message; freed by the caller.
static char *read_all(const char *text, size_t length)
{
    // To the byte, so that a sanitizer sees every step too far.
    char *copy = malloc(length + 1), *found = NULL, *fields[FIELDS_MAX];
    memcpy(copy, text, length);
    copy[length] = '\0';
    size_t size;
    FILE *stream = open_memstream(&found, &size);
    struct csv csv = {.text = copy, .length = length, .file = "f"};
    struct error error = {0};
    unsigned n;
    int r;
    while ((r = csv_next(&csv, fields, FIELDS_MAX, &n, &error)) == 1)
        for (unsigned i = 0; i < n; i++)
            fprintf(stream, "%s%c", fields[i], i + 1 < n ? '|' : '\n');
    if (r < 0)
        fprintf(stream, "!%s", error.text);
    fclose(stream);
    free(copy);
    return found;
}

static void expect(const char *text, const char *expected)
{
    char *found = read_all(text, strlen(text));
    assert_string_equal(found, expected);
    free(found);
}

static void records_and_fields(void **state)
{
    (void)state;
    expect("", "");
    expect("a,b\nc,d\n", "a|b\nc|d\n");
    expect("a,b\r\nc,d", "a|b\nc|d\n");
    expect("\xef\xbb\xbf"
           "a\n",
           "a\n");
    expect("\n\r\n\na\n\n", "a\n");
    expect(",\n,,,\n", "|\n|||\n");
    expect("\"a,b\",\"c\"\"d\"\n\"e\nf\r\ng\"\n", "a,b|c\"d\ne\nf\r\ng\n");
    expect("\"\"\n\"\",x\n", "\n|x\n");
    expect("\"\"\"\"\n", "\"\n");
    expect("a b, c \n", "a b| c \n");
}

static void what_is_none_is_named_by_line(void **state)
{
    (void)state;
    expect("a\nb,\"c\n\nd", "a\n!f:2: a quotation mark that is not closed");
    expect("a\n\"b\n\n\"\nc\"d\n", "a\nb\n\n\n!f:5: a quotation mark within a line");
    expect("\"a\"b\n", "!f:1: text behind a quotation mark");
    expect("\n\na\rb\n", "!f:3: a carriage return within a line");
    expect("1,2,3,4\n1,2,3,4,5\n", "1|2|3|4\n!f:2: more than 4 fields");
    char *found = read_all("a\nb\0c\n", 6);
    assert_string_equal(found, "a\n!f:2: a zero byte within a line");
    free(found);
    found = read_all("\"b\0\"\n", 5);
    assert_string_equal(found, "!f:1: a zero byte");
    free(found);
}

static void expect_round_trip(const char *text)
{
    char *written = NULL;
    size_t size;
    FILE *stream = open_memstream(&written, &size);
    csv_put(stream, text);
    fputs(",x\n", stream);
    fclose(stream);
    assert_null(strchr("=+-@", *written));
    char expected[64];
    snprintf(expected, sizeof expected, "%s|x\n", text);
    char *found = read_all(written, size);
    assert_string_equal(found, expected);
    free(found);
    free(written);
}

static void what_is_written_is_what_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"",      "a",   "=1+1", "'=1+1", "''=1", "'tis",    "'",
                                        "''",    "@x",  "-1",   "+1",    "a,b",  "\"",      "\"\"",
                                        "a\nb",  "\n",  "\r",   "\r\n",  "\t",   "'\t",     "'\"=x",
                                        "=\"\"", " =1", ",",    "späť",  "'-",   "a\"b,c\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_round_trip(texts[i]);
}

// Every text of up to four of the bytes that mean something.
static void every_short_text(void **state)
{
    (void)state;
    static const char bytes[] = "a,\"'\n\r=\t";
    char text[5] = "";
    for (unsigned number = 0; number < 4096; number++) {
        for (unsigned i = 0, rest = number; i < 4; i++, rest /= 8)
            text[i] = bytes[rest % 8];
        expect_round_trip(text);
        char *found = read_all(text, 4); // whatever it is, it ends
        free(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_and_fields),
        cmocka_unit_test(what_is_none_is_named_by_line),
        cmocka_unit_test(what_is_written_is_what_is_read),
        cmocka_unit_test(every_short_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
