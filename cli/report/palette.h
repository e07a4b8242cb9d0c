// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of positions, in one table for the terminal, SVG, PNG and HTML. What is friendly by
// default is cool, what is not is warm, so that the two are told apart by everybody; within them
// lightness differs as well. Nothing is said by colour alone. tests/unit/test_palette.c holds the
// table to the contrast that WCAG 2.1 asks of graphics (1.4.11: 3 to 1) on either paper.
#ifndef PSOASMON_PALETTE_H
#define PSOASMON_PALETTE_H

#include <stdint.h>

#include "position/position.h"

struct colour {
    uint32_t light, dark; // 0xRRGGBB on light and on dark paper
};

enum ink {
    // Positions come first: INK_POSITION + POSITION_PRONE is the front's.
    INK_POSITION = 0,
    INK_PAPER = POSITION_N,
    INK_TEXT,
    INK_DIM,      // text beside the point
    INK_GRID,     // lines to read by
    INK_FRIENDLY, // time in positions of the friendly set
    INK_OTHER,    // in others
    INK_MISSING,  // out of bed, not recorded
    INK_N
};

struct colour palette_colour(enum ink ink);
const char *palette_name(enum ink ink); // "left_fetal", "paper": for style sheets

// What turns a terminal to that position's colour: "36". One of the sixteen, which people choose to
// suit their paper.
const char *palette_sgr(enum position position);

#endif
