// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that are not yet decided on, and how frames are found among them: the part that every
// binary framing has in common. A framing says where a frame may begin and what it makes of the
// bytes there; whatever it refuses is searched again from its second byte on, so that damage costs
// no frame but the damaged one. Private to core/pad.
#ifndef PSOASMON_WINDOW_H
#define PSOASMON_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pad/deframer.h"

#define NOT_DUE UINT64_MAX

struct window {
    uint8_t *bytes;    // room of them
    size_t begin, end; // not decided on yet
    size_t room, kept; // `kept` bytes before `begin` can still be looked at, if there were so many
    uint64_t offset;   // of bytes[0] in the stream
    bool follows;      // a good frame, or the beginning of a stream, ends at `begin`
    uint64_t due;      // where the frame behind a refused one should begin, or NOT_DUE
    bool whole;        // a stream begins with a whole frame
    bool ended;        // no more bytes will come
    const struct window_code *code;
};

enum verdict {
    VERDICT_GOOD,
    VERDICT_BAD,
    VERDICT_WAIT, // more bytes will tell
};

struct found {
    enum verdict verdict;
    enum drop drop; // of a bad one
    size_t size;    // in bytes; of a bad one: where the next one should begin, or 0
};

struct window_code {
    // The first place from `from` on where a frame may begin, or where the beginning of one may
    // have to be completed by bytes that are still to come; the window's end if there is none.
    size_t (*find)(const struct deframer *deframer, size_t from);
    // What stands at the window's begin.
    struct found (*examine)(struct deframer *deframer);
    // Reads a good frame at the window's begin, and emits it.
    int (*take)(struct deframer *deframer, size_t size);
    // Null: a bad frame is emitted as dropped if one was expected.
    int (*refuse)(struct deframer *deframer, enum drop drop);
};

// `longest`: so many bytes suffice for every verdict. `kept`, `whole`: as in struct window.
// -ENOMEM.
int window_start(struct deframer *deframer, const struct window_code *code, size_t longest,
                 size_t kept, bool whole);
void window_stop(struct window *window);

int window_push(struct deframer *deframer, const uint8_t *bytes, size_t length);
int window_finish(struct deframer *deframer);

// Whether the bytes stand at `place`, as far as the window goes.
bool window_has(const struct window *window, size_t place, const struct pad_bytes *bytes);

// The first place from `from` on where they stand; the window's end, less what may be the
// beginning of them, if there is none. window_has tells which.
size_t window_find(const struct window *window, size_t from, const struct pad_bytes *bytes);

static inline uint64_t window_offset(const struct window *window)
{
    return window->offset + window->begin;
}

// Whether a frame should begin at the window's begin: what is none there, is a frame lost.
static inline bool window_expects(const struct window *window)
{
    return window->follows || window_offset(window) == window->due;
}

#endif
