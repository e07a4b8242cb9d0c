// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "framing.h"

#define LINES "framing = lines\nsample = ascii\n"

const char *const fuzz_pads[] = {
    PAD(LINES, GRID),
    PAD(LINES "line = row\n", GRID),
    PAD(LINES "line = row\nskip_columns = 1\nextra_columns = 2\n", GRID "major = column\n"),
    PAD(LINES "skip_columns = 2\n", GRID "serpentine = yes\n"),
    PAD(LINES "line = row\nmarker = ---\n", GRID),
    PAD(LINES "line = any\nheadings = yes\nconfig_word = CFG\n", GRID),
    PAD(LINES "line = cell\nmarker = ---\nheadings = yes\n", GRID),
    PAD(LINES "line = cell\n", GRID),
    NULL,
};
