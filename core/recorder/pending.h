// SPDX-License-Identifier: GPL-3.0-or-later
// What the store has not taken yet: a night's results, in memory, in order, from one good commit to
// the next. Usually half a minute of them; a night of them while the disk is full. Private to
// core/recorder.
//
// Bounded, and allocated once. Where it is full, the oldest pictures go first, then the oldest
// minutes, then the oldest bouts, whose time becomes a gap GAP_NOT_STORED, and last of all the
// oldest nights. Each of these is counted.
#ifndef PSOASMON_PENDING_H
#define PSOASMON_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "night/night.h"
#include "store/store.h"

// A night of twelve hours has 720 minutes and, a restless one, some 300 bouts: four such nights,
// and the pictures of one, in less than a megabyte.
#define PENDING_RECORDS  4096
#define PENDING_PICTURES 256

struct pending;

// What the store keeps of each night besides.
struct pending_origin {
    struct zone zone;
    char pad[32], model[32];
    char boot[STORE_BOOT_SIZE]; // that it is recorded in; empty: not known
};

int pending_new(struct pending **ret, const struct pending_origin *origin);
void pending_free(struct pending *pending);
DEFINE_CLEANUP(struct pending *, pending_free)

// A night begins; the bouts, gaps and epochs that follow are its.
void pending_night_begin(struct pending *pending, const struct night *night);
// How the night is now.
void pending_night_update(struct pending *pending, const struct night *night, bool open);
// Brings the newest bout up to date if it has the same start. `picture`: STORE_SNAPSHOT_SIZE bytes
// or null.
void pending_bout(struct pending *pending, const struct bout *bout, const void *picture);
// `in_night`: of the night, else of none.
void pending_gap(struct pending *pending, const struct gap *gap, bool in_night);
// Brings the newest epoch up to date if it is of the same minute.
void pending_epoch(struct pending *pending, const struct epoch *epoch);
// Of the night, what begins at time_s or later was none.
void pending_cut(struct pending *pending, int64_t time_s);
// It was no night at all, and is over.
void pending_drop(struct pending *pending);

// The night moves, with what is in here of it and what the store has; what comes in from now on is
// by the clock as set.
void pending_move(struct pending *pending, const struct store_move *move);
// The clock was set, at at_s by the clock as set; whether the night moved along.
void pending_clock_step(struct pending *pending, int64_t at_s, int64_t by_s, bool in_night);

// What to subtract from the times that come in from now on to have them by CLOCK_BOOTTIME.
void pending_set_offset(struct pending *pending, int64_t offset_s);

// Puts all of it into the store's open transaction, the same each time. What the schema refuses
// (-EINVAL) is left out and counted as lost by pending_clear: one bad record must not keep a night
// out. *night_id: the night that
// the first records belong to, 0 if the store has it not; then, the one that the last belong to.
// Where the store has not the beginning of a night that goes on here, that is a gap GAP_NOT_STORED.
int pending_write(struct pending *pending, struct store *store, int64_t *night_id);

// It is in the store.
void pending_clear(struct pending *pending);

// The first night in here, or null; whether it begins here, or goes on.
const struct night *pending_first_night(const struct pending *pending, bool *begins);
// It turned out to be the rest of one that the store has.
void pending_join(struct pending *pending, const struct night *stored);

size_t pending_count(const struct pending *pending);
// Results that had to go for want of room, pictures among them, or that the schema refused.
uint64_t pending_lost(const struct pending *pending);

#endif
