// SPDX-License-Identifier: GPL-3.0-or-later
// A simulated sleeper: a body of segments, posed in a position, resting on an elastic mattress.
// Seeded: the same seed and calls give the same frames. No clock, no global state.
#ifndef PSOASMON_SLEEPER_H
#define PSOASMON_SLEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "pad/pad.h"
#include "position/position.h"

struct sleeper_options {
    uint64_t seed;       // body, pose variations, noise: everything
    double rate_hz;      // frames a second
    double mass_kg;      // 0: drawn from the seed
    double stature_mm;   // 0: drawn from the seed
    double noise_counts; // standard deviation of the sensor noise; negative: the default
    double blur_mm;      // standard deviation of the mattress between body and pad; 0: none
    unsigned dead_cells; // that always read the baseline
    unsigned hot_cells;  // that read too much, always
};

// The defaults: seed 1, 1 Hz, the rest drawn or none.
struct sleeper_options sleeper_options_default(void);

struct sleeper;

// `pad` gives size, pitch, counts and must outlive the sleeper. -ENOMEM, -EINVAL.
int sleeper_new(struct sleeper **ret, const struct pad *pad, const struct sleeper_options *options);
void sleeper_free(struct sleeper *sleeper);
DEFINE_CLEANUP(struct sleeper *, sleeper_free)

// Turns to a position (each time a little differently; POSITION_EMPTY: gets up). The body moves
// there during the next few seconds of frames.
void sleeper_turn(struct sleeper *sleeper, enum position position);

// The next frame: counts in the body's order (struct frame), the pad's rows x cols of them.
void sleeper_frame(struct sleeper *sleeper, uint16_t *counts);

// What the truth is for the frame last made; POSITION_UNKNOWN while the body moves.
enum position sleeper_truth(const struct sleeper *sleeper);

// ---- a whole night ----

struct sleep_step {
    enum position position;
    double seconds; // moving into it included
};

// A plausible night: goes to bed, 20 to 45 bouts, perhaps a trip to the bathroom, gets up.
// Returns the number of steps written (at most max), lasting `seconds` in all.
size_t sleeper_plan_night(uint64_t seed, double seconds, struct sleep_step *steps, size_t max);

// "supine:600,left_fetal:1200" into steps. -EINVAL with a message, -E2BIG.
int sleeper_plan_parse(const char *text, struct sleep_step *steps, size_t max, size_t *ret,
                       struct error *error);

// ---- onto the wire ----

// Room for any frame of this pad.
size_t pad_encoded_max(const struct pad *pad);

// The bytes a pad would send for this frame: the inverse of the deframer (its cell order,
// polarity, framing, checksum). Returns their number, or -ENOSPC.
ssize_t pad_encode(const struct pad *pad, const uint16_t *counts, void *bytes, size_t size);

// The same for a pad that numbers its frames, or what they consist of.
ssize_t pad_encode_numbered(const struct pad *pad, const uint16_t *counts, uint64_t number,
                            void *bytes, size_t size);

#endif
