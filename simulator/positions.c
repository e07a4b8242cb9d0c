// SPDX-License-Identifier: GPL-3.0-or-later
#include "positions.h"

// What the trunk reaches beyond its joints, mm.
#define ABOVE_SHOULDER 35
#define BELOW_HIP      95
// The back of the head and the heel, as far from crown and sole, mm.
#define CROWN_TO_OCCIPUT 110
#define SOLE_TO_HEEL     35

// One draw a statement: C leaves the order of arguments and initializers to the compiler.
static double any(const struct posing *posing, double low, double high)
{
    return random_between(posing->random, low, high);
}

static bool perhaps(const struct posing *posing, double probability)
{
    return random_chance(posing->random, probability);
}

// Where the crown is, so that back of the head and heels of somebody lying straight are as far
// from the pad's ends.
static double crown(const struct body *body)
{
    return -(CROWN_TO_OCCIPUT + body->stature_mm - SOLE_TO_HEEL) / 2;
}

// ---- trunk and head ----

static void lay_trunk(struct posing *posing, double x, double angle, double bend,
                      const struct shape *shape)
{
    const struct body *body = posing->body;
    struct point top = {x, crown(body) + body->shoulder - ABOVE_SHOULDER};
    double between_joints = body->hip - body->shoulder;
    double length = ABOVE_SHOULDER + between_joints + BELOW_HIP;
    pose_lay(posing->pose, PART_TRUNK, top, angle, bend, length, body->girth, shape);
    posing->shoulder_along = ABOVE_SHOULDER / length;
    posing->hip_along = (ABOVE_SHOULDER + between_joints) / length;
    posing->trunk_angle = angle + bend;
    // From the share of the way between the joints to the share of the whole.
    double centre = body->centre[PART_TRUNK];
    posing->pose->parts[PART_TRUNK].load_at =
        posing->shoulder_along + (centre + 0.05) * (posing->hip_along - posing->shoulder_along);
}

// The head beyond the trunk's upper end, turned by `nod` toward low columns.
static void lay_head(struct posing *posing, double angle, double nod, const struct shape *shape)
{
    struct point neck = pose_point(posing->pose, PART_TRUNK, 0, 0);
    double heading = angle + 180 - nod;
    double to_head = posing->body->shoulder - ABOVE_SHOULDER - CROWN_TO_OCCIPUT - 45;
    // A pillow spreads the weight.
    double pillow = any(posing, 0.9, 1.5);
    pose_lay(posing->pose, PART_HEAD, point_toward(neck, heading, to_head), heading, 0, 90, pillow,
             shape);
    pose_pass(posing->pose, PART_HEAD, any(posing, 0, 0.4), PART_TRUNK, 0.04);
}

static void lie_on_back(struct posing *posing)
{
    double angle = any(posing, -4, 4);
    lay_trunk(posing, any(posing, -20, 20), angle, 0, &shape_trunk_back);
    lay_head(posing, angle, any(posing, -8, 8), &shape_head_back);
    arms_flat(posing, true);
}

// ---- on the back ----

static void supine(struct posing *posing)
{
    lie_on_back(posing);
    leg_long_on_back(posing, SIDE_LEFT);
    leg_long_on_back(posing, SIDE_RIGHT);
}

// Bent hips flatten the small of the back.
static void flatten_back(struct posing *posing)
{
    for (int i = 4; i < STATIONS - 2; i++)
        posing->pose->parts[PART_TRUNK].stations[i].relief *= 0.4;
}

static void knees_raised(struct posing *posing)
{
    lie_on_back(posing);
    if (perhaps(posing, 0.2)) {
        leg_on_pillow(posing, SIDE_LEFT);
        leg_on_pillow(posing, SIDE_RIGHT);
        return;
    }
    flatten_back(posing);
    double reach = any(posing, 0.42, 0.72);
    leg_planted(posing, SIDE_LEFT, reach + any(posing, -0.04, 0.04));
    leg_planted(posing, SIDE_RIGHT, reach + any(posing, -0.04, 0.04));
}

