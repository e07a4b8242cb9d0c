// SPDX-License-Identifier: GPL-3.0-or-later
// What is written awake goes by way of the psoasmond that holds the database, or, where none runs,
// straight into it. All print what goes wrong and return an exit status.
#ifndef PSOASMON_KEEP_H
#define PSOASMON_KEEP_H

#include "cli.h"
#include "store/store_awake.h"

// Any number of entries, some of which may be kept already when a later one fails.
int keep_diary(const struct config *config, const struct diary_entry *entries, size_t n);
int keep_stretch(const struct config *config, const struct stretch_session *session);

// For good; CLI_NO_DATA where there is none. *ret_there: psoasmond did it, and overwrites the
// traces in the file later.
int keep_without_diary(const struct config *config, day_number day, bool *ret_there);
int keep_without_stretch(const struct config *config, int64_t start_s, bool *ret_there);

#endif
