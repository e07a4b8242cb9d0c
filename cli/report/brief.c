// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/brief.h"
#include "words.h"

const char *position_brief(enum position position)
{
    static const char *const names[POSITION_N] = {
        [POSITION_SUPINE] = N_("back"),
        [POSITION_SUPINE_KNEES_RAISED] = N_("back, knees up"),
        [POSITION_SUPINE_LEFT_KNEE] = N_("back, L knee"),
        [POSITION_SUPINE_RIGHT_KNEE] = N_("back, R knee"),
        [POSITION_SUPINE_LEGS_RAISED] = N_("back, legs up"),
        [POSITION_RECLINED] = N_("reclined"),
        [POSITION_LEFT_FETAL] = N_("left fetal"),
        [POSITION_RIGHT_FETAL] = N_("right fetal"),
        [POSITION_LEFT_SIDE] = N_("left side"),
        [POSITION_RIGHT_SIDE] = N_("right side"),
        [POSITION_PRONE] = N_("front"),
        [POSITION_SITTING] = N_("sitting"),
        [POSITION_EMPTY] = N_("out of bed"),
        [POSITION_UNKNOWN] = N_("not known"),
    };
    return _(names[position]);
}
