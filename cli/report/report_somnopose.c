// SPDX-License-Identifier: GPL-3.0-or-later
// Nights as SomnoPose would have recorded them, for OSCAR: File, Import Somnopose Data. OSCAR's
// loader (oscar/SleepLib/loader_plugins/somnopose_loader.cpp) goes by the names in the first line
// and takes
//   timestamp    seconds since 2001-01-01 UTC
//   orientation  degrees about the body's long axis, as SomnoPose counts them: 0 on the back,
//                positive to the right, negative to the left, 180 on the front
//   inclination  degrees of the upper body above the horizontal
//   movement     a number; here 1 where somebody came to lie in a position, else 0
// and "-" for a timestamp as the end of a session; before it knew of that, it passed over such a
// line and took the whole file for one session.
#include <inttypes.h>

#include "report/lanes.h"
#include "report/report_forms.h"

#define EPOCH_2001_S INT64_C(978307200)
#define DAY_S        86400
#define STEP_S       60 // from row to row within a position

struct pose {
    bool known; // else there is no row: nobody there, not known, not recorded
    int orientation, inclination;
};

// What a pad sees of an angle is a position, and the position's usual angle is all there is to say.
static struct pose pose_of(unsigned lane)
{
    // clang-format off
    static const struct pose poses[LANE_N] = {
        [POSITION_SUPINE]              = {true, 0, 0},
        [POSITION_SUPINE_KNEES_RAISED] = {true, 0, 0},
        [POSITION_SUPINE_LEFT_KNEE]    = {true, 0, 0},
        [POSITION_SUPINE_RIGHT_KNEE]   = {true, 0, 0},
        [POSITION_SUPINE_LEGS_RAISED]  = {true, 0, 0},
        [POSITION_RECLINED]            = {true, 0, 30},
        [POSITION_LEFT_FETAL]          = {true, -90, 0},
        [POSITION_LEFT_SIDE]           = {true, -90, 0},
        [POSITION_RIGHT_FETAL]         = {true, 90, 0},
        [POSITION_RIGHT_SIDE]          = {true, 90, 0},
        [POSITION_PRONE]               = {true, 180, 0},
        [POSITION_SITTING]             = {true, 0, 90},
    };
    // clang-format on
    return poses[lane];
}

static void put_row(FILE *stream, int64_t time_s, struct pose pose, bool moved)
{
    fprintf(stream, "%" PRId64 ",%d,%d,%d\n", time_s - EPOCH_2001_S, pose.orientation,
            pose.inclination, moved);
}

static void put_stretch(FILE *stream, const struct stretch *stretch)
{
    struct pose pose = pose_of(stretch->lane);
    if (!pose.known)
        return;
    int64_t last_s = stretch->end_s - 1;
    // A file may hold a night of years: no more rows than minutes of a day.
    int64_t step_s = STEP_S * (1 + (last_s - stretch->start_s) / DAY_S);
    for (int64_t s = stretch->start_s; s < last_s; s += step_s)
        put_row(stream, s, pose, s == stretch->start_s);
    // So that the next position begins with a step, not a slope.
    put_row(stream, last_s, pose, last_s == stretch->start_s);
}

int report_print_somnopose(FILE *stream, const struct report *report)
{
    fputs("timestamp,orientation,inclination,movement\n", stream);
    for (size_t i = 0; i < report->nights.n; i++) {
        struct lanes lanes;
        int r = lanes_of(&lanes, report, &report->nights.entries[i]);
        if (r < 0)
            return r;
        if (i > 0)
            fputs("-,,,\n", stream);
        for (size_t k = 0; k < lanes.n; k++)
            put_stretch(stream, &lanes.stretches[k]);
        lanes_free(&lanes);
    }
    return 0;
}
