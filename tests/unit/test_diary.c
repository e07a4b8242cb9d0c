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

#include "diary/diary_csv.h"

#define DAY 20458 // 2026-01-05
#define NOW INT64_C(1767600000)

static void expect_taken(enum diary_field field, const char *text, int64_t number)
{
    struct diary_entry entry;
    struct error error = {0};
    diary_begin(&entry, DAY, NOW);
    if (diary_read(&entry, field, text, &error) < 0)
        fail_msg("%s", error.text);
    assert_int_equal(entry.numbers[field], number);
    diary_done(&entry);
}

static void expect_refused(enum diary_field field, const char *text, const char *words)
{
    struct diary_entry entry;
    struct error error = {0};
    diary_begin(&entry, DAY, NOW);
    assert_int_equal(diary_read(&entry, field, text, &error), -EINVAL);
    if (!strstr(error.text, words))
        fail_msg("'%s' is not in '%s'", words, error.text);
    assert_true(diary_is_empty(&entry));
}

static void what_people_write(void **state)
{
    (void)state;
    expect_taken(DIARY_PAIN, "0", 0);
    expect_taken(DIARY_STIFFNESS, "10", 10);
    static const struct {
        const char *text;
        int64_t seconds;
    } spans[] = {{"8", 28800},          {"8h", 28800},     {"8 h", 28800},
                 {"7h30", 27000},       {"7:30", 27000},   {"7.5h", 27000},
                 {"7 h 30 min", 27000}, {"45min", 2700},   {"45 m", 2700},
                 {"1800s", 1800},       {"0", 0},          {"24h", 86400},
                 {"90 minutes", 5400},  {"2 hours", 7200}, {"00:05", 300}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        expect_taken(DIARY_SITTING, spans[i].text, spans[i].seconds);
    expect_taken(DIARY_SPORT, "45", 2700);
    expect_taken(DIARY_MASSAGE, "yes", 1);
    expect_taken(DIARY_NEW_PILLOW, "no", 0);
}

static void what_is_refused(void **state)
{
    (void)state;
    static const char *const scales[] = {"", "11", "-1", "3.5", "3 ", "three", "99999999999999999"};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        expect_refused(DIARY_PAIN, scales[i], "pain: ");
    static const char *const spans[] = {"",      "25h",  "8x",       "7:60", "7:5",
                                        "h",     "-1h",  "7:30:00",  "8hh",  "24h1",
                                        "7.55h", "8h x", "99999999h"};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        expect_refused(DIARY_SITTING, spans[i], "sitting_s: ");
    expect_refused(DIARY_MASSAGE, "maybe", "massage: must be yes or no");
    expect_refused(DIARY_SIDE, "top", "side: must be left, right, both or middle");
    expect_refused(DIARY_PLACE, "", "place: is empty");
    expect_refused(DIARY_PLACE, "a\nb", "place: byte 1 is a control character");
    expect_refused(DIARY_PLACE, "a\x1b[2J", "byte 1 is a control character");
    expect_refused(DIARY_NOTE, "\xff", "note: byte 0 is no UTF-8");
    expect_refused(DIARY_NOTE,
                   "ab\xc2\x9b"
                   "c",
                   "byte 2 is a control character"); // CSI
    expect_refused(DIARY_NOTE, "\u202egnp", "byte 0 is a control character");
    char *large = malloc(1 << 20);
    memset(large, 'x', 1 << 20);
    large[(1 << 20) - 1] = '\0';
    expect_refused(DIARY_NOTE, large, "note: is longer than 4000 bytes");
    expect_refused(DIARY_PLACE, large, "place: is longer than 64 bytes");
    expect_refused(DIARY_PAIN, large, "pain: ");
    expect_refused(DIARY_SITTING, large, "sitting_s: ");
    struct diary_entry entry;
    struct error error = {0};
    diary_begin(&entry, DAY, NOW);
    assert_int_equal(diary_add_tag(&entry, large, &error), -EINVAL);
    assert_int_equal(diary_add_tag(&entry, "a;b", &error), -EINVAL);
    assert_int_equal(diary_add_tag(&entry, "", &error), -EINVAL);
    assert_int_equal(diary_set_number(&entry, DIARY_PAIN, INT64_MAX, &error), -EINVAL);
    assert_int_equal(diary_set_number(&entry, DIARY_NOTE, 1, &error), -EINVAL);
    assert_int_equal(diary_set_text(&entry, DIARY_PAIN, "1", &error), -EINVAL);
    assert_true(diary_is_empty(&entry));
    free(large);
}

static void tags_are_a_set(void **state)
{
    (void)state;
    struct diary_entry entry, copy;
    struct error error = {0};
    diary_begin(&entry, DAY, NOW);
    static const char *const tags[] = {"mat", "knee pillow", "späť", "mat"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(diary_add_tag(&entry, tags[i], &error), 0);
    assert_int_equal(entry.n_tags, 3);
    assert_string_equal(entry.tags[0], "knee pillow");
    assert_string_equal(entry.tags[2], "späť");
    assert_int_equal(diary_copy(&copy, &entry), 0);
    assert_true(diary_is_same(&copy, &entry));
    assert_true(diary_remove_tag(&copy, "mat"));
    assert_false(diary_remove_tag(&copy, "mat"));
    assert_false(diary_is_same(&copy, &entry));
    char name[] = "a";
    for (; entry.n_tags < DIARY_TAGS_MAX; ++*name)
        assert_int_equal(diary_add_tag(&entry, name, &error), 0);
    assert_int_equal(diary_add_tag(&entry, "one more", &error), -EINVAL);
    assert_int_equal(diary_add_tag(&entry, "mat", &error), 0); // is there
    diary_done(&entry);
    diary_done(&copy);
}

// ---- CSV ----

static int read_first(char *text, struct diary_entry *ret, struct error *error)
{
    struct diary_reader reader;
    int r = diary_reader_begin(&reader, text, strlen(text), "d.csv", NOW, error);
    return r < 0 ? r : diary_reader_next(&reader, ret, error);
}

static void expect_message(const char *text, const char *words)
{
    char *copy = strdup(text);
    struct diary_entry entry;
    struct error error = {0};
    assert_int_equal(read_first(copy, &entry, &error), -EINVAL);
    assert_string_equal(error.text, words);
    free(copy);
}

static void a_bad_file_is_named_by_line(void **state)
{
    (void)state;
    expect_message("", "d.csv: is empty; its first line names the columns");
    expect_message("pain\n", "d.csv:1: no column is named day");
    expect_message("day,agony\n", "d.csv:1: there is no column 'agony'");
    expect_message("day,pain,pain\n", "d.csv:1: the column pain is there twice");
    expect_message("day,pain\n2026-02-30,3\n",
                   "d.csv:2: day: '2026-02-30' is not a date: YYYY-MM-DD, and one that exists");
    expect_message("day,pain\n\n2026-02-03,12\n", "d.csv:3: pain: must be 0 to 10");
    expect_message("day,pain\n2026-02-03,x\n", "d.csv:2: pain: 'x' is no whole number");
    expect_message("day,pain\n2026-02-03\n", "d.csv:2: 1 fields, where the first line names 2");
    expect_message("day,sitting_s\n2026-02-03,86401\n", "d.csv:2: sitting_s: must be 0 to 86400");
    expect_message("day,massage\n2026-02-03,1\n", "d.csv:2: massage: must be yes or no");
    expect_message("day,tags\n2026-02-03,a;;b\n", "d.csv:2: tag: is empty");
    expect_message("day,made_s\n2026-02-03,-1\n", "d.csv:2: made_s: '-1' is no time in seconds");
    expect_message("day,made_s\n2026-02-03,253402300800\n",
                   "d.csv:2: made_s: '253402300800' is no time in seconds");
    expect_message("day,note\n2026-02-03,\"a\x07\"\n",
                   "d.csv:2: note: byte 1 is a control character");
    expect_message("day,note\n2026-02-03,\"a\n", "d.csv:2: a quotation mark that is not closed");
}

static void any_columns_in_any_order(void **state)
{
    (void)state;
    char text[] = "\xef\xbb\xbftags,pain,day\r\nknee pillow;mat,3,2026-01-05\r\n";
    struct diary_entry entry;
    struct error error = {0};
    assert_int_equal(read_first(text, &entry, &error), 1);
    assert_int_equal(entry.day, DAY);
    assert_int_equal(entry.made_s, NOW);
    assert_int_equal(entry.numbers[DIARY_PAIN], 3);
    assert_int_equal(entry.n_tags, 2);
    assert_false(diary_is_answered(&entry, DIARY_SITTING));
    diary_done(&entry);
}

// Text that may be kept, and means something to somebody else.
static const char *const hostile[] = {"=HYPERLINK(\"http://x\")",
                                      "+1",
                                      "-1+1|cmd",
                                      "@SUM(A1)",
                                      "'=1",
                                      "a,b",
                                      "say \"hi\"",
                                      "<script>alert(1)</script>",
                                      "&amp;",
                                      "'; DROP TABLE diary; --",
                                      "%s%n",
                                      "späť \U0001F634",
                                      "\\x1b[2J",
                                      "$(reboot)",
                                      "`reboot`",
                                      "{\"a\":1}",
                                      " ",
                                      "''"};

static void what_is_written_is_what_is_read(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    struct diary_entry entries[sizeof hostile / sizeof *hostile];
    const size_t n = sizeof hostile / sizeof *hostile;
    struct error error = {0};
    diary_csv_head(stream);
    for (size_t i = 0; i < n; i++) {
        struct diary_entry *entry = &entries[i];
        diary_begin(entry, DAY + (day_number)i, NOW + (int64_t)i * INT64_C(4000000000));
        for (int field = 0; field < DIARY_FIELD_N; field++)
            if (i % 3 != 0 && !diary_is_text((enum diary_field)field))
                entry->numbers[field] = (int64_t)i % 2;
        assert_int_equal(diary_set_text(entry, DIARY_PLACE, hostile[i], &error), 0);
        assert_int_equal(diary_set_text(entry, DIARY_NOTE, hostile[n - 1 - i], &error), 0);
        if (!strchr(hostile[i], ';'))
            assert_int_equal(diary_add_tag(entry, hostile[i], &error), 0);
        assert_int_equal(diary_add_tag(entry, "mat", &error), 0);
        diary_csv_put(stream, entry);
    }
    fclose(stream);
    struct diary_reader reader;
    assert_int_equal(diary_reader_begin(&reader, text, size, "d.csv", 0, &error), 0);
    for (size_t i = 0; i < n; i++) {
        struct diary_entry entry;
        if (diary_reader_next(&reader, &entry, &error) != 1)
            fail_msg("%s", error.text);
        assert_true(diary_is_same(&entry, &entries[i]));
        assert_int_equal(entry.made_s, entries[i].made_s);
        diary_done(&entry);
        diary_done(&entries[i]);
    }
    struct diary_entry none;
    assert_int_equal(diary_reader_next(&reader, &none, &error), 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(tags_are_a_set),
        cmocka_unit_test(a_bad_file_is_named_by_line),
        cmocka_unit_test(any_columns_in_any_order),
        cmocka_unit_test(what_is_written_is_what_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
