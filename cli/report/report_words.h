// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says in sentences, whatever form it takes. Each is whole and stands alone.
#ifndef PSOASMON_REPORT_WORDS_H
#define PSOASMON_REPORT_WORDS_H

#include "report/figures.h"
#include "report/report.h"

#define WORDS_SIZE 512

// "Week of Monday 5 to Sunday 11 January 2026"
void words_title(const struct report *report, char text[WORDS_SIZE]);

// Did I sleep in positions that help? Is it more than before?
void words_answer(const struct report *report, char text[WORDS_SIZE]);
void words_change(const struct report *report, const struct figures *figures,
                  char text[WORDS_SIZE]);

// "Monday 5 January 2026"
void words_day(day_number day, char text[WORDS_SIZE]);

// Why nothing was recorded for a while; GAP_N: nobody knows.
const char *words_gap(enum gap_reason reason);

// How a position is called in the list of a night.
const char *words_position(enum position position);

// How the changes are judged, beside what they are; null: there are none to be judged. Where there
// are arrows, it explains them.
const char *words_judged(const struct report *report, const struct figures *figures);

// What else has to be known to read the figures, and their limits.
typedef void (*words_sink)(const char *sentence, void *userdata);
void words_notes(const struct report *report, words_sink sink, void *userdata);

#endif
