// SPDX-License-Identifier: GPL-3.0-or-later
// From a pad's bytes to frames. Bytes are hostile: whatever is not exactly a frame is
// dropped, counted by cause, and told of in its place among the frames.
#ifndef PSOASMON_DEFRAMER_H
#define PSOASMON_DEFRAMER_H

#include <stddef.h>
#include <stdint.h>

#include "pad/frame.h"
#include "pad/pad.h"

enum drop {
    DROP_NONE,
    DROP_SHORT,    // too few cells, or the stream ended within the frame
    DROP_LONG,     // too many cells, or a line without an end
    DROP_LETTERS,  // something that is no number where a number belongs
    DROP_RANGE,    // a number above the pad's full 16 bits or below zero
    DROP_TAIL,     // the bytes after the payload are not the tail
    DROP_CHECKSUM, // the checksum disagrees
    DROP_SIZE,     // the pad has said that it has another size than its description
    DROP_MISSED,   // the pad's counter says that it was sent; not a byte of it came
    DROP_NOISE,    // a well-formed frame that no body and no bed can print (see surface)
    DROP_N
};

// A short word for the JSON and the journal: "short", "checksum", ...
const char *drop_name(enum drop drop);

// One frame, or the place of one that was dropped.
struct deframed {
    enum drop drop;     // DROP_NONE: `frame` is good
    struct frame frame; // borrowed, until the sink returns
    uint64_t number;    // counts frames from 0, dropped ones included
    uint64_t offset;    // of its first byte in the stream
};

struct deframer_counts {
    uint64_t bytes;         // pushed
    uint64_t frames;        // good ones
    uint64_t drops[DROP_N]; // frames dropped, by cause
    uint64_t stray_bytes;   // bytes that belonged to no frame (noise between frames)
};

struct deframer;

// Called for each frame and each dropped one, in order. A negative return stops the push
// and is forwarded.
typedef int (*deframer_sink)(const struct deframed *deframed, void *userdata);

// `pad` must outlive the deframer. All memory is taken here: pushing allocates nothing,
// whatever arrives. -ENOMEM.
int deframer_new(struct deframer **ret, const struct pad *pad);
void deframer_free(struct deframer *deframer);
DEFINE_CLEANUP(struct deframer *, deframer_free)

// Any number of bytes, cut anywhere.
int deframer_push(struct deframer *deframer, const void *bytes, size_t length, deframer_sink sink,
                  void *userdata);

// The stream has ended: a last line without a newline is a line, a half frame is dropped and
// counted. The deframer is then ready for another stream; counts go on.
int deframer_finish(struct deframer *deframer, deframer_sink sink, void *userdata);

// The line fell silent, or a request is about to be written: what was read so far is a frame or it
// is none, and what comes next begins one. From then on a polled frame ends in a pause, and is good
// if it has exactly its length; a stream whose pauses nobody knows is cut by count alone.
int deframer_pause(struct deframer *deframer, deframer_sink sink, void *userdata);

// Bytes that came while no frame can: before the pad has settled.
void deframer_ignore(struct deframer *deframer, size_t length);

const struct deframer_counts *deframer_counts(const struct deframer *deframer);

#endif
