// SPDX-License-Identifier: GPL-3.0-or-later
// Which changes lasted, of a report's window.
#ifndef PSOASMON_HELPS_CHANGES_H
#define PSOASMON_HELPS_CHANGES_H

#include "awake/helps.h"

struct helps_changes {
    struct helps_change *changes; // by their first night
    size_t n;
};

// 0, -ENOMEM.
int helps_changes_of(struct helps_changes *ret, const struct report *report);
void helps_changes_free(struct helps_changes *changes);

#endif
