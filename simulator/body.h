// SPDX-License-Identifier: GPL-3.0-or-later
// A body: how long and how heavy its parts are.
#ifndef PSOASMON_BODY_H
#define PSOASMON_BODY_H

#include "random.h"

enum part {
    PART_HEAD,
    PART_TRUNK,
    PART_LEFT_UPPER_ARM,
    PART_RIGHT_UPPER_ARM,
    PART_LEFT_FOREARM, // with the hand
    PART_RIGHT_FOREARM,
    PART_LEFT_THIGH,
    PART_RIGHT_THIGH,
    PART_LEFT_SHANK,
    PART_RIGHT_SHANK,
    PART_LEFT_FOOT,
    PART_RIGHT_FOOT,
    PART_N
};

struct body {
    double stature_mm;
    double girth; // breadths and depths, against an average body of this stature
    double weight_n[PART_N];
    double centre[PART_N]; // of mass: 0 at the part's upper end, 1 at the lower
    // Lengths between joints, mm.
    double upper_arm, forearm, hand, thigh, shank, foot;
    // Down from the crown, mm.
    double shoulder, hip;
    // Apart from each other, mm.
    double shoulders, hips;
};

// A woman or a man; mass and stature 0: drawn.
void body_draw(struct body *body, struct random *random, double mass_kg, double stature_mm);

#endif
