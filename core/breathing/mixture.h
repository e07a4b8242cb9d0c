// SPDX-License-Identifier: GPL-3.0-or-later
// What the blocks of a map do together: their first principal component. Where many of them breathe
// a little, some up while others go down, it is clearer than any single one (principal components
// and autocorrelation together: "Accelerometer-based estimation of respiratory rate using
// principal component analysis and autocorrelation", Physiol. Meas., 2025).
// Private to core/breathing.
#ifndef PSOASMON_MIXTURE_H
#define PSOASMON_MIXTURE_H

#include "breathing/stretch.h"

// `weights`: how much of each block's signal (n samples, mean 0) makes up the component. False
// where nothing moves.
bool mixture_weights(float (*signals)[MINUTE_SAMPLES], size_t n, float weights[SIGNALS_BLOCKS]);

void mixture_mix(float (*signals)[MINUTE_SAMPLES], size_t n, const float weights[SIGNALS_BLOCKS],
                 float *ret);

#endif
