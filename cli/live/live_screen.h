// SPDX-License-Identifier: GPL-3.0-or-later
// `psoasmon live` on a terminal.
#ifndef PSOASMON_LIVE_SCREEN_H
#define PSOASMON_LIVE_SCREEN_H

#include "config/config.h"

// Until q is pressed (an exit status) or a signal ends it (which then ends the program).
int live_screen(const struct config *config);

#endif
