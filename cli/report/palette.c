// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/palette.h"

struct entry {
    struct colour colour;
    const char *name; // of what is no position
    const char *sgr;  // of positions
};

// clang-format off
static const struct entry palette[INK_N] = {
    [POSITION_SUPINE]              = {{0xaa8f31, 0x887818}, .sgr = "33"},
    [POSITION_SUPINE_KNEES_RAISED] = {{0x1e519b, 0x3796e5}, .sgr = "94"},
    [POSITION_SUPINE_LEFT_KNEE]    = {{0x14869a, 0x1f6f7c}, .sgr = "36"},
    [POSITION_SUPINE_RIGHT_KNEE]   = {{0x195f71, 0x15c4f9}, .sgr = "96"},
    [POSITION_SUPINE_LEGS_RAISED]  = {{0x33639a, 0x2f70bb}, .sgr = "94"},
    [POSITION_RECLINED]            = {{0x716c20, 0xc7970d}, .sgr = "33"},
    [POSITION_LEFT_FETAL]          = {{0x746dd5, 0x6a61e3}, .sgr = "32"},
    [POSITION_RIGHT_FETAL]         = {{0x3b31c5, 0xaba0d6}, .sgr = "92"},
    [POSITION_LEFT_SIDE]           = {{0x6a470f, 0xd99c3f}, .sgr = "93"},
    [POSITION_RIGHT_SIDE]          = {{0xb46f00, 0xe6ab67}, .sgr = "93"},
    [POSITION_PRONE]               = {{0x81362b, 0xd56356}, .sgr = "31"},
    [POSITION_SITTING]             = {{0xcb6f6c, 0xee97a5}, .sgr = "35"},
    [POSITION_EMPTY]               = {{0x8c949d, 0x77818c}, .sgr = "90"},
    [POSITION_UNKNOWN]             = {{0x767e87, 0x99a3ae}, .sgr = "90"},
    [INK_PAPER]    = {{0xffffff, 0x12161b}, .name = "paper"},
    [INK_TEXT]     = {{0x1c2329, 0xe4e8ec}, .name = "text"},
    [INK_DIM]      = {{0x5a646e, 0x9aa5b0}, .name = "dim"},
    [INK_GRID]     = {{0xdde2e7, 0x2c343d}, .name = "grid"},
    [INK_FRIENDLY] = {{0x14708c, 0x5bbfdc}, .name = "friendly"},
    [INK_OTHER]    = {{0xb08550, 0xc79f6e}, .name = "other"},
    [INK_MISSING]  = {{0x7f8a95, 0x74808c}, .name = "missing"},
};
// clang-format on

struct colour palette_colour(enum ink ink)
{
    return palette[ink].colour;
}

const char *palette_name(enum ink ink)
{
    return (int)ink < POSITION_N ? position_identifier((enum position)ink) : palette[ink].name;
}

const char *palette_sgr(enum position position)
{
    return palette[position].sgr;
}
