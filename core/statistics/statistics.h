// SPDX-License-Identifier: GPL-3.0-or-later
// What few nights can say, and how sure it is. Textbook methods; nights are taken as if each were
// independent of the one before, which they are not quite, so that an interval is rather too narrow
// than too wide.
#ifndef PSOASMON_STATISTICS_H
#define PSOASMON_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

// Of fewer nights nothing is claimed.
#define STATISTICS_NIGHTS_MIN 14
// And of fewer on either side of a change neither: a week.
#define STATISTICS_SIDE_MIN 7

// An estimate and the interval that covers the truth 95 times of 100.
struct estimate {
    double value, low, high;
    size_t n;     // pairs, or all values of both sides
    bool known;   // else the numbers mean nothing: too few, or all the same
    bool claimed; // nights enough, and the interval does not hold 0
};

// Spearman's rank correlation of n pairs, ties having their mean rank (Kendall and Gibbons, Rank
// Correlation Methods, 1990). The interval is Fisher's, with the variance (1 + r^2 / 2) / (n - 3)
// of Bonett and Wright, Psychometrika 65 (2000) 23-28. -ENOMEM.
int rank_correlation(const double *x, const double *y, size_t n, struct estimate *ret);

// The mean of `after` less that of `before`, with Welch's interval, which does not take both to
// scatter alike (Welch, Biometrika 34 (1947) 28-35; degrees of freedom by Satterthwaite).
void mean_difference(const double *before, size_t n_before, const double *after, size_t n_after,
                     struct estimate *ret);

// The t that a share of 0.975 of Student's distribution with so many degrees of freedom lies below.
double student_quantile(double degrees);

#endif
