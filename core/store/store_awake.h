// SPDX-License-Identifier: GPL-3.0-or-later
// What the sleeper does and feels awake: the diary, and stretch sessions. As with nights, what is
// written lands in the open transaction until store_commit.
#ifndef PSOASMON_STORE_AWAKE_H
#define PSOASMON_STORE_AWAKE_H

#include "diary/diary.h"
#include "store/store.h"
#include "stretching/stretching.h"

// Positive returns of the deletions.
#define STORE_NO_ENTRY   5 // of that day
#define STORE_NO_SESSION 6 // that begins then

// The entry of its day, instead of the one there may be. The entry must be one that core/diary
// took.
int store_diary_put(struct store *store, const struct diary_entry *entry);
int store_diary_delete(struct store *store, day_number day);

// The entries of the days [from, to], in order, each good until the sink returns. -EBADMSG where
// the database holds an entry that core/diary refuses.
typedef int (*store_diary_sink)(const struct diary_entry *entry, void *userdata);
int store_diary(struct store *store, day_number from, day_number to, store_diary_sink sink,
                void *userdata);

// The session with its beginning, instead of the one there may be. It must be one that
// stretch_session_check took.
int store_stretch_put(struct store *store, const struct stretch_session *session);
int store_stretch_delete(struct store *store, int64_t start_s);

// The sessions of the days [from, to], in order of their beginnings.
typedef int (*store_stretch_sink)(const struct stretch_session *session, void *userdata);
int store_stretches(struct store *store, day_number from, day_number to, store_stretch_sink sink,
                    void *userdata);

#endif
