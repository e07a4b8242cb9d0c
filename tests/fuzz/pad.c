// SPDX-License-Identifier: GPL-3.0-or-later
// A pad description: what is accepted describes a pad that can be read, whatever it sends.
#include "pad/pad.h"

#include <string.h>

#include "fuzz.h"
#include "pad/deframer.h"

static int ignore(const struct deframed *deframed, void *userdata)
{
    (void)deframed;
    (void)userdata;
    return 0;
}

// Each place on the wire is a cell of its own.
static void expect_cells(const struct pad *pad)
{
    static uint8_t seen[PAD_MAX_CELLS];
    size_t n = pad_cells(pad);
    EXPECT(n > 0 && n <= PAD_MAX_CELLS);
    memset(seen, 0, n);
    for (size_t i = 0; i < n; i++) {
        EXPECT(pad->cell_of[i] < n);
        EXPECT(!seen[pad->cell_of[i]]++);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(pad_freep) struct pad *pad = NULL;
    struct error error = {0};
    int r = pad_parse(&pad, (const char *)data, size, "fuzzed.pad", &error);
    EXPECT((r == 0) == (pad != NULL));
    if (r < 0) {
        // One line, which says where.
        EXPECT(strstr(error.text, "fuzzed.pad") && !strchr(error.text, '\n'));
        return 0;
    }
    EXPECT(memchr(pad->name, '\0', sizeof pad->name) && *pad->name);
    EXPECT(pad->full_scale > pad->baseline && pad->rate_hz > 0);
    expect_cells(pad);
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    EXPECT(deframer_new(&deframer, pad) == 0);
    EXPECT(deframer_push(deframer, data, size, ignore, NULL) == 0);
    EXPECT(deframer_finish(deframer, ignore, NULL) == 0);
    return 0;
}
