// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the port open: waits for it to come, tries the pad's speeds, notices that it went away,
// looks for it again. Writes to it what the pad's description says, and nothing else.
#ifndef PSOASMON_FEED_H
#define PSOASMON_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "pad/pad.h"

struct feed_listener {
    void (*opened)(unsigned baud, void *userdata); // 0: the port has no speed to choose
    void (*bytes)(const void *bytes, size_t length, void *userdata);
    void (*paused)(void *userdata);                 // a pad that is asked: it fell silent
    void (*ignored)(size_t length, void *userdata); // bytes of a pad that has not settled
    void (*lost)(void *userdata);                   // the port went away
    // Told once a reason: words, and a negative errno.
    void (*waiting)(const char *why, int failure, void *userdata);
    void *userdata;
};

struct feed;

// `pad` must outlive the feed.
int feed_new(struct feed **ret, sd_event *event, const char *path, const struct pad *pad,
             const struct feed_listener *listener);
void feed_free(struct feed *feed);
DEFINE_CLEANUP(struct feed *, feed_free)

// Opens the port, or begins to wait for it. -ENOTTY, with a message, where what is there now can
// never be a pad's port.
int feed_start(struct feed *feed, struct error *error);

// Goes on with another pad, another port, or both.
void feed_change(struct feed *feed, const char *path, const struct pad *pad);

// Once a second, with when the last frame came (clock_elapsed_us): a port that has brought none
// since it was opened is tried at the pad's next speed.
void feed_tick(struct feed *feed, int64_t last_frame_us);

bool feed_is_open(const struct feed *feed);
// Why it waits; empty while it does not.
const char *feed_problem(const struct feed *feed);

#endif
