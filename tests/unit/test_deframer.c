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

#include "pad/check.h"
#include "pad/deframer.h"

#define PAD     "[pad]\nname = toy\ntitle = Toy\nstatus = untested\n"
#define GRID    "[grid]\nrows = 2\ncols = 2\nhead = top\nleft = left\n"
#define CELLS   "[cells]\npitch_mm = 30 30\nfull_scale = 65535\ntouch = 5\n"
#define LINES   "[wire]\nframing = lines\nsample = ascii\nrate_hz = 1\n"
#define PLAIN   "[wire]\nframing = delimited\nsync = AA 55\nsample = u8\nrate_hz = 10\n"
#define CHECKED PLAIN "check = crc16-modbus\n"

// What came out, as text: "1,2,3,4@OFFSET " for a frame, "#cause@OFFSET " for a dropped one.
struct seen {
    char text[4096];
    uint64_t frames;
};

static int see(const struct deframed *deframed, void *userdata)
{
    struct seen *seen = userdata;
    char *end = seen->text + strlen(seen->text);
    size_t room = sizeof seen->text - strlen(seen->text);
    assert_true(deframed->number == seen->frames++);
    if (deframed->drop != DROP_NONE) {
        snprintf(end, room, "#%s@%lu ", drop_name(deframed->drop), (unsigned long)deframed->offset);
        return 0;
    }
    const uint16_t *counts = deframed->frame.counts;
    snprintf(end, room, "%u,%u,%u,%u@%lu ", counts[0], counts[1], counts[2], counts[3],
             (unsigned long)deframed->offset);
    return 0;
}

static struct pad *parse(const char *text)
{
    struct pad *pad = NULL;
    struct error error = {0};
    if (pad_parse(&pad, text, strlen(text), "toy.pad", &error) < 0)
        fail_msg("%s", error.text);
    return pad;
}

// Pushes the bytes `step` at a time; the result must not depend on the step.
static void expect(const char *description, const void *bytes, size_t length, const char *text,
                   uint64_t stray)
{
    struct pad *pad = parse(description);
    for (size_t step = 1; step <= length + 1; step += step < 8 ? 1 : length) {
        struct deframer *deframer;
        struct seen seen = {0};
        assert_int_equal(deframer_new(&deframer, pad), 0);
        for (size_t at = 0; at < length; at += step) {
            size_t n = length - at < step ? length - at : step;
            assert_int_equal(deframer_push(deframer, (const char *)bytes + at, n, see, &seen), 0);
        }
        assert_int_equal(deframer_finish(deframer, see, &seen), 0);
        assert_string_equal(seen.text, text);
        assert_int_equal(deframer_counts(deframer)->stray_bytes, stray);
        assert_int_equal(deframer_counts(deframer)->bytes, length);
        deframer_free(deframer);
    }
    pad_free(pad);
}

static void expect_lines(const char *lines, const char *text, uint64_t stray)
{
    expect(PAD LINES GRID CELLS, lines, strlen(lines), text, stray);
}

static void lines_with_any_separator(void **state)
{
    (void)state;
    expect_lines("1\t2\t3\t4\t\n5,6;7 , 8\r\n", "1,2,3,4@0 5,6,7,8@9 ", 0);
    expect_lines("1 2 3 4", "1,2,3,4@0 ", 0); // no newline at the end
    expect_lines("\n\n1 2 3 4\n\n", "1,2,3,4@2 ", 0);
    expect_lines("1.4 1.5 2.49 65535\n", "1,2,2,65535@0 ", 0);
    expect_lines("", "", 0);
}

static void headings_are_stray(void **state)
{
    (void)state;
    static const char headed[] = PAD LINES "headings = yes\n" GRID CELLS;
    expect(headed, "a,b\n1 2 3 4\n", 12, "1,2,3,4@4 ", 4);
    expect(headed, "1 2 3 4\nab", 10, "1,2,3,4@0 ", 2); // without a newline there is none to count
}

