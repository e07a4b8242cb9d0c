// SPDX-License-Identifier: GPL-3.0-or-later
// The forms that a report takes. Each returns 0 or -ENOMEM.
#ifndef PSOASMON_REPORT_FORMS_H
#define PSOASMON_REPORT_FORMS_H

#include <stdio.h>

#include "report.h"
#include "screen.h"

int report_print_json(FILE *stream, const struct report *report);
int report_print_table(FILE *stream, const struct screen *screen, const struct report *report);

#endif
