// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to the database while nobody is in bed: old snapshots and epochs are removed, as the
// configuration says, once a day and a night at a time; and after something was deleted, the file
// is rewritten so that nothing is left of it.
#ifndef PSOASMON_TIDY_H
#define PSOASMON_TIDY_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "journal.h"
#include "store/store.h"

// All zero at the start.
struct tidy {
    int64_t keep_snapshots_days, keep_epochs_days; // 0: for ever
    int64_t due_us;                                // the next round; clock_elapsed_us
    bool under_way;
    int64_t night_id; // the round's last
    struct store_removed removed;
    int64_t scrub_due_us; // 0: nothing was deleted
};

void tidy_configure(struct tidy *tidy, const struct config *config);

// A night, a diary entry or a stretch session was.
void tidy_deleted(struct tidy *tidy);

// Once a second while nobody is in bed, with nothing uncommitted. A failure is told, and tried
// again later.
void tidy_tick(struct tidy *tidy, struct store *store, struct journal *journal);

#endif
