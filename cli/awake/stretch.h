// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of `psoasmon stretch` share. All print what goes wrong and return an exit status.
#ifndef PSOASMON_CLI_STRETCH_H
#define PSOASMON_CLI_STRETCH_H

#include "cli.h"
#include "stretching/routine.h"

struct stretch_options {
    const char *pad;         // null: the one that psoasmond names
    const char *calibration; // null: the one beside the database
    bool bell;
};

// A session at the terminal, with what psoasmond's pad sees; kept as far as it went.
int stretch_lead(const struct config *config, const struct routine *routine,
                 const struct stretch_options *options);

// What each stretch is for, how it is done, when not, and how long the routine asks for it.
void stretch_explain(const struct routine *routine);

// The sessions there are.
int stretch_history(const struct config *config, day_number from, day_number to);

// CLI_DONE where nothing was held on that day yet, CLI_NO_DATA where something was.
int stretch_due(const struct config *config, day_number day);

#endif
