// SPDX-License-Identifier: GPL-3.0-or-later
#include "tidy.h"

#include <inttypes.h>
#include <systemd/sd-daemon.h>

#include "clock.h"

#define DAY_S          86400
#define ROUND_EVERY_US (INT64_C(86400) * 1000000)
#define RETRY_US       (INT64_C(600) * 1000000)
// After something was deleted, and after a reader stood in the way.
#define SCRUB_AGAIN_US (INT64_C(60) * 1000000)

// Nights looked at a second; the tick ends with the first that had something to remove.
#define NIGHTS_A_TICK 50

// A large file on a slow card.
#define SCRUB_WATCHDOG_US UINT64_C(1800000000)

void tidy_configure(struct tidy *tidy, const struct config *config)
{
    if (tidy->keep_snapshots_days == config->keep_snapshots_days &&
        tidy->keep_epochs_days == config->keep_epochs_days)
        return;
    tidy->keep_snapshots_days = config->keep_snapshots_days;
    tidy->keep_epochs_days = config->keep_epochs_days;
    tidy->due_us = 0;
    tidy->under_way = false;
}

void tidy_deleted(struct tidy *tidy)
{
    tidy->scrub_due_us = clock_elapsed_us();
}

// Days are counted back from the newest night, not from today: a clock that is years ahead for a
// moment removes nothing.
static int bounds(const struct tidy *tidy, struct store *store, struct store_keep *keep)
{
    int64_t newest_s;
    int r = store_newest_end(store, &newest_s);
    if (r != 1)
        return r;
    *keep = (struct store_keep){0};
    if (tidy->keep_snapshots_days > 0)
        keep->snapshots_from_s = newest_s - tidy->keep_snapshots_days * DAY_S;
    if (tidy->keep_epochs_days > 0)
        keep->epochs_from_s = newest_s - tidy->keep_epochs_days * DAY_S;
    return 1;
}

// 1: there is more to look at; 0: the round is over; negative on failure.
static int look_at_some(struct tidy *tidy, struct store *store)
{
    struct store_keep keep;
    int r = bounds(tidy, store, &keep);
    struct store_removed before = tidy->removed;
    for (int i = 0; r == 1 && i < NIGHTS_A_TICK; i++) {
        r = store_tidy(store, &keep, &tidy->night_id, &tidy->removed);
        if (tidy->removed.snapshots > before.snapshots || tidy->removed.epochs > before.epochs)
            break;
    }
    int committed = r < 0 ? r : store_commit(store);
    if (committed < 0) {
        store_rollback(store);
        tidy->removed = before;
        return committed;
    }
    return r;
}

static void go_round(struct tidy *tidy, struct store *store, struct journal *journal)
{
    if (!tidy->under_way) {
        tidy->under_way = true;
        tidy->night_id = 0;
        tidy->removed = (struct store_removed){0};
    }
    int r = look_at_some(tidy, store);
    if (r == 1)
        return;
    tidy->under_way = false;
    tidy->due_us = clock_elapsed_us() + (r < 0 ? RETRY_US : ROUND_EVERY_US);
    if (r < 0)
        journal_say(journal, EVENT_TIDY_FAILED, "cannot remove what is old: %s",
                    store_message(store));
    else if (tidy->removed.snapshots > 0 || tidy->removed.epochs > 0)
        journal_say(journal, EVENT_TIDIED,
                    "removed as configured: %" PRIu64 " snapshots and %" PRIu64
                    " minutes of old nights",
                    tidy->removed.snapshots, tidy->removed.epochs);
}

static void scrub(struct tidy *tidy, struct store *store, struct journal *journal)
{
    uint64_t watchdog_us;
    bool watched = sd_watchdog_enabled(0, &watchdog_us) > 0;
    if (watched)
        sd_notifyf(0, "WATCHDOG_USEC=%" PRIu64, SCRUB_WATCHDOG_US);
    int r = store_scrub(store);
    if (watched)
        sd_notifyf(0, "WATCHDOG_USEC=%" PRIu64, watchdog_us);
    tidy->scrub_due_us = r < 0 ? clock_elapsed_us() + SCRUB_AGAIN_US : 0;
    if (r < 0)
        journal_say(journal, EVENT_TIDY_FAILED,
                    "the database still holds traces of what was deleted: %s",
                    store_message(store));
    else
        journal_say(journal, EVENT_SCRUBBED,
                    "the database was rewritten: nothing of what was deleted is left in it");
}

void tidy_tick(struct tidy *tidy, struct store *store, struct journal *journal)
{
    if (tidy->scrub_due_us > 0 && clock_elapsed_us() >= tidy->scrub_due_us)
        scrub(tidy, store, journal);
    if ((tidy->keep_snapshots_days > 0 || tidy->keep_epochs_days > 0) &&
        clock_elapsed_us() >= tidy->due_us)
        go_round(tidy, store, journal);
}
