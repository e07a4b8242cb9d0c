// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef PSOASMON_BRIEF_H
#define PSOASMON_BRIEF_H

#include "position/position.h"

// A position in a few letters for a narrow column, at most POSITION_BRIEF_WIDTH.
#define POSITION_BRIEF_WIDTH 14
const char *position_brief(enum position position);

#endif
