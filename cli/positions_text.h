// SPDX-License-Identifier: GPL-3.0-or-later
// What psoasmon says about each position. Careful words: the evidence is thin, and a pressure
// pad is no examination.
#ifndef PSOASMON_POSITIONS_TEXT_H
#define PSOASMON_POSITIONS_TEXT_H

#include "position/position.h"

struct position_text {
    const char *what;     // what the title does not say
    const char *effect;   // what it does to the psoas; may be empty
    const char *evidence; // how sure that is, and what the pad cannot see
};

// The same for the left and the right of a position.
const struct position_text *position_text(enum position position);

// Paragraphs; each list ends with null.
extern const char *const positions_introduction[];
extern const char *const positions_limits[];

// When to ask somebody rather than to stretch: a sentence, its cases, and what cannot wait.
extern const char positions_ask[];
extern const char *const positions_ask_when[];
extern const char positions_ask_at_once[];

#endif
