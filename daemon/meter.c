// SPDX-License-Identifier: GPL-3.0-or-later
#include "meter.h"

#define RING (METER_SECONDS + 1)

void meter_frames(struct meter *meter, uint64_t frames, int64_t now_us)
{
    if (frames != meter->frames)
        meter->last_us = now_us;
    meter->frames = frames;
}

void meter_tick(struct meter *meter, int64_t now_us)
{
    unsigned i = meter->n_ticks++ % RING;
    meter->ticks[i].frames = meter->frames;
    meter->ticks[i].at_us = now_us;
}

double meter_rate_hz(const struct meter *meter)
{
    if (meter->n_ticks < 2)
        return 0;
    unsigned newest = (meter->n_ticks - 1) % RING;
    unsigned oldest = meter->n_ticks > RING ? meter->n_ticks % RING : 0;
    int64_t elapsed_us = meter->ticks[newest].at_us - meter->ticks[oldest].at_us;
    uint64_t frames = meter->ticks[newest].frames - meter->ticks[oldest].frames;
    return elapsed_us > 0 ? (double)frames * 1e6 / (double)elapsed_us : 0;
}

int64_t meter_age_ms(const struct meter *meter, int64_t now_us)
{
    return meter->last_us == 0 ? -1 : (now_us - meter->last_us) / 1000;
}
