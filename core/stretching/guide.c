// SPDX-License-Identifier: GPL-3.0-or-later
#include "stretching/guide.h"

#include <string.h>

void guide_begin(struct guide *guide, const struct routine *routine,
                 const struct stretch_session *session)
{
    *guide = (struct guide){.routine = routine, .session = *session};
}

static struct stretch_hold *hold_now(struct guide *guide)
{
    return &guide->session.holds[guide->session.n_holds - 1];
}

const struct routine_item *guide_item(const struct guide *guide)
{
    unsigned n = guide->session.n_holds; // the rest belongs to the one that follows
    unsigned at = guide->phase == GUIDE_REST ? n : n - 1;
    return guide->begun && guide->phase != GUIDE_DONE ? &guide->routine->items[at] : NULL;
}

// ---- phases ----

static void begin_hold(struct guide *guide)
{
    const struct routine_item *item = &guide->routine->items[guide->session.n_holds++];
    *hold_now(guide) = (struct stretch_hold){
        .position = item->position,
        .start_s = guide->now_s,
        .end_s = guide->now_s + 1,
        .asked_s = item->hold_s,
    };
    guide->phase = GUIDE_HOLD;
    guide->sight = guide->maybe = GUIDE_UNSURE;
    guide->maybe_s = guide->now_s;
}

static void end_hold(struct guide *guide)
{
    guide->rest_since_s = guide->now_s;
    guide->phase = GUIDE_REST;
    if (guide->session.n_holds < guide->routine->n)
        return;
    guide->phase = GUIDE_DONE;
    guide->session.finished = true;
}

// ---- what is held ----

static enum position position_of(const struct tick *tick, enum position asked)
{
    int likeliest = 0;
    if (tick->position != POSITION_UNKNOWN)
        return tick->position;
    for (int p = 1; p < POSITION_BODY_N; p++)
        if (tick->probabilities[p] > tick->probabilities[likeliest])
            likeliest = p;
    enum position position = (enum position)likeliest;
    bool meant = position == asked || position == stretch_of(asked)->mirror;
    return meant && tick->probabilities[likeliest] >= GUIDE_LIKELY ? position : POSITION_UNKNOWN;
}

static void count(struct stretch_hold *hold, enum position position)
{
    hold->held_s += position == hold->position;
    hold->wrong_side_s +=
        position != hold->position && position == stretch_of(hold->position)->mirror;
}

void guide_settle(struct guide *guide, const struct tick *tick)
{
    guide->settled_s = tick->time_s + 1;
    for (unsigned i = guide->session.n_holds; i-- > 0;) {
        struct stretch_hold *hold = &guide->session.holds[i];
        if (tick->time_s >= hold->end_s)
            break;
        if (tick->time_s < hold->start_s)
            continue;
        count(hold, position_of(tick, hold->position));
        break;
    }
}

int64_t guide_held_s(const struct guide *guide)
{
    const struct stretch_hold *hold = &guide->session.holds[guide->session.n_holds - 1];
    if (guide->session.n_holds == 0)
        return 0;
    int64_t held_s = hold->held_s;
    int64_t from_s = guide->settled_s > hold->start_s ? guide->settled_s : hold->start_s;
    for (int64_t s = from_s; s < hold->end_s; s++)
        held_s += guide->recent[s % GUIDE_WINDOW_S] == hold->position;
    return held_s;
}

int64_t guide_rest_left_s(const struct guide *guide)
{
    int64_t left_s = guide->rest_since_s + guide->routine->rest_s - guide->now_s;
    return left_s > 0 ? left_s : 0;
}

// ---- what is seen ----

static enum guide_sight sight_of(enum position asked, enum position seen)
{
    if (seen == asked)
        return GUIDE_RIGHT;
    if (seen == POSITION_EMPTY)
        return GUIDE_NOBODY;
    if (seen == POSITION_UNKNOWN)
        return GUIDE_UNSURE;
    return seen == stretch_of(asked)->mirror ? GUIDE_WRONG_SIDE : GUIDE_OTHER;
}

static void look(struct guide *guide, enum position seen)
{
    enum guide_sight sight = sight_of(hold_now(guide)->position, seen);
    if (sight != guide->maybe)
        guide->maybe_s = guide->now_s;
    guide->maybe = sight;
    if (guide->now_s - guide->maybe_s + 1 < GUIDE_SURE_S)
        return;
    guide->sight = sight;
    guide->seen = seen;
}

static void go_on(struct guide *guide)
{
    const struct stretch_hold *hold = hold_now(guide);
    int64_t held_s = guide_held_s(guide), lasted_s = hold->end_s - hold->start_s;
    if (held_s >= hold->asked_s || lasted_s - held_s >= GUIDE_PATIENCE_S)
        end_hold(guide);
}

void guide_expect(const struct guide *guide, float probabilities[POSITION_BODY_N])
{
    if (!guide->begun || guide->phase != GUIDE_HOLD)
        return;
    enum position asked = guide_item(guide)->position, mirror = stretch_of(asked)->mirror;
    float before = 0, after = 0;
    for (int p = 0; p < POSITION_BODY_N; p++) {
        before += probabilities[p];
        if (p == (int)asked || p == (int)mirror)
            probabilities[p] *= GUIDE_EXPECTED;
        after += probabilities[p];
    }
    // The probability that it is no body at all stays what it is.
    for (int p = 0; p < POSITION_BODY_N && after > 0; p++)
        probabilities[p] *= before / after;
}

// What stands for a second that the filter has no opinion of yet: the one before, carried on.
static void remember(struct guide *guide, int64_t until_s, enum position seen)
{
    int64_t from_s = guide->now_s + 1;
    if (from_s < until_s - GUIDE_WINDOW_S + 1)
        from_s = until_s - GUIDE_WINDOW_S + 1;
    for (int64_t s = from_s; s <= until_s; s++)
        guide->recent[s % GUIDE_WINDOW_S] = seen;
}

void guide_see(struct guide *guide, const struct tick *now)
{
    if (guide->phase == GUIDE_DONE)
        return;
    bool first = !guide->begun;
    if (first) {
        guide->now_s = now->time_s;
        guide->settled_s = now->time_s;
        guide->session.start_s = guide->session.end_s = now->time_s;
        guide->begun = true;
        memset(guide->recent, 0, sizeof guide->recent);
        begin_hold(guide);
    }
    enum position seen = position_of(now, hold_now(guide)->position);
    if (!first && now->time_s <= guide->now_s) {
        guide->recent[now->time_s % GUIDE_WINDOW_S] = seen; // a second thought
        return;
    }
    remember(guide, now->time_s, guide->blind ? POSITION_UNKNOWN : seen);
    guide->blind = false;
    guide->recent[now->time_s % GUIDE_WINDOW_S] = seen;
    guide->now_s = now->time_s;
    guide->session.end_s = now->time_s + 1;
    if (guide->phase == GUIDE_REST) {
        if (guide_rest_left_s(guide) == 0)
            begin_hold(guide);
        return;
    }
    hold_now(guide)->end_s = now->time_s + 1;
    look(guide, seen);
    go_on(guide);
}

void guide_lose_sight(struct guide *guide)
{
    guide->blind = true;
    guide->settled_s = guide->now_s + 1;
}

void guide_skip(struct guide *guide)
{
    if (guide->phase == GUIDE_HOLD && guide->begun)
        end_hold(guide);
    else if (guide->phase == GUIDE_REST)
        guide->rest_since_s = guide->now_s - guide->routine->rest_s;
}

void guide_end(struct guide *guide)
{
    guide->phase = GUIDE_DONE;
}
