// SPDX-License-Identifier: GPL-3.0-or-later
// What the mat's firmware sends, encoded by its own source, through the pad file that is shipped
// for it. The firmware as a whole, in a simulated chip: tests/firmware.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sender.h"
#include "pad/deframer.h"

#define CELLS 256

static uint8_t wire[4096];
static size_t n_wire;

static void put(uint8_t byte)
{
    assert_true(n_wire < sizeof wire);
    wire[n_wire++] = byte;
}

// No two cells of a frame are the same, nor the same cell of two frames.
static uint16_t count_of(uint16_t number, size_t place)
{
    return (uint16_t)((number * 7 + place * 3) % 1024);
}

static void send_frame(struct sender *sender)
{
    uint16_t number = sender->number;
    sender_begin(sender);
    for (size_t place = 0; place < CELLS; place++)
        sender_cell(sender, count_of(number, place));
    sender_end(sender);
}

struct seen {
    const struct pad *pad;
    uint16_t number; // of the next frame
    unsigned frames, drops[DROP_N];
};

static int see(const struct deframed *deframed, void *userdata)
{
    struct seen *seen = userdata;
    seen->drops[deframed->drop]++;
    uint16_t number = seen->number++;
    if (deframed->drop != DROP_NONE)
        return 0;
    seen->frames++;
    for (size_t place = 0; place < CELLS; place++)
        assert_int_equal(deframed->frame.counts[seen->pad->cell_of[place]],
                         count_of(number, place));
    return 0;
}

struct bench {
    struct pad *pad;
    struct deframer *deframer;
    struct seen seen;
};

static void bench_begin(struct bench *bench, uint16_t number)
{
    char path[4096];
    struct error error = {0};
    snprintf(path, sizeof path, "%s/diy-16x16.pad", getenv("PSOASMON_PADS"));
    if (pad_load(&bench->pad, path, &error) < 0)
        fail_msg("%s", error.text);
    assert_int_equal(deframer_new(&bench->deframer, bench->pad), 0);
    bench->seen = (struct seen){.pad = bench->pad, .number = number};
    n_wire = 0;
}

static void bench_push(struct bench *bench)
{
    assert_int_equal(deframer_push(bench->deframer, wire, n_wire, see, &bench->seen), 0);
    n_wire = 0;
}

static void bench_end(struct bench *bench)
{
    assert_int_equal(deframer_finish(bench->deframer, see, &bench->seen), 0);
    deframer_free(bench->deframer);
    pad_free(bench->pad);
}

// Across the end of the counter, too.
static void its_frames_are_read(void **state)
{
    (void)state;
    static const uint16_t firsts[] = {0, 65530};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct bench bench;
        struct sender sender = {.put = put, .number = firsts[i]};
        bench_begin(&bench, firsts[i]);
        for (int n = 0; n < 20; n++) {
            send_frame(&sender);
            assert_int_equal(n_wire, 4 + 2 + 2 * CELLS + 2);
            bench_push(&bench);
        }
        assert_int_equal(bench.seen.frames, 20);
        assert_int_equal(deframer_counts(bench.deframer)->stray_bytes, 0);
        bench_end(&bench);
    }
}

static void what_is_lost_is_counted(void **state)
{
    (void)state;
    struct bench bench;
    struct sender sender = {.put = put};
    bench_begin(&bench, 0);
    for (int n = 0; n < 20; n++) {
        send_frame(&sender);
        if (n >= 5 && n < 8)
            n_wire = 0; // not a byte of it comes
        if (n == 12)
            wire[100] ^= 4;
        bench_push(&bench);
    }
    assert_int_equal(bench.seen.frames, 16);
    assert_int_equal(bench.seen.drops[DROP_MISSED], 3);
    assert_int_equal(bench.seen.drops[DROP_CHECKSUM], 1);
    bench_end(&bench);
}

// Its counter begins again: nothing is missed.
static void a_reset_loses_nothing(void **state)
{
    (void)state;
    struct bench bench;
    struct sender sender = {.put = put, .number = 40000};
    bench_begin(&bench, 40000);
    send_frame(&sender);
    bench_push(&bench);
    sender.number = bench.seen.number = 0;
    send_frame(&sender);
    bench_push(&bench);
    assert_int_equal(bench.seen.frames, 2);
    assert_int_equal(bench.seen.drops[DROP_MISSED], 0);
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_frames_are_read),
        cmocka_unit_test(what_is_lost_is_counted),
        cmocka_unit_test(a_reset_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
