// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/spread.h"

#include <math.h>

const char *trend_name(enum trend trend)
{
    static const char *const names[] = {
        [TREND_NOT_JUDGED] = "not judged",
        [TREND_WITHIN] = "within",
        [TREND_MORE] = "more",
        [TREND_LESS] = "less",
    };
    return names[trend];
}

struct spread spread_of(const double *values, size_t n)
{
    struct spread spread = {.n = n};
    if (n == 0)
        return spread;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    spread.mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - spread.mean) * (values[i] - spread.mean);
    spread.sd = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
    return spread;
}

// Student's t that 5 % lie beyond, on both sides together, for so many degrees of freedom.
static double t_95(double freedom)
{
    static const double of[] = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
        2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    };
    const size_t n = sizeof of / sizeof of[0];
    if (freedom < 1)
        return of[0];
    // Beyond the table, its own tail: right to 0.003.
    return freedom < (double)n + 1 ? of[(size_t)freedom - 1] : 1.960 + 2.4 / freedom;
}

enum trend spread_judge(const struct spread *here, const struct spread *before)
{
    if (here->n < SPREAD_NIGHTS_MIN || before->n < SPREAD_NIGHTS_MIN)
        return TREND_NOT_JUDGED;
    double change = here->mean - before->mean;
    double pooled = sqrt((here->sd * here->sd + before->sd * before->sd) / 2);
    double a = here->sd * here->sd / (double)here->n;
    double b = before->sd * before->sd / (double)before->n;
    // Where no night differs from another (both variances 0), any change is larger than that.
    double freedom =
        a + b > 0
            ? (a + b) * (a + b) / (a * a / (double)(here->n - 1) + b * b / (double)(before->n - 1))
            : 1;
    if (fabs(change) <= pooled || fabs(change) <= t_95(freedom) * sqrt(a + b))
        return TREND_WITHIN;
    return change > 0 ? TREND_MORE : TREND_LESS;
}
