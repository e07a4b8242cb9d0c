// SPDX-License-Identifier: GPL-3.0-or-later
#include "breathing/sampler.h"

#include <math.h>
#include <string.h>

static int64_t number_at(int64_t time_us)
{
    return time_us / SAMPLE_US - (time_us % SAMPLE_US < 0);
}

static void begin(struct sampler *sampler, int64_t number)
{
    sampler->quarter = (struct quarter){.number = number};
    sampler->covered_us = 0;
}

// Adds what the signals were `at` of the way from the last frame to this one, for so long.
static void add(struct sampler *sampler, const struct values *now, float at, int64_t for_us)
{
    const struct values *last = &sampler->last;
    struct values *sum = &sampler->quarter.values;
    float share = (float)for_us / (float)SAMPLE_US;
    for (size_t i = 0; i < SIGNALS_N; i++)
        sum->signals[i] += share * (last->signals[i] + at * (now->signals[i] - last->signals[i]));
    sum->load += share * (last->load + at * (now->load - last->load));
    sampler->covered_us += for_us;
}

static void run_to(struct sampler *sampler, const struct values *now, int64_t time_us,
                   sampler_sink sink, void *userdata)
{
    float whole_us = (float)(time_us - sampler->last_us);
    for (int64_t from_us = sampler->last_us; from_us < time_us;) {
        int64_t end_us = (sampler->quarter.number + 1) * SAMPLE_US;
        int64_t until_us = end_us < time_us ? end_us : time_us;
        float middle_us = (float)(from_us - sampler->last_us) + (float)(until_us - from_us) / 2;
        add(sampler, now, middle_us / whole_us, until_us - from_us);
        if (until_us == end_us) {
            if (sampler->covered_us == SAMPLE_US)
                sink(&sampler->quarter, userdata);
            begin(sampler, sampler->quarter.number + 1);
        }
        from_us = until_us;
    }
}

void sampler_see(struct sampler *sampler, const struct pressure_map *map, int64_t time_us,
                 sampler_sink sink, void *userdata)
{
    struct values now;
    if (!map->occupied || !signals_of(map, now.signals)) {
        sampler->begun = false;
        return;
    }
    now.load = (float)map->load;
    if (sampler->begun && time_us >= sampler->last_us &&
        time_us - sampler->last_us <= SAMPLER_HOLE_US)
        run_to(sampler, &now, time_us, sink, userdata);
    else
        begin(sampler, number_at(time_us));
    sampler->quarter.frames++;
    sampler->begun = true;
    sampler->last = now;
    sampler->last_us = time_us;
}