static void lines_that_are_no_frame(void **state)
{
    (void)state;
    expect_lines("1 2 3\n1 2 3 4\n", "#short@0 1,2,3,4@6 ", 0);
    expect_lines("1 2 3 4 5 666\n1 2 3 4\n", "#long@0 1,2,3,4@14 ", 3);
    expect_lines("1 2 x 4\n1 2 3 4\n", "#letters@0 1,2,3,4@8 ", 2);
    expect_lines("1 2 3 65536\n1 2 3 4\n", "#range@0 1,2,3,4@12 ", 0);
    expect_lines("1 2 3 99999999999999999999\n", "#range@0 ", 0);
    expect_lines("1 2 -3 4\n", "#range@0 ", 0);
    expect_lines("1 2-3 4\n", "#letters@0 ", 3);
    expect_lines("1 2 .5 4\n", "#letters@0 ", 3);
    expect_lines("1 2 3", "#short@0 ", 0);
}

static void a_zero_byte_is_a_letter(void **state)
{
    (void)state;
    expect(PAD LINES GRID CELLS, "1 2 \0 4\n1 2 3 4\n", 16, "#letters@0 1,2,3,4@8 ", 2);
}

static void a_row_a_line(void **state)
{
    (void)state;
    const char *pad = PAD LINES "line = row\n" GRID CELLS;
    const char *whole = "1 2\n3 4\n5 6\n7 8\n";
    expect(pad, whole, strlen(whole), "1,2,3,4@0 5,6,7,8@8 ", 0);
    // A blank line stands between frames, so a lost row costs one frame, not all that follow.
    const char *lost = "1 2\n3 4\n\n5 6\n\n7 8\n9 10\n";
    expect(pad, lost, strlen(lost), "1,2,3,4@0 #short@9 7,8,9,10@14 ", 0);
    const char *bad = "1 2\n3 x\n5 6\n7 8\n1 2\n";
    expect(pad, bad, strlen(bad), "#letters@0 5,6,7,8@8 #short@16 ", 0);
}

static void columns_that_are_no_cells(void **state)
{
    (void)state;
    const char *pad = PAD LINES "skip_columns = 1\nextra_columns = 2\n" GRID CELLS;
    const char *text = "77 1 2 3 4 88 99999999\n77 1 2 3 4 88\n";
    expect(pad, text, strlen(text), "1,2,3,4@0 #short@23 ", 0);
}

static void a_line_without_end_takes_no_memory(void **state)
{
    (void)state;
    // Nothing is allocated after deframer_new, so what is shown here is that it is dropped,
    // counted, and that the next line is a frame again.
    static char zeros[1 << 16];
    memset(zeros, '1', sizeof zeros);
    struct pad *pad = parse(PAD LINES GRID CELLS);
    struct deframer *deframer;
    struct seen seen = {0};
    assert_int_equal(deframer_new(&deframer, pad), 0);
    deframer_push(deframer, "1 2 3 4 5 6", 11, see, &seen);
    for (int i = 0; i < 100; i++)
        deframer_push(deframer, zeros, sizeof zeros, see, &seen);
    deframer_push(deframer, "\n1 2 3 4\n", 9, see, &seen);
    assert_string_equal(seen.text, "#long@0 1,2,3,4@6553612 ");
    assert_int_equal(deframer_counts(deframer)->stray_bytes, 100 * sizeof zeros + 1);
    deframer_free(deframer);
    pad_free(pad);
}

static void delimited_frames(void **state)
{
    (void)state;
    expect(PAD PLAIN GRID CELLS, "\xAA\x55\1\2\3\4\xAA\x55\5\6\7\x8", 12, "1,2,3,4@0 5,6,7,8@6 ",
           0);
}

