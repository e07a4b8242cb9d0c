// SPDX-License-Identifier: GPL-3.0-or-later
#include "breathing/breathing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "breathing/mixture.h"

#define MINUTE_US INT64_C(60000000)

// How clear a rhythm of a whole minute must be; of less, more so, because chance makes the likeness
// of noise to itself spread as one over the root of its length. Noise of all colours, in 35 signals
// of which the best is chosen, seldom comes to 0.6; breathing that a pad shows, to 0.8 and more.
// tests/bench/breathing.c says how often each passes everything asked for here.
#define PERIODICITY 0.6
#define AGAIN       0.5 // after two periods, as a share of that

// Pressure that leaves one place arrives at another, so that another signal must have the rhythm
// too, nearly as clear (a share of the same) and nearly as fast.
#define SECOND      0.75
#define SECOND_NEAR 0.1

// A slow rhythm is one only if it was seen so often.
#define PERIODS_LEAST 5.5

// A rhythm smaller than this many counts of one cell, from end to end, is the pad's own.
#define COUNTS_LEAST 2.0

// A block that carries less than this share of what it would if the load lay evenly is beside the
// body. Where most of those (and there are some) do what the clearest block does, and as much of
// it as this, it is nothing that a body does.
#define BESIDE        0.05
#define BESIDE_LEAST  4
#define BESIDE_SWINGS 0.3

struct kept {
    int64_t start_s;
    bool found;
    struct breath breath;
};

struct breathing {
    bool fast_enough;
    double count; // one count of one cell, as load of a map
    struct sampler sampler;
    int64_t number; // of the minute being filled, since 1970
    bool filling;
    struct minute minute;
    struct kept kept[BREATHING_KEPT];
    size_t next;
    // For the look at a minute.
    struct rhythm_table table;
    float banded[SIGNALS_N + 1][MINUTE_SAMPLES]; // the last: the mixture of the blocks
};

int breathing_new(struct breathing **ret, const struct pad *pad, double rate_hz)
{
    struct breathing *breathing = calloc(1, sizeof *breathing);
    if (!breathing)
        return -ENOMEM;
    breathing->fast_enough = rate_hz >= BREATHING_PAD_HZ;
    breathing->count = pad->pitch_rows_mm * pad->pitch_cols_mm / (MAP_PITCH_MM * MAP_PITCH_MM) /
                       ((double)pad->full_scale - pad->baseline);
    *ret = breathing;
    return 0;
}

void breathing_free(struct breathing *breathing)
{
    free(breathing);
}

// ---- is it a body's? ----

// How far each block's share swings along with a signal (root mean square), to either side.
static void find_swings(const struct breathing *breathing, const float *signal, size_t n,
                        double swings[SIGNALS_BLOCKS])
{
    double rms = rhythm_rms(signal, n);
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += (double)signal[j] * (double)breathing->banded[i][j];
        swings[i] = rms > 0 ? fabs(sum) / (double)n / rms : 0;
    }
}

static double mean(const float *samples, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)samples[i];
    return sum / (double)n;
}

// Most of the blocks beside the body do it too.
static bool is_everywhere(const struct breathing *breathing, const struct stretch *stretch,
                          const double swings[SIGNALS_BLOCKS], double strongest)
{
    unsigned beside = 0, swing = 0;
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++) {
        if (mean(&breathing->minute.signals[i][stretch->first], stretch->n) >=
            BESIDE / SIGNALS_BLOCKS)
            continue;
        beside++;
        swing += swings[i] > BESIDE_SWINGS * strongest;
    }
    return beside >= BESIDE_LEAST && 2 * swing > beside;
}

static bool is_a_body(const struct breathing *breathing, const struct stretch *stretch,
                      const float *signal)
{
    double swings[SIGNALS_BLOCKS], strongest = 0;
    find_swings(breathing, signal, stretch->n, swings);
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++)
        strongest = fmax(strongest, swings[i]);
    double load = mean(&breathing->minute.loads[stretch->first], stretch->n);
    if (strongest * load * 2 * M_SQRT2 < COUNTS_LEAST * breathing->count)
        return false;
    return !is_everywhere(breathing, stretch, swings, strongest);
}

// ---- a minute ----

