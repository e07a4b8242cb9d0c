// SPDX-License-Identifier: GPL-3.0-or-later
// `delimited`: sync bytes, an exact payload, perhaps a checksum, perhaps a tail.
//
// Sync bytes also occur in the payload, so a header alone proves nothing. A frame is believed
// when its checksum or tail is right; where the format has neither, when the next sync follows
// it at once, or the stream ends, or no later sync makes a better frame of the same bytes.
#include <errno.h>
#include <string.h>

#include "pad/check.h"
#include "pad/framing.h"

enum verdict {
    VERDICT_GOOD,
    VERDICT_BAD,
    VERDICT_WAIT, // more bytes will tell
};

static const uint8_t *window_at(const struct deframer *deframer, size_t place)
{
    return deframer->delimited.window + place;
}

static bool sync_at(const struct deframer *deframer, size_t place)
{
    const struct pad_bytes *sync = &deframer->pad->sync;
    return place + sync->length <= deframer->delimited.length &&
           memcmp(window_at(deframer, place), sync->bytes, sync->length) == 0;
}

// The first place at or after `from` where a sync stands; the window's length less what may be
// the beginning of one if there is none.
static size_t find_sync(const struct deframer *deframer, size_t from)
{
    const struct pad_bytes *sync = &deframer->pad->sync;
    size_t length = deframer->delimited.length;
    const uint8_t *found =
        memmem(window_at(deframer, from), length - from, sync->bytes, sync->length);
    if (found)
        return (size_t)(found - deframer->delimited.window);
    size_t partial = sync->length - 1;
    while (partial > 0 && (partial > length - from ||
                           memcmp(window_at(deframer, length - partial), sync->bytes, partial)))
        partial--;
    return length - partial;
}

static bool protected(const struct pad *pad)
{
    return pad->check != CHECK_NONE || pad->tail.length > 0;
}

// Whether checksum and tail of the whole frame at the window's start are right.
static enum drop examine(const struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    const uint8_t *frame = deframer->delimited.window;
    size_t payload = pad_cells(pad) * sample_size(pad->sample);
    size_t check_at = pad->sync.length + payload;
    size_t covered_from = pad->check_covers_sync ? 0 : pad->sync.length;
    uint8_t check[2];
    check_compute(pad->check, frame + covered_from, check_at - covered_from, check);
    if (memcmp(check, frame + check_at, check_size(pad->check)) != 0)
        return DROP_CHECKSUM;
    if (memcmp(pad->tail.bytes, frame + check_at + check_size(pad->check), pad->tail.length) != 0)
        return DROP_TAIL;
    return DROP_NONE;
}

// For a format without checksum or tail: is the frame at the window's start whole, or did it
// lose bytes, so that a later frame begins inside it?
static enum verdict weigh(const struct deframer *deframer, bool ended)
{
    size_t size = deframer->delimited.frame_size, length = deframer->delimited.length;
    if (sync_at(deframer, size))
        return VERDICT_GOOD;
    if (!ended && length < size + deframer->pad->sync.length)
        return VERDICT_WAIT;
    if (ended && length == size)
        return VERDICT_GOOD;
    for (size_t inner = find_sync(deframer, 1); inner < size && sync_at(deframer, inner);
         inner = find_sync(deframer, inner + 1)) {
        bool followed = sync_at(deframer, inner + size);
        if (followed || (ended && length == inner + size))
            return VERDICT_BAD;
        if (!ended && length < inner + size + deframer->pad->sync.length)
            return VERDICT_WAIT;
    }
    // A sync that straddles the end of the frame: bytes were lost, the next frame came early.
    size_t straddling = find_sync(deframer, size - deframer->pad->sync.length + 1);
    if (straddling < size && sync_at(deframer, straddling))
        return VERDICT_BAD;
    return VERDICT_GOOD;
}

