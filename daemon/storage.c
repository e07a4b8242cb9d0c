// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "database.h"
#include "recording.h"

#define COMMIT_EVERY_US (RECORDING_COMMIT_EVERY_S * INT64_C(1000000))
// After a commit failed. A reader may have been in the way; no reason to lose a minute.
#define COMMIT_RETRY_US (INT64_C(5) * 1000000)

static void works(struct storage *storage)
{
    if (storage->failing)
        journal_say(storage->journal, EVENT_STORE_WORKS, "%s is written to again", storage->path);
    storage->failing = false;
    storage->committed_us = clock_elapsed_us();
    storage->due_us = storage->committed_us + COMMIT_EVERY_US;
}

static void fails(struct storage *storage, int failure)
{
    storage->due_us = clock_elapsed_us() + COMMIT_RETRY_US;
    if (storage->failing)
        return;
    storage->failing = true;
    struct line line;
    line_say(&line, EVENT_STORE_FAILED, "%s; what is recorded waits in memory",
             storage->error.text);
    line_reason(&line, failure);
    journal_write(storage->journal, &line);
}

int storage_open(struct storage *storage, const char *path, struct journal *journal,
                 struct error *error)
{
    *storage = (struct storage){.path = path, .journal = journal};
    storage->due_us = clock_elapsed_us() + COMMIT_EVERY_US;
    int r = database_open(&storage->store, path, journal, error);
    if (r < 0 && database_may_come(r)) {
        storage->error = *error;
        fails(storage, r);
        r = 0;
    }
    return r;
}

void storage_close(struct storage *storage)
{
    if (storage->store)
        store_free(storage->store);
    storage->store = NULL;
}

int storage_begin_anew(struct storage *storage, struct error *error)
{
    storage_close(storage);
    return database_begin_anew(&storage->store, storage->path, storage->journal, error);
}

static int open_again(struct storage *storage, struct recorder *recorder)
{
    int r = database_open(&storage->store, storage->path, storage->journal, &storage->error);
    if (r == 0)
        recorder_set_store(recorder, storage->store);
    return r;
}

static int cannot_write(struct storage *storage, const struct recorder *recorder, int r)
{
    return error_set(&storage->error, r, "cannot write to %s: %s", storage->path,
                     recorder_message(recorder));
}

static int try_commit(struct storage *storage, struct recorder *recorder)
{
    int r = recorder_commit(recorder);
    return r < 0 ? cannot_write(storage, recorder, r) : 0;
}

static void let_go(struct storage *storage, struct recorder *recorder)
{
    recorder_set_store(recorder, NULL);
    storage_close(storage);
}

// A disk that was taken away or made read-only can be used again only through a file opened anew.
static bool is_lost(int failure)
{
    return failure == -EIO || failure == -EACCES;
}

static int commit(struct storage *storage, struct recorder *recorder)
{
    int r = storage->store ? 0 : open_again(storage, recorder);
    if (r < 0) {
        recorder_commit(recorder); // which fails for want of a store, and is counted
        return r;
    }
    r = try_commit(storage, recorder);
    if (r == -EBADMSG) {
        let_go(storage, recorder);
        r = storage_begin_anew(storage, &storage->error);
        if (r < 0)
            return r;
        recorder_set_store(recorder, storage->store);
        return try_commit(storage, recorder);
    }
    if (is_lost(r))
        let_go(storage, recorder);
    return r;
}

// How many, and what became of them: words.
static void tell_lost(const struct storage *storage, uint64_t n, const char *what)
{
    struct line line;
    line_say(&line, EVENT_RESULTS_LOST, "%" PRIu64 " %s", n, what);
    line_field(&line, "PSOASMON_LOST_RESULTS=%" PRIu64, n);
    journal_write(storage->journal, &line);
}

static void look(struct storage *storage, const struct recorder *recorder)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
    storage->commits = state.commits;
    if (state.lost_results > storage->lost_results)
        tell_lost(storage, state.lost_results - storage->lost_results,
                  "results were lost: they could not be stored, or there was no room left to keep "
                  "them");
    storage->lost_results = state.lost_results;
}

int storage_commit(struct storage *storage, struct recorder *recorder)
{
    int r = commit(storage, recorder);
    if (r < 0)
        fails(storage, r);
    else
        works(storage);
    look(storage, recorder);
    return r;
}

bool storage_is_due(const struct storage *storage)
{
    return clock_elapsed_us() >= storage->due_us;
}

void storage_hurry(struct storage *storage)
{
    storage->due_us = 0;
}

void storage_check(struct storage *storage, struct recorder *recorder, int r)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
    if (r < 0) {
        cannot_write(storage, recorder, r);
        fails(storage, r);
    } else if (state.commits != storage->commits) {
        works(storage);
    }
    storage->commits = state.commits;
}

int storage_finish(struct storage *storage, struct recorder *recorder)
{
    int r = recorder_finish(recorder, false);
    if (r < 0)
        return storage_commit(storage, recorder);
    works(storage);
    return 0;
}

void storage_tell_lost(struct storage *storage, const struct recorder *recorder)
{
    struct recorder_state state;
    recorder_state(recorder, &state);
    if (state.pending_results == 0)
        return;
    char what[sizeof storage->error.text + 64];
    snprintf(what, sizeof what, "results of the night are lost: %s", storage->error.text);
    tell_lost(storage, state.pending_results, what);
}
