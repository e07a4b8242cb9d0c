// SPDX-License-Identifier: GPL-3.0-or-later
// What a sleeper does in a night.
#include "sleeper.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "random.h"

#define STREAM_PLAN 100

// A whole night, for which the numbers of bouts and trips are meant.
#define NIGHT_S 28800.0

#define EMPTY_BEFORE_S 20
#define EMPTY_AFTER_S  40
#define BOUT_MIN_S     120
#define BOUT_MAX_S     3600
#define BOUTS_MAX      256
#define TRIPS_MAX      2

// How people lie, roughly: more than half of the night on the side, a third on the back (Skarpsno
// et al., Nature and Science of Sleep 9, 2017); how the sides and the back divide is a guess.
static const double liking[POSITION_BODY_N] = {
    [POSITION_SUPINE] = 18,
    [POSITION_SUPINE_KNEES_RAISED] = 6,
    [POSITION_SUPINE_LEFT_KNEE] = 3,
    [POSITION_SUPINE_RIGHT_KNEE] = 3,
    [POSITION_SUPINE_LEGS_RAISED] = 1.5,
    [POSITION_RECLINED] = 2.5,
    [POSITION_LEFT_FETAL] = 13,
    [POSITION_RIGHT_FETAL] = 13,
    [POSITION_LEFT_SIDE] = 15,
    [POSITION_RIGHT_SIDE] = 15,
    [POSITION_PRONE] = 7,
    [POSITION_SITTING] = 0.5,
};

struct night {
    struct sleep_step bouts[BOUTS_MAX];
    unsigned n_bouts;
    unsigned trip_after[TRIPS_MAX]; // bout
    double trip_s[TRIPS_MAX];
    unsigned n_trips;
};

static enum position draw_position(struct random *random, const double *habit, enum position before)
{
    double sum = 0;
    for (int i = 0; i < POSITION_BODY_N; i++)
        sum += i == (int)before ? 0 : habit[i];
    double left = random_between(random, 0, sum);
    int position = 0;
    for (int i = 0; i < POSITION_BODY_N && left >= 0; i++) {
        if (i == (int)before)
            continue;
        left -= habit[i];
        position = i;
    }
    return (enum position)position;
}

static void draw_bouts(struct night *night, struct random *random)
{
    double habit[POSITION_BODY_N];
    for (int i = 0; i < POSITION_BODY_N; i++)
        habit[i] = liking[i] * random_between(random, 0.2, 2);
    enum position position = POSITION_EMPTY;
    for (unsigned i = 0; i < night->n_bouts; i++) {
        bool reads_first = i == 0 && night->n_bouts > 2 && random_chance(random, 0.3);
        position = reads_first ? POSITION_RECLINED : draw_position(random, habit, position);
        // Many short bouts, some long.
        double u = random_between(random, 0, 1);
        night->bouts[i] = (struct sleep_step){position, 0.1 + u * u * u};
    }
}

// Stretches the bouts to last `seconds` in all, none of them shorter or longer than people's are
// while that is possible.
static void fit_bouts(struct night *night, double seconds)
{
    double least = fmin(BOUT_MIN_S, seconds / night->n_bouts);
    double most = fmax(BOUT_MAX_S, seconds / night->n_bouts);
    for (int round = 0; round < 20; round++) {
        double sum = 0;
        for (unsigned i = 0; i < night->n_bouts; i++)
            sum += night->bouts[i].seconds;
        for (unsigned i = 0; i < night->n_bouts; i++) {
            double stretched = night->bouts[i].seconds * seconds / sum;
            night->bouts[i].seconds = fmin(fmax(stretched, least), most);
        }
    }
    double sum = 0;
    for (unsigned i = 0; i < night->n_bouts; i++) {
        night->bouts[i].seconds = floor(night->bouts[i].seconds);
        sum += night->bouts[i].seconds;
    }
    night->bouts[night->n_bouts - 1].seconds += seconds - sum;
}

