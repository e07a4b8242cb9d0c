// SPDX-License-Identifier: GPL-3.0-or-later
// The undersides of body parts: what a part shows the mattress when this face is down.
#ifndef PSOASMON_SHAPE_H
#define PSOASMON_SHAPE_H

// Cross-sections of every part.
#define STATIONS 9

// At each station, from the upper end to the lower, in mm for an average body.
struct shape {
    double half_width[STATIONS], depth[STATIONS], relief[STATIONS];
};

extern const struct shape shape_head_back, shape_head_side, shape_trunk_back, shape_trunk_side,
    shape_trunk_front, shape_trunk_seat, shape_upper_arm, shape_forearm, shape_thigh_back,
    shape_thigh_side, shape_thigh_front, shape_shank_back, shape_shank_side, shape_shank_front,
    shape_heel, shape_foot_side, shape_sole, shape_instep;

#endif
