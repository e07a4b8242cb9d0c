// SPDX-License-Identifier: GPL-3.0-or-later
// A machine whose power fails, below SQLite: a VFS over the usual one that remembers of the
// database and its journals what was synced, and each write and truncation since. When the power
// fails, what was synced is on the disk; of the rest each may be there, or not, or some of its
// sectors of 512 bytes: SQLite's own terms (it asks of a disk that bytes beside the written ones
// stay).
//
// One database at a time; for tests.
#ifndef PSOASMON_POWER_H
#define PSOASMON_POWER_H

#include <stdbool.h>
#include <stdint.h>

// From now on SQLite opens through this VFS unless told otherwise; it watches the database at
// `path`, which is either not there yet or wholly on the disk.
void power_on(const char *path, uint64_t seed);
// SQLite's own VFS is the default again, and all that was remembered is forgotten. Nothing is open.
void power_off(void);

// The power fails at the n'th write, truncation, removal or sync from now on, counted from 0. What
// the program does afterwards fails, and comes to nothing.
void power_fail_at(unsigned n);
bool power_failed(void);

// Nothing is open any more. Puts on the real disk what a machine finds that starts again, and a
// copy of it at copy_path. The shared memory beside the database may be there, or not.
void power_return(const char *copy_path);

// Bytes written to the database and its journals since power_on.
uint64_t power_bytes_written(void);

#endif
