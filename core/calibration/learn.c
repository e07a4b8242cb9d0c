// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/learn.h"

#include <math.h>
#include <string.h>

// How hard a correction is pulled towards nothing, against examples whose weights sum to 2. On
// PmatData's people anything from 0.003 to 0.3 does; 1 leaves too little of it.
#define PULL 0.1

// Nesterov's accelerated gradient, which needs no line search: the loss is convex, and how far it
// can bend is known beforehand.
#define STEPS 300

// The logarithm of nothing is no number.
#define LEAST_PROBABILITY 1e-9

#define INPUTS (MODEL_FEATURES + 1) // and a constant one, for the biases

struct point {
    double at[INPUTS][POSITION_BODY_N];
};

#define SCORES (POSITION_BODY_N + 1) // the last: none of the positions

static void softmax(double values[SCORES])
{
    double largest = values[0], sum = 0.0;
    for (size_t i = 1; i < SCORES; i++)
        largest = fmax(largest, values[i]);
    for (size_t i = 0; i < SCORES; i++)
        sum += values[i] = exp(values[i] - largest);
    for (size_t i = 0; i < SCORES; i++)
        values[i] /= sum;
}

static double input(const struct example *example, size_t i)
{
    return i < MODEL_FEATURES ? (double)example->view.features[i] : 1.0;
}

// A bound of the loss's curvature: half the weighted sum of the inputs' squares.
static double curvature(const struct example *examples, size_t n)
{
    double sum = PULL;
    for (size_t e = 0; e < n; e++)
        for (size_t i = 0; i < INPUTS; i++)
            sum += 0.5 * examples[e].weight * input(&examples[e], i) * input(&examples[e], i);
    return sum;
}

// Most features are 0 most of the time: they are rectified, and not every pad has all of them.
static void add_product(double sums[POSITION_BODY_N], double factor,
                        const double values[POSITION_BODY_N])
{
    for (size_t p = 0; factor != 0.0 && p < POSITION_BODY_N; p++)
        sums[p] += factor * values[p];
}

static void add_gradient(const struct example *example, const struct point *point,
                         struct point *gradient)
{
    double error[SCORES];
    error[POSITION_BODY_N] = log(fmax((double)example->view.unknown, LEAST_PROBABILITY));
    for (size_t p = 0; p < POSITION_BODY_N; p++)
        error[p] = (double)example->view.scores[p];
    for (size_t i = 0; i < INPUTS; i++)
        add_product(error, input(example, i), point->at[i]);
    softmax(error);
    for (size_t p = 0; p < POSITION_BODY_N; p++)
        error[p] = example->weight * (error[p] - (double)example->target[p]);
    for (size_t i = 0; i < INPUTS; i++)
        add_product(gradient->at[i], input(example, i), error);
}

static void descend(const struct example *examples, size_t n, double step, double momentum,
                    struct point *point, struct point *ahead)
{
    struct point gradient;
    for (size_t i = 0; i < INPUTS; i++)
        for (size_t p = 0; p < POSITION_BODY_N; p++)
            gradient.at[i][p] = PULL * ahead->at[i][p];
    for (size_t e = 0; e < n; e++)
        add_gradient(&examples[e], ahead, &gradient);
    for (size_t i = 0; i < INPUTS; i++) {
        for (size_t p = 0; p < POSITION_BODY_N; p++) {
            double next = ahead->at[i][p] - step * gradient.at[i][p];
            ahead->at[i][p] = next + momentum * (next - point->at[i][p]);
            point->at[i][p] = next;
        }
    }
}

void learn_correction(const struct example *examples, size_t n, struct model_correction *ret)
{
    struct point point = {0}, ahead = {0};
    double step = 1.0 / curvature(examples, n), pace = 1.0;
    for (unsigned i = 0; i < STEPS; i++) {
        double next_pace = (1.0 + sqrt(1.0 + 4.0 * pace * pace)) / 2.0;
        descend(examples, n, step, (pace - 1.0) / next_pace, &point, &ahead);
        pace = next_pace;
    }
    for (size_t i = 0; i < MODEL_FEATURES; i++)
        for (size_t p = 0; p < POSITION_BODY_N; p++)
            ret->weights[i * POSITION_BODY_N + p] = (float)point.at[i][p];
    for (size_t p = 0; p < POSITION_BODY_N; p++)
        ret->biases[p] = (float)point.at[MODEL_FEATURES][p];
}
