// SPDX-License-Identifier: GPL-3.0-or-later
// A frame: what a pad measured at one moment, in the pad's own counts.
#ifndef PSOASMON_FRAME_H
#define PSOASMON_FRAME_H

#include <stdint.h>

// The largest pad a description may declare, on either side.
#define PAD_MAX_SIDE  128
#define PAD_MAX_CELLS (PAD_MAX_SIDE * PAD_MAX_SIDE)

// rows x cols counts, row after row, in the body's order as the pad description gives it:
// row 0 at the head, column 0 at the sleeper's left when lying on the back. Polarity is
// already resolved: more pressure is a higher count. The counts belong to the deframer and
// are good until it is next called.
struct frame {
    uint16_t rows, cols;
    const uint16_t *counts;
    // Null, or not 0 where the pad has said that a cell is no reading: its count is then what an
    // untouched cell reads.
    const uint8_t *invalid;
};

#endif
