// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/observe.h"

struct observation observe(struct steady *steady, struct model *model,
                           const struct pressure_map *map, int64_t time_us)
{
    struct observation observation = {
        .time_us = time_us,
        .occupied = map->occupied,
        .load = (float)map->load,
        .area_m2 = (float)map->area_m2,
        .movement = (float)steady_see(steady, map, time_us),
    };
    if (map->occupied)
        model_run(model, &steady->mean, observation.probabilities);
    return observation;
}
