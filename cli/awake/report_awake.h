// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a report that are about the time awake. Each prints nothing where nothing was told.
// 0, -ENOMEM.
#ifndef PSOASMON_REPORT_AWAKE_H
#define PSOASMON_REPORT_AWAKE_H

#include <stdio.h>

#include "report/report_words.h"
#include "screen.h"

// Rows below the nights, on a terminal and to be read aloud.
int report_print_awake(FILE *stream, const struct screen *screen, const struct report *report);
int report_say_awake(FILE *stream, const struct report *report);

// What is said in sentences below a heading: a week's advice, and what goes along with pain.
// Nothing, not even the heading, where there is nothing to say.
struct report_sentences {
    const char *heading;
    int (*say)(const struct report *report, const struct figures *figures, words_sink sink,
               void *userdata);
};
extern const struct report_sentences report_advice, report_helps;

// As a list on a terminal; null for `screen`: to be read aloud.
int report_print_sentences(FILE *stream, const struct screen *screen,
                           const struct report_sentences *sentences, const struct report *report,
                           const struct figures *figures);

#endif
