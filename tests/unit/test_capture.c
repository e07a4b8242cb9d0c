// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/capture_format.h"

#define START_US  INT64_C(1767650400000000)
#define FILE_MAX  (64 * 1024)
#define PIECE_MAX (CAPTURE_PIECE_MAX * 2)

static const struct capture_head head = {.pad = "jq-bed-32", .baud = 1000000, .start_us = START_US};

static char directory[] = "/tmp/psoasmon-capture-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/a.capture", directory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

// ---- what is written, and what is read of it ----

struct contents {
    uint8_t bytes[FILE_MAX];
    size_t length;
};

static void load(struct contents *contents)
{
    _cleanup_(fclosep) FILE *file = fopen(path, "rb");
    assert_non_null(file);
    contents->length = fread(contents->bytes, 1, sizeof contents->bytes, file);
}

static struct capture_writer *begin(void)
{
    struct capture_writer *writer = NULL;
    struct error error = {0};
    if (capture_writer_new(&writer, path, &head, &error) < 0)
        fail_msg("%s", error.text);
    return writer;
}

static void add(struct capture_writer *writer, int64_t after_start_us, const char *text)
{
    struct error error = {0};
    assert_int_equal(
        capture_writer_add(writer, START_US + after_start_us, text, strlen(text), &error), 0);
}

static void finish(struct capture_writer *writer)
{
    struct error error = {0};
    assert_int_equal(capture_writer_finish(writer, &error), 0);
    capture_writer_free(writer);
}

// Three records, one of them empty.
static void write_sample(struct contents *contents)
{
    struct capture_writer *writer = begin();
    add(writer, 1500, "first");
    add(writer, 1000000, "");
    add(writer, 2000001, "and last");
    finish(writer);
    load(contents);
}

struct heard {
    char text[PIECE_MAX + 1];
    size_t length;
    int64_t times_us[8];
    size_t lengths[8], records;
};

static int hear(const void *bytes, size_t length, int64_t time_us, void *userdata)
{
    struct heard *heard = userdata;
    assert_true(heard->records < 8 && heard->length + length <= PIECE_MAX);
    memcpy(heard->text + heard->length, bytes, length);
    heard->length += length;
    heard->text[heard->length] = '\0';
    heard->lengths[heard->records] = length;
    heard->times_us[heard->records++] = time_us - START_US;
    return 0;
}

// Pushes it in pieces of one size, and says what came of it.
static int read_all(const struct contents *contents, size_t piece, struct heard *heard,
                    struct error *error)
{
    _cleanup_(capture_reader_freep) struct capture_reader *reader = NULL;
    memset(heard, 0, sizeof *heard);
    assert_int_equal(capture_reader_new(&reader, "x.capture"), 0);
    for (size_t at = 0; at < contents->length; at += piece) {
        size_t n = contents->length - at < piece ? contents->length - at : piece;
        int r = capture_reader_push(reader, contents->bytes + at, n, hear, heard, error);
        if (r < 0)
            return r;
    }
    return capture_reader_finish(reader, error);
}

static struct contents contents;
static struct heard heard, whole;

// ---- the tests ----

static void test_what_is_written_is_read_in_pieces_of_every_size(void **state)
{
    (void)state;
    struct error error = {0};
    write_sample(&contents);
    assert_int_equal(contents.length, CAPTURE_HEAD_SIZE + 3 * CAPTURE_RECORD_EXTRA + 13);
    for (size_t piece = 1; piece <= contents.length; piece++) {
        assert_int_equal(read_all(&contents, piece, &heard, &error), 0);
        assert_int_equal(heard.records, 3);
        assert_string_equal(heard.text, "firstand last");
        assert_int_equal(heard.times_us[0], 1500);
        assert_int_equal(heard.times_us[1], 1000000);
        assert_int_equal(heard.times_us[2], 2000001);
    }
}

static void test_the_head_says_what_was_captured(void **state)
{
    (void)state;
    _cleanup_(capture_reader_freep) struct capture_reader *reader = NULL;
    struct error error = {0};
    write_sample(&contents);
    assert_true(capture_begins(contents.bytes, contents.length));
    assert_int_equal(capture_reader_new(&reader, "x.capture"), 0);
    capture_reader_push(reader, contents.bytes, CAPTURE_HEAD_SIZE - 1, hear, &heard, &error);
    assert_null(capture_reader_head(reader));
    capture_reader_push(reader, contents.bytes + CAPTURE_HEAD_SIZE - 1, 1, hear, &heard, &error);
    const struct capture_head *got = capture_reader_head(reader);
    assert_string_equal(got->pad, head.pad);
    assert_int_equal(got->baud, head.baud);
    assert_true(got->start_us == START_US);
}

