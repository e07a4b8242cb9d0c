// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "framing.h"

#define POLLED "framing = polled\nrequest = \"R\"\n"

const char *const fuzz_pads[] = {
    PAD(POLLED "sample = u8\n", GRID),
    PAD(POLLED "sample = u16be\nskip_bytes = 1\nextra_bytes = 2\nbanner = yes\n",
        GRID "transpose = yes\n"),
    PAD(POLLED "sample = u24be\n", GRID),
    NULL,
};
