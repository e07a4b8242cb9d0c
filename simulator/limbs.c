// SPDX-License-Identifier: GPL-3.0-or-later
#include "limbs.h"

#define HEEL_MM 46.0 // of the foot behind the ankle

struct leg {
    enum part thigh, shank, foot;
    struct point hip;
};

static double any(const struct posing *posing, double low, double high)
{
    return random_between(posing->random, low, high);
}

double limb_angle(enum limb_side side, double angle)
{
    return side == SIDE_LEFT ? angle : -angle;
}

static struct leg leg_of(const struct posing *posing, enum limb_side side)
{
    double aside = limb_angle(side, posing->body->hips * 0.5);
    return (struct leg){
        .thigh = PART_LEFT_THIGH + side,
        .shank = PART_LEFT_SHANK + side,
        .foot = PART_LEFT_FOOT + side,
        .hip = pose_point(posing->pose, PART_TRUNK, posing->hip_along, aside),
    };
}

static double girth(const struct posing *posing)
{
    return posing->body->girth;
}

// ---- arms on the back or the front ----

enum arm_style {
    ARM_BESIDE,
    ARM_UP,
    ARM_SPREAD,
    ARM_ON_BELLY,
    ARM_STYLES
};

static void arm_flat(struct posing *posing, enum limb_side side, enum arm_style style)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    enum part upper = PART_LEFT_UPPER_ARM + side, fore = PART_LEFT_FOREARM + side;
    double angle = 0, bend = 0;
    switch (style) {
    case ARM_BESIDE:
        angle = any(posing, 8, 32);
        bend = any(posing, -40, 10);
        break;
    case ARM_UP:
        angle = any(posing, 95, 150);
        bend = any(posing, 30, 100);
        break;
    case ARM_SPREAD:
        angle = any(posing, 40, 95);
        bend = any(posing, -40, 50);
        break;
    case ARM_ON_BELLY:
    case ARM_STYLES:
        angle = any(posing, 14, 34);
        bend = any(posing, -125, -85);
        break;
    }
    double aside = limb_angle(side, body->shoulders * 0.5);
    struct point shoulder = pose_point(pose, PART_TRUNK, posing->shoulder_along, aside);
    double heading = posing->trunk_angle + limb_angle(side, angle);
    struct point elbow = pose_lay(pose, upper, shoulder, heading, 0, body->upper_arm, girth(posing),
                                  &shape_upper_arm);
    pose_lay(pose, fore, elbow, heading + limb_angle(side, bend), 0, body->forearm + body->hand,
             girth(posing), &shape_forearm);
    pose_pass(pose, upper, 0.35, PART_TRUNK, posing->shoulder_along);
    if (style == ARM_ON_BELLY)
        pose_pass(pose, fore, 0.8, PART_TRUNK, 0.55);
}

void arms_flat(struct posing *posing, bool may_rest_on_belly)
{
    unsigned styles = may_rest_on_belly ? ARM_STYLES : ARM_ON_BELLY;
    // Beside the body most of the time, and mostly both alike.
    enum arm_style left = random_chance(posing->random, 0.45)
                              ? ARM_BESIDE
                              : (enum arm_style)random_below(posing->random, styles);
    enum arm_style right = random_chance(posing->random, 0.6)
                               ? left
                               : (enum arm_style)random_below(posing->random, styles);
    arm_flat(posing, SIDE_LEFT, left);
    arm_flat(posing, SIDE_RIGHT, right);
}

// ---- legs on the back ----

void leg_long_on_back(struct posing *posing, enum limb_side side)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    double angle = posing->trunk_angle + limb_angle(side, any(posing, 0, 13));
    struct point knee =
        pose_lay(pose, leg.thigh, leg.hip, angle, 0, body->thigh, girth(posing), &shape_thigh_back);
    angle += limb_angle(side, any(posing, -6, 3));
    struct point ankle =
        pose_lay(pose, leg.shank, knee, angle, 0, body->shank, girth(posing), &shape_shank_back);
    pose_lay(pose, leg.foot, ankle, angle + limb_angle(side, any(posing, -10, 30)), 0, HEEL_MM, 1,
             &shape_heel);
    pose->parts[leg.foot].load_at = 0.5;
    // The knee is rarely quite straight: the thigh hangs between buttocks and calf.
    double slack = any(posing, 0, 1);
    pose_pass(pose, leg.thigh, 0.35 + 0.15 * slack, PART_TRUNK, 0.9);
    pose_pass(pose, leg.thigh, 0.05 + 0.15 * slack, leg.shank, 0.2);
    pose_pass(pose, leg.shank, 0.12 * slack, leg.foot, 0.5);
}

