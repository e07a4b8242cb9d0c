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
    if (r == 0)
        r = store_commit(storage->store);
    if (r < 0) {
        error_set(error, r, "%s", store_message(storage->store));
        store_rollback(storage->store);
    }
    return r;
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
