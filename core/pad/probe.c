// SPDX-License-Identifier: GPL-3.0-or-later
#include "pad/probe.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "pad/check.h"
#include "pad/deframer.h"

// What an exact length, or an exact number of numbers on a line, is worth: a wrong pad has another
// one, as a rule.
#define LENGTH_BITS 6.0
// As many bits as make half a certainty; four times as many leave a doubt of 1 in 16.
#define HALF_BITS 8.0
// Below this a pad explains nothing.
#define CONFIDENCE_LEAST 0.5
// Pads that are so near the best one are as good as it.
#define AS_GOOD 0.9
// Beyond doubt.
#define SURE_BITS  96.0
#define SURE_SHARE 0.95

struct listener {
    const struct pad *pad;
    struct deframer *deframer;
    uint64_t frames, dropped, dropped_before;
    uint64_t chained, stray; // frames that stand right behind another; bytes before the last one
    // When the first good frame came: nobody joins in at the beginning of one.
    uint64_t first_offset, stray_before;
};

struct probe {
    size_t n;
    uint64_t bytes;
    struct listener listeners[];
};

int probe_new(struct probe **ret, const struct pad *const *pads, size_t n)
{
    _cleanup_(probe_freep) struct probe *probe =
        calloc(1, sizeof *probe + n * sizeof *probe->listeners);
    if (!probe)
        return -ENOMEM;
    for (; probe->n < n; probe->n++) {
        struct listener *listener = &probe->listeners[probe->n];
        listener->pad = pads[probe->n];
        int r = deframer_new(&listener->deframer, listener->pad);
        if (r < 0)
            return r;
    }
    *ret = probe;
    probe = NULL;
    return 0;
}

void probe_free(struct probe *probe)
{
    for (size_t i = 0; i < probe->n; i++)
        deframer_free(probe->listeners[i].deframer);
    free(probe);
}

// ---- listening ----

static int on_frame(const struct deframed *deframed, void *userdata)
{
    struct listener *listener = userdata;
    if (deframed->drop != DROP_NONE) {
        listener->dropped++;
        return 0;
    }
    uint64_t stray = deframer_counts(listener->deframer)->stray_bytes;
    if (listener->frames++ == 0) {
        listener->first_offset = deframed->offset;
        listener->dropped_before = listener->dropped;
        listener->stray_before = stray;
    } else if (stray == listener->stray) {
        listener->chained++;
    }
    listener->stray = stray;
    return 0;
}

void probe_hear(struct probe *probe, const void *bytes, size_t length)
{
    probe->bytes += length;
    for (size_t i = 0; i < probe->n; i++)
        deframer_push(probe->listeners[i].deframer, bytes, length, on_frame, &probe->listeners[i]);
}

void probe_pause(struct probe *probe)
{
    for (size_t i = 0; i < probe->n; i++)
        deframer_pause(probe->listeners[i].deframer, on_frame, &probe->listeners[i]);
}

uint64_t probe_bytes(const struct probe *probe)
{
    return probe->bytes;
}

// ---- weighing ----

static size_t fixed_bytes(const struct pad_bytes *bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes->length; i++)
        n += !(bytes->any >> i & 1);
    return n;
}

static double bits_a_frame(const struct pad *pad)
{
    double marks = 8.0 * (double)(fixed_bytes(&pad->sync) + fixed_bytes(&pad->tail));
    switch (pad->framing) {
    case FRAMING_DELIMITED:
        return marks + 8.0 * (double)check_size(pad->check);
    case FRAMING_SPARSE:
    case FRAMING_CHUNKED:
        return marks + LENGTH_BITS;
    case FRAMING_LINES:
        // Numbers, and so many in all: a text that is no pad's has them, too.
        return pad->line == LINE_ANY ? 1 : LENGTH_BITS;
    case FRAMING_POLLED:
    case FRAMING_RLE0:
        return LENGTH_BITS;
    case FRAMING_N:
        break;
    }
    return 0;
}

static struct probe_score weigh(const struct listener *listener)
{
    const struct deframer_counts *counts = deframer_counts(listener->deframer);
    struct probe_score score = {.pad = listener->pad, .frames = listener->frames};
    if (listener->frames == 0)
        return score;
    double bytes = (double)(counts->bytes - listener->first_offset);
    double stray = (double)(counts->stray_bytes - listener->stray_before);
    double frames = (double)listener->frames;
    score.dropped = listener->dropped - listener->dropped_before;
    score.share = frames / (frames + (double)score.dropped) * (1 - fmin(1, stray / bytes));
    score.evidence = (double)listener->chained * bits_a_frame(listener->pad);
    score.confidence = score.share * (1 - exp2(-score.evidence / HALF_BITS));
    return score;
}

void probe_scores(const struct probe *probe, unsigned baud, struct probe_score *ret)
{
    for (size_t i = 0; i < probe->n; i++) {
        ret[i] = weigh(&probe->listeners[i]);
        ret[i].baud = baud;
    }
}

bool probe_is_sure(const struct probe *probe)
{
    for (size_t i = 0; i < probe->n; i++) {
        struct probe_score score = weigh(&probe->listeners[i]);
        if (score.evidence >= SURE_BITS && score.share >= SURE_SHARE)
            return true;
    }
    return false;
}

// ---- judging ----

// The best first; among equals, in the order of their names.
static int compare(const void *a, const void *b)
{
    const struct probe_score *first = a, *second = b;
    if (first->confidence != second->confidence)
        return first->confidence < second->confidence ? 1 : -1;
    return strcmp(first->pad->name, second->pad->name);
}

enum probe_verdict probe_judge(struct probe_score *scores, size_t n, uint64_t bytes,
                               size_t *candidates)
{
    *candidates = 0;
    qsort(scores, n, sizeof *scores, compare);
    if (bytes == 0)
        return PROBE_SILENT;
    if (n == 0 || scores[0].confidence < CONFIDENCE_LEAST)
        return PROBE_UNKNOWN;
    while (*candidates < n && scores[*candidates].confidence >= AS_GOOD * scores[0].confidence)
        ++*candidates;
    return *candidates == 1 ? PROBE_FOUND : PROBE_AMBIGUOUS;
}

static bool same_bytes(const struct pad_bytes *a, const struct pad_bytes *b)
{
    return a->length == b->length && a->any == b->any && memcmp(a->bytes, b->bytes, a->length) == 0;
}

bool probe_same_wire(const struct pad *a, const struct pad *b)
{
    return a->framing == b->framing && a->sample == b->sample && a->check == b->check &&
           a->line == b->line && same_bytes(&a->sync, &b->sync) && same_bytes(&a->tail, &b->tail);
}
