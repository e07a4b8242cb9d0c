// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a position a pad can tell: one with few or large cells cannot see a drawn-up knee,
// and is not to guess at it.
#ifndef PSOASMON_ACUITY_H
#define PSOASMON_ACUITY_H

#include <stddef.h>

#include "base/error.h"
#include "position/position.h"
#include "surface/surface.h"

enum acuity {
    ACUITY_NONE,   // that something is there: no position of a body
    ACUITY_COARSE, // which way up a body lies: where the legs or the upper body are is lost
    ACUITY_FINE,   // every position
};

enum acuity acuity_of(const struct grid *grid);

// What a position of a body is told as: itself, a coarser one, or POSITION_UNKNOWN.
enum position acuity_tell(enum acuity acuity, enum position position);

// Gives what each position has to the one it is told as. What none gets is left out.
void acuity_fold(enum acuity acuity, float probabilities[POSITION_BODY_N]);

// -ERANGE, with a message that names the pad and why, where it can tell no position.
int acuity_check(const struct pad *pad, struct error *error);

// "supine_knees_raised, ... are reported as supine; left_fetal as left_side; ...": what a pad
// cannot tell. Empty where it can tell everything.
#define ACUITY_TEXT_SIZE 512
void acuity_explain(enum acuity acuity, char text[ACUITY_TEXT_SIZE]);

#endif
