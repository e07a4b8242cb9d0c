// SPDX-License-Identifier: GPL-3.0-or-later
// What the networks tell apart is finer than positions, because the recordings are: people on an
// inclined bed, say, look different at 30 and at 60 degrees. Private to core/position.
#ifndef PSOASMON_POSTURES_H
#define PSOASMON_POSTURES_H

#include <stdbool.h>

#include "position/position.h"
#include "position/weights.h"

// Adds to each position `share` times the probabilities of its postures together; `mirrored`: they
// are those of the mirror image. Nobody and several people are postures of no position.
void postures_add(const float postures[POSTURES], bool mirrored, float share,
                  float probabilities[POSITION_BODY_N]);

#endif
