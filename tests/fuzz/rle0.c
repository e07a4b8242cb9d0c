// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "framing.h"

#define RLE0 "framing = rle0\nsample = u8\n"

const char *const fuzz_pads[] = {
    PAD(RLE0, GRID),
    PAD(RLE0, "rows = 16\ncols = 20\n"),
    NULL,
};
