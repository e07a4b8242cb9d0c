// SPDX-License-Identifier: GPL-3.0-or-later
#include "breathing/rhythm.h"

#include <math.h>
#include <string.h>

#define LOW_HZ  0.05
#define HIGH_HZ 0.7

// Lags looked at: up to a rhythm well slower than breathing, which is none of ours.
#define LAG_MAX (16 * RHYTHM_HZ)

// How high a peak must be against the highest to be the period, not a part of it.
#define FIRST_PEAK 0.75

// Around the rhythm, the band in which breaths are counted, in times its frequency.
#define COUNT_LOW  0.4
#define COUNT_HIGH 1.6
// A breath swings this far to both sides, in times the root mean square: what trembles about the
// middle, as in a pause, is none.
#define COUNT_SWING    0.3
#define COUNT_DISAGREE 0.12 // of the rate

// The band must hold this share of what is there (as power): a rhythm of every second or third
// breath has nothing of its own.
#define COUNT_POWER 0.4

void rhythm_table_for(struct rhythm_table *table, size_t n)
{
    if (table->n == n)
        return;
    table->n = n;
    for (size_t i = 0; i < 4 * n; i++)
        table->cosines[i] = (float)cos(M_PI * (double)i / (2.0 * (double)n));
}

void rhythm_band(const struct rhythm_table *table, const float *samples, double low_hz,
                 double high_hz, float *ret)
{
    size_t n = table->n, turn = 4 * n;
    // Coefficient k of the transform is a cosine of k half periods in the whole signal.
    double per_hz = 2.0 * (double)n / RHYTHM_HZ;
    size_t first = (size_t)ceil(low_hz * per_hz), last = (size_t)floor(high_hz * per_hz);
    memset(ret, 0, n * sizeof *ret);
    for (size_t k = first > 0 ? first : 1; k <= last && k < n; k++) {
        float sum = 0;
        for (size_t i = 0, at = k; i < n; i++, at = (at + 2 * k) % turn)
            sum += samples[i] * table->cosines[at];
        sum *= 2.0f / (float)n;
        for (size_t i = 0, at = k; i < n; i++, at = (at + 2 * k) % turn)
            ret[i] += sum * table->cosines[at];
    }
}

void rhythm_band_of_breaths(const struct rhythm_table *table, const float *samples, float *ret)
{
    rhythm_band(table, samples, LOW_HZ, HIGH_HZ, ret);
}

double rhythm_rms(const float *samples, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)samples[i] * (double)samples[i];
    return sqrt(sum / (double)n);
}

// How much a signal is like itself `lag` later: -1 to 1.
static double likeness(const float *samples, size_t n, size_t lag)
{
    float product = 0, squares = 0;
    for (size_t i = 0; i + lag < n; i++) {
        product += samples[i] * samples[i + lag];
        squares += samples[i] * samples[i] + samples[i + lag] * samples[i + lag];
    }
    return squares > 0 ? 2.0 * (double)product / (double)squares : 0;
}

// A peak between samples: the parabola through the three about it.
static double peak_offset(double before, double at, double after)
{
    double bend = before - 2 * at + after;
    return bend < 0 ? 0.5 * (before - after) / bend : 0;
}

// The highest place of each stretch of lags where the signal is like itself, beginning with the
// first after the one about lag 0.
static size_t find_peaks(const double *likeness, size_t lags, size_t *peaks)
{
    size_t n = 0, lag = 1;
    while (lag < lags && likeness[lag] > 0)
        lag++;
    while (lag < lags) {
        size_t best = 0;
        for (; lag < lags && likeness[lag] <= 0; lag++)
            continue;
        for (; lag < lags && likeness[lag] > 0; lag++)
            if (best == 0 || likeness[lag] > likeness[best])
                best = lag;
        // Where it still rises at the end, the peak is beyond.
        if (best > 0 && best + 1 < lags)
            peaks[n++] = best;
    }
    return n;
}

bool rhythm_find(const float *banded, size_t n, struct rhythm *ret)
{
    double like[LAG_MAX + 1];
    size_t peaks[LAG_MAX], lags = LAG_MAX < n / 2 ? LAG_MAX + 1 : n / 2 + 1;
    for (size_t lag = 0; lag < lags; lag++)
        like[lag] = likeness(banded, n, lag);
    size_t n_peaks = find_peaks(like, lags, peaks);
    if (n_peaks == 0)
        return false;
    double highest = 0;
    for (size_t i = 0; i < n_peaks; i++)
        highest = fmax(highest, like[peaks[i]]);
    size_t first = 0;
    while (like[peaks[first]] < FIRST_PEAK * highest)
        first++;
    size_t lag = peaks[first];
    double offset = peak_offset(like[lag - 1], like[lag], like[lag + 1]);
    *ret = (struct rhythm){
        .period = (double)lag + offset,
        .periodicity = like[lag] - 0.25 * (like[lag - 1] - like[lag + 1]) * offset,
    };
    ret->again = likeness(banded, n, (size_t)lrint(2 * ret->period));
    double per_min = 60.0 * RHYTHM_HZ / ret->period;
    return per_min >= RHYTHM_SLOWEST_PER_MIN && per_min <= RHYTHM_FASTEST_PER_MIN;
}

// Where the signal comes up through its middle from far enough below to far enough above.
static size_t find_rises(const float *samples, size_t n, double *rises)
{
    float swing = (float)(COUNT_SWING * rhythm_rms(samples, n));
    size_t found = 0;
    double rise = -1;
    bool below = false;
    for (size_t i = 0; i < n; i++) {
        if (samples[i] < -swing)
            below = true;
        if (below && i > 0 && samples[i - 1] < 0 && samples[i] >= 0)
            rise = (double)(i - 1) + (double)(samples[i - 1] / (samples[i - 1] - samples[i]));
        if (below && samples[i] > swing) {
            rises[found++] = rise;
            below = false;
        }
    }
    return found;
}

bool rhythm_count(const struct rhythm_table *table, const float *banded,
                  const struct rhythm *rhythm, struct breaths *ret)
{
    float narrow[RHYTHM_SAMPLES_MAX];
    double rises[RHYTHM_SAMPLES_MAX], hz = RHYTHM_HZ / rhythm->period;
    rhythm_band(table, banded, COUNT_LOW * hz, COUNT_HIGH * hz, narrow);
    double share = rhythm_rms(narrow, table->n) / rhythm_rms(banded, table->n);
    if (share * share < COUNT_POWER)
        return false;
    size_t n = find_rises(narrow, table->n, rises);
    if (n < 3)
        return false;
    double intervals = (double)(n - 1), mean = (rises[n - 1] - rises[0]) / intervals, squares = 0;
    if (fabs(rhythm->period / mean - 1) > COUNT_DISAGREE)
        return false;
    for (size_t i = 1; i < n; i++) {
        double off = rises[i] - rises[i - 1] - mean;
        squares += off * off;
    }
    ret->per_min = 60.0 * RHYTHM_HZ / mean;
    ret->steadiness = fmax(0, 1 - sqrt(squares / intervals) / mean);
    return true;
}
