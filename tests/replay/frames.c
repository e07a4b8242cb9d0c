// SPDX-License-Identifier: GPL-3.0-or-later
// frames PAD_FILE: what standard input holds, a line a frame: its counts, head first and the
// sleeper's left first, or "# CAUSE" where it was dropped. At the end "= FRAMES STRAY_BYTES".
#include <inttypes.h>
#include <stdio.h>

#include "pad/deframer.h"

static int print_frame(const struct deframed *deframed, void *userdata)
{
    const struct pad *pad = userdata;
    if (deframed->drop != DROP_NONE)
        return printf("# %s\n", drop_name(deframed->drop)) < 0 ? -1 : 0;
    for (size_t i = 0; i < pad_cells(pad); i++) {
        bool invalid = deframed->frame.invalid && deframed->frame.invalid[i];
        if (invalid)
            printf("- ");
        else
            printf("%u ", deframed->frame.counts[i]);
    }
    puts("");
    return 0;
}

int main(int argc, char **argv)
{
    _cleanup_(pad_freep) struct pad *pad = NULL;
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    struct error error = {0};
    if (argc != 2 || pad_load(&pad, argv[1], &error) < 0 || deframer_new(&deframer, pad) < 0) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    char bytes[4096];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, stdin)) > 0;)
        deframer_push(deframer, bytes, n, print_frame, pad);
    deframer_finish(deframer, print_frame, pad);
    const struct deframer_counts *counts = deframer_counts(deframer);
    printf("= %" PRIu64 " %" PRIu64 "\n", counts->frames, counts->stray_bytes);
    return 0;
}
