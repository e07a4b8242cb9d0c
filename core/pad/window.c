// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/window.h"

#include <errno.h>
#include <string.h>

#include "pad/framing.h"

// So that bytes are moved together now and then, and not for every frame.
#define ROOM_LEAST ((size_t)16 * 1024)

int window_start(struct deframer *deframer, const struct window_code *code, size_t longest,
                 size_t kept, bool whole)
{
    struct window *window = &deframer->window;
    window->code = code;
    window->kept = kept;
    window->follows = window->whole = whole;
    window->due = NOT_DUE;
    window->room = kept + 2 * longest;
    if (window->room < ROOM_LEAST)
        window->room = ROOM_LEAST;
    window->bytes = malloc(window->room);
    return window->bytes ? 0 : -ENOMEM;
}

void window_stop(struct window *window)
{
    free(window->bytes);
}

bool window_has(const struct window *window, size_t place, const struct pad_bytes *bytes)
{
    return place + bytes->length <= window->end && pad_bytes_match(bytes, window->bytes + place);
}

static bool begins_with(const struct pad_bytes *pattern, const uint8_t *bytes, size_t length)
{
    struct pad_bytes beginning = *pattern;
    beginning.length = length;
    return pad_bytes_match(&beginning, bytes);
}

size_t window_find(const struct window *window, size_t from, const struct pad_bytes *bytes)
{
    // The first byte is never one that may be anything.
    while (from < window->end) {
        const uint8_t *found = memchr(window->bytes + from, bytes->bytes[0], window->end - from);
        if (!found)
            return window->end;
        from = (size_t)(found - window->bytes);
        size_t left = window->end - from;
        if (begins_with(bytes, found, left < bytes->length ? left : bytes->length))
            return from;
        from++;
    }
    return window->end;
}

// Bytes that belong to no frame.
static void stray(struct deframer *deframer, size_t until)
{
    struct window *window = &deframer->window;
    if (until > window->begin)
        window->follows = false;
    deframer->counts.stray_bytes += until - window->begin;
    window->begin = until;
}

static int take(struct deframer *deframer, const struct found *found)
{
    struct window *window = &deframer->window;
    int r = deframer->window.code->take(deframer, found->size);
    window->begin += found->size;
    window->follows = true;
    window->due = NOT_DUE;
    return r;
}

// What should have been a frame is none. Told once; then the search for the next one is on, and
// unless that one stands just where it should, nobody can say how many were lost between.
static int refuse(struct deframer *deframer, const struct found *found)
{
    struct window *window = &deframer->window;
    const struct window_code *code = deframer->window.code;
    bool expected = window_expects(window);
    int r = 0;
    if (code->refuse)
        r = code->refuse(deframer, found->drop);
    else if (expected)
        r = deframer_emit(deframer, found->drop, window_offset(window));
    window->follows = false;
    window->due = expected && found->size > 0 ? window_offset(window) + found->size : NOT_DUE;
    stray(deframer, code->find(deframer, window->begin + 1));
    return r;
}

// Decides on everything that can be decided on. A failure of the sink is kept, and the bytes are
// taken all the same.
static int settle(struct deframer *deframer)
{
    struct window *window = &deframer->window;
    const struct window_code *code = deframer->window.code;
    int result = 0;
    while (window->begin < window->end) {
        stray(deframer, code->find(deframer, window->begin));
        if (window->begin == window->end)
            break;
        struct found found = code->examine(deframer);
        if (found.verdict == VERDICT_WAIT) {
            if (!window->ended)
                break;
            found = (struct found){VERDICT_BAD, DROP_SHORT, 0};
        }
        int r = found.verdict == VERDICT_GOOD ? take(deframer, &found) : refuse(deframer, &found);
        if (result == 0)
            result = r;
    }
    return result;
}

static void make_room(struct window *window)
{
    size_t from = window->begin > window->kept ? window->begin - window->kept : 0;
    memmove(window->bytes, window->bytes + from, window->end - from);
    window->offset += from;
    window->begin -= from;
    window->end -= from;
}

int window_push(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    struct window *window = &deframer->window;
    int result = 0;
    while (length > 0) {
        if (window->end == window->room)
            make_room(window);
        size_t space = window->room - window->end;
        size_t n = length < space ? length : space;
        memcpy(window->bytes + window->end, bytes, n);
        window->end += n;
        bytes += n;
        length -= n;
        int r = settle(deframer);
        if (result == 0)
            result = r;
    }
    return result;
}

int window_finish(struct deframer *deframer)
{
    struct window *window = &deframer->window;
    window->ended = true;
    int r = settle(deframer);
    // Another stream has nothing to do with what came before.
    window->ended = false;
    window->offset += window->end;
    window->begin = window->end = 0;
    window->follows = window->whole;
    window->due = NOT_DUE;
    return r;
}
