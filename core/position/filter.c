// SPDX-License-Identifier: GPL-3.0-or-later
#include "position/filter.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "position/acuity.h"

// What there can be: the positions of a body, nobody, and what is neither.
#define N_STATES POSITION_N

// How long people stay, on average. Together with EVIDENCE_FLOOR it says what it takes to believe
// in a bout: turning there and back costs 2 ln(STAY_S * 13) = 15.7, a second of clear evidence
// weighs at most ln(N_STATES / EVIDENCE_FLOOR) = 7.2. So two seconds are flicker, three a bout.
#define STAY_S         200.0f
#define EVIDENCE_FLOOR 0.01f

// Somebody who moves looks like anything: from MOVEMENT_CALM on, what the model says counts for
// less, down to MOVEMENT_WEIGHT when all the pressure has gone elsewhere.
#define MOVEMENT_CALM   0.12f
#define MOVEMENT_WILD   0.5f
#define MOVEMENT_WEIGHT 0.3f

// A second without a frame of its own counts for little: enough to end a bout at the frame that
// shows another one, not enough to make one frame of a slow pad a witness many times over. After
// HELD_S such seconds it hardly counts any more.
#define HELD_WEIGHT      0.2f
#define HELD_LONG_WEIGHT 0.002f
#define HELD_S           10

// A position is told where it is sure enough which way up a body lies, and that it is one body. Of
// the positions that share a way up the likeliest is told, however close another one comes:
// somebody on the left with the knees half drawn up is not unknown. On a pad of a make that the
// model was not trained on, it gives the right position less than half in one frame of five; what
// is no sleeper shows in the probability that it is none rather than there.
#define WAY_UP_LEAST 0.4f
#define NONE_MOST    0.25f

#define PAST_S   FILTER_LAG_S
#define WINDOW_S (PAST_S + FILTER_LAG_S + 1)

struct second {
    int64_t time_s;
    float model[N_STATES];    // mean of what the model said
    float evidence[N_STATES]; // likelihoods made of it, the best is 1
    float belief[N_STATES];   // given everything known, once smoothed
    float weight;             // of the evidence
    float movement, load, area_m2;
};

struct gathering {
    int64_t time_s;
    unsigned frames;
    float model[N_STATES]; // sums
    float movement, load, area_m2;
};

struct filter {
    bool begun;
    struct gathering now; // the second that frames arrive in
    unsigned held;        // seconds since the last frame
    // Settled seconds, PAST_S at most, and behind them those that wait: FILTER_LAG_S at most,
    // but for the moment between a second's coming and another's settling.
    struct second seconds[WINDOW_S];
    size_t n_settled, n_seconds;
    float before[N_STATES]; // belief in the second before the first that waits
};

int filter_new(struct filter **ret)
{
    struct filter *filter = calloc(1, sizeof *filter);
    if (!filter)
        return -ENOMEM;
    *ret = filter;
    return 0;
}

void filter_free(struct filter *filter)
{
    free(filter);
}

static float sum_of(const float values[N_STATES])
{
    float sum = 0.0f;
    for (int i = 0; i < N_STATES; i++)
        sum += values[i];
    return sum;
}

static void normalise(float values[N_STATES])
{
    float sum = sum_of(values);
    for (int i = 0; i < N_STATES; i++)
        values[i] /= sum;
}

// One step in time, either way: people stay, or turn to any other position.
static void step(const float from[N_STATES], float to[N_STATES])
{
    const float turn = 1.0f / STAY_S / (N_STATES - 1), stay = 1.0f - 1.0f / STAY_S;
    float sum = sum_of(from);
    for (int i = 0; i < N_STATES; i++)
        to[i] = stay * from[i] + turn * (sum - from[i]);
}

static void multiply(float values[N_STATES], const float factors[N_STATES])
{
    for (int i = 0; i < N_STATES; i++)
        values[i] *= factors[i];
    normalise(values);
}

