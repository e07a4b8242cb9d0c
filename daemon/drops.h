// SPDX-License-Identifier: GPL-3.0-or-later
// Frames that were dropped, told to the journal by cause: as many as are new since the last time.
#ifndef PSOASMON_DROPS_H
#define PSOASMON_DROPS_H

#include "journal.h"
#include "pad/deframer.h"

struct drops { // begins as zeros, with the counts
    uint64_t told[DROP_N];
};

void drops_tell(struct drops *drops, const uint64_t counts[DROP_N], struct journal *journal);

#endif
