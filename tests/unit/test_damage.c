// SPDX-License-Identifier: GPL-3.0-or-later
// A tenth of all bytes lost, flipped or made up, at random: every frame that came through whole is
// found, none that did not is taken for one where the format has a check, and every byte is
// accounted for. Frames are small, or hardly one would come through.
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pad/deframer.h"
#include "random.h"
#include "sleeper.h"

#define FRAMES 4000
#define CELLS  12
#define DAMAGE 0.1

struct format {
    const char *name, *wire;
    bool checked; // a broken frame is refused
    bool paused;  // an answer a request: the stream's pauses are known
    // The format has nothing to tell where a frame begins but the end of the one before: a whole
    // frame behind a broken one may be lost.
    bool leans;
};

static const struct format formats[] = {
    {"delimited, sync", "framing = delimited\nsync = AA 55 03 99\nsample = u8\n", false, false,
     false},
    {"delimited, crc",
     "framing = delimited\nsync = AA 55\nsample = u16le\ncheck = crc16-modbus\n"
     "check_covers = sync+payload\n",
     true, false, false},
    {"delimited, tail", "framing = delimited\ntail = FF FE FE FF\nsample = u8\n", false, false,
     false},
    {"polled", "framing = polled\nrequest = 41\nsample = u8\n", false, true, false},
    {"sparse", "framing = sparse\nsync = 4E 0A 77\nentries = u8\nsample = u8\n", false, false,
     false},
    {"rle0", "framing = rle0\nsample = u8\n", false, false, true},
    {"chunked, sync",
     "framing = chunked\nsync = \"MN\"\nchunk = count:u8 start:u8 values\ntail = \"\\n\"\n"
     "chunk_values = 6\nsample = u8\n",
     false, false, false},
    {"chunked, tail",
     "framing = chunked\nchunk = id:i8 start:u16le values seq:u32le\ntail = \"wr\"\n"
     "chunk_values = 6\nsample = u8\n",
     false, false, true},
    {"lines", "framing = lines\nsample = ascii\n", false, false, true},
    {"lines, rows", "framing = lines\nsample = ascii\nline = row\nmarker = ---\n", false, false,
     true},
    {"lines, cells", "framing = lines\nsample = ascii\nline = cell\nmarker = ---\n", false, false,
     true},
};

static struct pad *make_pad(const struct format *format)
{
    char text[1024];
    snprintf(text, sizeof text,
             "[pad]\nname = test\ntitle = Test\nstatus = untested\n[wire]\nrate_hz = 1\n%s"
             "[grid]\nrows = 3\ncols = 4\nhead = top\nleft = left\n"
             "[cells]\npitch_mm = 25 25\nfull_scale = 250\ntouch = 5\n",
             format->wire);
    struct pad *pad = NULL;
    struct error error = {0};
    if (pad_parse(&pad, text, strlen(text), "test.pad", &error) < 0)
        fail_msg("%s: %s", format->name, error.text);
    return pad;
}

struct stream {
    uint16_t counts[FRAMES][CELLS];
    bool whole[FRAMES], behind_whole[FRAMES]; // came through; the one before it did, too
    bool seen[FRAMES];
    size_t n_whole, n_seen, n_false;
    size_t next; // of the frames that may be seen
};

// Frames are told by what they hold; they come in order.
static int see(const struct deframed *deframed, void *userdata)
{
    struct stream *stream = userdata;
    if (deframed->drop != DROP_NONE)
        return 0;
    for (size_t i = stream->next; i < FRAMES; i++) {
        if (memcmp(stream->counts[i], deframed->frame.counts, sizeof *stream->counts) != 0)
            continue;
        stream->seen[i] = true;
        stream->next = i + 1;
        stream->n_seen++;
        return 0;
    }
    stream->n_false++;
    return 0;
}

// A frame through a bad line. Returns how many bytes come out; *whole: as they went in.
static size_t damage(struct random *random, const uint8_t *sent, size_t length, uint8_t *received,
                     bool *whole)
{
    size_t n = 0;
    *whole = true;
    for (size_t i = 0; i < length; i++) {
        unsigned fate = random_chance(random, DAMAGE) ? random_below(random, 3) : 3;
        *whole = *whole && fate == 3;
        if (fate == 0)
            continue;
        if (fate == 1)
            received[n++] = (uint8_t)random_below(random, 256);
        received[n++] = fate == 2 ? (uint8_t)(sent[i] ^ 1U << random_below(random, 8)) : sent[i];
    }
    return n;
}

static void draw(struct random *random, uint16_t *counts)
{
    for (size_t cell = 0; cell < CELLS; cell++)
        counts[cell] = (uint16_t)(random_below(random, 3) == 0 ? 0 : 1 + random_below(random, 249));
}