// Forward and backward over the seconds that wait; their beliefs are then what everything known
// says of them.
static void smooth(struct filter *filter)
{
    struct second *seconds = &filter->seconds[filter->n_settled];
    size_t n = filter->n_seconds - filter->n_settled;
    const float *before = filter->before;
    for (size_t i = 0; i < n; i++) {
        step(before, seconds[i].belief);
        multiply(seconds[i].belief, seconds[i].evidence);
        before = seconds[i].belief;
    }
    float later[N_STATES];
    for (int s = 0; s < N_STATES; s++)
        later[s] = 1.0f;
    for (size_t i = n; i-- > 0;) {
        float onward[N_STATES];
        memcpy(onward, later, sizeof onward);
        multiply(seconds[i].belief, later);
        multiply(onward, seconds[i].evidence);
        step(onward, later);
    }
}

static int largest(const float *values, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (values[i] > values[best])
            best = i;
    return best;
}

// How sure to be. The seconds of a bout repeat each other, errors too: their product would be
// certain of anything. So the probabilities told are the mean of what the model said over the
// seconds around that are believed to share the position.
static void average(const struct filter *filter, enum position position,
                    float probabilities[POSITION_N])
{
    float total = 0.0f;
    for (size_t i = 0; i < filter->n_seconds; i++) {
        const struct second *second = &filter->seconds[i];
        float share = second->belief[position] * second->weight;
        for (int s = 0; s < N_STATES; s++)
            probabilities[s] += share * second->model[s];
        total += share;
    }
    for (int s = 0; s < N_STATES; s++)
        probabilities[s] /= total;
}

// What a position is told as by a pad that tells no more than which way up a body lies.
static enum position way_up(enum position state)
{
    return (int)state < POSITION_BODY_N ? acuity_tell(ACUITY_COARSE, state) : state;
}

static bool sure(const float probabilities[N_STATES], enum position position)
{
    float share = 0.0f;
    for (int s = 0; s < N_STATES; s++)
        if (way_up((enum position)s) == way_up(position))
            share += probabilities[s];
    return share >= WAY_UP_LEAST;
}

static void describe(const struct filter *filter, size_t at, struct tick *tick)
{
    const struct second *second = &filter->seconds[at];
    *tick = (struct tick){.time_s = second->time_s,
                          .movement = second->movement,
                          .load = second->load,
                          .area_m2 = second->area_m2};
    tick->position = (enum position)largest(second->belief, N_STATES);
    average(filter, tick->position, tick->probabilities);
    tick->confidence = tick->probabilities[tick->position];
    if (tick->probabilities[POSITION_UNKNOWN] > NONE_MOST ||
        !sure(tick->probabilities, tick->position) || !sure(second->belief, tick->position)) {
        tick->position = POSITION_UNKNOWN;
        tick->confidence = tick->probabilities[largest(tick->probabilities, N_STATES)];
    }
}

static int settle_first(struct filter *filter, filter_sink sink, void *userdata)
{
    struct tick tick;
    struct second *second = &filter->seconds[filter->n_settled];
    describe(filter, filter->n_settled, &tick);
    float forward[N_STATES];
    step(filter->before, forward);
    multiply(forward, second->evidence);
    memcpy(filter->before, forward, sizeof forward);
    if (++filter->n_settled > PAST_S) {
        filter->n_settled--;
        filter->n_seconds--;
        memmove(filter->seconds, filter->seconds + 1, filter->n_seconds * sizeof *filter->seconds);
    }
    return sink(&tick, userdata);
}

static float calmness(float movement)
{
    float wild = (movement - MOVEMENT_CALM) / (MOVEMENT_WILD - MOVEMENT_CALM);
    return 1.0f - (1.0f - MOVEMENT_WEIGHT) * fminf(fmaxf(wild, 0.0f), 1.0f);
}

// The likelihood of what was seen. The model was trained on all positions alike often, so that
// its probabilities are likelihoods but for a factor.
static void weigh(struct second *second)
{
    for (int i = 0; i < N_STATES; i++) {
        float p = (1.0f - EVIDENCE_FLOOR) * second->model[i] + EVIDENCE_FLOOR / N_STATES;
        second->evidence[i] = powf(p, second->weight);
    }
    normalise(second->evidence);
}