void leg_planted(struct posing *posing, enum limb_side side, double reach)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    double angle = posing->trunk_angle + limb_angle(side, any(posing, -3, 14));
    double away = reach * (body->thigh + body->shank);
    // Seen from above, how far the knee is from the hip.
    double knee_away =
        (body->thigh * body->thigh - body->shank * body->shank + away * away) / (2 * away);
    struct point knee =
        pose_lay(pose, leg.thigh, leg.hip, angle, 0, knee_away, girth(posing), &shape_thigh_back);
    struct point ankle = pose_lay(pose, leg.shank, knee, angle, 0, away - knee_away, girth(posing),
                                  &shape_shank_back);
    double toes = angle + limb_angle(side, any(posing, -5, 25));
    pose_lay(pose, leg.foot, point_toward(ankle, toes, -HEEL_MM), toes, 0, body->foot, 1,
             &shape_sole);
    pose->parts[leg.foot].load_at = 0.3;
    // An arch with hinges at hip, knee and ankle: its ends share the weight by the lever.
    double thigh_at = body->centre[leg.thigh] * knee_away;
    double shank_at = knee_away + body->centre[leg.shank] * (away - knee_away);
    pose_pass(pose, leg.thigh, thigh_at / away, leg.foot, 0.15);
    pose_pass(pose, leg.thigh, 1, PART_TRUNK, 0.92);
    double on_foot = shank_at / away < 1 ? shank_at / away : 1;
    pose_pass(pose, leg.shank, on_foot, leg.foot, 0.15);
    pose_pass(pose, leg.shank, 1, PART_TRUNK, 0.92);
}

void leg_on_pillow(struct posing *posing, enum limb_side side)
{
    // Through a pillow everything is broad and flat.
    static const struct shape pillow = {
        .half_width = {100, 110, 115, 115, 115, 115, 115, 110, 100},
        .depth = {16, 16, 16, 16, 16, 16, 16, 16, 16},
        .relief = {6, 3, 1, 0, 0, 0, 1, 3, 6},
    };
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    double angle = posing->trunk_angle + limb_angle(side, any(posing, 0, 9));
    struct point knee = pose_lay(pose, leg.thigh, leg.hip, angle, 0, 0.9 * body->thigh,
                                 girth(posing), &shape_thigh_back);
    pose_lay(pose, leg.shank, point_toward(knee, angle, -90), angle, 0, any(posing, 180, 260), 1,
             &pillow);
    pose_lay(pose, leg.foot, point_toward(knee, angle, 0.9 * body->shank), angle, 0, HEEL_MM, 1,
             &shape_heel);
    pose->parts[leg.foot].load_at = 0.5;
    pose->parts[leg.shank].load_at = 0.5;
    pose_pass(pose, leg.shank, 0.25, leg.foot, 0.5);
    pose_pass(pose, leg.thigh, 0.5, leg.shank, 0.45);
    pose_pass(pose, leg.thigh, 0.9, PART_TRUNK, 0.92);
}

// Where the leg is does not matter to the mattress; but when it comes down it comes from here.
static struct leg leg_aloft(struct posing *posing, enum limb_side side)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    double angle = posing->trunk_angle + limb_angle(side, 5);
    struct point knee = pose_lay(pose, leg.thigh, leg.hip, angle, 0, 0.3 * body->thigh,
                                 girth(posing), &shape_thigh_back);
    struct point ankle = pose_lay(pose, leg.shank, knee, angle, 0, 0.5 * body->shank, girth(posing),
                                  &shape_shank_back);
    pose_lay(pose, leg.foot, ankle, angle, 0, body->foot, 1, &shape_sole);
    return leg;
}

void leg_held(struct posing *posing, enum limb_side side)
{
    struct leg leg = leg_aloft(posing, side);
    double along = any(posing, 0.78, 0.92);
    pose_pass(posing->pose, leg.thigh, 1, PART_TRUNK, along);
    pose_pass(posing->pose, leg.shank, 1, PART_TRUNK, along);
    pose_pass(posing->pose, leg.foot, 1, PART_TRUNK, along);
}

