// SPDX-License-Identifier: GPL-3.0-or-later
// What pad_encode writes, the deframer reads.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pad/deframer.h"
#include "random.h"
#include "sleeper.h"

#define FRAMES 20

// A pad of 3 rows and 4 columns; `wire` and `grid` are lines of those sections.
static struct pad *make_pad(const char *wire, const char *grid, const char *cells)
{
    char text[1024];
    snprintf(text, sizeof text,
             "[pad]\nname = test\ntitle = Test\nstatus = untested\n"
             "[wire]\nrate_hz = 1\n%s"
             "[grid]\nrows = 3\ncols = 4\n%s"
             "[cells]\npitch_mm = 25 25\n%s",
             wire, grid, cells);
    struct pad *pad = NULL;
    struct error error = {0};
    if (pad_parse(&pad, text, strlen(text), "test.pad", &error) < 0)
        fail_msg("%s", error.text);
    return pad;
}

static const char upright[] = "head = top\nleft = left\n";
static const char bytes[] = "full_scale = 255\ntouch = 5\n";
static const char words[] = "full_scale = 4000\ntouch = 5\n";

// ---- bytes that can be told in advance ----

static void assert_encodes(const struct pad *pad, const uint16_t *counts, const void *expected,
                           size_t length)
{
    uint8_t encoded[256];
    assert_int_equal(pad_encode(pad, counts, encoded, sizeof encoded), length);
    assert_memory_equal(encoded, expected, length);
}

static void writes_a_delimited_frame(void **state)
{
    (void)state;
    struct pad *pad =
        make_pad("framing = delimited\nsync = AA 55\nsample = u8\ncheck = sum8\ntail = 0D\n",
                 upright, bytes);
    const uint16_t counts[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255};
    const uint8_t expected[] = {0xAA, 0x55, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255, 65, 0x0D};
    assert_encodes(pad, counts, expected, sizeof expected);
    assert_int_equal(pad_encoded_max(pad), sizeof expected);
    pad_free(pad);
}

static void writes_lines(void **state)
{
    (void)state;
    struct pad *pad =
        make_pad("framing = lines\nsample = ascii\nline = row\nskip_columns = 1\n", upright, words);
    const uint16_t counts[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 4000};
    const char expected[] = "0\t0\t1\t2\t3\t\n0\t4\t5\t6\t7\t\n0\t8\t9\t10\t4000\t\n";
    assert_encodes(pad, counts, expected, sizeof expected - 1);
    pad_free(pad);
}

static void saturates_what_a_sample_cannot_hold(void **state)
{
    (void)state;
    struct pad *pad = make_pad("framing = delimited\nsync = AA\nsample = u8\n", upright,
                               "full_scale = 255\n"
                               "touch = 1\n");
    const uint16_t counts[12] = {256, 65535, 255};
    const uint8_t expected[13] = {0xAA, 255, 255, 255};
    assert_encodes(pad, counts, expected, sizeof expected);
    pad_free(pad);
}

static void refuses_a_small_buffer(void **state)
{
    (void)state;
    const char *const wires[] = {
        "framing = delimited\nsync = AA\nsample = u16be\ncheck = crc16-modbus\ntail = 00 0D\n",
        "framing = lines\nsample = ascii\nextra_columns = 2\n",
    };
    const uint16_t counts[12] = {0};
    for (size_t i = 0; i < sizeof wires / sizeof *wires; i++) {
        struct pad *pad = make_pad(wires[i], upright, words);
        uint8_t encoded[256];
        ssize_t length = pad_encode(pad, counts, encoded, sizeof encoded);
        assert_true(length > 0);
        memset(encoded, 0xEE, sizeof encoded);
        for (size_t size = 0; size < (size_t)length; size++)
            assert_int_equal(pad_encode(pad, counts, encoded, size), -ENOSPC);
        for (size_t at = (size_t)length - 1; at < sizeof encoded; at++)
            assert_int_equal(encoded[at], 0xEE);
        assert_int_equal(pad_encode(pad, counts, encoded, (size_t)length), length);
        pad_free(pad);
    }
}

// ---- there and back ----

struct echo {
    uint16_t counts[FRAMES][12];
    size_t n;
};

static int compare(const struct deframed *deframed, void *userdata)
{
    struct echo *echo = userdata;
    assert_int_equal(deframed->drop, DROP_NONE);
    assert_true(echo->n < FRAMES);
    assert_memory_equal(deframed->frame.counts, echo->counts[echo->n], sizeof *echo->counts);
    echo->n++;
    return 0;
}

static void assert_round_trip(struct pad *pad)
{
    struct random random = random_seeded(7, 0);
    struct echo echo = {0};
    struct deframer *deframer;
    assert_int_equal(deframer_new(&deframer, pad), 0);
    for (size_t i = 0; i < FRAMES; i++) {
        uint8_t encoded[256];
        for (size_t cell = 0; cell < 12; cell++)
            echo.counts[i][cell] = (uint16_t)random_below(&random, pad->full_scale + 1);
        ssize_t length = pad_encode(pad, echo.counts[i], encoded, sizeof encoded);
        assert_true(length > 0 && (size_t)length <= pad_encoded_max(pad));
        assert_int_equal(deframer_push(deframer, encoded, (size_t)length, compare, &echo), 0);
    }
    assert_int_equal(deframer_finish(deframer, compare, &echo), 0);
    assert_int_equal(echo.n, FRAMES);
    assert_int_equal(deframer_counts(deframer)->stray_bytes, 0);
    deframer_free(deframer);
    pad_free(pad);
}

