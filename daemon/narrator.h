// SPDX-License-Identifier: GPL-3.0-or-later
// What the recorder sees, told on as it happens: the night's story to the journal, the maps to
// those who watch.
#ifndef PSOASMON_NARRATOR_H
#define PSOASMON_NARRATOR_H

#include <stdbool.h>

#include "journal.h"
#include "recorder/recorder.h"
#include "storage.h"
#include "watchers.h"

// Whatever it points at must outlive it.
struct narrator {
    struct journal *journal;
    struct watchers *watchers;
    struct storage *storage; // commits at once what is to be forgotten
    const struct zone *zone;
    const struct pad *pad; // whose maps they are
    position_set friendly;
    bool in_night;  // from lying down until out of bed for good
    day_number day; // if in_night
    // Of the maps of this night with somebody on them.
    double saturated; // the sum of their shares
    uint64_t maps;
    size_t mended; // the last one's
};

// `narrator` must outlive the recorder that it is given to.
struct recorder_watch narrator_watch(struct narrator *narrator);

// Another recorder has taken up what was left open, a night perhaps: tells of that, unless it is
// the one being told already.
void narrator_resumed(struct narrator *narrator, const struct recorder *recorder);
void narrator_out_of_night(struct narrator *narrator);

#endif
