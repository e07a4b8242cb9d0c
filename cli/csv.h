// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of a CSV file, as RFC 4180 has them.
#ifndef PSOASMON_CSV_H
#define PSOASMON_CSV_H

#include <stdio.h>

// Text from anywhere: made plain (plain.h), quoted where it has to be, and with an apostrophe in
// front where a spreadsheet would take it for a formula and run it. 0, -ENOMEM.
int csv_text(FILE *stream, const char *text);

// A number, with a point whatever the locale; an empty field for what is none. Single precision
// comes back the same.
void csv_real(FILE *stream, double value);

#endif