static void draw_trips(struct night *night, struct random *random, double seconds)
{
    double nights = seconds / NIGHT_S;
    for (int i = 0; i < TRIPS_MAX; i++) {
        if (night->n_bouts < 4 || !random_chance(random, fmin(0.5, 0.5 * nights)))
            continue;
        unsigned after = 1 + random_below(random, night->n_bouts - 2);
        if (night->n_trips == 1 && after == night->trip_after[0])
            continue;
        night->trip_after[night->n_trips] = after;
        night->trip_s[night->n_trips++] = floor(random_between(random, 120, 360));
    }
}

size_t sleeper_plan_night(uint64_t seed, double seconds, struct sleep_step *steps, size_t max)
{
    if (max < 3 || !(seconds > 0))
        return 0;
    struct random random = random_seeded(seed, STREAM_PLAN);
    struct night night = {0};
    double bouts = random_between(&random, 20, 45) * seconds / NIGHT_S;
    size_t room = max - 2 > TRIPS_MAX ? max - 2 - TRIPS_MAX : 1;
    night.n_bouts = (unsigned)fmin(fmax(1, bouts), fmin(BOUTS_MAX, (double)room));
    draw_bouts(&night, &random);
    draw_trips(&night, &random, seconds);

    double before = floor(fmin(EMPTY_BEFORE_S, seconds / 10));
    double after = floor(fmin(EMPTY_AFTER_S, seconds / 8)), in_bed = seconds - before - after;
    for (unsigned i = 0; i < night.n_trips; i++)
        in_bed -= night.trip_s[i];
    fit_bouts(&night, in_bed);

    size_t n = 0;
    steps[n++] = (struct sleep_step){POSITION_EMPTY, before};
    for (unsigned i = 0; i < night.n_bouts; i++) {
        steps[n++] = night.bouts[i];
        for (unsigned trip = 0; trip < night.n_trips; trip++)
            if (night.trip_after[trip] == i)
                steps[n++] = (struct sleep_step){POSITION_EMPTY, night.trip_s[trip]};
    }
    steps[n++] = (struct sleep_step){POSITION_EMPTY, after};
    return n;
}

// ---- in words ----

static int parse_step(const char *word, struct sleep_step *step, struct error *error)
{
    const char *colon = strchr(word, ':');
    char name[64];
    size_t length = colon ? (size_t)(colon - word) : 0;
    if (length == 0 || length >= sizeof name)
        return error_set(error, -EINVAL, "'%s' is not POSITION:SECONDS", word);
    memcpy(name, word, length);
    name[length] = '\0';
    int position = position_from_identifier(name);
    if (position < 0 || position == POSITION_UNKNOWN)
        return error_set(error, -EINVAL, "'%s' is no position that one can take", name);
    if (!text_double(colon + 1, 0, 1e6, &step->seconds) || step->seconds <= 0)
        return error_set(error, -EINVAL, "'%s' is no number of seconds up to 1000000", colon + 1);
    step->position = (enum position)position;
    return 0;
}

int sleeper_plan_parse(const char *text, struct sleep_step *steps, size_t max, size_t *ret,
                       struct error *error)
{
    size_t n = 0;
    for (const char *rest = text; rest;) {
        const char *comma = strchr(rest, ',');
        size_t length = comma ? (size_t)(comma - rest) : strlen(rest);
        char word[96];
        if (length >= sizeof word)
            return error_set(error, -EINVAL, "'%.20s...' is not POSITION:SECONDS", rest);
        if (n == max)
            return error_set(error, -E2BIG, "the plan has more than %zu steps", max);
        memcpy(word, rest, length);
        word[length] = '\0';
        int r = parse_step(word, &steps[n], error);
        if (r < 0)
            return r;
        n++;
        rest = comma ? comma + 1 : NULL;
    }
    *ret = n;
    return 0;
}
