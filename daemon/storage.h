// SPDX-License-Identifier: GPL-3.0-or-later
// Where the recorder's results go: commits when they are due, and the database opened again or
// begun anew where it must be. Until that works the recorder keeps them in memory; the journal is
// told once that it does not work, and once that it does again.
#ifndef PSOASMON_STORAGE_H
#define PSOASMON_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal.h"
#include "recorder/recorder.h"

struct storage {
    const char *path;
    struct journal *journal;
    struct store *store;            // null: it cannot be opened now
    struct error error;             // the last failure
    bool failing;                   // already told
    uint64_t commits, lost_results; // the recorder's, as last seen
    int64_t committed_us, due_us;   // clock_elapsed_us; committed_us 0: not yet
};

// Opens the database, or leaves that for later. -errno, with a message, where waiting is no use.
// `path` and `journal` must outlive it.
int storage_open(struct storage *storage, const char *path, struct journal *journal,
                 struct error *error);
void storage_close(struct storage *storage);

// What was left in it cannot be read: moves it aside and begins anew. For a recorder that has
// stored nothing yet.
int storage_begin_anew(struct storage *storage, struct error *error);

int storage_commit(struct storage *storage, struct recorder *recorder);
bool storage_is_due(const struct storage *storage);
void storage_hurry(struct storage *storage); // it is due now

// What the recorder did by itself meanwhile: `r` is what it returned.
void storage_check(struct storage *storage, struct recorder *recorder, int r);

// The recorder's stream ends.
int storage_finish(struct storage *storage, struct recorder *recorder);
// The recorder is freed next: what it has not stored by now is lost.
void storage_tell_lost(struct storage *storage, const struct recorder *recorder);

#endif
