// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "framing.h"

#define DELIMITED "framing = delimited\n"

const char *const fuzz_pads[] = {
    PAD(DELIMITED "sync = AA 55 03 99\nsample = u8\n", GRID),
    PAD(DELIMITED "sync = AA AA\nsample = u8\n", GRID "row_map = 2 0 1\n"),
    PAD(DELIMITED "sync = AA\nsample = u16le\ncheck = sum8\n", GRID),
    PAD(DELIMITED "sync = AA 55\nsample = i16le\ncheck = xor8\ntail = 0D\n", GRID),
    PAD(DELIMITED "sync = BB AA 00 02\nsample = u16be\ncheck = crc16-modbus\n"
                  "check_covers = sync+payload\n",
        GRID),
    PAD(DELIMITED "sync = AA\nsample = u8\ntail = AA 00\n", GRID),
    PAD(DELIMITED "sample = u8\ntail = FF FE\n", GRID),
    PAD(DELIMITED "sample = u8\ncheck = sum8\ntail = AA AA 00\n", GRID),
    PAD(DELIMITED "sync = AA 55\nsample = u8\ncounter = u8\ncheck = sum8\n", GRID),
    PAD(DELIMITED "sync = AA\nsample = u16le\ncounter = u16le\nskip_bytes = 1\n", GRID),
    NULL,
};
