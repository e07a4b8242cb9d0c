// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/rehearsal.h"

#include <errno.h>

#include "sleeper.h"
#include "surface/surface.h"

// So many bodies to learn from, and as many others to try what was learnt.
#define BODIES 12

// A body turns over within this many seconds; how sleeper_turn moves is its own affair.
#define TURN_MAX_S 30

// Lies down in the position and waits until it is done. Returns false where it never is.
static bool lie_down(struct sleeper *sleeper, enum position position, uint16_t *counts)
{
    sleeper_turn(sleeper, position);
    for (int second = 0; second < TURN_MAX_S; second++) {
        sleeper_frame(sleeper, counts);
        if (sleeper_truth(sleeper) == position)
            return true;
    }
    return false;
}

static int rehearse_body(struct session *session, struct surface *surface, const struct pad *pad,
                         uint64_t seed, uint16_t *counts)
{
    _cleanup_(sleeper_freep) struct sleeper *sleeper = NULL;
    struct sleeper_options options = sleeper_options_default();
    options.seed = seed;
    int r = sleeper_new(&sleeper, pad, &options);
    const struct frame frame = {
        .rows = (uint16_t)pad->rows, .cols = (uint16_t)pad->cols, .counts = counts};
    for (int i = 0; r == 0 && i < POSITION_BODY_N; i++) {
        enum position position = (enum position)i;
        struct pressure_map map;
        if (lie_down(sleeper, position, counts) && surface_read(surface, &frame, &map) == 0)
            r = session_rehearse(session, position, &map, seed > BODIES);
    }
    return r;
}

int rehearse(struct session *session, const struct pad *pad)
{
    _cleanup_(surface_freep) struct surface *surface = NULL;
    _cleanup_(freep) uint16_t *counts = calloc(pad_cells(pad), sizeof *counts);
    if (!counts || surface_new(&surface, pad) < 0)
        return -ENOMEM;
    int r = 0;
    for (uint64_t seed = 1; r == 0 && seed <= (uint64_t)2 * BODIES; seed++)
        r = rehearse_body(session, surface, pad, seed, counts);
    return r;
}
