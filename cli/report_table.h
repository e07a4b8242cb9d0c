// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the report on a terminal.
#ifndef PSOASMON_REPORT_TABLE_H
#define PSOASMON_REPORT_TABLE_H

#include <stdio.h>

#include "figures.h"
#include "report.h"
#include "screen.h"

// A row a night, or a row a month where there would be too many.
bool report_has_months(const struct report *report);
// One of the nights is longer than a day, and has a question mark.
bool report_has_doubtful(const struct report *report);
int report_print_nights(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_positions(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_comparison(FILE *stream, const struct screen *screen, const struct report *report,
                            const struct figures *figures);
int report_print_bouts(FILE *stream, const struct screen *screen, const struct report *report,
                       const struct night_entry *entry);

#endif
