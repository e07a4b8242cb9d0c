// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon replay --again: old nights read again by the model of this psoasmon.
#ifndef PSOASMON_AGAIN_H
#define PSOASMON_AGAIN_H

#include "cli.h"

struct again_days {
    bool since_given, until_given; // else from the first night, to the newest
    day_number since, until;
};

// Returns an exit status, having said what was done.
int again(const struct cli_files *files, const struct again_days *days);

#endif
