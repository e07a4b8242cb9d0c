// SPDX-License-Identifier: GPL-3.0-or-later
// `delimited`: sync bytes, an exact payload, perhaps a checksum, perhaps a tail; or no sync bytes,
// and a tail that ends one frame and so begins the next.
//
// Sync bytes also occur in the payload, so a header alone proves nothing. A frame is believed
// when its checksum or tail is right; where the format has neither, when the next sync follows
// it at once, or the stream ends, or no later sync makes a better frame of the same bytes.
#include "pad/check.h"
#include "pad/framing.h"

// A counter that jumps further than this began anew: the board was reset.
#define MISSED_MAX 600 // a minute at ten frames a second

// From the sync to the checksum, both left out.
static size_t payload_size(const struct pad *pad)
{
    return sample_size(pad->counter) + pad->skip_bytes + pad_cells(pad) * sample_size(pad->sample) +
           pad->extra_bytes;
}

static size_t frame_size(const struct pad *pad)
{
    return pad->sync.length + payload_size(pad) + check_size(pad->check) + pad->tail.length;
}

static bool sync_at(const struct deframer *deframer, size_t place)
{
    return window_has(&deframer->window, place, &deframer->pad->sync);
}

static size_t find_sync(const struct deframer *deframer, size_t from)
{
    return window_find(&deframer->window, from, &deframer->pad->sync);
}

static enum drop check_frame(const struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    const uint8_t *frame = deframer->window.bytes + deframer->window.begin;
    size_t check_at = pad->sync.length + payload_size(pad);
    size_t covered_from = pad->check_covers_sync ? 0 : pad->sync.length;
    uint8_t check[CHECK_SIZE_MAX];
    check_compute(pad->check, frame + covered_from, check_at - covered_from, check);
    for (size_t i = 0; i < check_size(pad->check); i++)
        if (check[i] != frame[check_at + i])
            return DROP_CHECKSUM;
    if (!pad_bytes_match(&pad->tail, frame + check_at + check_size(pad->check)))
        return DROP_TAIL;
    return DROP_NONE;
}

// Whether a frame that begins at `inner`, inside another one that nothing confirms, is the likelier
// one: the next sync follows it, or there is none inside it, which would make it short as well.
static bool is_likelier(const struct deframer *deframer, size_t inner)
{
    size_t end = inner + frame_size(deframer->pad);
    if (sync_at(deframer, end) || (deframer->window.ended && deframer->window.end == end))
        return true;
    size_t next = find_sync(deframer, inner + 1);
    return !(next < end && sync_at(deframer, next));
}

// For a format without checksum or tail: is the frame whole, or did it lose bytes, so that a later
// frame begins inside it?
static enum verdict weigh(const struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    size_t end = window->begin + frame_size(deframer->pad);
    size_t inner_most = end + frame_size(deframer->pad) + deframer->pad->sync.length;
    if (sync_at(deframer, end))
        return VERDICT_GOOD;
    if (!window->ended && window->end < end + deframer->pad->sync.length)
        return VERDICT_WAIT;
    if (window->ended && window->end == end)
        return VERDICT_GOOD;
    for (size_t inner = find_sync(deframer, window->begin + 1);
         inner < end && sync_at(deframer, inner); inner = find_sync(deframer, inner + 1)) {
        if (!window->ended && window->end < inner_most)
            return VERDICT_WAIT;
        if (is_likelier(deframer, inner))
            return VERDICT_BAD;
    }
    return VERDICT_GOOD;
}

static struct found examine(struct deframer *deframer)
{
    const struct window *window = &deframer->window;
    struct found found = {VERDICT_WAIT, DROP_SHORT, frame_size(deframer->pad)};
    if (window->end - window->begin < found.size)
        return found;
    if (deframer->pad->check == CHECK_NONE && deframer->pad->tail.length == 0) {
        found.verdict = weigh(deframer);
        return found;
    }
    found.drop = check_frame(deframer);
    found.verdict = found.drop == DROP_NONE ? VERDICT_GOOD : VERDICT_BAD;
    return found;
}

