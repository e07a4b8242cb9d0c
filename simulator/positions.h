// SPDX-License-Identifier: GPL-3.0-or-later
// Every position of position/position.h as a pose, each time a little differently.
#ifndef PSOASMON_POSITIONS_H
#define PSOASMON_POSITIONS_H

#include "limbs.h"
#include "mattress.h"
#include "position/position.h"

// A position of a body (below POSITION_BODY_N).
void position_pose(struct pose *pose, enum position position, const struct body *body,
                   const struct mattress *mattress, struct random *random);

// Sitting on the mattress's edge with the feet on the floor: how beds are entered and left.
void edge_pose(struct pose *pose, const struct body *body, const struct mattress *mattress,
               struct random *random);

#endif