static void left_knee(struct posing *posing)
{
    lie_on_back(posing);
    leg_long_on_back(posing, SIDE_RIGHT);
    if (perhaps(posing, 0.5))
        leg_held(posing, SIDE_LEFT);
    else
        leg_planted(posing, SIDE_LEFT, any(posing, 0.4, 0.62));
}

static void legs_raised(struct posing *posing)
{
    lie_on_back(posing);
    flatten_back(posing);
    leg_on_chair(posing, SIDE_LEFT);
    leg_on_chair(posing, SIDE_RIGHT);
}

static void reclined(struct posing *posing)
{
    struct pose *pose = posing->pose;
    lie_on_back(posing);
    double incline = any(posing, 0.15, 0.75); // sine squared: about 25 to 60 degrees
    // What the slope does not carry slides down to the pelvis.
    struct part_pose *trunk = &pose->parts[PART_TRUNK];
    trunk->load_at += (0.9 - trunk->load_at) * 0.7 * incline;
    pose_pass(pose, PART_HEAD, incline, PART_TRUNK, 0.9);
    // The body folds where the bed does not: a gap behind the waist.
    static const double fold[STATIONS] = {-6, -6, -3, 2, 6, 6, 1, 0, 0};
    for (int i = 0; i < STATIONS; i++)
        trunk->stations[i].relief += fold[i] * (0.6 + 2.2 * incline);
    leg_long_on_back(posing, SIDE_LEFT);
    leg_long_on_back(posing, SIDE_RIGHT);
    pose_move(pose, (struct point){0}, 0, (struct point){0, any(posing, 0, 260 * incline)});
}

// ---- on the side ----

static void lie_on_left(struct posing *posing, double x, double bend)
{
    double angle = -bend / 2 + any(posing, -6, 6);
    lay_trunk(posing, x, angle, bend, &shape_trunk_side);
    lay_head(posing, angle, any(posing, -2, 16), &shape_head_side);
    arm_below(posing);
    arm_above(posing);
}

static void left_side(struct posing *posing)
{
    double x = any(posing, 10, 80), bend = any(posing, -4, 14);
    lie_on_left(posing, x, bend);
    double hip = any(posing, 8, 52), knee = hip + any(posing, 0, 40);
    leg_below(posing, hip, knee);
    hip += any(posing, -12, 15);
    knee += any(posing, -12, 20);
    leg_above(posing, hip, knee);
}

static void left_fetal(struct posing *posing)
{
    double x = any(posing, 50, 130), bend = any(posing, 8, 36);
    lie_on_left(posing, x, bend);
    double hip = any(posing, 60, 100), knee = any(posing, 75, 125);
    leg_below(posing, hip, knee);
    hip += any(posing, -5, 20);
    knee += any(posing, -15, 15);
    leg_above(posing, hip, knee);
}

// ---- on the front, sitting ----

static void prone(struct posing *posing)
{
    double angle = any(posing, -5, 5), x = any(posing, -25, 25), bend = any(posing, -6, 6);
    lay_trunk(posing, x, angle, bend, &shape_trunk_front);
    double cheek = any(posing, 8, 22);
    lay_head(posing, angle, perhaps(posing, 0.5) ? cheek : -cheek, &shape_head_side);
    arms_flat(posing, false);
    bool spread = perhaps(posing, 0.35);
    if (spread)
        leg_spread_on_front(posing, SIDE_LEFT);
    else
        leg_long_on_front(posing, SIDE_LEFT);
    leg_long_on_front(posing, SIDE_RIGHT);
    posing->pose->breath_chest_mm *= 1.5;
    if (perhaps(posing, 0.5))
        pose_mirror(posing->pose);
}

