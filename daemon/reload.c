// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>

#include "daemon_private.h"

static bool same_rules(const struct night_rules *a, const struct night_rules *b)
{
    return a->settle_in_s == b->settle_in_s && a->settle_out_s == b->settle_out_s &&
           a->away_s == b->away_s && a->bout_min_s == b->bout_min_s &&
           a->day_starts_hour == b->day_starts_hour;
}

// An edited description keeps its name, so all of it is compared. Should padding ever differ, the
// recorder starts anew without need, no more.
static bool same_pad(const struct pad *a, const struct pad *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static int open_port(struct daemon *daemon, const char *path, const struct pad *pad,
                     struct feed **ret, struct error *error)
{
    struct feed_listener listener = daemon_listener(daemon);
    _cleanup_(feed_freep) struct feed *feed = NULL;
    int r = feed_new(&feed, daemon->event, path, pad, &listener);
    if (r < 0)
        return error_set(error, r, "out of memory");
    r = feed_start(feed, error);
    if (r < 0)
        return r;
    *ret = feed;
    feed = NULL;
    return 0;
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

static void change_feed(struct daemon *daemon, struct feed *feed)
{
    recording_lost(daemon->recording, GAP_PAD_UNPLUGGED, clock_now_us(&daemon->clock));
    feed_free(daemon->feed);
    daemon->feed = feed;
}

// All that can fail comes first: another port is opened before the old one is given up.
static int apply(struct daemon *daemon, struct settings **fresh, struct error *error)
{
    const struct config *before = &daemon->settings->config, *after = &(*fresh)->config;
    bool other_port = strcmp(before->port, after->port) != 0;
    bool other_pad = !same_pad(daemon->settings->pad, (*fresh)->pad);
    const struct pad *pad = other_pad ? (*fresh)->pad : daemon->settings->pad;
    if (strcmp(before->database, after->database) != 0)
        return error_set(error, -EBUSY, "[store] database cannot change while psoasmond runs");

    _cleanup_(feed_freep) struct feed *feed = NULL;
    int r = other_port ? open_port(daemon, after->port, pad, &feed, error) : 0;
    if (r == 0 && (other_pad || !same_rules(&before->rules, &after->rules)))
        r = change_recording(daemon, pad, &after->rules, error);
    if (r < 0)
        return r;

    if (other_port) {
        change_feed(daemon, feed);
        feed = NULL;
    } else if (other_pad) {
        feed_set_pad(daemon->feed, pad);
    }
    recording_set_friendly(daemon->recording, after->friendly);
    if (!other_pad) { // the one in use stays
        struct pad *spare = (*fresh)->pad;
        (*fresh)->pad = daemon->settings->pad;
        daemon->settings->pad = spare;
    }
    struct settings *old = daemon->settings;
    daemon->settings = *fresh;
    *fresh = old;
    return 0;
}

void daemon_reload(struct daemon *daemon)
{
    struct error error = {0};
    _cleanup_(settings_freep) struct settings *fresh = NULL;
    int r = settings_load(&fresh, daemon->options, &error);
    if (r == 0)
        r = apply(daemon, &fresh, &error);
    if (r < 0) {
        journal_say(daemon->journal, EVENT_RELOAD_REFUSED, "the configuration stays as it was: %s",
                    error.text);
        return;
    }
    journal_set_pad(daemon->journal, daemon->settings->pad->name, daemon->settings->port_text);
    journal_say(daemon->journal, EVENT_RELOADED, "the configuration was read again");
}
