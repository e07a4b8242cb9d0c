// SPDX-License-Identifier: GPL-3.0-or-later
// How fast bytes become frames, beside memchr over the same bytes: decode NAME.pad...
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "pad/deframer.h"
#include "player.h"

#define STREAM_BYTES ((size_t)16 << 20)
#define PIECE_BYTES  ((size_t)64 << 10)
#define ROUNDS       7
#define NIGHT_FRAMES 200 // of the sleeper, over and over

struct stream {
    uint8_t *bytes;
    size_t length, frames;
};

// Of the processor, so that what else runs here takes nothing from either.
static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(bool well, const char *what)
{
    if (well)
        return;
    fprintf(stderr, "decode: %s\n", what);
    exit(1);
}

// What somebody sends who lies on it, as often as there is room.
static struct stream make_stream(const struct pad *pad)
{
    struct stream stream = {.bytes = malloc(STREAM_BYTES)};
    struct sleeper_options options = sleeper_options_default();
    const struct sleep_step steps[] = {{POSITION_SUPINE, NIGHT_FRAMES}};
    struct player *player;
    must(stream.bytes && player_new(&player, pad, &options, steps, 1) == 0, "cannot simulate");
    for (struct played_frame frame; player_next(player, &frame);) {
        must(stream.length + frame.length <= STREAM_BYTES, "a frame is too large");
        memcpy(stream.bytes + stream.length, frame.bytes, frame.length);
        stream.length += frame.length;
        stream.frames++;
    }
    player_free(player);
    size_t once = stream.length, frames = stream.frames;
    for (; stream.length + once <= STREAM_BYTES; stream.length += once, stream.frames += frames)
        memcpy(stream.bytes + stream.length, stream.bytes, once);
    return stream;
}

static int look(const struct deframed *deframed, void *userdata)
{
    *(uint64_t *)userdata += deframed->drop == DROP_NONE ? deframed->frame.counts[0] : 0;
    return 0;
}

static double deframe_s(const struct pad *pad, const struct stream *stream)
{
    struct deframer *deframer;
    uint64_t seen = 0;
    must(deframer_new(&deframer, pad) == 0, "out of memory");
    double start_s = now_s();
    for (size_t at = 0; at < stream->length; at += PIECE_BYTES) {
        size_t n = stream->length - at < PIECE_BYTES ? stream->length - at : PIECE_BYTES;
        deframer_push(deframer, stream->bytes + at, n, look, &seen);
    }
    deframer_finish(deframer, look, &seen);
    double took_s = now_s() - start_s;
    const struct deframer_counts *counts = deframer_counts(deframer);
    must(counts->frames == stream->frames && counts->stray_bytes == 0, "frames are missing");
    deframer_free(deframer);
    return took_s;
}

static uint8_t rarest(const struct stream *stream)
{
    size_t times[256] = {0};
    for (size_t i = 0; i < stream->length; i++)
        times[stream->bytes[i]]++;
    int least = 0;
    for (int byte = 1; byte < 256; byte++)
        if (times[byte] < times[least])
            least = byte;
    return (uint8_t)least;
}

// For the byte that is found least often: it stops nowhere, or seldom.
static double memchr_s(const struct stream *stream, uint8_t byte)
{
    double start_s = now_s();
    size_t found = 0;
    for (const uint8_t *at = stream->bytes, *end = at + stream->length; at < end; found++) {
        const uint8_t *next = memchr(at, byte, (size_t)(end - at));
        at = next ? next + 1 : end;
    }
    must(found < stream->length / 64, "a byte that is everywhere is no measure");
    return now_s() - start_s;
}

static void measure(const struct pad *pad)
{
    struct stream stream = make_stream(pad);
    double deframe = INFINITY, scan = INFINITY;
    uint8_t byte = rarest(&stream);
    for (int i = 0; i < ROUNDS; i++) {
        deframe = fmin(deframe, deframe_s(pad, &stream));
        scan = fmin(scan, memchr_s(&stream, byte));
    }
    double gb = (double)stream.length / 1e9;
    printf("%-22s %-10s %8.3f GB/s   memchr %7.2f GB/s   1/%-6.1f %10.0f frames/s\n", pad->name,
           framing_name(pad->framing), gb / deframe, gb / scan, deframe / scan,
           (double)stream.frames / deframe);
    free(stream.bytes);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct error error = {0};
        struct pad *pad;
        if (pad_load(&pad, argv[i], &error) < 0) {
            fprintf(stderr, "%s\n", error.text);
            return 2;
        }
        measure(pad);
        pad_free(pad);
    }
    return argc > 1 ? 0 : 2;
}
