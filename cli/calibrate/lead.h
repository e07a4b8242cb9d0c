// SPDX-License-Identifier: GPL-3.0-or-later
// Leads the sleeper at the terminal from one position to the next, while psoasmond hands out what
// its pad sees.
#ifndef PSOASMON_LEAD_H
#define PSOASMON_LEAD_H

#include <stdbool.h>

#include "calibrate/fitting.h"

// There is somebody at a keyboard to read what standard error says.
bool lead_has_terminal(void);

// Has the positions held (none given: the usual ones), and learns from them. `pad_name` may be
// null: the one that psoasmond names. Prints what goes wrong and returns an exit status.
int lead(struct fitting *fitting, const char *database, const char *pad_name,
         const enum position *positions, unsigned n);

#endif
