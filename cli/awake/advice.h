// SPDX-License-Identifier: GPL-3.0-or-later
// The weekly advice: at most two sentences, each from a rule that has a name. advice_rules.c has
// the rules in one table, to be read and extended; what they measure is in advice_measures.c.
#ifndef PSOASMON_ADVICE_H
#define PSOASMON_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/figures.h"
#include "screen.h"

// What a rule goes by, of the week. Of fewer nights, or mornings, than ADVICE_NIGHTS_MIN nothing is
// known.
#define ADVICE_NIGHTS_MIN 3

enum advice_measure {
    MEASURE_NONE,
    MEASURE_PAIN_CHANGE,       // against the week before
    MEASURE_PAIN_WEEKS,        // weeks in a row, up to this one, with a mean of PAIN_WEEK or more
    MEASURE_SITTING,           // a day
    MEASURE_SITTING_CHANGE,    // against the week before
    MEASURE_STRAIN,            // the mean, 0 to 10
    MEASURE_LONG_NIGHTS,       // nights with LONG_S or more in one position
    MEASURE_LEGS_LONG,         // on the back with long legs, a night
    MEASURE_KNEES_RAISED,      // on the back with raised knees or calves, all nights together
    MEASURE_ON_SIDES,          // a night
    MEASURE_LEFT_SHARE,        // of the time on a side
    MEASURE_FRIENDLY_SHARE,    // of the time recorded
    MEASURE_STRETCHING_DAYS,   // with a session
    MEASURE_STRETCHING_BEFORE, // the same of the week before
    MEASURE_N
};

#define ADVICE_PAIN_WEEK 5
#define ADVICE_LONG_S    10800
#define ADVICE_WEEKS_MAX 12 // how far back is looked
#define ADVICE_WEEK_OVER 5  // days of it, before anybody is told what they did not do

struct advice_measured {
    bool known;
    double value;
};

struct advice_measure_fact {
    const char *title; // "pain, against the week before"
    enum figure_unit unit;
};
const struct advice_measure_fact *advice_measure_fact(enum advice_measure measure);

// The figures are the report's. Known of weeks alone.
struct advice_measured advice_measure(enum advice_measure measure, const struct report *report,
                                      const struct figures *figures);

enum advice_relation {
    AT_LEAST,
    AT_MOST,
};

struct advice_condition {
    enum advice_measure measure; // MEASURE_NONE: no condition
    enum advice_relation relation;
    double border; // in the measure's unit
};

#define ADVICE_CONDITIONS_MAX 2

struct advice_rule {
    const char *name;                                          // "pain-rising": never changed
    struct advice_condition conditions[ADVICE_CONDITIONS_MAX]; // it speaks where all of them hold
    const char *sentence;                                      // @1@ and @2@: what was measured
    const char *source; // where it comes from, and the border with it
};

// The most urgent first.
extern const struct advice_rule advice_rules[];
extern const size_t advice_rules_n;

enum advice_outcome {
    ADVICE_SPOKE,
    ADVICE_HELD_BACK, // two had spoken
    ADVICE_QUIET,
    ADVICE_NOT_KNOWN, // too little was recorded or told
};

#define ADVICE_SPOKEN_MAX 2
#define ADVICE_RULES_MAX  16

struct advice_finding {
    const struct advice_rule *rule;
    struct advice_measured measured[ADVICE_CONDITIONS_MAX];
    enum advice_outcome outcome;
};

struct advice {
    struct advice_finding findings[ADVICE_RULES_MAX]; // of every rule, in their order
    size_t n;
};

// Of anything but a week there is none.
void advice_of(struct advice *ret, const struct report *report, const struct figures *figures);
// The same of measures already taken, MEASURE_N of them: what tests hold the borders to.
void advice_judge(struct advice *ret, const struct advice_measured *measured);

// ---- in words: advice_words.c ----

#define ADVICE_TEXT_SIZE 640
void advice_words(const struct advice_finding *finding, char text[ADVICE_TEXT_SIZE]);

// Each sentence that is spoken.
typedef void (*advice_sink)(const char *sentence, void *userdata);
void advice_say(const struct advice *advice, advice_sink sink, void *userdata);

// Every rule, its numbers, its source, and whether it spoke.
void advice_why(FILE *stream, const struct screen *screen, const struct advice *advice);

#endif
