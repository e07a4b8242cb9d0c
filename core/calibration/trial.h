// SPDX-License-Identifier: GPL-3.0-or-later
// How good a correction is: on frames of the session that it was not learnt from, and on others'.
#ifndef PSOASMON_TRIAL_H
#define PSOASMON_TRIAL_H

#include <stdbool.h>

#include "position/model.h"

struct trial_score {
    unsigned frames, right;
    double loss; // the sum of the frames' log losses
};

struct trial {
    // Frames held back, by the position held: with what is in force now, and with the correction.
    struct trial_score before[POSITION_BODY_N], after[POSITION_BODY_N];
    // Others, in every position: without any correction, and with this one.
    struct trial_score others_before, others_after;
};

enum trial_verdict {
    TRIAL_HELPS,
    TRIAL_NO_BETTER, // on the frames held back
    TRIAL_FORGETS,   // what it gains here it loses with others
};

// Others may be taken wrongly this much more often: one frame in twenty of all. The simulated
// sleepers lose at most two in a hundred to PmatData's people.
#define TRIAL_OTHERS_LOSS 0.05

// Counts a frame.
void trial_add(struct trial_score *score, enum position truth, const struct model_view *view,
               const struct model_correction *correction);

struct trial_score trial_sum(const struct trial_score scores[POSITION_BODY_N]);

enum trial_verdict trial_verdict(const struct trial *trial);

#endif
