// SPDX-License-Identifier: GPL-3.0-or-later
// The pad's cells: from pressure to counts, with the faults of real ones.
#ifndef PSOASMON_CELLS_H
#define PSOASMON_CELLS_H

#include <stdint.h>

#include "base/cleanup.h"
#include "mattress.h"
#include "pad/pad.h"
#include "random.h"

struct cells;

struct cells_options {
    double rate_hz;
    double noise_counts; // standard deviation; negative: the default
    unsigned dead, hot;
};

// `pad` must outlive the cells. -ENOMEM.
int cells_new(struct cells **ret, const struct pad *pad, const struct cells_options *options,
              struct random *random);
void cells_free(struct cells *cells);
DEFINE_CLEANUP(struct cells *, cells_free)

// The mean pressure over each cell, as counts above the baseline.
void cells_gather(const struct cells *cells, const struct mattress *mattress, const float *pressure,
                  float *loads);

// One frame. `loads` and what `breath` of `swing` adds to them is what presses now; the pad
// remembers some of what pressed before.
void cells_read(struct cells *cells, const float *loads, const float *swing, double breath,
                struct random *random, uint16_t *counts);

#endif