static void the_deframer_reads_every_sample_and_checksum(void **state)
{
    (void)state;
    const char *const samples[] = {"u8", "u16le", "u16be", "i16le"};
    const char *const checks[] = {"check = none\n", "check = sum8\n", "check = xor8\n",
                                  "check = crc16-modbus\n",
                                  "check = crc16-modbus\ncheck_covers = sync+payload\n"};
    for (size_t s = 0; s < sizeof samples / sizeof *samples; s++)
        for (size_t c = 0; c < sizeof checks / sizeof *checks; c++) {
            char wire[256];
            snprintf(wire, sizeof wire,
                     "framing = delimited\nsync = AA 55 03 99\ntail = 0D 0A\nsample = %s\n%s",
                     samples[s], checks[c]);
            assert_round_trip(make_pad(wire, upright, s == 0 ? bytes : words));
        }
}

static void the_deframer_reads_every_framing(void **state)
{
    (void)state;
    static const char *const wires[] = {
        "framing = delimited\ntail = FF FE FE FF\nsample = u8\n",
        "framing = delimited\ntail = AA 00 55 00\nsample = u16le\ncheck = sum8\n",
        "framing = delimited\nsync = AA ?? 55\nskip_bytes = 1\nextra_bytes = 4\nsample = u24be\n",
        "framing = polled\nrequest = \"A\"\nsample = u16be\n",
        "framing = polled\nskip_bytes = 2\nextra_bytes = 1\nsample = i16be\n",
        "framing = sparse\nsync = 4E 0A\nentries = u16be\nskip_bytes = 2\nsample = u16be\n",
        "framing = rle0\nsample = u8\n",
        "framing = chunked\nsync = \"M\"\nchunk = count:u8 line:u8 values\ntail = \"\\n\"\n"
        "sample = i16le\n",
        "framing = chunked\nchunk = id:i8 start:u16le values seq:u32le\ntail = \"wr\"\n"
        "chunk_values = 5\nsample = u16le\n",
        "framing = lines\nsample = ascii\nline = cell\nmarker = ---\n",
        "framing = lines\nsample = ascii\nline = any\n",
        "framing = lines\nsample = ascii\nline = row\nheadings = yes\n",
    };
    static const char *const grids[] = {
        "head = top\nleft = left\n",
        "head = right\nleft = left\nmajor = column\ntranspose = yes\nflip = rows\n",
        "head = top\nleft = right\ntranspose = yes\nflip = both\n",
        "head = bottom\nleft = right\nmap = 0 1 4 5\n 2 3 6 7\n 8 9 11 10\n",
    };
    for (size_t w = 0; w < sizeof wires / sizeof *wires; w++)
        for (size_t g = 0; g < sizeof grids / sizeof *grids; g++) {
            bool small = strstr(wires[w], "u8") || strstr(wires[w], "rle0");
            assert_round_trip(
                make_pad(wires[w], grids[g], small ? "full_scale = 250\ntouch = 5\n" : words));
        }
}

static void the_deframer_reads_every_way_the_pad_may_lie(void **state)
{
    (void)state;
    const char *const grids[] = {
        "head = bottom\nleft = left\n",
        "head = left\nleft = left\n",
        "head = right\nleft = right\n",
        "head = top\nleft = right\nserpentine = yes\n",
        "head = top\nleft = left\nmajor = column\n",
        "head = right\nleft = left\nrow_map = 1..2 0\ncol_map = 3..0\n",
    };
    const char *const wires[] = {
        "framing = delimited\nsync = AA\nsample = u16le\ncheck = sum8\n",
        "framing = lines\nsample = ascii\n",
        "framing = lines\nsample = ascii\nline = row\nskip_columns = 2\nextra_columns = 1\n",
    };
    const char *const cells[] = {words, "full_scale = 4000\ntouch = 5\npolarity = down\n"};
    for (size_t g = 0; g < sizeof grids / sizeof *grids; g++)
        for (size_t w = 0; w < sizeof wires / sizeof *wires; w++)
            for (size_t c = 0; c < sizeof cells / sizeof *cells; c++)
                assert_round_trip(make_pad(wires[w], grids[g], cells[c]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_delimited_frame),
        cmocka_unit_test(writes_lines),
        cmocka_unit_test(saturates_what_a_sample_cannot_hold),
        cmocka_unit_test(refuses_a_small_buffer),
        cmocka_unit_test(the_deframer_reads_every_sample_and_checksum),
        cmocka_unit_test(the_deframer_reads_every_framing),
        cmocka_unit_test(the_deframer_reads_every_way_the_pad_may_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
