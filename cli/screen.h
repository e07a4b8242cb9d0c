// SPDX-License-Identifier: GPL-3.0-or-later
// What standard output can show, and text made to fit it.
#ifndef PSOASMON_SCREEN_H
#define PSOASMON_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct screen {
    unsigned width; // columns
    bool utf8;
    bool colour;
};

// From COLUMNS, the terminal, the locale and NO_COLOR. In a pipe: 80 columns without colour.
struct screen screen_of_stdout(void);

// Prints a paragraph of ASCII text, each line indented, none longer than is good to read.
void screen_paragraph(FILE *stream, const struct screen *screen, unsigned indent, const char *text);

// The same for an item of a list: "  - text".
void screen_item(FILE *stream, const struct screen *screen, const char *text);

// ---- durations ----

#define DURATION_SIZE 32
int64_t duration_minute(int64_t seconds);                         // to the next whole minute
void duration_clock(int64_t seconds, char text[DURATION_SIZE]);   // "4:12", to the minute
void duration_clock_s(int64_t seconds, char text[DURATION_SIZE]); // "4:12:30"
void duration_change(int64_t seconds, char text[DURATION_SIZE]);  // "+0:26", "-1:05"
void duration_words(int64_t seconds, char text[DURATION_SIZE]);   // "4 h 12 min"
void duration_short(int64_t ms, char text[DURATION_SIZE]);        // "80 ms", "12 s", "41 min"

// Per cent, rounded: "57%"; "<1%" where something would round to nothing.
#define PERCENT_SIZE 16
unsigned percent(double share);
void percent_text(double share, char text[PERCENT_SIZE]);

// ---- bars ----

// A share of a whole, `cells` wide: "██████░░░░", "######....". The text is freed by the caller;
// null when memory is short.
char *bar_meter(const struct screen *screen, double share, unsigned cells);

// A length of at most `cells`, to an eighth of a cell where the screen can show that; something
// is seen of any share above 0.
char *bar_length(const struct screen *screen, double share, unsigned cells);

#endif
