// SPDX-License-Identifier: GPL-3.0-or-later
// `psoasmon live` for scripts: lines, where there is no terminal.
#ifndef PSOASMON_LIVE_LINES_H
#define PSOASMON_LIVE_LINES_H

#include <stdbool.h>

#include "config/config.h"

struct live_lines_options {
    bool json;  // a line a map, and one when something else changes; else one of text a second
    bool cells; // the map itself, too
    unsigned long lines; // ends after so many; 0: does not
};

// An exit status.
int live_lines(const struct config *config, const struct live_lines_options *options);

#endif
