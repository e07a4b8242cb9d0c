// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the page. Each writes one section of it.
#ifndef PSOASMON_REPORT_PAGE_H
#define PSOASMON_REPORT_PAGE_H

#include <stdio.h>

#include "report/figures.h"
#include "report/report.h"

// Tables, which say in words and numbers what the charts show. 0, -ENOMEM.
void page_positions(FILE *stream, const struct report *report);
void page_figures(FILE *stream, const struct report *report, const struct figures *figures);
int page_nights(FILE *stream, const struct report *report);
int page_awake(FILE *stream, const struct report *report);
int page_bouts(FILE *stream, const struct report *report);

#endif