static void sit(struct posing *posing, struct point back, double facing)
{
    struct pose *pose = posing->pose;
    pose_lay(pose, PART_TRUNK, back, facing, 0, 190, posing->body->girth, &shape_trunk_seat);
    posing->trunk_angle = facing;
    posing->shoulder_along = 0.3;
    posing->hip_along = 0.5;
    // Leaning back or forward.
    pose->parts[PART_TRUNK].load_at = any(posing, 0.35, 0.6);
    const enum part above[] = {PART_HEAD, PART_LEFT_UPPER_ARM, PART_RIGHT_UPPER_ARM,
                               PART_LEFT_FOREARM, PART_RIGHT_FOREARM};
    struct point middle = pose_point(pose, PART_TRUNK, 0.5, 0);
    for (unsigned i = 0; i < sizeof above / sizeof *above; i++) {
        pose_lay(pose, above[i], middle, facing, 0, 100, posing->body->girth, &shape_upper_arm);
        pose_pass(pose, above[i], 1, PART_TRUNK, 0.45);
    }
    pose->breath_chest_mm = pose->breath_belly_mm = 0.4;
}

static void sit_on_edge(struct posing *posing, const struct mattress *mattress)
{
    // Over the left edge; mirrored half of the time.
    double from_edge = any(posing, 300, 420), y = any(posing, -250, 250);
    struct point back = {from_edge - mattress_half_width(mattress), y};
    sit(posing, back, 90 + any(posing, -15, 15));
    leg_over_edge(posing, SIDE_LEFT);
    leg_over_edge(posing, SIDE_RIGHT);
    if (perhaps(posing, 0.5))
        pose_mirror(posing->pose);
}

static void sit_in_middle(struct posing *posing)
{
    double x = any(posing, -60, 60), y = any(posing, -250, 200);
    sit(posing, (struct point){x, y}, any(posing, -30, 30));
    bool crossed = perhaps(posing, 0.6);
    for (int side = SIDE_LEFT; side <= SIDE_RIGHT; side++)
        if (crossed)
            leg_crossed(posing, (enum limb_side)side);
        else
            leg_long_on_back(posing, (enum limb_side)side);
}

// ---- all of them ----

// Nobody lies down in quite the same place twice.
static void scatter(struct posing *posing)
{
    double angle = 3 * (double)random_normal(posing->random);
    double x = 30 * (double)random_normal(posing->random);
    double y = 22 * (double)random_normal(posing->random);
    pose_move(posing->pose, (struct point){0}, angle, (struct point){x, y});
}

void edge_pose(struct pose *pose, const struct body *body, const struct mattress *mattress,
               struct random *random)
{
    struct posing posing = {.pose = pose, .body = body, .random = random};
    pose_begin(pose, body);
    sit_on_edge(&posing, mattress);
}

void position_pose(struct pose *pose, enum position position, const struct body *body,
                   const struct mattress *mattress, struct random *random)
{
    static void (*const lie[POSITION_BODY_N])(struct posing *) = {
        [POSITION_SUPINE] = supine,
        [POSITION_SUPINE_KNEES_RAISED] = knees_raised,
        [POSITION_SUPINE_LEFT_KNEE] = left_knee,
        [POSITION_SUPINE_RIGHT_KNEE] = left_knee,
        [POSITION_SUPINE_LEGS_RAISED] = legs_raised,
        [POSITION_RECLINED] = reclined,
        [POSITION_LEFT_FETAL] = left_fetal,
        [POSITION_RIGHT_FETAL] = left_fetal,
        [POSITION_LEFT_SIDE] = left_side,
        [POSITION_RIGHT_SIDE] = left_side,
        [POSITION_PRONE] = prone,
        [POSITION_SITTING] = sit_in_middle,
    };
    if (position == POSITION_SITTING && random_chance(random, 0.6)) {
        edge_pose(pose, body, mattress, random);
        return;
    }
    struct posing posing = {.pose = pose, .body = body, .random = random};
    pose_begin(pose, body);
    lie[position](&posing);
    if (position == POSITION_SUPINE_RIGHT_KNEE || position == POSITION_RIGHT_FETAL ||
        position == POSITION_RIGHT_SIDE)
        pose_mirror(pose);
    scatter(&posing);
    pose->folds = random_bits(random);
}
