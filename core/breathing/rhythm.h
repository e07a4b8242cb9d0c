// SPDX-License-Identifier: GPL-3.0-or-later
// Whether one evenly sampled signal repeats itself as breathing does, and how often.
//
// The period is where the signal is most like itself: the normalised square difference function
// of McLeod and Wyvill, "A smarter way to find pitch" (ICMC 2005), and their rule for octaves: of
// its peaks the first that is nearly as high as the highest, so that neither every second breath
// nor half a breath counts as one. Breaths are then counted one by one in a band around that
// period, and where the two disagree there is no answer. Private to core/breathing.
#ifndef PSOASMON_RHYTHM_H
#define PSOASMON_RHYTHM_H

#include <stdbool.h>
#include <stddef.h>

#define RHYTHM_HZ          4
#define RHYTHM_SAMPLES_MAX (60 * RHYTHM_HZ)
#define RHYTHM_SAMPLES_MIN (30 * RHYTHM_HZ) // three breaths of the slowest

// 6 to 30 breaths a minute (0.1 to 0.5 Hz), with so much room that the two ends are found.
#define RHYTHM_SLOWEST_PER_MIN 5.7
#define RHYTHM_FASTEST_PER_MIN 31.0

// Cosines for signals of n samples.
struct rhythm_table {
    size_t n;
    float cosines[4 * RHYTHM_SAMPLES_MAX];
};
void rhythm_table_for(struct rhythm_table *table, size_t n); // RHYTHM_SAMPLES_MIN to _MAX

// Leaves the part of a signal between two frequencies, by its cosine transform: a signal that is
// mirrored at its ends does not jump there, as one that is repeated would.
void rhythm_band(const struct rhythm_table *table, const float *samples, double low_hz,
                 double high_hz, float *ret);

// The part of a signal in which rhythms are looked for. Its lower end leaves out drift, and is low
// enough to see that something is slower than a breath; its upper end is below any heart's beat.
void rhythm_band_of_breaths(const struct rhythm_table *table, const float *samples, float *ret);

struct rhythm {
    double period;      // in samples
    double periodicity; // how much the signal is like itself that much later: 1 altogether
    double again;       // and two periods later
};

// In a signal of that band. False where nothing repeats, or not as fast or slow as breathing.
bool rhythm_find(const float *banded, size_t n, struct rhythm *ret);

struct breaths {
    double per_min;
    double steadiness; // 1 less the coefficient of variation of their lengths; 0 at least
};

// Counts the breaths of a rhythm, one by one. False where they do not bear it out: where they are
// more or fewer, or where the signal is mostly something else.
bool rhythm_count(const struct rhythm_table *table, const float *banded,
                  const struct rhythm *rhythm, struct breaths *ret);

double rhythm_rms(const float *samples, size_t n);

#endif