// As docs/capture-files.md has it, byte for byte.
static void test_the_format_is_the_documented_one(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {
        'P',  'S',  'O',  'A',  'S',  'C',  'A', 'P', 1,   0,   0,   0,   0x40, 0x42, 0x0F, 0,   0x00,
        0xD8, 0x2D, 0x2E, 0xAB, 0x47, 0x06, 0,   'j', 'q', '-', 'b', 'e',  'd',  '-',  '3', '2',
    };
    static const uint8_t record[] = {0xDC, 5, 0, 0, 5, 0, 'f', 'i', 'r', 's', 't'};
    write_sample(&contents);
    assert_memory_equal(contents.bytes, bytes, sizeof bytes);
    assert_memory_equal(contents.bytes + CAPTURE_HEAD_SIZE, record, sizeof record);
}

static void test_a_file_cut_anywhere_keeps_all_before_the_cut(void **state)
{
    (void)state;
    write_sample(&contents);
    size_t length = contents.length;
    size_t ends[] = {CAPTURE_HEAD_SIZE, CAPTURE_HEAD_SIZE + CAPTURE_RECORD_EXTRA + 5,
                     CAPTURE_HEAD_SIZE + 2 * CAPTURE_RECORD_EXTRA + 5, length};
    for (contents.length = 0; contents.length < length; contents.length++) {
        struct error error = {0};
        int r = read_all(&contents, 7, &heard, &error);
        size_t n = 0;
        while (n < 3 && ends[n + 1] <= contents.length)
            n++;
        char offset[32];
        snprintf(offset, sizeof offset, "byte %zu", ends[n]);
        if (contents.length < CAPTURE_HEAD_SIZE) {
            assert_int_equal(r, -EBADMSG);
        } else if (contents.length == ends[n]) {
            assert_int_equal(r, 0);
        } else {
            assert_int_equal(r, CAPTURE_CUT);
            assert_non_null(strstr(error.text, offset));
        }
        assert_int_equal(heard.records, contents.length < CAPTURE_HEAD_SIZE ? 0 : n);
    }
}

