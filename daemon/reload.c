// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "daemon_private.h"
#include "fitted.h"

static bool same_rules(const struct night_rules *a, const struct night_rules *b)
{
    return a->settle_in_s == b->settle_in_s && a->settle_out_s == b->settle_out_s &&
           a->away_s == b->away_s && a->unknown_s == b->unknown_s &&
           a->night_min_s == b->night_min_s && a->bout_min_s == b->bout_min_s &&
           a->day_starts_hour == b->day_starts_hour;
}

// An edited description keeps its name, so all of it is compared. Should padding ever differ, the
// recorder starts anew without need, no more.
static bool same_pad(const struct pad *a, const struct pad *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static int change_recording(struct daemon *daemon, const struct pad *pad,
                            const struct night_rules *rules, struct error *error)
{
    int r = recording_change(daemon->recording, pad, rules, clock_now_us(&daemon->clock), error);
    if (r < 0)
        return r;
    // The recorder counts from 0 again.
    daemon->meter = (struct meter){.last_us = daemon->meter.last_us};
    return 0;
}

// The pad in use stays unless there is another; *fresh keeps what is no longer used.
static void swap_settings(struct daemon *daemon, struct settings **fresh, bool other_pad)
{
    struct settings *old = daemon->settings;
    daemon->settings = *fresh;
    *fresh = old;
    if (other_pad)
        return;
    struct pad *spare = daemon->settings->pad;
    daemon->settings->pad = old->pad;
    old->pad = spare;
}

// All that can fail comes first.
static int apply(struct daemon *daemon, struct settings **fresh, struct error *error)
{
    const struct config *before = &daemon->settings->config, *after = &(*fresh)->config;
    bool other_port = strcmp(before->port, after->port) != 0;
    bool other_pad = !same_pad(daemon->settings->pad, (*fresh)->pad);
    const struct pad *pad = other_pad ? (*fresh)->pad : daemon->settings->pad;
    if (strcmp(before->database, after->database) != 0)
        return error_set(error, -EBUSY, "[store] database cannot change while psoasmond runs");
    // A port that is not there now may come; one that is there and is none is a mistake.
    int r = other_port ? settings_check_port(*fresh, error) : 0;
    if (r == 0)
        r = recording_reread(daemon->recording, pad, error);
    if (r < 0)
        return r;
    if (r > 0 || other_pad || !same_rules(&before->rules, &after->rules))
        r = change_recording(daemon, pad, &after->rules, error);
    if (r < 0)
        return r;

    recording_set_friendly(daemon->recording, after->friendly);
    recording_keep(daemon->recording, after);
    swap_settings(daemon, fresh, other_pad);
    const struct settings *settings = daemon->settings;
    journal_set_pad(daemon->journal, settings->pad->name, settings->port_text);
    if (other_pad)
        fitted_tell_pad(settings->pad, daemon->journal);
    if (other_port)
        recording_lost(daemon->recording, GAP_PAD_UNPLUGGED);
    if (other_port || other_pad)
        feed_change(daemon->feed, settings->config.port, settings->pad);
    return 0;
}

static int reload(struct daemon *daemon, struct error *error)
{
    _cleanup_(settings_freep) struct settings *fresh = NULL;
    int r = settings_load(&fresh, daemon->options, error);
    if (r == 0)
        r = apply(daemon, &fresh, error);
    if (r < 0) {
        journal_say(daemon->journal, EVENT_RELOAD_REFUSED, "the configuration stays as it was: %s",
                    error->text);
        return r;
    }
    journal_say(daemon->journal, EVENT_RELOADED, "the configuration was read again");
    return 0;
}

int daemon_reload(struct daemon *daemon, struct error *error)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
               (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
    recording_commit(daemon->recording);
    int r = reload(daemon, error);
    sd_notify(0, "READY=1");
    return r;
}
