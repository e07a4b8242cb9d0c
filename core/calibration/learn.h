// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of a personal correction: multinomial logistic regression on top of what the
// model says already. Private to core/calibration.
#ifndef PSOASMON_LEARN_H
#define PSOASMON_LEARN_H

#include <stddef.h>

#include "position/model.h"

// One frame, what it should be taken for, and how much that matters.
struct example {
    struct model_view view;
    float target[POSITION_BODY_N]; // probabilities; what they lack to 1: none of the positions
    double weight;
};

// The correction that brings the examples closest to their targets (cross entropy), and is no
// larger than it need be: where the examples say nothing, it is nothing. Always the same for the
// same examples.
void learn_correction(const struct example *examples, size_t n, struct model_correction *ret);

#endif
