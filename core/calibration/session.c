// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/session.h"

#include <errno.h>
#include <stdlib.h>

#include "calibration/learn.h"
#include "position/acuity.h"

// Frames closer together are near copies.
#define STEP_S 0.2
// Of a hold.
#define LEARNT_MIN    4
#define HELD_BACK_MIN 2

// How sure of a frame the model is to become. What is surer stays as it is: pulling it further
// would move the positions beside it, about which the session says nothing. On PmatData's people,
// left out of training, this harms nobody's other postures; certainty costs some of them up to 15 %
// of all their frames.
#define SURE_ENOUGH 0.8f

struct hold {
    enum position position;
    bool begun;
    double begin_s, last_s;
    unsigned learnt, held_back; // frames
};

struct seen {
    struct model_view view;
    enum position position;
    unsigned hold; // SESSION_HOLDS_MAX: somebody else's
    bool held_back;
};

struct session {
    struct model *model;
    struct hold holds[SESSION_HOLDS_MAX];
    unsigned n_holds;
    unsigned n_rehearsed; // to learn from
    struct seen *seen;
    size_t n_seen, room;
};

int session_new(struct session **ret, struct model *model)
{
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        return -ENOMEM;
    session->model = model;
    *ret = session;
    return 0;
}

void session_free(struct session *session)
{
    free(session->seen);
    free(session);
}

// A pad too coarse for a position is to learn what it tells it as.
static enum position told(enum position position, const struct pressure_map *map)
{
    return acuity_tell(acuity_of(&map->grid), position);
}

static int keep(struct session *session, enum position position, unsigned hold, bool held_back,
                const struct pressure_map *map)
{
    if (session->n_seen == session->room) {
        size_t room = session->room ? 2 * session->room : 256;
        struct seen *seen = realloc(session->seen, room * sizeof *seen);
        if (!seen)
            return -ENOMEM;
        session->seen = seen;
        session->room = room;
    }
    struct seen *seen = &session->seen[session->n_seen++];
    seen->position = told(position, map);
    seen->hold = hold;
    seen->held_back = held_back;
    model_view(session->model, map, &seen->view);
    return 0;
}

int session_hold(struct session *session, enum position position)
{
    if (session->n_holds == SESSION_HOLDS_MAX)
        return -E2BIG;
    session->holds[session->n_holds++] = (struct hold){.position = position};
    return 0;
}

void session_drop(struct session *session)
{
    // Whatever was seen since session_hold belongs to it.
    unsigned hold = --session->n_holds;
    while (session->n_seen > 0 && session->seen[session->n_seen - 1].hold == hold)
        session->n_seen--;
}

int session_see(struct session *session, const struct pressure_map *map, double time_s)
{
    struct hold *hold = &session->holds[session->n_holds - 1];
    if (!map->occupied || told(hold->position, map) == POSITION_UNKNOWN)
        return 0;
    if (!hold->begun)
        hold->begin_s = time_s;
    else if (time_s - hold->last_s < STEP_S)
        return 0;
    hold->begun = true;
    hold->last_s = time_s;
    double since_s = time_s - hold->begin_s;
    if (since_s < SESSION_SETTLED_S || since_s >= SESSION_HOLD_S)
        return 0;
    bool held_back = since_s >= SESSION_LEARNT_S;
    if (held_back)
        hold->held_back++;
    else
        hold->learnt++;
    return keep(session, hold->position, session->n_holds - 1, held_back, map);
}

int session_rehearse(struct session *session, enum position position,
                     const struct pressure_map *map, bool held_back)
{
    if (!map->occupied || told(position, map) == POSITION_UNKNOWN)
        return 0;
    if (!held_back)
        session->n_rehearsed++;
    return keep(session, position, SESSION_HOLDS_MAX, held_back, map);
}

position_set session_held(const struct session *session)
{
    position_set held = 0;
    for (unsigned i = 0; i < session->n_holds; i++)
        held |= POSITION_BIT(session->holds[i].position);
    return held;
}

// The smallest change of what the model says that makes it right, and sure enough.
static void aim(float target[POSITION_BODY_N], enum position truth)
{
    float probability = target[truth];
    if (probability >= SURE_ENOUGH)
        return;
    float share = (SURE_ENOUGH - probability) / (1.0f - probability);
    for (int i = 0; i < POSITION_BODY_N; i++)
        target[i] *= 1.0f - share;
    target[truth] += share;
}

// Each hold weighs alike, however many frames it has; the others together as much as all holds.
static struct example example_of(const struct session *session, const struct seen *seen)
{
    struct example example = {.view = seen->view};
    model_conclude(&example.view, NULL, example.target);
    if (seen->hold == SESSION_HOLDS_MAX) {
        example.weight = 1.0 / session->n_rehearsed;
        return example;
    }
    aim(example.target, seen->position);
    example.weight = 1.0 / session->n_holds / session->holds[seen->hold].learnt;
    return example;
}

static int learn(const struct session *session, struct model_correction *ret)
{
    _cleanup_(freep) struct example *examples = calloc(session->n_seen, sizeof *examples);
    if (!examples)
        return -ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < session->n_seen; i++)
        if (!session->seen[i].held_back)
            examples[n++] = example_of(session, &session->seen[i]);
    learn_correction(examples, n, ret);
    return 0;
}

static void try(const struct session *session, const struct model_correction *correction,
                struct trial *trial)
{
    const struct model_correction *in_force = model_correction(session->model);
    *trial = (struct trial){0};
    for (size_t i = 0; i < session->n_seen; i++) {
        const struct seen *seen = &session->seen[i];
        if (!seen->held_back)
            continue;
        bool other = seen->hold == SESSION_HOLDS_MAX;
        trial_add(other ? &trial->others_before : &trial->before[seen->position], seen->position,
                  &seen->view, other ? NULL : in_force);
        trial_add(other ? &trial->others_after : &trial->after[seen->position], seen->position,
                  &seen->view, correction);
    }
}

static int check_holds(const struct session *session, struct error *error)
{
    if (session->n_holds == 0)
        return error_set(error, -ENODATA, "no position was held");
    for (unsigned i = 0; i < session->n_holds; i++) {
        const struct hold *hold = &session->holds[i];
        if (hold->learnt < LEARNT_MIN || hold->held_back < HELD_BACK_MIN)
            return error_set(error, -ENODATA,
                             "%s was held for %.0f s; %.0f s are needed, with somebody on the pad",
                             position_identifier(hold->position), hold->last_s - hold->begin_s,
                             SESSION_HOLD_S);
    }
    return 0;
}

int session_learn(const struct session *session, struct model_correction *ret, struct trial *trial,
                  struct error *error)
{
    int r = check_holds(session, error);
    if (r < 0)
        return r;
    r = learn(session, ret);
    if (r < 0)
        return error_set(error, r, "out of memory");
    try(session, ret, trial);
    return 0;
}
