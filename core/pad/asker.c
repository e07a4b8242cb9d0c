// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/asker.h"

#include <stddef.h>

#define US_PER_MS INT64_C(1000)

// A pad that was started, and says nothing for as many time-outs, has forgotten it.
#define START_AGAIN 5

void asker_open(struct asker *asker, const struct pad *pad, int64_t now_us)
{
    *asker = (struct asker){.pad = pad, .opened_us = now_us, .heard_us = now_us - 1, .quiet = true};
}

static int64_t settled_us(const struct asker *asker)
{
    return asker->opened_us + asker->pad->settle_ms * US_PER_MS;
}

bool asker_settles(const struct asker *asker, int64_t now_us)
{
    return now_us < settled_us(asker);
}

void asker_hear(struct asker *asker, int64_t now_us)
{
    asker->heard_us = now_us;
    asker->quiet = false;
}

static int64_t silence_us(const struct asker *asker)
{
    return asker->heard_us + asker->pad->silence_ms * US_PER_MS;
}

static int64_t start_us(const struct asker *asker)
{
    if (!asker->started)
        return settled_us(asker);
    int64_t last_us = asker->heard_us > asker->started_us ? asker->heard_us : asker->started_us;
    return last_us + START_AGAIN * asker->pad->timeout_ms * US_PER_MS;
}

// An answer that has begun is waited for until it ends.
static int64_t request_us(const struct asker *asker)
{
    if (!asker->asked)
        return settled_us(asker);
    if (asker->heard_us < asker->asked_us)
        return asker->asked_us + asker->pad->timeout_ms * US_PER_MS;
    int64_t due_us = asker->asked_us + (int64_t)(1e6 / asker->pad->rate_hz);
    return due_us > silence_us(asker) ? due_us : silence_us(asker);
}

enum asker_step asker_next(struct asker *asker, int64_t now_us, const struct pad_bytes **words)
{
    const struct pad *pad = asker->pad;
    if (!pad_is_asked(pad))
        return ASKER_WAIT;
    if (pad->start.length > 0 && now_us >= start_us(asker)) {
        asker->started = true;
        asker->started_us = now_us;
        *words = &pad->start;
        return ASKER_WRITE;
    }
    if (pad->request.length > 0 && now_us >= request_us(asker)) {
        asker->asked = true;
        asker->asked_us = now_us;
        asker->quiet = true;
        *words = &pad->request;
        return ASKER_WRITE;
    }
    if (pad->request.length > 0 && !asker->quiet && now_us >= silence_us(asker)) {
        asker->quiet = true;
        return ASKER_PAUSE;
    }
    return ASKER_WAIT;
}

int64_t asker_due_us(const struct asker *asker)
{
    const struct pad *pad = asker->pad;
    int64_t due_us = INT64_MAX;
    if (pad->start.length > 0)
        due_us = start_us(asker);
    if (pad->request.length > 0 && request_us(asker) < due_us)
        due_us = request_us(asker);
    if (pad->request.length > 0 && !asker->quiet && silence_us(asker) < due_us)
        due_us = silence_us(asker);
    return due_us;
}

const struct pad_bytes *asker_last(const struct asker *asker)
{
    bool spoken = asker->started || asker->asked;
    return spoken && asker->pad->stop.length > 0 ? &asker->pad->stop : NULL;
}
