// SPDX-License-Identifier: GPL-3.0-or-later
// Private to daemon.c, answers.c, look.c and reload.c.
#ifndef PSOASMON_DAEMON_PRIVATE_H
#define PSOASMON_DAEMON_PRIVATE_H

#include <systemd/sd-event.h>

#include "clock.h"
#include "daemon.h"
#include "feed.h"
#include "journal.h"
#include "meter.h"
#include "monitor.h"
#include "recording.h"
#include "server.h"
#include "system_bus.h"
#include "watchers.h"
#include "zone.h"

struct daemon {
    const struct options *options;
    struct settings *settings;
    sd_event *event;
    struct journal *journal;
    struct steady_clock clock;
    struct zone zone;
    struct recording *recording;
    struct feed *feed;
    struct server *server;
    struct system_bus *system_bus; // null: not asked for
    struct watchers *watchers;
    struct monitor monitor;
    struct meter meter;
    int64_t started_us, opened_us; // clock_elapsed_us; the port was opened last
    enum pad_state pad_state;      // as last told
    char status[LIVE_STATUS_SIZE]; // as last told
};

// Fills in a picture of this moment (monitor.look).
void daemon_look(struct live *live, void *userdata);

struct monitor daemon_answers(struct daemon *daemon);

// Commits, then reads the configuration and the calibration again, and applies it or refuses it
// whole: -errno with a message. The manager and the journal are told.
int daemon_reload(struct daemon *daemon, struct error *error);

#endif
