// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "framing.h"

#define CHUNKED "framing = chunked\n"

const char *const fuzz_pads[] = {
    PAD(CHUNKED "sample = u16le\nchunk = id:i8 start:u16le values seq:u32le\ntail = "
                "\"wr\"\nchunk_values = 5\n",
        GRID),
    PAD(CHUNKED "sample = u16le\nchunk = id:u8 start:u16le values seq:u32le\ntail = "
                "\"wr\"\nchunk_values = 5\nchunk_id = 1\n",
        GRID),
    PAD(CHUNKED "sync = 4D\nsample = i16be\nchunk = skip:u8 line:u8 count:u8 values\ntail = "
                "0A\nchunk_values = 4\n",
        GRID),
    PAD(CHUNKED "sync = AA 55\nsample = u8\nchunk = seq:u8 start:u8 count:u8 values\n",
        GRID "major = column\n"),
    NULL,
};
