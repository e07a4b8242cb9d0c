// SPDX-License-Identifier: GPL-3.0-or-later
#include "night/bouts.h"

static void stretch_begin(struct stretch *stretch, const struct tick *tick)
{
    *stretch = (struct stretch){
        .start_s = tick->time_s,
        .end_s = tick->time_s + 1,
        .position = tick->position,
        .confidence_sum = (double)tick->confidence,
        .ticks = 1,
    };
}

static void stretch_extend(struct stretch *stretch, const struct tick *tick)
{
    stretch->end_s = tick->time_s + 1;
    stretch->confidence_sum += (double)tick->confidence;
    stretch->ticks++;
}

static struct bout stretch_bout(const struct stretch *stretch)
{
    return (struct bout){
        .start_s = stretch->start_s,
        .end_s = stretch->end_s,
        .position = stretch->position,
        .confidence = stretch->confidence_sum / (double)stretch->ticks,
    };
}

// A change that did not last belongs to the bout before it: its time, not its confidence.
static void absorb_next(struct bouts *bouts)
{
    if (bouts->changing)
        bouts->current.end_s = bouts->next.end_s;
    bouts->changing = false;
}

// The seconds of movement before the first position have no bout to belong to but the one they lead
// to.
static bool is_lying_down(const struct bouts *bouts)
{
    const struct stretch *first = &bouts->current;
    return first->position == POSITION_UNKNOWN &&
           bouts->next.start_s - first->start_s < bouts->bout_min_s;
}

bool bouts_tick(struct bouts *bouts, const struct tick *tick, struct bout *closed)
{
    if (!bouts->open) {
        bouts->open = true;
        bouts->changing = false;
        stretch_begin(&bouts->current, tick);
        return false;
    }
    if (tick->position == bouts->current.position) {
        absorb_next(bouts);
        stretch_extend(&bouts->current, tick);
        return false;
    }
    if (bouts->changing && tick->position == bouts->next.position) {
        stretch_extend(&bouts->next, tick);
    } else {
        absorb_next(bouts);
        bouts->changing = true;
        stretch_begin(&bouts->next, tick);
    }
    if (bouts->next.end_s - bouts->next.start_s < bouts->bout_min_s)
        return false;
    if (is_lying_down(bouts)) {
        bouts->next.start_s = bouts->current.start_s;
        bouts->current = bouts->next;
        bouts->changing = false;
        return false;
    }
    bouts->current.end_s = bouts->next.start_s;
    *closed = stretch_bout(&bouts->current);
    bouts->current = bouts->next;
    bouts->changing = false;
    return true;
}

bool bouts_now(const struct bouts *bouts, struct bout *bout)
{
    if (!bouts->open)
        return false;
    *bout = stretch_bout(&bouts->current);
    if (bouts->changing)
        bout->end_s = bouts->next.end_s;
    return true;
}

bool bouts_end(struct bouts *bouts, struct bout *closed)
{
    if (!bouts->open)
        return false;
    absorb_next(bouts);
    *closed = stretch_bout(&bouts->current);
    bouts->open = false;
    return true;
}

bool bouts_cut(struct bouts *bouts, int64_t end_s, struct bout *closed)
{
    if (!bouts_end(bouts, closed))
        return false;
    closed->end_s = end_s;
    return closed->end_s > closed->start_s;
}

static void stretch_move(struct stretch *stretch, int64_t by_s)
{
    stretch->start_s += by_s;
    stretch->end_s += by_s;
}

void bouts_move(struct bouts *bouts, int64_t by_s)
{
    stretch_move(&bouts->current, by_s);
    stretch_move(&bouts->next, by_s);
}
