// SPDX-License-Identifier: GPL-3.0-or-later
// A lasting connection to a psoasmond: its maps as they come, its state twice a second. Where it
// ends, or psoasmond stops answering, it is made again as soon as that can be. Never waits.
#ifndef PSOASMON_LIVE_LINK_H
#define PSOASMON_LIVE_LINK_H

#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "live/live_state.h"
#include "live/live_watch.h"

// What is known; all of it stays when the connection ends.
struct live_seen {
    bool up;              // psoasmond answers
    struct error trouble; // why it does not
    struct error refused; // why it hands out no maps; empty while it does
    bool answered;        // it has, so there is a
    struct live_state state;
    int64_t state_us; // when it came
    bool mapped;      // there is a
    struct map_head head;
    struct pressure_map map; // the newest
    int64_t map_us;          // when it came
    uint64_t missed;         // maps that psoasmond or we left out, because newer ones were there
};

enum live_news {
    LIVE_STATE, // the state, or that there is none now
    LIVE_MAP,
};

struct live_link;

// Calls `tell` from within the loop of `event`. `database` must outlive the link. -ENOMEM, -errno.
int live_link_new(struct live_link **ret, sd_event *event, const char *database,
                  void (*tell)(enum live_news news, void *userdata), void *userdata);
void live_link_free(struct live_link *link);
DEFINE_CLEANUP(struct live_link *, live_link_free)

const struct live_seen *live_link_seen(const struct live_link *link);

// The clock of the _us above.
int64_t live_now_us(void);

// Milliseconds since the last good frame that is known of; -1: none.
int64_t live_frame_age_ms(const struct live_seen *seen, int64_t now_us);

#endif