static void run(const struct format *format, struct stream *stream, struct deframer *deframer,
                const struct pad *pad)
{
    struct random random = random_seeded(20261125, 0);
    uint64_t pushed = 0;
    for (size_t i = 0; i < FRAMES; i++) {
        uint8_t sent[512], received[1024];
        draw(&random, stream->counts[i]);
        ssize_t length = pad_encode_numbered(pad, stream->counts[i], i, sent, sizeof sent);
        assert_true(length > 0);
        size_t n = damage(&random, sent, (size_t)length, received, &stream->whole[i]);
        stream->n_whole += stream->whole[i];
        stream->behind_whole[i] = i == 0 || stream->whole[i - 1];
        deframer_push(deframer, received, n, see, stream);
        pushed += n;
        if (format->paused)
            deframer_pause(deframer, see, stream);
    }
    deframer_finish(deframer, see, stream);
    assert_int_equal(deframer_counts(deframer)->bytes, pushed);
}

static void whole_frames_are_found_and_broken_ones_are_not(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        const struct format *format = &formats[f];
        struct stream *stream = calloc(1, sizeof *stream);
        struct pad *pad = make_pad(format);
        struct deframer *deframer;
        assert_int_equal(deframer_new(&deframer, pad), 0);
        if (format->paused)
            deframer_pause(deframer, see, stream);
        struct mallinfo2 before = mallinfo2();
        run(format, stream, deframer, pad);
        assert_int_equal(mallinfo2().uordblks, before.uordblks);
        size_t lost = 0, leant = 0;
        for (size_t i = 0; i < FRAMES; i++)
            if (stream->whole[i] && !stream->seen[i])
                *(stream->behind_whole[i] ? &lost : &leant) += 1;
        print_message("%-16s %4zu whole, %zu of them lost, %zu more behind a broken one; "
                      "%zu broken ones taken\n",
                      format->name, stream->n_whole, lost, leant, stream->n_false);
        assert_true(stream->n_whole > 10);
        assert_int_equal(lost, 0);
        if (!format->leans)
            assert_int_equal(leant, 0);
        if (format->checked)
            assert_int_equal(stream->n_false, 0);
        deframer_free(deframer);
        pad_free(pad);
        free(stream);
    }
}

// ---- cut anywhere ----

#define CUT_FRAMES 300

// Everything that was said of a stream, as one number.
static int hear(const struct deframed *deframed, void *userdata)
{
    uint64_t *said = userdata;
    *said = (*said ^ deframed->drop ^ deframed->offset << 8) * UINT64_C(0x100000001B3);
    for (size_t cell = 0; deframed->drop == DROP_NONE && cell < CELLS; cell++)
        *said = (*said ^ deframed->frame.counts[cell]) * UINT64_C(0x100000001B3);
    return 0;
}

static uint64_t hear_in_pieces(const struct pad *pad, const uint8_t *bytes, size_t length,
                               size_t piece)
{
    uint64_t said = 0;
    struct deframer *deframer;
    assert_int_equal(deframer_new(&deframer, pad), 0);
    for (size_t at = 0, n; at < length; at += n) {
        n = piece < length - at ? piece : length - at;
        assert_int_equal(deframer_push(deframer, bytes + at, n, hear, &said), 0);
    }
    assert_int_equal(deframer_finish(deframer, hear, &said), 0);
    said += deframer_counts(deframer)->stray_bytes;
    deframer_free(deframer);
    return said;
}

// A decision is taken when the bytes that it needs are there, and not when a read happens to end.
static void damage_is_the_same_however_it_is_read(void **state)
{
    (void)state;
    static uint8_t stream[CUT_FRAMES * 512];
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct pad *pad = make_pad(&formats[f]);
        for (uint64_t seed = 0; seed < 40; seed++) {
            struct random random = random_seeded(seed, 1);
            size_t length = 0;
            for (size_t i = 0; i < CUT_FRAMES; i++) {
                uint16_t counts[CELLS];
                uint8_t sent[512];
                bool whole;
                draw(&random, counts);
                ssize_t n = pad_encode_numbered(pad, counts, i, sent, sizeof sent);
                length += damage(&random, sent, (size_t)n, stream + length, &whole);
            }
            uint64_t said = hear_in_pieces(pad, stream, length, length);
            for (size_t piece = 1; piece < 60; piece += 1 + piece / 3)
                if (hear_in_pieces(pad, stream, length, piece) != said)
                    fail_msg("%s: seed %u, read %zu bytes at a time", formats[f].name,
                             (unsigned)seed, piece);
        }
        pad_free(pad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_the_same_however_it_is_read),
        cmocka_unit_test(whole_frames_are_found_and_broken_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
