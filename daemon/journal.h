// SPDX-License-Identifier: GPL-3.0-or-later
// Where lines go: to the journal with all their fields when stderr is connected to it, else as
// plain text to stderr. Repeats are kept back and counted.
#ifndef PSOASMON_JOURNAL_H
#define PSOASMON_JOURNAL_H

#include <stdint.h>

#include "base/cleanup.h"
#include "line.h"
#include "night/night.h"

struct journal;

int journal_new(struct journal **ret);
// Tells what was kept back, first, and lets journald read it all (settle.h).
void journal_free(struct journal *journal);
DEFINE_CLEANUP(struct journal *, journal_free)

// The pad and the port that every line from now on carries as fields (none, for lack of memory).
void journal_set_pad(struct journal *journal, const char *pad, const char *port);

// The database, likewise.
void journal_set_database(struct journal *journal, const char *database);

// The night that every line from now on belongs to, unless it says another one; or none.
void journal_set_night(struct journal *journal, day_number day);
void journal_no_night(struct journal *journal);

void journal_write(struct journal *journal, const struct line *line);

// For a line without fields of its own.
void journal_say(struct journal *journal, enum event event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Once a second or so: tells how many repeats were kept back, when their time is over.
void journal_tick(struct journal *journal);

#endif
