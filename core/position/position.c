// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/position.h"

#include <string.h>

#include "base/mark.h"

// A sum of a dozen probabilities is off by less.
#define ROUNDING 2e-6f

// clang-format off
static const struct position_fact facts[POSITION_N] = {
    [POSITION_SUPINE] =
        {"supine", N_("On the back, legs long"), PSOAS_NEUTRAL, false},
    [POSITION_SUPINE_KNEES_RAISED] =
        {"supine_knees_raised", N_("On the back, both knees up"), PSOAS_RELEASED, true},
    [POSITION_SUPINE_LEFT_KNEE] =
        {"supine_left_knee", N_("On the back, left knee drawn up"), PSOAS_STRETCHED, true},
    [POSITION_SUPINE_RIGHT_KNEE] =
        {"supine_right_knee", N_("On the back, right knee drawn up"), PSOAS_STRETCHED, true},
    [POSITION_SUPINE_LEGS_RAISED] =
        {"supine_legs_raised", N_("On the back, calves up on a support"), PSOAS_RELEASED, true},
    [POSITION_RECLINED] =
        {"reclined", N_("On the back, upper body raised"), PSOAS_PARTLY_RELEASED, false},
    [POSITION_LEFT_FETAL] =
        {"left_fetal", N_("On the left side, knees drawn up"), PSOAS_RELEASED, true},
    [POSITION_RIGHT_FETAL] =
        {"right_fetal", N_("On the right side, knees drawn up"), PSOAS_RELEASED, true},
    [POSITION_LEFT_SIDE] =
        {"left_side", N_("On the left side, hips straight"), PSOAS_NEUTRAL, false},
    [POSITION_RIGHT_SIDE] =
        {"right_side", N_("On the right side, hips straight"), PSOAS_NEUTRAL, false},
    [POSITION_PRONE] =
        {"prone", N_("On the front"), PSOAS_EXTENDED, false},
    [POSITION_SITTING] =
        {"sitting", N_("Sitting upright"), PSOAS_SHORTENED, false},
    [POSITION_EMPTY] =
        {"empty", N_("Nobody on the pad"), PSOAS_NONE, false},
    [POSITION_UNKNOWN] =
        {"unknown", N_("Position not known"), PSOAS_NONE, false},
};

static const char *const psoas_names[] = {
    [PSOAS_NONE] = N_("none"),
    [PSOAS_NEUTRAL] = N_("neutral"),
    [PSOAS_RELEASED] = N_("release"),
    [PSOAS_PARTLY_RELEASED] = N_("partial release"),
    [PSOAS_STRETCHED] = N_("stretch"),
    [PSOAS_EXTENDED] = N_("extended"),
    [PSOAS_SHORTENED] = N_("shortened"),
};
// clang-format on

const struct position_fact *position_fact(enum position position)
{
    return &facts[position];
}

const char *position_identifier(enum position position)
{
    return facts[position].identifier;
}

const char *psoas_name(enum psoas psoas)
{
    return psoas_names[psoas];
}

int position_from_identifier(const char *identifier)
{
    for (int i = 0; i < POSITION_N; i++)
        if (strcmp(identifier, facts[i].identifier) == 0)
            return i;
    return -1;
}

float position_unknown(const float probabilities[POSITION_BODY_N])
{
    float rest = 1.0f;
    for (int i = 0; i < POSITION_BODY_N; i++)
        rest -= probabilities[i];
    return rest > ROUNDING ? rest : 0.0f;
}

position_set position_friendly_default(void)
{
    position_set set = 0;
    for (int i = 0; i < POSITION_N; i++)
        if (facts[i].friendly)
            set |= POSITION_BIT(i);
    return set;
}
