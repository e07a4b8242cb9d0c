// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/trial.h"

#include <math.h>

// A frame that is given up altogether must not decide alone.
#define LEAST_PROBABILITY 1e-6

void trial_add(struct trial_score *score, enum position truth, const struct model_view *view,
               const struct model_correction *correction)
{
    float probabilities[POSITION_BODY_N];
    model_conclude(view, correction, probabilities);
    int best = 0;
    for (int i = 1; i < POSITION_BODY_N; i++)
        if (probabilities[i] > probabilities[best])
            best = i;
    score->frames++;
    score->right += best == (int)truth && probabilities[best] >= position_unknown(probabilities);
    score->loss -= log(fmax((double)probabilities[truth], LEAST_PROBABILITY));
}

struct trial_score trial_sum(const struct trial_score scores[POSITION_BODY_N])
{
    struct trial_score sum = {0};
    for (int i = 0; i < POSITION_BODY_N; i++) {
        sum.frames += scores[i].frames;
        sum.right += scores[i].right;
        sum.loss += scores[i].loss;
    }
    return sum;
}

enum trial_verdict trial_verdict(const struct trial *trial)
{
    struct trial_score before = trial_sum(trial->before), after = trial_sum(trial->after);
    if (after.right < before.right || after.loss >= before.loss)
        return TRIAL_NO_BETTER;
    const struct trial_score *others = &trial->others_after;
    if (others->right + TRIAL_OTHERS_LOSS * others->frames < trial->others_before.right)
        return TRIAL_FORGETS;
    return TRIAL_HELPS;
}
