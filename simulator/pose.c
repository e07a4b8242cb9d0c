// SPDX-License-Identifier: GPL-3.0-or-later
#include "pose.h"

#include <math.h>

#include "angle.h"

#define LAST (STATIONS - 1)

void pose_begin(struct pose *pose, const struct body *body)
{
    *pose = (struct pose){.breath_chest_mm = 2.4, .breath_belly_mm = 2.2};
    for (int part = 0; part < PART_N; part++) {
        pose->parts[part].load_n = body->weight_n[part];
        pose->parts[part].load_at = body->centre[part];
    }
}

struct point point_toward(struct point from, double angle, double distance)
{
    return (struct point){from.x - sine(angle) * distance, from.y + cosine(angle) * distance};
}

struct point pose_lay(struct pose *pose, enum part part, struct point start, double angle,
                      double bend, double length, double width, const struct shape *shape)
{
    struct point at = start;
    for (int i = 0; i < STATIONS; i++) {
        if (i > 0)
            at = point_toward(at, angle + bend * (i - 0.5) / LAST, length / LAST);
        pose->parts[part].stations[i] = (struct station){
            .at = at,
            .half_width = shape->half_width[i] * width,
            .depth = shape->depth[i] * width,
            .relief = shape->relief[i],
        };
    }
    return at;
}

struct point pose_point(const struct pose *pose, enum part part, double along, double aside)
{
    const struct station *stations = pose->parts[part].stations;
    double place = along * LAST;
    int i = place <= 0 ? 0 : place >= LAST ? LAST - 1 : (int)place;
    struct point a = stations[i].at, b = stations[i + 1].at;
    double dx = b.x - a.x, dy = b.y - a.y, length = sqrt(dx * dx + dy * dy);
    if (length < 1e-6)
        return a;
    double on = place - i;
    return (struct point){a.x + dx * on - dy / length * aside, a.y + dy * on + dx / length * aside};
}

void pose_pass(struct pose *pose, enum part from, double share, enum part onto, double along)
{
    double newton = share * pose->parts[from].load_n;
    struct part_pose *carrier = &pose->parts[onto];
    pose->parts[from].load_n -= newton;
    double sum = carrier->load_n + newton;
    if (sum > 0)
        carrier->load_at = (carrier->load_at * carrier->load_n + along * newton) / sum;
    carrier->load_n = sum;
}

void pose_lift(struct pose *pose, enum part from, double share)
{
    pose->parts[from].load_n *= 1 - share;
}

static void swap_parts(struct pose *pose, enum part left)
{
    struct part_pose part = pose->parts[left];
    pose->parts[left] = pose->parts[left + 1];
    pose->parts[left + 1] = part;
}

void pose_mirror(struct pose *pose)
{
    for (int left = PART_LEFT_UPPER_ARM; left < PART_N; left += 2)
        swap_parts(pose, (enum part)left);
    for (int part = 0; part < PART_N; part++)
        for (int i = 0; i < STATIONS; i++)
            pose->parts[part].stations[i].at.x *= -1;
}

void pose_move(struct pose *pose, struct point about, double angle, struct point by)
{
    double sin = sine(angle), cos = cosine(angle);
    for (int part = 0; part < PART_N; part++)
        for (int i = 0; i < STATIONS; i++) {
            struct point *at = &pose->parts[part].stations[i].at;
            double x = at->x - about.x, y = at->y - about.y;
            at->x = about.x + by.x + cos * x - sin * y;
            at->y = about.y + by.y + sin * x + cos * y;
        }
}

static double between(double a, double b, double share)
{
    return a + (b - a) * share;
}

void pose_blend(struct pose *pose, const struct pose *a, const struct pose *b, double share)
{
    struct pose blend = {
        .breath_chest_mm = between(a->breath_chest_mm, b->breath_chest_mm, share),
        .breath_belly_mm = between(a->breath_belly_mm, b->breath_belly_mm, share),
        .folds = b->folds,
    };
    for (int part = 0; part < PART_N; part++) {
        const struct part_pose *from = &a->parts[part], *to = &b->parts[part];
        struct part_pose *mixed = &blend.parts[part];
        mixed->load_n = between(from->load_n, to->load_n, share);
        mixed->load_at = between(from->load_at, to->load_at, share);
        for (int i = 0; i < STATIONS; i++) {
            const struct station *s = &from->stations[i], *t = &to->stations[i];
            mixed->stations[i] = (struct station){
                .at = {between(s->at.x, t->at.x, share), between(s->at.y, t->at.y, share)},
                .half_width = between(s->half_width, t->half_width, share),
                .depth = between(s->depth, t->depth, share),
                .relief = between(s->relief, t->relief, share),
            };
        }
    }
    *pose = blend;
}

double pose_weight(const struct pose *pose)
{
    double sum = 0;
    for (int part = 0; part < PART_N; part++)
        sum += pose->parts[part].load_n;
    return sum;
}