// The counter in front of the cells tells what never came; what came damaged is told once.
static void frames_that_a_counter_misses(void **state)
{
    (void)state;
    static const char counted[] = PAD PLAIN "counter = u8\ncheck = sum8\n" GRID CELLS;
    expect(counted, "\xAA\x55\xFE\1\1\1\1\2\xAA\x55\xFF\2\2\2\2\7", 16, "1,1,1,1@0 2,2,2,2@8 ", 0);
    // 255 and 0 are missed, and the counter goes on behind its end.
    expect(counted, "\xAA\x55\xFE\1\1\1\1\2\xAA\x55\1\2\2\2\2\x9", 16,
           "1,1,1,1@0 #missed@8 #missed@8 2,2,2,2@8 ", 0);
    // 255 came, but damaged.
    expect(counted, "\xAA\x55\xFE\1\1\1\1\2\xAA\x55\xFF\3\3\3\3\0\xAA\x55\1\2\2\2\2\x9", 24,
           "1,1,1,1@0 #checksum@8 #missed@16 2,2,2,2@16 ", 8);
    // 0 comes twice: nothing is missed, the board began anew.
    static const char wide[] = PAD PLAIN "counter = u16be\ncheck = sum8\n" GRID CELLS;
    expect(wide, "\xAA\x55\1\1\1\1\1\1\6\xAA\x55\0\0\1\1\1\1\4", 18, "1,1,1,1@0 1,1,1,1@9 ", 0);
    expect(wide, "\xAA\x55\0\1\1\1\1\1\5\xAA\x55\0\3\1\1\1\1\7", 18,
           "1,1,1,1@0 #missed@9 1,1,1,1@9 ", 0);
}

static void sync_bytes_in_the_payload(void **state)
{
    (void)state;
    expect(PAD PLAIN GRID CELLS, "\xAA\x55\1\xAA\x55\4\xAA\x55\5\6\7\x8", 12,
           "1,170,85,4@0 5,6,7,8@6 ", 0);
    // The stream begins in the middle of a frame whose payload looks like a header.
    expect(PAD PLAIN GRID CELLS, "\x9\xAA\x55\4\xAA\x55\5\6\7\x8\xAA\x55\1\2\3\4", 16,
           "5,6,7,8@4 1,2,3,4@10 ", 4);
}

static void a_frame_that_lost_bytes(void **state)
{
    (void)state;
    // One byte lost: the next header stands where the fourth cell should.
    expect(PAD PLAIN GRID CELLS, "\xAA\x55\1\2\3\xAA\x55\5\6\7\x8\xAA\x55\1\2\3\4", 17,
           "#short@0 5,6,7,8@5 1,2,3,4@11 ", 5);
    // Three bytes lost.
    expect(PAD PLAIN GRID CELLS, "\xAA\x55\1\xAA\x55\5\6\7\x8\xAA\x55\1\2\3\4", 15,
           "#short@0 5,6,7,8@3 1,2,3,4@9 ", 3);
    // The stream ends in the middle.
    expect(PAD PLAIN GRID CELLS, "\xAA\x55\1\2\3\4\xAA\x55\5", 9, "1,2,3,4@0 #short@6 ", 3);
}

static void noise_between_frames(void **state)
{
    (void)state;
    expect(PAD PLAIN GRID CELLS, "\x1\xAA\xAA\x55\1\2\3\4\x77\x78\xAA\x55\5\6\7\x8", 16,
           "1,2,3,4@2 5,6,7,8@10 ", 4);
}

static size_t checked_frame(uint8_t *bytes, const char *payload)
{
    memcpy(bytes, "\xAA\x55", 2);
    memcpy(bytes + 2, payload, 4);
    check_compute(CHECK_CRC16_MODBUS, bytes + 2, 4, bytes + 6);
    return 8;
}

static void checksums_decide(void **state)
{
    (void)state;
    uint8_t bytes[64];
    size_t n = 0;
    n += checked_frame(bytes + n, "\1\2\3\4");
    n += checked_frame(bytes + n, "\5\6\7\x8");
    n += checked_frame(bytes + n, "\xAA\x55\1\2");
    expect(PAD CHECKED GRID CELLS, bytes, n, "1,2,3,4@0 5,6,7,8@8 170,85,1,2@16 ", 0);
    bytes[10] ^= 1;
    expect(PAD CHECKED GRID CELLS, bytes, n, "1,2,3,4@0 #checksum@8 170,85,1,2@16 ", 8);
    bytes[2] ^= 1;
    expect(PAD CHECKED GRID CELLS, bytes, n, "#checksum@0 #checksum@8 170,85,1,2@16 ", 16);
}

