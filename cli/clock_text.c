// SPDX-License-Identifier: GPL-3.0-or-later
#include "clock_text.h"

#include <stdio.h>

static enum config_clock used = CLOCK_24;

void clock_use(enum config_clock clock)
{
    used = clock;
}

static int of_twelve(int hour)
{
    return (hour + 11) % 12 + 1;
}

void clock_text(int hour, int minute, char text[CLOCK_TEXT_SIZE])
{
    if (used == CLOCK_12)
        snprintf(text, CLOCK_TEXT_SIZE, "%d:%02d%s", of_twelve(hour), minute,
                 hour < 12 ? "am" : "pm");
    else
        snprintf(text, CLOCK_TEXT_SIZE, "%02d:%02d", hour, minute);
}

void clock_hour(int hour, char text[CLOCK_TEXT_SIZE])
{
    if (used == CLOCK_12)
        snprintf(text, CLOCK_TEXT_SIZE, "%d%s", of_twelve(hour), hour < 12 ? "a" : "p");
    else
        snprintf(text, CLOCK_TEXT_SIZE, "%02d", hour);
}

unsigned clock_width(void)
{
    return used == CLOCK_12 ? sizeof "12:30pm" - 1 : sizeof "12:30" - 1;
}
