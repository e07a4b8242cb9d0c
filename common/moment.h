// SPDX-License-Identifier: GPL-3.0-or-later
// A TIME on a command line: YYYY-MM-DDTHH:MM:SS, then Z, +HH:MM or -HH:MM, or nothing for local
// time.
#ifndef PSOASMON_MOMENT_H
#define PSOASMON_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

// Seconds since 1970 UTC. False unless the text is exactly a time that exists, 1970 to 9999 (a
// local time that the clocks skip in spring does not; one that they show twice is the first).
bool moment_parse(const char *text, int64_t *ret_s);

#endif