void leg_on_chair(struct posing *posing, enum limb_side side)
{
    struct leg leg = leg_aloft(posing, side);
    pose_lift(posing->pose, leg.thigh, posing->body->centre[leg.thigh]);
    pose_pass(posing->pose, leg.thigh, 1, PART_TRUNK, any(posing, 0.85, 0.93));
    pose_lift(posing->pose, leg.shank, 1);
    pose_lift(posing->pose, leg.foot, 1);
}

// ---- legs on the front ----

static void rest_on_front(struct posing *posing, const struct leg *leg, struct point knee,
                          double angle)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct point ankle =
        pose_lay(pose, leg->shank, knee, angle, 0, body->shank, girth(posing), &shape_shank_front);
    pose_lay(pose, leg->foot, ankle, angle, 0, 0.7 * body->foot, 1, &shape_instep);
    pose->parts[leg->foot].load_at = 0.7;
    // Some let the feet hang over the mattress's end: then knee and shin carry them.
    if (random_chance(posing->random, 0.4))
        pose_pass(pose, leg->foot, 1, leg->shank, 0.8);
    pose_pass(pose, leg->shank, 0.3, leg->thigh, 0.95);
}

void leg_long_on_front(struct posing *posing, enum limb_side side)
{
    struct pose *pose = posing->pose;
    struct leg leg = leg_of(posing, side);
    double angle = posing->trunk_angle + limb_angle(side, any(posing, 0, 12));
    struct point knee = pose_lay(pose, leg.thigh, leg.hip, angle, 0, posing->body->thigh,
                                 girth(posing), &shape_thigh_front);
    rest_on_front(posing, &leg, knee, angle + limb_angle(side, any(posing, -8, 6)));
    pose_pass(pose, leg.thigh, 0.15, PART_TRUNK, 0.9);
}

void leg_spread_on_front(struct posing *posing, enum limb_side side)
{
    struct pose *pose = posing->pose;
    struct leg leg = leg_of(posing, side);
    double angle = posing->trunk_angle + limb_angle(side, any(posing, 30, 68));
    struct point knee = pose_lay(pose, leg.thigh, leg.hip, angle, 0, posing->body->thigh,
                                 girth(posing), &shape_thigh_side);
    rest_on_front(posing, &leg, knee, angle - limb_angle(side, any(posing, 60, 105)));
    pose_pass(pose, leg.thigh, 0.3, PART_TRUNK, 0.9);
}

// ---- on the left side ----

void arm_below(struct posing *posing)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct point shoulder = pose_point(pose, PART_TRUNK, posing->shoulder_along, 25);
    double angle = any(posing, 55, 125);
    struct point elbow = pose_lay(pose, PART_LEFT_UPPER_ARM, shoulder, angle, 0, body->upper_arm,
                                  girth(posing), &shape_upper_arm);
    pose_lay(pose, PART_LEFT_FOREARM, elbow, angle + any(posing, 10, 110), 0,
             body->forearm + body->hand, girth(posing), &shape_forearm);
    pose_pass(pose, PART_LEFT_UPPER_ARM, 0.4, PART_TRUNK, posing->shoulder_along);
}

void arm_above(struct posing *posing)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct point shoulder = pose_point(pose, PART_TRUNK, posing->shoulder_along, 10);
    bool in_front = random_chance(posing->random, 0.55);
    double angle = in_front ? any(posing, 40, 95) : any(posing, 0, 20);
    struct point elbow = pose_lay(pose, PART_RIGHT_UPPER_ARM, shoulder, angle, 0,
                                  0.85 * body->upper_arm, girth(posing), &shape_upper_arm);
    pose_lay(pose, PART_RIGHT_FOREARM, elbow, angle + any(posing, -20, 70), 0,
             body->forearm + body->hand, girth(posing), &shape_forearm);
    if (in_front) {
        pose_pass(pose, PART_RIGHT_UPPER_ARM, 0.4, PART_RIGHT_FOREARM, 0);
    } else {
        pose_pass(pose, PART_RIGHT_FOREARM, any(posing, 0.6, 1), PART_TRUNK, 0.75);
    }
    pose_pass(pose, PART_RIGHT_UPPER_ARM, 1, PART_TRUNK, posing->shoulder_along + 0.08);
}

