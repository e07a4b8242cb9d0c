// SPDX-License-Identifier: GPL-3.0-or-later
// Whether psoasmond records as it should, by what it says of itself.
#ifndef PSOASMON_STATUS_VERDICT_H
#define PSOASMON_STATUS_VERDICT_H

#include <stddef.h>

#include "live/live_state.h"

// Exit statuses of `psoasmon status --check`; scripts rely on them.
enum status_verdict {
    STATUS_RECORDS = 0,
    STATUS_NO_PAD = 5,      // the pad is not there, or sends nothing
    STATUS_NO_DATABASE = 6, // nothing could be written lately: it is kept in memory
};

// The worse of two that are wrong: a lost pad is a gap, a lost database may be the night. With
// words: a line, whatever the verdict.
#define STATUS_WORDS_SIZE 1024
enum status_verdict status_judge(const struct live_state *state, int64_t now_s,
                                 char words[STATUS_WORDS_SIZE]);

// Bytes free for psoasmond where the database is; -1: nobody knows.
int64_t status_room(const char *database);

// "fine", "coarse", "none": what a pad of that name can tell; null where its description is not
// among those that are found by name.
const char *status_acuity(const char *pad);

#endif
