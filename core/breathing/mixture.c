// SPDX-License-Identifier: GPL-3.0-or-later
#include "breathing/mixture.h"

#include <math.h>
#include <string.h>

// Of power iteration. A component that has not come out by then has a rival of its own size, and
// either would do.
#define STEPS 20

static float together(const float *a, const float *b, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static bool scale_to_one(float weights[SIGNALS_BLOCKS])
{
    float length = sqrtf(together(weights, weights, SIGNALS_BLOCKS));
    if (!(length > 0))
        return false;
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++)
        weights[i] /= length;
    return true;
}

bool mixture_weights(float (*signals)[MINUTE_SAMPLES], size_t n, float weights[SIGNALS_BLOCKS])
{
    float products[SIGNALS_BLOCKS][SIGNALS_BLOCKS];
    size_t strongest = 0;
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++) {
        for (size_t j = 0; j <= i; j++)
            products[i][j] = products[j][i] = together(signals[i], signals[j], n);
        if (products[i][i] > products[strongest][strongest])
            strongest = i;
    }
    memcpy(weights, products[strongest], sizeof products[strongest]);
    if (!scale_to_one(weights))
        return false;
    for (int step = 0; step < STEPS; step++) {
        float next[SIGNALS_BLOCKS];
        for (size_t i = 0; i < SIGNALS_BLOCKS; i++)
            next[i] = together(products[i], weights, SIGNALS_BLOCKS);
        if (!scale_to_one(next))
            return false;
        memcpy(weights, next, sizeof next);
    }
    return true;
}

void mixture_mix(float (*signals)[MINUTE_SAMPLES], size_t n, const float weights[SIGNALS_BLOCKS],
                 float *ret)
{
    memset(ret, 0, n * sizeof *ret);
    for (size_t i = 0; i < SIGNALS_BLOCKS; i++)
        for (size_t j = 0; j < n; j++)
            ret[j] += weights[i] * signals[i][j];
}
