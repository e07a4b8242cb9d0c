// SPDX-License-Identifier: GPL-3.0-or-later
// The forms that a report takes. Each returns 0 or a negative errno, as a rule -ENOMEM; what the
// stream has against it is told where it is closed.
#ifndef PSOASMON_REPORT_FORMS_H
#define PSOASMON_REPORT_FORMS_H

#include <stdio.h>

#include "report/report.h"
#include "screen.h"

// On a terminal; to be read aloud.
int report_print_table(FILE *stream, const struct screen *screen, const struct report *report);
int report_print_plain(FILE *stream, const struct report *report);

// For programs: docs/report.schema.json; a row a night; what OSCAR imports.
int report_print_json(FILE *stream, const struct report *report);
int report_print_csv(FILE *stream, const struct report *report);
int report_print_somnopose(FILE *stream, const struct report *report);

// To be looked at: a page, and its chart alone.
int report_print_html(FILE *stream, const struct report *report);
int report_print_svg(FILE *stream, const struct report *report);
int report_print_png(FILE *stream, const struct report *report);

#endif
