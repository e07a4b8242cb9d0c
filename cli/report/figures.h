// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a report, each worked out and put into words in this one place: whatever form a
// report takes, it prints these. docs/report.md says what each one is.
#ifndef PSOASMON_FIGURES_H
#define PSOASMON_FIGURES_H

#include <stdbool.h>

#include "report/report.h"
#include "report/spread.h"

enum figure {
    FIGURE_NIGHTS,
    FIGURE_FRIENDLY,
    FIGURE_FRIENDLY_A_NIGHT,
    FIGURE_FRIENDLY_SHARE, // of what was recorded
    FIGURE_LONGEST_FRIENDLY,
    FIGURE_LONGEST,
    FIGURE_LEFT_A_NIGHT, // lying on that side
    FIGURE_RIGHT_A_NIGHT,
    FIGURE_LEFT_SHARE, // of the time on a side
    FIGURE_KNEES_LEFT_A_NIGHT,
    FIGURE_KNEES_RIGHT_A_NIGHT,
    FIGURE_TURNS_A_NIGHT,
    FIGURE_EXITS_A_NIGHT,
    FIGURE_IN_BED_A_NIGHT,
    FIGURE_BEDTIME, // an hour of the day, as the three below
    FIGURE_BEDTIME_SPREAD,
    FIGURE_RISING,
    FIGURE_MIDDLE_SPREAD, // of the middle of the night
    FIGURE_UNKNOWN_A_NIGHT,
    FIGURE_UNRECORDED,
    // Of the time awake: an item of awake.h each, in its order.
    FIGURE_STRETCHED,
    FIGURE_PAIN,
    FIGURE_STIFFNESS,
    FIGURE_SITTING,
    FIGURE_N
};

enum figure_unit {
    UNIT_COUNT,
    UNIT_DURATION, // seconds
    UNIT_SHARE,    // 0 to 1
    UNIT_CLOCK,    // seconds after midnight, by the clock beside the bed
    UNIT_SCALE,    // 0 to 10
};

struct figure_fact {
    const char *identifier; // "friendly_a_night_s": for programs, and never changed
    const char *title;      // "Psoas-friendly, a night"
    const char *title_one;  // "Psoas-friendly", of a single night; null: says nothing of one
    enum figure_unit unit;
};
const struct figure_fact *figure_fact(enum figure figure);

struct figure_value {
    bool known;
    double value;
};

struct figures {
    struct figure_value here[FIGURE_N];
    struct figure_value before[FIGURE_N]; // none known where nothing was recorded
    // Whether the nights before and these differ by more than nights do: spread_judge, of what the
    // figure is night for night. A night that is being recorded does not take part. Sums over all
    // nights and the spreads themselves are not judged.
    enum trend trend[FIGURE_N];
};

// False for what says nothing of a single night, and for what nobody told anything of.
bool figure_is_shown(enum figure figure, const struct figures *figures,
                     const struct report *report);

// 0, -ENOMEM.
int figures_of(struct figures *ret, const struct report *report);

// ---- as they are shown: figure_words.c ----

#define FIGURE_TEXT_SIZE 32

// "4:01", "57%", "7", "22:58", "3.4"; "-" where it is not known.
void figure_text(enum figure figure, struct figure_value value, char text[FIGURE_TEXT_SIZE]);

// The value as it is shown: whole minutes, in seconds; whole per cents; tenths of a scale; else
// itself.
double figure_shown(enum figure figure, double value);
// Both, of any number in that unit.
void figure_unit_text(enum figure_unit unit, double value, char text[FIGURE_TEXT_SIZE]);
double figure_unit_shown(enum figure_unit unit, double value);

// "+1:28", "-3", "+15", "0:00"; "" where one is not known. Of the values as they are shown, so that
// a row adds up; of clocks the shorter way round.
void figure_change_text(enum figure figure, const struct figures *figures,
                        char text[FIGURE_TEXT_SIZE]);

// "4 h 01 min", "57%", "22:58"; "not known".
void figure_words(enum figure figure, struct figure_value value, char text[FIGURE_TEXT_SIZE]);

// "1 h 28 min more", "22 min earlier", "15 points less", "no change"; "" where one is not known.
void figure_change_words(enum figure figure, const struct figures *figures,
                         char text[FIGURE_TEXT_SIZE]);

// The change as a number: seconds, whole per cents, or a count. 0 where one is not known.
double figure_change(enum figure figure, const struct figures *figures);

#endif
