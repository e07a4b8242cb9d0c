// SPDX-License-Identifier: GPL-3.0-or-later
// Directions on the mattress. Sines of our own, because those of libm differ in the last place
// between machines, and a simulated night is to be the same everywhere.
#ifndef PSOASMON_ANGLE_H
#define PSOASMON_ANGLE_H

double sine(double degrees);
double cosine(double degrees);

#endif
