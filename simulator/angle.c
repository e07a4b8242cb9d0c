// SPDX-License-Identifier: GPL-3.0-or-later
#include "angle.h"

#include <math.h>

double sine(double degrees)
{
    double x = degrees - 360 * floor(degrees / 360 + 0.5); // -180..180
    if (x > 90)
        x = 180 - x;
    else if (x < -90)
        x = -180 - x;
    x *= 0.017453292519943295;
    // Taylor to x^13: within 1e-9 up to a right angle.
    double square = x * x, term = x, sum = x;
    for (int n = 2; n <= 12; n += 2) {
        term *= -square / (n * (n + 1));
        sum += term;
    }
    return sum;
}

double cosine(double degrees)
{
    return sine(degrees + 90);
}
