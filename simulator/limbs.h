// SPDX-License-Identifier: GPL-3.0-or-later
// How arms and legs lie, and where their weight goes. The trunk must be laid before.
#ifndef PSOASMON_LIMBS_H
#define PSOASMON_LIMBS_H

#include "pose.h"

enum limb_side {
    SIDE_LEFT,
    SIDE_RIGHT,
};

// What is being posed, and how heads, arms and legs find the trunk.
struct posing {
    struct pose *pose;
    const struct body *body;
    struct random *random;
    double trunk_angle;               // heading of the trunk at the hips
    double shoulder_along, hip_along; // on the trunk
};

// Angles of a limb are given for the left; the right gets the mirror image.
double limb_angle(enum limb_side side, double angle);

// ---- on the back or the front ----

// Beside the body, up around the head, spread, or with the hands on the belly.
void arms_flat(struct posing *posing, bool may_rest_on_belly);

void leg_long_on_back(struct posing *posing, enum limb_side side);
void leg_long_on_front(struct posing *posing, enum limb_side side);
// On the front, the thigh spread and the knee bent: the recovery position's upper leg.
void leg_spread_on_front(struct posing *posing, enum limb_side side);

// On the back, knee up, the sole on the mattress `reach` (of the leg's length) from the hip.
void leg_planted(struct posing *posing, enum limb_side side, double reach);

// On the back, a pillow under the knee.
void leg_on_pillow(struct posing *posing, enum limb_side side);

// In the air: held to the chest, or the calf up on a chair that carries its part.
void leg_held(struct posing *posing, enum limb_side side);
void leg_on_chair(struct posing *posing, enum limb_side side);

// ---- on the left side ----

void arm_below(struct posing *posing);
void arm_above(struct posing *posing);
void leg_below(struct posing *posing, double hip_bend, double knee_bend);
void leg_above(struct posing *posing, double hip_bend, double knee_bend);

// ---- sitting ----

// The leg hangs over the edge, its foot on the floor.
void leg_over_edge(struct posing *posing, enum limb_side side);
void leg_crossed(struct posing *posing, enum limb_side side);

#endif
