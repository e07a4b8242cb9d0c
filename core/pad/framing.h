// SPDX-License-Identifier: GPL-3.0-or-later
// What a framing must offer the deframer. Private to core/pad.
#ifndef PSOASMON_FRAMING_H
#define PSOASMON_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pad/deframer.h"

struct deframer {
    const struct pad *pad;
    const struct framing_code *code;
    struct deframer_counts counts;
    uint64_t number; // of the next frame
    uint64_t offset; // of the next byte in the stream
    uint16_t *cells; // the frame being filled, pad_cells of them
    // Where to, during a push.
    deframer_sink sink;
    void *userdata;
    union {
        struct {
            size_t n_numbers; // on this line so far
            size_t n_lines;   // rows of this frame so far
            uint32_t value;   // of the number being read
            bool in_number, negative;
            bool in_fraction, fraction_seen, round_up; // behind the point, only rounding is left
            bool skipping;     // the rest of this line has nothing more to say
            enum drop spoiled; // why the frame being read cannot be good
            uint64_t start;    // offset of the frame's first byte
        } lines;
        struct {
            uint8_t *window; // bytes not yet decided on, at most `room`
            size_t length, room;
            size_t frame_size; // sync, payload, checksum, tail
            uint64_t offset;   // of the window's first byte in the stream
            bool expected;     // the window begins where a frame should
        } delimited;
    };
};

struct framing_code {
    int (*start)(struct deframer *deframer); // -ENOMEM
    void (*stop)(struct deframer *deframer); // may be null
    int (*push)(struct deframer *deframer, const uint8_t *bytes, size_t length);
    int (*finish)(struct deframer *deframer);
};

extern const struct framing_code framing_lines, framing_delimited;

// Puts the wire's cell number `place` into the frame, the right way up.
static inline void deframer_put(struct deframer *deframer, size_t place, uint16_t count)
{
    deframer->cells[deframer->pad->cell_of[place]] = count;
}

// The frame is complete, or it was dropped: counts it and tells the sink.
int deframer_emit(struct deframer *deframer, enum drop drop, uint64_t offset);

#endif
