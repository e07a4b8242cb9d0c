// SPDX-License-Identifier: GPL-3.0-or-later
// Hours of the day as the reader writes them: "23:30", or "11:30pm". What programs read, and times
// that are to be typed again, do not come here.
#ifndef PSOASMON_CLOCK_TEXT_H
#define PSOASMON_CLOCK_TEXT_H

#include "config/config.h"

// For all of the program; CLOCK_24 until it is said.
void clock_use(enum config_clock clock);

#define CLOCK_TEXT_SIZE 16
void clock_text(int hour, int minute, char text[CLOCK_TEXT_SIZE]);

// "23", "11p": on an axis.
void clock_hour(int hour, char text[CLOCK_TEXT_SIZE]);

// The columns that the longest takes.
unsigned clock_width(void);

#endif