static void decode(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    const uint8_t *payload = deframer->delimited.window + pad->sync.length;
    size_t n = pad_cells(pad);
    switch (pad->sample) {
    case SAMPLE_U8:
        for (size_t i = 0; i < n; i++)
            deframer_put(deframer, i, payload[i]);
        break;
    case SAMPLE_U16LE:
        for (size_t i = 0; i < n; i++)
            deframer_put(deframer, i, (uint16_t)(payload[2 * i] | payload[2 * i + 1] << 8));
        break;
    case SAMPLE_U16BE:
        for (size_t i = 0; i < n; i++)
            deframer_put(deframer, i, (uint16_t)(payload[2 * i] << 8 | payload[2 * i + 1]));
        break;
    case SAMPLE_I16LE:
        for (size_t i = 0; i < n; i++) {
            uint16_t bits = (uint16_t)(payload[2 * i] | payload[2 * i + 1] << 8);
            deframer_put(deframer, i, bits & 0x8000 ? 0 : bits);
        }
        break;
    case SAMPLE_ASCII:
        break;
    }
}

static void shift(struct deframer *deframer, size_t n)
{
    deframer->delimited.length -= n;
    memmove(deframer->delimited.window, deframer->delimited.window + n, deframer->delimited.length);
    deframer->delimited.offset += n;
}

// Bytes that belong to no frame.
static void stray(struct deframer *deframer, size_t n)
{
    deframer->counts.stray_bytes += n;
    shift(deframer, n);
    if (n > 0)
        deframer->delimited.expected = false;
}

// What should have been a frame is none. Told once; then the search for the next one is on, and
// unless that one stands just where it should, nobody can say how many were lost between.
static int drop_frame(struct deframer *deframer, enum drop drop)
{
    int r = 0;
    if (deframer->delimited.expected)
        r = deframer_emit(deframer, drop, deframer->delimited.offset);
    size_t next = find_sync(deframer, 1);
    bool in_step = next == deframer->delimited.frame_size;
    bool expected = deframer->delimited.expected;
    stray(deframer, next);
    deframer->delimited.expected = expected && in_step;
    return r;
}

static int accept_frame(struct deframer *deframer)
{
    decode(deframer);
    uint64_t offset = deframer->delimited.offset;
    shift(deframer, deframer->delimited.frame_size);
    deframer->delimited.expected = true;
    return deframer_emit(deframer, DROP_NONE, offset);
}

// Takes every frame out of the window that can be decided on.
static int settle(struct deframer *deframer, bool ended)
{
    int result = 0;
    while (result >= 0) {
        if (deframer->delimited.length == 0)
            break;
        stray(deframer, find_sync(deframer, 0));
        if (deframer->delimited.length < deframer->delimited.frame_size)
            break;
        if (protected(deframer->pad)) {
            enum drop drop = examine(deframer);
            result = drop == DROP_NONE ? accept_frame(deframer) : drop_frame(deframer, drop);
            continue;
        }
        enum verdict verdict = weigh(deframer, ended);
        if (verdict == VERDICT_WAIT)
            break;
        result =
            verdict == VERDICT_GOOD ? accept_frame(deframer) : drop_frame(deframer, DROP_SHORT);
    }
    return result;
}

static int delimited_push(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    int result = 0;
    while (length > 0) {
        size_t space = deframer->delimited.room - deframer->delimited.length;
        size_t n = length < space ? length : space;
        memcpy(deframer->delimited.window + deframer->delimited.length, bytes, n);
        deframer->delimited.length += n;
        bytes += n;
        length -= n;
        int r = settle(deframer, false);
        if (result == 0)
            result = r;
    }
    return result;
}

static int delimited_finish(struct deframer *deframer)
{
    int r = settle(deframer, true);
    if (deframer->delimited.length > 0) {
        if (deframer->delimited.expected && r == 0)
            r = deframer_emit(deframer, DROP_SHORT, deframer->delimited.offset);
        stray(deframer, deframer->delimited.length);
    }
    deframer->delimited.expected = true;
    return r;
}

static int delimited_start(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    size_t size = pad->sync.length + pad_cells(pad) * sample_size(pad->sample) +
                  check_size(pad->check) + pad->tail.length;
    deframer->delimited.frame_size = size;
    // Two frames and a sync: enough to weigh a frame against one that begins inside it.
    deframer->delimited.room = 2 * size + pad->sync.length;
    deframer->delimited.window = malloc(deframer->delimited.room);
    deframer->delimited.expected = true;
    return deframer->delimited.window ? 0 : -ENOMEM;
}

static void delimited_stop(struct deframer *deframer)
{
    free(deframer->delimited.window);
}

const struct framing_code framing_delimited = {
    .start = delimited_start,
    .stop = delimited_stop,
    .push = delimited_push,
    .finish = delimited_finish,
};
