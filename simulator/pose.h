// SPDX-License-Identifier: GPL-3.0-or-later
// A pose: where each part of the body lies on the mattress, which face it turns down, and how
// much weight it brings there.
//
// Millimetres from the pad's centre: x toward higher columns, y toward the feet. Angles in
// degrees: 0 toward the feet, growing toward low columns, so that 90 is the sleeper's left when
// on the back.
#ifndef PSOASMON_POSE_H
#define PSOASMON_POSE_H

#include <stdbool.h>

#include "body.h"
#include "shape.h"

struct point {
    double x, y;
};

// One cross-section of a part.
struct station {
    struct point at;
    double half_width; // across, mm
    double depth;      // how far the underside curves up toward the edges, mm
    double relief;     // how far the underside stays above the part's general level, mm
};

struct part_pose {
    struct station stations[STATIONS]; // from its upper end to its lower, evenly
    double load_n;                     // that the mattress must carry under this part
    double load_at;                    // its centre: 0 upper end, 1 lower end
};

struct pose {
    struct part_pose parts[PART_N];
    double breath_chest_mm, breath_belly_mm; // by which breathing in moves the underside down
    uint64_t folds;                          // of sheet and clothes; see mattress_press
};

// ---- laying out ----

// Every part with its own weight, none of it placed yet.
void pose_begin(struct pose *pose, const struct body *body);

// Lays a part down from `start`, heading `angle` and bending evenly by `bend` until its end.
// `width` scales its breadth. Returns the end.
struct point pose_lay(struct pose *pose, enum part part, struct point start, double angle,
                      double bend, double length, double width, const struct shape *shape);

// A point of a part: `along` it from 0 to 1, `aside` of it toward low columns (for a part that
// heads for the feet).
struct point pose_point(const struct pose *pose, enum part part, double along, double aside);

struct point point_toward(struct point from, double angle, double distance);

// ---- weight ----

// A share of what `from` carries now comes to rest on `onto`, at `along`, instead.
void pose_pass(struct pose *pose, enum part from, double share, enum part onto, double along);

// A share of what `from` carries now is carried by something that is not the bed.
void pose_lift(struct pose *pose, enum part from, double share);

// ---- whole poses ----

// Left becomes right.
void pose_mirror(struct pose *pose);

// Turns by `angle` about a point, then moves.
void pose_move(struct pose *pose, struct point about, double angle, struct point by);

// Between two poses: share 0 is a, 1 is b.
void pose_blend(struct pose *pose, const struct pose *a, const struct pose *b, double share);

double pose_weight(const struct pose *pose);

#endif
