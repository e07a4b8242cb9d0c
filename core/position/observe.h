// SPDX-License-Identifier: GPL-3.0-or-later
// From a pressure map to what the filter takes: one look of the model at the body as it lies.
#ifndef PSOASMON_OBSERVE_H
#define PSOASMON_OBSERVE_H

#include "position/filter.h"
#include "position/model.h"
#include "surface/steady.h"

// The model looks at the mean that `steady` has with this map, the next of a stream.
struct observation observe(struct steady *steady, struct model *model,
                           const struct pressure_map *map, int64_t time_us);

#endif
