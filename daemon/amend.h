// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody asks to have changed of what was recorded. Each change is on the disk when these
// return, alone in its transaction: one that fails takes nothing of the night along. They return
// what the store's functions of that name do, with the words for a failure.
#ifndef PSOASMON_AMEND_H
#define PSOASMON_AMEND_H

#include "storage.h"
#include "store/store_awake.h"

int amend_label(struct storage *storage, struct recorder *recorder, int64_t time_s,
                enum position position, int64_t made_s, struct error *error);
int amend_unlabel(struct storage *storage, struct recorder *recorder, int64_t time_s,
                  struct error *error);
int amend_delete(struct storage *storage, struct recorder *recorder, int64_t night_id,
                 int64_t start_s, struct error *error);
// All of them, or none.
int amend_put_diary(struct storage *storage, struct recorder *recorder,
                    const struct diary_entry *entries, unsigned n, struct error *error);
int amend_delete_diary(struct storage *storage, struct recorder *recorder, day_number day,
                       struct error *error);
int amend_put_stretch(struct storage *storage, struct recorder *recorder,
                      const struct stretch_session *session, struct error *error);
int amend_delete_stretch(struct storage *storage, struct recorder *recorder, int64_t start_s,
                         struct error *error);

#endif
