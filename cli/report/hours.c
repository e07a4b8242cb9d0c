// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/hours.h"

#include <math.h>

#include "report/spread.h"

// A mean direction shorter than this points nowhere: hours all around the clock.
#define RESULTANT_MIN 0.1

double hours_between(double from_s, double to_s)
{
    double by_s = fmod(to_s - from_s, HOURS_DAY_S);
    if (by_s < -HOURS_DAY_S / 2.0)
        by_s += HOURS_DAY_S;
    if (by_s >= HOURS_DAY_S / 2.0)
        by_s -= HOURS_DAY_S;
    return by_s;
}

struct hours hours_of(const double *clock_s, size_t n)
{
    struct hours hours = {.n = n};
    double x = 0, y = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        x += cos(clock_s[i] * 2 * M_PI / HOURS_DAY_S);
        y += sin(clock_s[i] * 2 * M_PI / HOURS_DAY_S);
    }
    if (n == 0 || hypot(x, y) / (double)n < RESULTANT_MIN)
        return hours;
    hours.known = true;
    hours.mean_s = fmod(atan2(y, x) * HOURS_DAY_S / (2 * M_PI) + HOURS_DAY_S, HOURS_DAY_S);
    for (size_t i = 0; i < n; i++) {
        double off_s = hours_between(hours.mean_s, clock_s[i]);
        squares += off_s * off_s;
    }
    hours.sd_known = n >= SPREAD_NIGHTS_MIN;
    hours.sd_s = hours.sd_known ? sqrt(squares / (double)(n - 1)) : 0;
    return hours;
}