static struct second *add_second(struct filter *filter, int64_t time_s)
{
    struct second *second = &filter->seconds[filter->n_seconds++];
    *second = (struct second){.time_s = time_s};
    return second;
}

static void add_gathered(struct filter *filter)
{
    const struct gathering *now = &filter->now;
    struct second *second = add_second(filter, now->time_s);
    for (int i = 0; i < N_STATES; i++)
        second->model[i] = now->model[i] / (float)now->frames;
    second->movement = now->movement;
    second->load = now->load / (float)now->frames;
    second->area_m2 = now->area_m2 / (float)now->frames;
    second->weight = calmness(now->movement);
    weigh(second);
    filter->held = 0;
}

// A second without a frame: what the last one said holds, for a while.
static void add_held(struct filter *filter, int64_t time_s)
{
    const struct second *last = &filter->seconds[filter->n_seconds - 1];
    struct second *second = add_second(filter, time_s);
    memcpy(second->model, last->model, sizeof second->model);
    second->load = last->load;
    second->area_m2 = last->area_m2;
    second->weight = ++filter->held <= HELD_S ? HELD_WEIGHT : HELD_LONG_WEIGHT;
    weigh(second);
}

static int settle_due(struct filter *filter, filter_sink sink, void *userdata)
{
    if (filter->n_seconds - filter->n_settled <= FILTER_LAG_S)
        return 0;
    smooth(filter);
    return settle_first(filter, sink, userdata);
}

// Ends the second that frames arrive in, and the ones without a frame up to until_s.
static int end_seconds(struct filter *filter, int64_t until_s, filter_sink sink, void *userdata)
{
    add_gathered(filter);
    int r = settle_due(filter, sink, userdata);
    for (int64_t time_s = filter->now.time_s + 1; r >= 0 && time_s < until_s; time_s++) {
        add_held(filter, time_s);
        r = settle_due(filter, sink, userdata);
    }
    return r < 0 ? r : 0;
}

static void gather(struct gathering *now, const struct observation *observation)
{
    now->frames++;
    if (observation->occupied) {
        for (int i = 0; i < POSITION_BODY_N; i++)
            now->model[i] += observation->probabilities[i];
        now->model[POSITION_UNKNOWN] += position_unknown(observation->probabilities);
    } else {
        now->model[POSITION_EMPTY] += 1.0f;
    }
    now->movement = fmaxf(now->movement, observation->movement);
    now->load += observation->load;
    now->area_m2 += observation->area_m2;
}

static int64_t second_of(int64_t time_us)
{
    int64_t time_s = time_us / 1000000;
    return time_us % 1000000 < 0 ? time_s - 1 : time_s;
}

int filter_push(struct filter *filter, const struct observation *observation, filter_sink sink,
                void *userdata)
{
    int64_t time_s = second_of(observation->time_us);
    int r = 0;
    if (!filter->begun) {
        filter->begun = true;
        for (int i = 0; i < N_STATES; i++)
            filter->before[i] = 1.0f / N_STATES;
        filter->now = (struct gathering){.time_s = time_s};
    } else if (time_s > filter->now.time_s) {
        r = end_seconds(filter, time_s, sink, userdata);
        filter->now = (struct gathering){.time_s = time_s};
    }
    gather(&filter->now, observation);
    return r;
}

int filter_finish(struct filter *filter, int64_t until_s, filter_sink sink, void *userdata)
{
    if (!filter->begun)
        return 0;
    int r = end_seconds(filter, until_s, sink, userdata);
    if (r >= 0)
        smooth(filter);
    while (r >= 0 && filter->n_settled < filter->n_seconds)
        r = settle_first(filter, sink, userdata);
    *filter = (struct filter){0};
    return r < 0 ? r : 0;
}

void filter_move(struct filter *filter, int64_t by_s)
{
    filter->now.time_s += by_s;
    for (size_t i = 0; i < filter->n_seconds; i++)
        filter->seconds[i].time_s += by_s;
}

bool filter_now(const struct filter *filter, struct tick *tick)
{
    if (!filter->begun)
        return false;
    struct filter future = *filter;
    add_gathered(&future);
    smooth(&future);
    describe(&future, future.n_seconds - 1, tick);
    return true;
}
