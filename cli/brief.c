// SPDX-License-Identifier: GPL-3.0-or-later
#include "brief.h"

const char *position_brief(enum position position)
{
    static const char *const names[POSITION_N] = {
        [POSITION_SUPINE] = "back",
        [POSITION_SUPINE_KNEES_RAISED] = "back, knees up",
        [POSITION_SUPINE_LEFT_KNEE] = "back, L knee",
        [POSITION_SUPINE_RIGHT_KNEE] = "back, R knee",
        [POSITION_SUPINE_LEGS_RAISED] = "back, legs up",
        [POSITION_RECLINED] = "reclined",
        [POSITION_LEFT_FETAL] = "left fetal",
        [POSITION_RIGHT_FETAL] = "right fetal",
        [POSITION_LEFT_SIDE] = "left side",
        [POSITION_RIGHT_SIDE] = "right side",
        [POSITION_PRONE] = "front",
        [POSITION_SITTING] = "sitting",
        [POSITION_EMPTY] = "out of bed",
        [POSITION_UNKNOWN] = "not known",
    };
    return names[position];
}
