// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/postures.h"

#include <stddef.h>

// In the order of POSTURE_POSITIONS in model/data.py.
static const enum position position_of[POSTURES] = {
    POSITION_SUPINE,
    POSITION_SUPINE,
    POSITION_SUPINE, // arms down, star, on the belly
    POSITION_SUPINE_KNEES_RAISED,
    POSITION_SUPINE_LEFT_KNEE,
    POSITION_SUPINE_RIGHT_KNEE,
    POSITION_RECLINED,
    POSITION_RECLINED,
    POSITION_RECLINED, // 30, 45, 60 degrees
    POSITION_LEFT_FETAL,
    POSITION_RIGHT_FETAL,
    POSITION_LEFT_SIDE,
    POSITION_LEFT_SIDE,
    POSITION_LEFT_SIDE, // free, on two wedges
    POSITION_RIGHT_SIDE,
    POSITION_RIGHT_SIDE,
    POSITION_RIGHT_SIDE,
    POSITION_SUPINE_LEGS_RAISED,
    POSITION_PRONE,
    POSITION_SITTING,
    POSITION_UNKNOWN, // nobody: an animal, a suitcase, laundry, a baseline that has drifted
    POSITION_UNKNOWN, // several people
};

static enum position mirror_position(enum position position)
{
    static const enum position mirrored[POSITION_BODY_N] = {
        [POSITION_SUPINE] = POSITION_SUPINE,
        [POSITION_SUPINE_KNEES_RAISED] = POSITION_SUPINE_KNEES_RAISED,
        [POSITION_SUPINE_LEFT_KNEE] = POSITION_SUPINE_RIGHT_KNEE,
        [POSITION_SUPINE_RIGHT_KNEE] = POSITION_SUPINE_LEFT_KNEE,
        [POSITION_SUPINE_LEGS_RAISED] = POSITION_SUPINE_LEGS_RAISED,
        [POSITION_RECLINED] = POSITION_RECLINED,
        [POSITION_LEFT_FETAL] = POSITION_RIGHT_FETAL,
        [POSITION_RIGHT_FETAL] = POSITION_LEFT_FETAL,
        [POSITION_LEFT_SIDE] = POSITION_RIGHT_SIDE,
        [POSITION_RIGHT_SIDE] = POSITION_LEFT_SIDE,
        [POSITION_PRONE] = POSITION_PRONE,
        [POSITION_SITTING] = POSITION_SITTING,
    };
    return mirrored[position];
}

void postures_add(const float postures[POSTURES], bool mirrored, float share,
                  float probabilities[POSITION_BODY_N])
{
    for (size_t i = 0; i < POSTURES; i++) {
        enum position position = position_of[i];
        if (position == POSITION_UNKNOWN)
            continue;
        probabilities[mirrored ? mirror_position(position) : position] += share * postures[i];
    }
}