// The signal with the clearest rhythm that a second one has too, or -1.
static int find_clearest(const struct breathing *breathing, size_t n, struct rhythm *ret)
{
    struct rhythm rhythms[SIGNALS_N + 1];
    double least = PERIODICITY * sqrt((double)RHYTHM_SAMPLES_MAX / (double)n);
    int clearest = -1;
    for (int i = 0; i <= SIGNALS_N; i++) {
        if (!rhythm_find(breathing->banded[i], n, &rhythms[i]))
            rhythms[i].periodicity = -1;
        else if (clearest < 0 || rhythms[i].periodicity > rhythms[clearest].periodicity)
            clearest = i;
    }
    if (clearest < 0)
        return -1;
    *ret = rhythms[clearest];
    if (ret->periodicity < least || ret->again < AGAIN * least ||
        (double)n < PERIODS_LEAST * ret->period)
        return -1;
    // The mixture is no other signal: it is made of them.
    for (int i = 0; i < SIGNALS_N; i++)
        if (i != clearest && rhythms[i].periodicity >= SECOND * least &&
            fabs(rhythms[i].period / ret->period - 1) <= SECOND_NEAR)
            return clearest;
    return -1;
}

static void prepare(struct breathing *breathing, const struct stretch *stretch)
{
    size_t n = stretch->n;
    rhythm_table_for(&breathing->table, n);
    for (size_t i = 0; i < SIGNALS_N; i++)
        rhythm_band_of_breaths(&breathing->table, &breathing->minute.signals[i][stretch->first],
                               breathing->banded[i]);
    float weights[SIGNALS_BLOCKS];
    memset(breathing->banded[SIGNALS_N], 0, n * sizeof(float));
    if (mixture_weights(breathing->banded, n, weights))
        mixture_mix(breathing->banded, n, weights, breathing->banded[SIGNALS_N]);
}

static bool look(struct breathing *breathing, struct breath *ret)
{
    struct stretch stretch;
    struct rhythm rhythm;
    struct breaths breaths;
    if (!stretch_find(&breathing->minute, BREATHING_LEAST_HZ, &stretch))
        return false;
    prepare(breathing, &stretch);
    int clearest = find_clearest(breathing, stretch.n, &rhythm);
    if (clearest < 0)
        return false;
    const float *signal = breathing->banded[clearest];
    if (!is_a_body(breathing, &stretch, signal) ||
        !rhythm_count(&breathing->table, signal, &rhythm, &breaths))
        return false;
    *ret = (struct breath){breaths.per_min, breaths.steadiness};
    return true;
}

static void end_minute(struct breathing *breathing)
{
    if (!breathing->filling)
        return;
    struct kept *kept = &breathing->kept[breathing->next];
    breathing->next = (breathing->next + 1) % BREATHING_KEPT;
    kept->start_s = breathing->number * 60;
    kept->found = look(breathing, &kept->breath);
    memset(breathing->minute.seen, 0, sizeof breathing->minute.seen);
    breathing->filling = false;
}

static int64_t minute_of(int64_t time_us)
{
    return time_us / MINUTE_US - (time_us % MINUTE_US < 0);
}

static void take(const struct quarter *quarter, void *userdata)
{
    struct breathing *breathing = userdata;
    struct minute *minute = &breathing->minute;
    int64_t number = minute_of(quarter->number * SAMPLE_US);
    if (breathing->filling && number != breathing->number)
        end_minute(breathing);
    breathing->number = number;
    breathing->filling = true;
    size_t at = (size_t)(quarter->number - number * MINUTE_SAMPLES);
    for (size_t i = 0; i < SIGNALS_N; i++)
        minute->signals[i][at] = quarter->values.signals[i];
    minute->loads[at] = quarter->values.load;
    minute->frames[at] = (uint8_t)(quarter->frames < UINT8_MAX ? quarter->frames : UINT8_MAX);
    minute->seen[at] = true;
}

void breathing_see(struct breathing *breathing, const struct pressure_map *map, int64_t time_us)
{
    if (!breathing->fast_enough)
        return;
    sampler_see(&breathing->sampler, map, time_us, take, breathing);
    // A minute may end without a sample after it.
    if (breathing->filling && minute_of(time_us) != breathing->number)
        end_minute(breathing);
}

void breathing_stop(struct breathing *breathing)
{
    breathing->sampler.begun = false;
    end_minute(breathing);
}

void breathing_move(struct breathing *breathing, int64_t by_s)
{
    breathing_stop(breathing);
    for (size_t i = 0; i < BREATHING_KEPT; i++)
        breathing->kept[i].start_s += by_s;
}

bool breathing_minute(const struct breathing *breathing, int64_t start_s, struct breath *ret)
{
    // From the newest back: a clock that was set back has some minutes twice.
    for (size_t i = 1; i <= BREATHING_KEPT; i++) {
        const struct kept *kept =
            &breathing->kept[(breathing->next + BREATHING_KEPT - i) % BREATHING_KEPT];
        if (kept->found && kept->start_s == start_s) {
            *ret = kept->breath;
            return true;
        }
        if (kept->start_s == start_s)
            return false;
    }
    return false;
}
