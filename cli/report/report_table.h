// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the report on a terminal.
#ifndef PSOASMON_REPORT_TABLE_H
#define PSOASMON_REPORT_TABLE_H

#include <stdio.h>

#include "report/figures.h"
#include "report/report.h"
#include "screen.h"

int report_print_nights(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_positions(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_comparison(FILE *stream, const struct screen *screen, const struct report *report,
                            const struct figures *figures);
// A night as a lane a position, hours across.
int report_print_timeline(FILE *stream, const struct screen *screen, const struct report *report,
                          const struct night_entry *entry);
int report_print_bouts(FILE *stream, const struct screen *screen, const struct report *report,
                       const struct night_entry *entry);

#endif
