// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/keep.h"

#include <errno.h>

#include "awake_message.h"
#include "live/live_call.h"
#include "words.h"

// Nobody records here.
static bool is_nobody(int r)
{
    return r == -ENOENT || r == -ECONNREFUSED;
}

// ---- entries and sessions ----

struct batch {
    const struct diary_entry *entries;
    unsigned n;
};

static int fill_diary(sd_bus_message *message, const void *userdata)
{
    const struct batch *batch = userdata;
    return diary_message_append(message, batch->entries, batch->n);
}

static int put_diary_here(const struct config *config, const struct diary_entry *entries, size_t n)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store_to_write(config, &store);
    if (status != CLI_DONE)
        return status;
    int r = 0;
    for (size_t i = 0; r == 0 && i < n; i++)
        r = store_diary_put(store, &entries[i]);
    if (r == 0)
        r = store_commit(store);
    return r < 0 ? cli_store_failed(store, r) : CLI_DONE;
}

int keep_diary(const struct config *config, const struct diary_entry *entries, size_t n)
{
    struct error error = {0};
    for (size_t done = 0; done < n; done += DIARY_MESSAGE_MAX) {
        size_t left = n - done;
        const struct batch batch = {entries + done,
                                    left < DIARY_MESSAGE_MAX ? (unsigned)left : DIARY_MESSAGE_MAX};
        int r = live_call_filled(config->database, &error, "PutDiary", fill_diary, &batch);
        if (is_nobody(r))
            return put_diary_here(config, entries + done, left);
        if (r < 0)
            return cli_fail(CLI_FAILED, "%s", error.text);
    }
    return CLI_DONE;
}

static int fill_stretch(sd_bus_message *message, const void *userdata)
{
    return stretch_message_append(message, userdata);
}

static int put_stretch_here(const struct config *config, const struct stretch_session *session)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store_to_write(config, &store);
    if (status != CLI_DONE)
        return status;
    int r = store_stretch_put(store, session);
    if (r == 0)
        r = store_commit(store);
    return r < 0 ? cli_store_failed(store, r) : CLI_DONE;
}

int keep_stretch(const struct config *config, const struct stretch_session *session)
{
    struct error error = {0};
    int r = live_call_filled(config->database, &error, "PutStretch", fill_stretch, session);
    if (is_nobody(r))
        return put_stretch_here(config, session);
    return r < 0 ? cli_fail(CLI_FAILED, "%s", error.text) : CLI_DONE;
}

// ---- without them ----

// `r` is what a deletion from the store, which is not committed yet, returned.
static int end_deletion(struct store *store, int r, const char *none)
{
    if (r > 0)
        return cli_fail(CLI_NO_DATA, "%s", none);
    if (r == 0)
        r = store_commit(store);
    if (r < 0)
        return cli_store_failed(store, r);
    if (store_scrub(store) < 0)
        return cli_fail(CLI_FAILED,
                        _("it is deleted, but the file may still hold traces of it: %s"),
                        store_message(store));
    return CLI_DONE;
}

int keep_without_diary(const struct config *config, day_number day, bool *ret_there)
{
    _cleanup_(store_freep) struct store *store = NULL;
    struct error error = {0};
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    int r = live_call(NULL, config->database, &error, "DeleteDiary", "s", text);
    *ret_there = r >= 0;
    if (r >= 0)
        return CLI_DONE;
    if (!is_nobody(r))
        return cli_fail(CLI_FAILED, "%s", error.text);
    int status = cli_open_store_to_write(config, &store);
    return status == CLI_DONE ? end_deletion(store, store_diary_delete(store, day),
                                             _("the diary has no entry of that day"))
                              : status;
}

int keep_without_stretch(const struct config *config, int64_t start_s, bool *ret_there)
{
    _cleanup_(store_freep) struct store *store = NULL;
    struct error error = {0};
    int r = live_call(NULL, config->database, &error, "DeleteStretch", "x", start_s);
    *ret_there = r >= 0;
    if (r >= 0)
        return CLI_DONE;
    if (!is_nobody(r))
        return cli_fail(CLI_FAILED, "%s", error.text);
    int status = cli_open_store_to_write(config, &store);
    return status == CLI_DONE ? end_deletion(store, store_stretch_delete(store, start_s),
                                             _("no stretch session began then"))
                              : status;
}
