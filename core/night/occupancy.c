// SPDX-License-Identifier: GPL-3.0-or-later
#include "night/occupancy.h"

#include <math.h>

#include "surface/surface.h"

// How fast what lies on an empty bed becomes part of it: a suitcase in some minutes.
#define EMPTY_S 60.0f

// Whoever sits down on the bed and lies down within so long has gone to bed with that.
#define GETTING_IN_S 15

// Whoever lies down prints at least so much more than what lay there before.
#define EMPTY_SHARE 0.5f

enum sight {
    NOBODY,
    SOMETHING, // or somebody, but not lying in a position that is known
    LYING,
};

static enum sight sight_of(const struct occupancy *occupancy, const struct tick *tick)
{
    if (tick->position == POSITION_EMPTY)
        return NOBODY;
    if (tick->position == POSITION_SITTING)
        return SOMETHING;
    if (tick->position != POSITION_UNKNOWN && tick->area_m2 >= occupancy->lying_m2)
        return LYING;
    bool as_ever = tick->area_m2 < occupancy->empty_m2 + (float)SURFACE_OCCUPIED_M2;
    return occupancy->empty_m2 > 0.0f && as_ever ? NOBODY : SOMETHING;
}

static int tell(const struct occupancy *occupancy, struct sighting *sighting, occupancy_sink sink,
                void *userdata)
{
    // In bed, the pad lost sight of the sleeper for a moment; out of bed, something touched the
    // mattress. Neither is a position.
    struct tick *tick = &sighting->tick;
    if (!occupancy->in_bed)
        tick->position = POSITION_EMPTY;
    else if (tick->position == POSITION_EMPTY)
        tick->position = POSITION_UNKNOWN;
    return sink(sighting, occupancy->in_bed, userdata);
}

int occupancy_release(struct occupancy *occupancy, occupancy_sink sink, void *userdata)
{
    size_t n = occupancy->n_held;
    occupancy->n_held = 0;
    occupancy->for_change_s = 0;
    for (size_t i = 0; i < n; i++) {
        int r = tell(occupancy, &occupancy->held[i], sink, userdata);
        if (r < 0)
            return r;
    }
    return 0;
}

static int tell_now(struct occupancy *occupancy, const struct sighting *sighting,
                    occupancy_sink sink, void *userdata)
{
    struct sighting copy = *sighting;
    int r = occupancy_release(occupancy, sink, userdata);
    return r < 0 ? r : tell(occupancy, &copy, sink, userdata);
}

// Somebody has sat there too long for getting in, or something lies there. What has moved may take
// longer.
static bool has_stayed(const struct occupancy *occupancy)
{
    if (occupancy->in_bed || occupancy->for_change_s > 0 || occupancy->n_held < GETTING_IN_S)
        return false;
    for (size_t i = 0; i < occupancy->n_held; i++)
        if (occupancy->held[i].moved)
            return false;
    return true;
}

// To sit down is part of lying down, not a position of the night from which one turns to the next.
static void lie_down(struct occupancy *occupancy)
{
    for (size_t i = 0; i < occupancy->n_held; i++) {
        struct tick *tick = &occupancy->held[i].tick;
        if (sight_of(occupancy, tick) == LYING)
            return;
        tick->position = POSITION_UNKNOWN;
    }
}

// A tick that may be the change of state, or part of it. What stays undecided for long is none.
static int hold(struct occupancy *occupancy, const struct sighting *sighting, int64_t says_s,
                occupancy_sink sink, void *userdata)
{
    occupancy->held[occupancy->n_held++] = *sighting;
    occupancy->for_change_s += says_s;
    int64_t settle_s = occupancy->in_bed ? occupancy->settle_out_s : occupancy->settle_in_s;
    if (occupancy->for_change_s >= settle_s) {
        occupancy->in_bed = !occupancy->in_bed;
        if (occupancy->in_bed)
            lie_down(occupancy);
        return occupancy_release(occupancy, sink, userdata);
    }
    bool none = says_s < 0 && occupancy->for_change_s <= 0;
    bool full = occupancy->n_held == OCCUPANCY_SETTLE_MAX_S;
    if (none || full || has_stayed(occupancy))
        return occupancy_release(occupancy, sink, userdata);
    return 0;
}

// ---- out of bed ----

static void forget_stirs(struct occupancy *occupancy)
{
    occupancy->stirs = 0;
    occupancy->nobody_s = 0;
}

