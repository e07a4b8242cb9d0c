// SPDX-License-Identifier: GPL-3.0-or-later
#include "statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/cleanup.h"

// The normal distribution's quantile of 0.975.
#define NORMAL_QUANTILE 1.959963984540054

// A correlation of 1 has an interval without an end.
#define R_MAX 0.9999999

// ---- ranks ----

struct ranked {
    double value;
    size_t at;
};

static int by_value(const void *a, const void *b)
{
    double one = ((const struct ranked *)a)->value, other = ((const struct ranked *)b)->value;
    return one < other ? -1 : one > other;
}

// Ranks from 1; those of equal values are their mean. `room` has n elements.
static void rank(const double *values, size_t n, struct ranked *room, double *ranks)
{
    for (size_t i = 0; i < n; i++)
        room[i] = (struct ranked){values[i], i};
    qsort(room, n, sizeof *room, by_value);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && room[end].value <= room[first].value; end++)
            ;
        for (size_t i = first; i < end; i++)
            ranks[room[i].at] = (double)(first + 1 + end) / 2;
    }
}

// Pearson's correlation; NAN where one of them is always the same.
static double correlation(const double *x, const double *y, size_t n)
{
    double mean = (double)(n + 1) / 2; // of ranks, ties or not
    double xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static void claim(struct estimate *estimate, bool enough)
{
    estimate->claimed = estimate->known && enough && (estimate->low > 0 || estimate->high < 0);
}

int rank_correlation(const double *x, const double *y, size_t n, struct estimate *ret)
{
    *ret = (struct estimate){.n = n};
    if (n < 4) // the interval needs one more than three
        return 0;
    _cleanup_(freep) struct ranked *room = calloc(n, sizeof *room);
    _cleanup_(freep) double *ranks = calloc(2 * n, sizeof *ranks);
    if (!room || !ranks)
        return -ENOMEM;
    rank(x, n, room, ranks);
    rank(y, n, room, ranks + n);
    double r = correlation(ranks, ranks + n, n);
    if (isnan(r))
        return 0;
    double z = atanh(fmax(-R_MAX, fmin(R_MAX, r)));
    double half = NORMAL_QUANTILE * sqrt((1 + r * r / 2) / (double)(n - 3));
    ret->value = r;
    ret->low = tanh(z - half);
    ret->high = tanh(z + half);
    ret->known = true;
    claim(ret, n >= STATISTICS_NIGHTS_MIN);
    return 0;
}

// ---- Student's distribution ----

// The continued fraction of the incomplete beta function, by Lentz's method (Abramowitz and Stegun
// 26.5.8): x below (a + 1) / (a + b + 2).
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), h = d;
    for (int m = 1; m < 1000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= c * d;
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        h *= c * d;
        if (fabs(c * d - 1) < 1e-14)
            break;
    }
    return h;
}

// lgamma() has a global variable for the sign, which is positive here.
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

// The regularised incomplete beta function.
static double beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x >= 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// The share of the distribution beyond t, both ends together.
static double beyond(double t, double degrees)
{
    return beta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

double student_quantile(double degrees)
{
    double low = 0, high = 1e6; // of one degree it is 12.7
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (beyond(middle, degrees) > 0.05)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

// ---- before and after ----

static double mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

// The square of the mean's standard error.
static double error_of(const double *values, size_t n)
{
    double mean = mean_of(values, n), squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return squares / (double)(n - 1) / (double)n;
}

void mean_difference(const double *before, size_t n_before, const double *after, size_t n_after,
                     struct estimate *ret)
{
    *ret = (struct estimate){.n = n_before + n_after};
    if (n_before < 2 || n_after < 2)
        return;
    double a = error_of(before, n_before), b = error_of(after, n_after), both = a + b;
    if (both <= 0)
        return;
    double degrees = both * both / (a * a / (double)(n_before - 1) + b * b / (double)(n_after - 1));
    double half = student_quantile(degrees) * sqrt(both);
    ret->value = mean_of(after, n_after) - mean_of(before, n_before);
    ret->low = ret->value - half;
    ret->high = ret->value + half;
    ret->known = true;
    claim(ret, ret->n >= STATISTICS_NIGHTS_MIN && n_before >= STATISTICS_SIDE_MIN &&
                   n_after >= STATISTICS_SIDE_MIN);
}