static struct leg lay_sideways(struct posing *posing, enum limb_side side, double hip_bend,
                               double knee_bend)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    leg.hip = pose_point(pose, PART_TRUNK, posing->hip_along, side == SIDE_LEFT ? 0 : 15);
    double angle = posing->trunk_angle + hip_bend;
    struct point knee =
        pose_lay(pose, leg.thigh, leg.hip, angle, 0, body->thigh, girth(posing), &shape_thigh_side);
    angle -= knee_bend;
    struct point ankle =
        pose_lay(pose, leg.shank, knee, angle, 0, body->shank, girth(posing), &shape_shank_side);
    angle += any(posing, 25, 75);
    pose_lay(pose, leg.foot, point_toward(ankle, angle, -HEEL_MM), angle, 0, body->foot, 1,
             &shape_foot_side);
    return leg;
}

void leg_below(struct posing *posing, double hip_bend, double knee_bend)
{
    struct leg leg = lay_sideways(posing, SIDE_LEFT, hip_bend, knee_bend);
    pose_pass(posing->pose, leg.thigh, 0.2, PART_TRUNK, 0.9);
}

void leg_above(struct posing *posing, double hip_bend, double knee_bend)
{
    struct pose *pose = posing->pose;
    struct leg leg = lay_sideways(posing, SIDE_RIGHT, hip_bend, knee_bend);
    pose_pass(pose, leg.thigh, 0.45, PART_TRUNK, 0.88);
    if (random_chance(posing->random, 0.65)) { // on the other leg
        pose_pass(pose, leg.thigh, 1, PART_LEFT_THIGH, 0.6);
        pose_pass(pose, leg.shank, any(posing, 0.6, 1), PART_LEFT_SHANK, 0.5);
        pose_pass(pose, leg.foot, any(posing, 0, 1), PART_LEFT_FOOT, 0.4);
    } else { // the knee down on the mattress in front of it
        pose_pass(pose, leg.thigh, 0.6, leg.shank, 0.05);
    }
}

// ---- sitting ----

void leg_over_edge(struct posing *posing, enum limb_side side)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    leg.hip = pose_point(pose, PART_TRUNK, 0.95, limb_angle(side, 0.8 * body->hips));
    double angle = posing->trunk_angle + limb_angle(side, any(posing, -2, 12));
    struct point knee = pose_lay(pose, leg.thigh, leg.hip, angle, 0, 0.75 * body->thigh,
                                 girth(posing), &shape_thigh_back);
    struct point ankle =
        pose_lay(pose, leg.shank, knee, angle, 0, 60, girth(posing), &shape_shank_back);
    pose_lay(pose, leg.foot, ankle, angle, 0, body->foot, 1, &shape_sole);
    pose_pass(pose, leg.thigh, 0.5, PART_TRUNK, 0.75);
    pose_lift(pose, leg.thigh, 0.4);
    pose->parts[leg.thigh].load_at = 0.15;
    pose_lift(pose, leg.shank, 1);
    pose_lift(pose, leg.foot, 1);
}

void leg_crossed(struct posing *posing, enum limb_side side)
{
    struct pose *pose = posing->pose;
    const struct body *body = posing->body;
    struct leg leg = leg_of(posing, side);
    leg.hip = pose_point(pose, PART_TRUNK, 0.8, limb_angle(side, 0.8 * body->hips));
    double angle = posing->trunk_angle + limb_angle(side, any(posing, 38, 60));
    struct point knee = pose_lay(pose, leg.thigh, leg.hip, angle, 0, 0.9 * body->thigh,
                                 girth(posing), &shape_thigh_back);
    angle -= limb_angle(side, any(posing, 105, 130));
    struct point ankle = pose_lay(pose, leg.shank, knee, angle, 0, 0.95 * body->shank,
                                  girth(posing), &shape_shank_side);
    pose_lay(pose, leg.foot, ankle, angle + limb_angle(side, 40), 0, 0.8 * body->foot, 1,
             &shape_foot_side);
    pose_pass(pose, leg.thigh, 0.5, PART_TRUNK, 0.8);
    pose_pass(pose, leg.thigh, 0.5, leg.shank, 0.1);
}