// A person whose position is never known stirs now and then.
static void count_stir(struct occupancy *occupancy, const struct sighting *sighting)
{
    const struct tick *tick = &sighting->tick;
    if (tick->position == POSITION_EMPTY) {
        if (++occupancy->nobody_s >= occupancy->settle_out_s)
            forget_stirs(occupancy);
        return;
    }
    occupancy->nobody_s = 0;
    if (!sighting->moved || tick->area_m2 < occupancy->lying_m2)
        return;
    int64_t still_s = tick->time_s - occupancy->last_moved_s;
    occupancy->last_moved_s = tick->time_s;
    if (occupancy->stirs == 0 || still_s > OCCUPANCY_STIR_WITHIN_S) {
        occupancy->stirs = 1;
        occupancy->first_stir_s = tick->time_s;
    } else if (still_s >= OCCUPANCY_STIR_AFTER_S) {
        occupancy->stirs++;
    }
}

// The night begins at the first of the movements, about which nothing more is known by now.
static int enter_stirring(struct occupancy *occupancy, const struct sighting *sighting,
                          occupancy_sink sink, void *userdata)
{
    struct sighting first = {.tick = sighting->tick, .moved = true};
    first.tick.time_s = occupancy->first_stir_s;
    first.tick.position = POSITION_UNKNOWN;
    occupancy->n_held = 0;
    occupancy->for_change_s = 0;
    occupancy->in_bed = true;
    int r = tell(occupancy, &first, sink, userdata);
    return r < 0 ? r : tell_now(occupancy, sighting, sink, userdata);
}

static int tick_out(struct occupancy *occupancy, const struct sighting *sighting,
                    occupancy_sink sink, void *userdata)
{
    const struct tick *tick = &sighting->tick;
    enum sight sight = sight_of(occupancy, tick);
    count_stir(occupancy, sighting);
    if (occupancy->stirs >= OCCUPANCY_STIRS && sight != LYING)
        return enter_stirring(occupancy, sighting, sink, userdata);
    if (sight == LYING)
        return hold(occupancy, sighting, 1, sink, userdata);
    if (!sighting->moved && tick->position != POSITION_SITTING)
        occupancy->empty_m2 += (tick->area_m2 - occupancy->empty_m2) / EMPTY_S;
    // Somebody lies down in a few seconds of sitting and of movement, which are part of the night.
    if (occupancy->for_change_s > 0 || occupancy->n_held > 0 || sight == SOMETHING)
        return hold(occupancy, sighting, sight == NOBODY ? -1 : 0, sink, userdata);
    return tell_now(occupancy, sighting, sink, userdata);
}

// ---- in bed ----

static int tick_in(struct occupancy *occupancy, const struct sighting *sighting,
                   occupancy_sink sink, void *userdata)
{
    const struct tick *tick = &sighting->tick;
    enum sight sight = sight_of(occupancy, tick);
    occupancy->empty_m2 = fminf(occupancy->empty_m2, tick->area_m2);
    if (sight == LYING || sighting->moved || tick->position != occupancy->last_position)
        occupancy->alive_s = tick->time_s + 1;
    occupancy->last_position = tick->position;
    if (sight == NOBODY)
        return hold(occupancy, sighting, 1, sink, userdata);
    if (sight == SOMETHING && occupancy->n_held > 0)
        return hold(occupancy, sighting, -1, sink, userdata);
    return tell_now(occupancy, sighting, sink, userdata);
}

int occupancy_tick(struct occupancy *occupancy, const struct sighting *sighting,
                   occupancy_sink sink, void *userdata)
{
    bool was_in_bed = occupancy->in_bed;
    int r = was_in_bed ? tick_in(occupancy, sighting, sink, userdata)
                       : tick_out(occupancy, sighting, sink, userdata);
    if (occupancy->in_bed && !was_in_bed) {
        occupancy_assume(occupancy, sighting->tick.time_s + 1);
        occupancy->empty_m2 = fminf(occupancy->empty_m2, EMPTY_SHARE * sighting->tick.area_m2);
    }
    return r;
}

bool occupancy_gone(struct occupancy *occupancy, const struct tick *tick, int64_t *ret_since_s)
{
    if (!occupancy->in_bed || tick->time_s + 1 - occupancy->alive_s < occupancy->unknown_s)
        return false;
    occupancy->in_bed = false;
    occupancy->n_held = 0;
    occupancy->for_change_s = 0;
    occupancy->empty_m2 = tick->area_m2;
    forget_stirs(occupancy);
    *ret_since_s = occupancy->alive_s;
    return true;
}

void occupancy_assume(struct occupancy *occupancy, int64_t time_s)
{
    occupancy->in_bed = true;
    occupancy->alive_s = time_s;
    occupancy->last_position = POSITION_UNKNOWN;
    forget_stirs(occupancy);
}

void occupancy_move(struct occupancy *occupancy, int64_t by_s)
{
    for (size_t i = 0; i < occupancy->n_held; i++)
        occupancy->held[i].tick.time_s += by_s;
    occupancy->first_stir_s += by_s;
    occupancy->last_moved_s += by_s;
    occupancy->alive_s += by_s;
}
