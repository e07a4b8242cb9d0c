// SPDX-License-Identifier: GPL-3.0-or-later
// The model being fitted to a sleeper: what both ways to calibrate, from files and live, have in
// common. The functions print what goes wrong and return an exit status.
#ifndef PSOASMON_FITTING_H
#define PSOASMON_FITTING_H

#include "calibration/session.h"
#include "pad/pad.h"
#include "surface/surface.h"

struct fitting {
    struct model *model;
    const char *path;     // where the calibration is kept
    const char *database; // whose psoasmond uses it; null: none does
    // From fitting_begin to fitting_end.
    struct pad *pad;
    struct surface *surface;
    struct session *session;
};

int fitting_begin(struct fitting *fitting, const char *pad_name);
void fitting_end(struct fitting *fitting);

// Learns from the session, tries what was learnt, and keeps it if it helps.
int fitting_conclude(struct fitting *fitting);

// Has a psoasmond, where one runs, read the calibration again.
void fitting_tell_psoasmond(const char *database);

#endif
