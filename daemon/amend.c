// SPDX-License-Identifier: GPL-3.0-or-later
#include "amend.h"

// The bout in progress must be in the store before it can be labelled.
static int begin(struct storage *storage, struct recorder *recorder, struct error *error)
{
    int r = storage_commit(storage, recorder);
    return r < 0 ? error_set(error, r, "%s", storage->error.text) : 0;
}

static int end(struct storage *storage, int r, struct error *error)
{
    int committed = r < 0 ? r : store_commit(storage->store);
    if (committed >= 0)
        return r;
    error_set(error, committed, "%s", store_message(storage->store));
    store_rollback(storage->store);
    return committed;
}

int amend_label(struct storage *storage, struct recorder *recorder, int64_t time_s,
                enum position position, int64_t made_s, struct error *error)
{
    int r = begin(storage, recorder, error);
    return r < 0 ? r : end(storage, store_label(storage->store, time_s, position, made_s), error);
}

int amend_unlabel(struct storage *storage, struct recorder *recorder, int64_t time_s,
                  struct error *error)
{
    int r = begin(storage, recorder, error);
    return r < 0 ? r : end(storage, store_unlabel(storage->store, time_s), error);
}

int amend_delete(struct storage *storage, struct recorder *recorder, int64_t night_id,
                 int64_t start_s, struct error *error)
{
    int r = begin(storage, recorder, error);
    if (r < 0)
        return r;
    return end(storage, store_delete(storage->store, night_id, start_s, false), error);
}

int amend_put_diary(struct storage *storage, struct recorder *recorder,
                    const struct diary_entry *entries, unsigned n, struct error *error)
{
    int r = begin(storage, recorder, error);
    if (r < 0)
        return r;
    for (unsigned i = 0; r == 0 && i < n; i++)
        r = store_diary_put(storage->store, &entries[i]);
    return end(storage, r, error);
}

int amend_delete_diary(struct storage *storage, struct recorder *recorder, day_number day,
                       struct error *error)
{
    int r = begin(storage, recorder, error);
    return r < 0 ? r : end(storage, store_diary_delete(storage->store, day), error);
}

int amend_put_stretch(struct storage *storage, struct recorder *recorder,
                      const struct stretch_session *session, struct error *error)
{
    int r = begin(storage, recorder, error);
    return r < 0 ? r : end(storage, store_stretch_put(storage->store, session), error);
}

int amend_delete_stretch(struct storage *storage, struct recorder *recorder, int64_t start_s,
                         struct error *error)
{
    int r = begin(storage, recorder, error);
    return r < 0 ? r : end(storage, store_stretch_delete(storage->store, start_s), error);
}