// Whatever bit is wrong: nothing that was not captured is handed on, and it is told.
static void test_no_wrong_bit_passes(void **state)
{
    (void)state;
    struct error error = {0};
    write_sample(&contents);
    assert_int_equal(read_all(&contents, contents.length, &whole, &error), 0);
    for (size_t bit = 0; bit < contents.length * 8; bit++) {
        contents.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        error.text[0] = '\0';
        // A length that is wrong may reach beyond the end.
        int r = read_all(&contents, 1000, &heard, &error);
        assert_true(r == -EBADMSG || r == CAPTURE_CUT);
        assert_non_null(strstr(error.text, "x.capture"));
        assert_true(heard.records < 3);
        assert_memory_equal(heard.text, whole.text, heard.length);
        for (size_t i = 0; i < heard.records; i++)
            assert_int_equal(heard.times_us[i], whole.times_us[i]);
        contents.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void test_a_record_that_is_missing_shows(void **state)
{
    (void)state;
    struct error error = {0};
    write_sample(&contents);
    size_t second = CAPTURE_HEAD_SIZE + CAPTURE_RECORD_EXTRA + 5;
    contents.length -= CAPTURE_RECORD_EXTRA;
    memmove(contents.bytes + second, contents.bytes + second + CAPTURE_RECORD_EXTRA,
            contents.length - second);
    assert_int_equal(read_all(&contents, 1000, &heard, &error), -EBADMSG);
    assert_string_equal(error.text, "x.capture: byte 79: the record that begins here is damaged");
    assert_int_equal(heard.records, 1);
}

static void test_nothing_is_taken_behind_damage(void **state)
{
    (void)state;
    _cleanup_(capture_reader_freep) struct capture_reader *reader = NULL;
    struct error error = {0};
    write_sample(&contents);
    memset(&heard, 0, sizeof heard);
    contents.bytes[CAPTURE_HEAD_SIZE + 7] ^= 1;
    assert_int_equal(capture_reader_new(&reader, "x.capture"), 0);
    for (size_t i = 0; i < 3; i++) {
        int r = capture_reader_push(reader, contents.bytes, contents.length, hear, &heard, &error);
        assert_int_equal(r, -EBADMSG);
    }
    assert_int_equal(heard.records, 0);
}

// Sealed with a right checksum, and yet nonsense.
static void test_a_head_of_nonsense_is_refused(void **state)
{
    (void)state;
    static const struct {
        struct capture_head head;
        const char *words;
    } cases[] = {
        {{.pad = "Ab"}, "byte 24"},
        {{.pad = "\x1b[2J"}, "byte 24"},
        {{.baud = CAPTURE_BAUD_MAX + 1}, "byte 12"},
        {{.start_us = -1}, "byte 16"},
        {{.start_us = CAPTURE_LAST_US + 1}, "byte 16"},
        {{.start_us = INT64_MIN}, "byte 16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        capture_put_head(contents.bytes, &cases[i].head);
        contents.length = CAPTURE_HEAD_SIZE;
        assert_int_equal(read_all(&contents, 1000, &heard, &error), -EBADMSG);
        assert_non_null(strstr(error.text, cases[i].words));
    }
}

static void test_time_ends_with_the_year_9999(void **state)
{
    (void)state;
    struct error error = {0};
    const struct capture_head late = {.start_us = CAPTURE_LAST_US - 5};
    capture_put_head(contents.bytes, &late);
    uint8_t *record = contents.bytes + CAPTURE_HEAD_SIZE;
    for (unsigned i = 0; i < 2; i++, record += CAPTURE_RECORD_EXTRA) {
        capture_put_number(record, 5, 4);
        capture_put_number(record + 4, 0, 2);
        capture_seal(record - CAPTURE_CHECK_SIZE, 0);
    }
    contents.length = (size_t)(record - contents.bytes);
    assert_int_equal(read_all(&contents, 1000, &heard, &error), -EBADMSG);
    assert_int_equal(heard.records, 1);
    assert_non_null(strstr(error.text, "byte 74"));
}

static void test_a_long_silence_and_a_clock_that_goes_back(void **state)
{
    (void)state;
    struct error error = {0};
    struct capture_writer *writer = begin();
    add(writer, INT64_C(3) * UINT32_MAX + 7, "a");
    add(writer, 1, "b");
    finish(writer);
    load(&contents);
    assert_int_equal(read_all(&contents, 1000, &heard, &error), 0);
    assert_int_equal(heard.records, 5);
    assert_true(heard.times_us[3] == INT64_C(3) * UINT32_MAX + 7);
    assert_true(heard.times_us[4] == heard.times_us[3]);
    assert_string_equal(heard.text, "ab");
}

static void test_more_than_a_record_holds_becomes_several(void **state)
{
    (void)state;
    static uint8_t bytes[CAPTURE_PIECE_MAX + 1];
    struct error error = {0};
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    struct capture_writer *writer = begin();
    assert_int_equal(capture_writer_add(writer, START_US, bytes, sizeof bytes, &error), 0);
    finish(writer);
    load(&contents);
    assert_int_equal(read_all(&contents, 4096, &heard, &error), 0);
    assert_int_equal(heard.records, 2);
    assert_int_equal(heard.lengths[1], 1);
    assert_memory_equal(heard.text, bytes, sizeof bytes);
}

static void test_nothing_is_overwritten(void **state)
{
    (void)state;
    struct error error = {0};
    struct capture_writer *writer = NULL;
    write_sample(&contents);
    assert_int_equal(capture_writer_new(&writer, path, &head, &error), -EEXIST);
    assert_non_null(strstr(error.text, path));
    static struct contents again;
    load(&again);
    assert_int_equal(again.length, contents.length);
    assert_memory_equal(again.bytes, contents.bytes, contents.length);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

// A disk that is full in the middle of a record.
static void test_what_cannot_be_written_whole_is_not_there(void **state)
{
    (void)state;
    static const uint8_t bytes[1000];
    struct error error = {0};
    struct rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    struct capture_writer *writer = begin();
    add(writer, 1, "whole");
    const struct rlimit full = {.rlim_cur = 500, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    int r = capture_writer_add(writer, START_US + 2, bytes, sizeof bytes, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(r, -EFBIG);
    assert_non_null(strstr(error.text, path));
    add(writer, 3, ", and more"); // there is room again
    finish(writer);
    load(&contents);
    assert_int_equal(read_all(&contents, 1000, &heard, &error), 0);
    assert_string_equal(heard.text, "whole, and more");
}

int main(void)
{
#define EACH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(test_what_is_written_is_read_in_pieces_of_every_size),
        EACH(test_the_head_says_what_was_captured),
        EACH(test_the_format_is_the_documented_one),
        EACH(test_a_file_cut_anywhere_keeps_all_before_the_cut),
        EACH(test_no_wrong_bit_passes),
        EACH(test_a_record_that_is_missing_shows),
        EACH(test_nothing_is_taken_behind_damage),
        EACH(test_a_head_of_nonsense_is_refused),
        EACH(test_time_ends_with_the_year_9999),
        EACH(test_a_long_silence_and_a_clock_that_goes_back),
        EACH(test_more_than_a_record_holds_becomes_several),
        EACH(test_nothing_is_overwritten),
        EACH(test_what_cannot_be_written_whole_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
