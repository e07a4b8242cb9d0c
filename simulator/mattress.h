// SPDX-License-Identifier: GPL-3.0-or-later
// An elastic mattress: a Winkler foundation, whose every point pushes back in proportion to how
// deep it is pressed, whatever its neighbours do.
#ifndef PSOASMON_MATTRESS_H
#define PSOASMON_MATTRESS_H

#include "base/cleanup.h"
#include "pose.h"

// The raster on which pressure is reckoned.
#define RASTER_MM 10.0

// The widest bed there is room for, in points of the raster.
#define MATTRESS_MAX_COLS 200

struct mattress {
    unsigned rows, cols;         // of the raster, centred on the pad's centre
    double stiffness_kpa_per_mm; // how firm
    double blur_mm;              // how far it spreads a load sideways: standard deviation
    struct contact *contacts;    // scratch
    float *spread, *line;        // scratch
};

// A mattress for a pad of that size (length along the body). -ENOMEM.
int mattress_new(struct mattress **ret, double pad_length_mm, double pad_width_mm,
                 double stiffness_kpa_per_mm, double blur_mm);
void mattress_free(struct mattress *mattress);
DEFINE_CLEANUP(struct mattress *, mattress_free)

static inline double mattress_half_width(const struct mattress *mattress)
{
    return mattress->cols * RASTER_MM / 2;
}

static inline double mattress_half_length(const struct mattress *mattress)
{
    return mattress->rows * RASTER_MM / 2;
}

// What pressure, in kPa, the pose makes at each point of the raster. Breathing in, from 0 to 1,
// moves chest and belly down.
void mattress_press(struct mattress *mattress, const struct pose *pose, double breath,
                    float *pressure);

#endif
