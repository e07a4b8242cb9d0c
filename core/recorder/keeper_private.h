// SPDX-License-Identifier: GPL-3.0-or-later
// What keeper.c and keeper_clock.c share.
#ifndef PSOASMON_KEEPER_PRIVATE_H
#define PSOASMON_KEEPER_PRIVATE_H

#include "recorder/keeper.h"
#include "recorder/pending.h"
#include "recorder/snapshot.h"
#include "recorder/timeline.h"

struct keeper {
    struct store *store; // null: it could not be opened yet
    struct pending *pending;
    struct zone zone;
    struct night_rules rules;
    bool refuse_overlap;
    struct recorder_watch watch;
    const struct breathing *breathing;

    bool night_open;
    struct night night;   // if night_open: as last told
    int64_t stored_id;    // the newest night that is in the store for good; 0: none of ours
    int64_t night_id;     // ... that was written, maybe not for good
    int64_t next_night_s; // no recording from here on: another night begins there
    bool late;            // the store came later: nobody has looked yet what it left open
    struct timeline timeline;
    struct epoch resumed; // the minute in which the night was taken up, as it was by then
    int64_t open_bout_s;  // the bout in progress as last told; INT64_MAX: none
    bool learnt;          // the clock was set: nights before this one may have to follow
    struct night_sums sums;
    int64_t out_since_s; // if the sums' last bout was out of bed: since when
    struct snapshot snapshot;

    int failure;
    struct error error;
    uint64_t commits, failed_commits, short_stays;
};

// A store_bout_sink: adds to struct night_sums.
int keeper_add_bout(const struct store_bout *stored, void *userdata);

// A night that does not go on ends where it broke off, or is dropped if it was too short for one.
int keeper_end_stored(struct keeper *keeper, const struct store_night *stored);

// What the store has of other nights follows the clock, in a transaction of its own.
int keeper_follow_clock(struct keeper *keeper);

#endif
