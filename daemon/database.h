// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmond's database, opened for writing. A damaged one is moved aside, whole, and another begun
// in its place, so that the night goes on.
#ifndef PSOASMON_DATABASE_H
#define PSOASMON_DATABASE_H

#include <stdbool.h>

#include "journal.h"
#include "store/store.h"

// As store_open; tells the journal where it had to begin anew.
int database_open(struct store **ret, const char *path, struct journal *journal,
                  struct error *error);

// Found to be damaged after it had been opened, and closed again: begins anew.
int database_begin_anew(struct store **ret, const char *path, struct journal *journal,
                        struct error *error);

// Whether what keeps it from being opened or written may pass: a full disk, one that is read-only,
// missing permissions, another writer. A newer schema or another program's file does not.
bool database_may_come(int failure);

#endif
