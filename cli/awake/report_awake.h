// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a report that are about the time awake. Each prints nothing where nothing was told.
// 0, -ENOMEM.
#ifndef PSOASMON_REPORT_AWAKE_H
#define PSOASMON_REPORT_AWAKE_H

#include <stdio.h>

#include "report/report.h"
#include "screen.h"

// Rows below the nights, on a terminal and to be read aloud.
int report_print_awake(FILE *stream, const struct screen *screen, const struct report *report);
int report_say_awake(FILE *stream, const struct report *report);

#endif