// Frames that were sent between the last good one and this one, and neither came nor were dropped
// as damaged: they are told of in their place.
static int tell_missed(struct deframer *deframer, const uint8_t *at)
{
    struct delimited_state *delimited = &deframer->delimited;
    size_t size = sample_size(deframer->pad->counter);
    if (size == 0)
        return 0;
    uint32_t counter = wire_number(at, size, deframer->pad->counter == SAMPLE_U16BE);
    uint32_t between = (counter - delimited->counter - 1) & ((1U << 8 * size) - 1);
    uint64_t told = deframer->number - delimited->number - 1;
    int result = 0;
    if (delimited->counting && between <= MISSED_MAX)
        for (; told < between; told++) {
            int r = deframer_emit(deframer, DROP_MISSED, window_offset(&deframer->window));
            if (result == 0)
                result = r;
        }
    *delimited = (struct delimited_state){true, counter, deframer->number};
    return result;
}

static int take(struct deframer *deframer, size_t size)
{
    (void)size;
    const struct pad *pad = deframer->pad;
    const struct window *window = &deframer->window;
    const uint8_t *payload = window->bytes + window->begin + pad->sync.length;
    int missed = tell_missed(deframer, payload);
    deframer_put_bytes(deframer, 0, payload + sample_size(pad->counter) + pad->skip_bytes,
                       pad_cells(pad));
    int r = deframer_emit(deframer, DROP_NONE, window_offset(window));
    return missed < 0 ? missed : r;
}

static const struct window_code by_sync = {.find = find_sync, .examine = examine, .take = take};

// ---- no sync bytes, but a tail ----

static bool tail_at(const struct deframer *deframer, size_t place)
{
    return window_has(&deframer->window, place, &deframer->pad->tail);
}

// Where a frame ends in a tail, or where one is expected.
static size_t find_by_tail(const struct deframer *deframer, size_t from)
{
    const struct window *window = &deframer->window;
    size_t body = frame_size(deframer->pad) - deframer->pad->tail.length;
    if (from == window->begin && window->follows)
        return from;
    size_t tail = window_find(window, from + body < window->end ? from + body : window->end,
                              &deframer->pad->tail);
    return tail > from + body ? tail - body : from;
}

// Without a tail in front of it, a frame that has one inside as well is likely to be a short one.
static bool is_short(const struct deframer *deframer, size_t end)
{
    const struct window *window = &deframer->window;
    const struct pad_bytes *tail = &deframer->pad->tail;
    if (window_expects(window) ||
        (window->begin >= tail->length && tail_at(deframer, window->begin - tail->length)))
        return false;
    size_t inner = window_find(window, window->begin, tail);
    return inner < end && tail_at(deframer, inner);
}

static struct found examine_by_tail(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    const struct window *window = &deframer->window;
    struct found found = {VERDICT_WAIT, DROP_SHORT, frame_size(pad)};
    size_t tail = window->begin + found.size - pad->tail.length;
    if (window->end - window->begin < found.size)
        return found;
    found.verdict = VERDICT_BAD;
    if (!tail_at(deframer, tail)) {
        size_t inner = window_find(window, window->begin, &pad->tail);
        found.drop = inner < tail && tail_at(deframer, inner) ? DROP_SHORT : DROP_TAIL;
    } else if (!is_short(deframer, tail)) {
        found.drop = check_frame(deframer);
        if (found.drop == DROP_NONE)
            found.verdict = VERDICT_GOOD;
    }
    return found;
}

static const struct window_code by_tail = {
    .find = find_by_tail, .examine = examine_by_tail, .take = take};

static int start(struct deframer *deframer)
{
    const struct pad *pad = deframer->pad;
    const struct window_code *code = pad->sync.length > 0 ? &by_sync : &by_tail;
    // Two frames and a sync: enough to weigh a frame against one that begins inside it. Where only
    // a tail tells, nobody knows whether a stream begins with a whole frame.
    return window_start(deframer, code, 2 * frame_size(pad) + pad->sync.length, pad->tail.length,
                        pad->sync.length > 0);
}

// Another stream, or the same behind a pause of unknown length: counted anew.
static int finish(struct deframer *deframer)
{
    int r = window_finish(deframer);
    deframer->delimited.counting = false;
    return r;
}

const struct framing_code framing_delimited = {
    .start = start, .push = window_push, .finish = finish};