static void known_checksums(void **state)
{
    (void)state;
    uint8_t check[2];
    check_compute(CHECK_CRC16_MODBUS, (const uint8_t *)"123456789", 9, check);
    assert_memory_equal(check, "\x37\x4B", 2); // 0x4B37, low byte first
    check_compute(CHECK_SUM8, (const uint8_t *)"\xFF\x03", 2, check);
    assert_int_equal(check[0], 2);
    check_compute(CHECK_XOR8, (const uint8_t *)"\xFF\x03", 2, check);
    assert_int_equal(check[0], 0xFC);
}

static void tails_samples_and_polarity(void **state)
{
    (void)state;
    const char *wire =
        PAD "[wire]\nframing = delimited\nsync = A5\ntail = 0D 0A\nsample = u16be\n"
            "rate_hz = 1\n" GRID "[cells]\npitch_mm = 30 30\nfull_scale = 1000\ntouch = 5\n"
            "polarity = down\n";
    expect(wire, "\xA5\0\0\0\1\3\xE8\xFF\xFF\r\n\xA5\0\0\0\1\3\xE8\0\0\r\r", 22,
           "1000,999,0,0@0 #tail@11 ", 11);
    const char *signed_wire = PAD "[wire]\nframing = delimited\nsync = A5\nsample = i16le\n"
                                  "rate_hz = 1\n" GRID CELLS;
    expect(signed_wire, "\xA5\1\0\xFF\xFF\0\1\0\x80", 9, "1,0,256,0@0 ", 0);
}

// Whatever arrives, nothing is read or written out of bounds and every byte is accounted for.
static void noise_of_every_kind(void **state)
{
    (void)state;
    static const char *const wires[] = {LINES, LINES "line = row\n", PLAIN, CHECKED};
    for (size_t w = 0; w < sizeof wires / sizeof *wires; w++) {
        char text[1024];
        snprintf(text, sizeof text, PAD "%s" GRID CELLS, wires[w]);
        struct pad *pad = parse(text);
        struct deframer *deframer;
        assert_int_equal(deframer_new(&deframer, pad), 0);
        uint64_t random = 42;
        for (int round = 0; round < 20000; round++) {
            static const char alphabet[] = "\xAA\x55 1\n09,x\0-.";
            uint8_t bytes[24];
            struct seen seen = {.frames = 0};
            random = random * 6364136223846793005u + 1442695040888963407u;
            size_t n = random >> 59;
            for (size_t i = 0; i < n && i < sizeof bytes; i++) {
                random = random * 6364136223846793005u + 1442695040888963407u;
                bytes[i] = (uint8_t)alphabet[(random >> 33) % (sizeof alphabet - 1)];
            }
            const struct deframer_counts *counts = deframer_counts(deframer);
            seen.frames = counts->frames;
            for (int i = 0; i < DROP_N; i++)
                seen.frames += counts->drops[i];
            deframer_push(deframer, bytes, n < sizeof bytes ? n : sizeof bytes, see, &seen);
        }
        pad_free(pad);
        deframer_free(deframer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_with_any_separator),
        cmocka_unit_test(headings_are_stray),
        cmocka_unit_test(lines_that_are_no_frame),
        cmocka_unit_test(a_zero_byte_is_a_letter),
        cmocka_unit_test(a_row_a_line),
        cmocka_unit_test(columns_that_are_no_cells),
        cmocka_unit_test(a_line_without_end_takes_no_memory),
        cmocka_unit_test(delimited_frames),
        cmocka_unit_test(frames_that_a_counter_misses),
        cmocka_unit_test(sync_bytes_in_the_payload),
        cmocka_unit_test(a_frame_that_lost_bytes),
        cmocka_unit_test(noise_between_frames),
        cmocka_unit_test(checksums_decide),
        cmocka_unit_test(known_checksums),
        cmocka_unit_test(tails_samples_and_polarity),
        cmocka_unit_test(noise_of_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
