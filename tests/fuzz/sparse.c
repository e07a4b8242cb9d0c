// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "framing.h"

#define SPARSE "framing = sparse\nsync = 4E 0A\n"

const char *const fuzz_pads[] = {
    PAD(SPARSE "sample = u16be\nentries = u16be\nskip_bytes = 2\n", GRID),
    PAD(SPARSE "sample = u8\nentries = u8\n", GRID "transpose = yes\n"),
    PAD(SPARSE "sample = u16le\nentries = u16le\n", GRID "serpentine = yes\n"),
    NULL,
};
