// SPDX-License-Identifier: GPL-3.0-or-later
// What a running psoasmond says of itself. Whoever answers on the socket is not trusted: texts come
// without control characters, numbers within bounds.
#ifndef PSOASMON_LIVE_STATE_H
#define PSOASMON_LIVE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-bus.h>

#include "base/error.h"

#define LIVE_DROPS_MAX 16

struct live_drop {
    char cause[32];
    int64_t frames;
};

struct live_state {
    char version[32];
    char pad[64], port[4096], pad_state[32], pad_problem[512];
    double rate_hz;
    int64_t frames, dropped_frames, stray_bytes;
    struct live_drop drops[LIVE_DROPS_MAX];
    unsigned n_drops;
    double saturated;          // of the cells pressed now, the share that reads as much as it can
    int64_t mended_cells;      // found dead or stuck, filled from their neighbours
    int64_t last_frame_age_ms; // -1: none came yet
    char position[64];
    double confidence;
    int64_t position_since_s; // 0: nobody is in bed
    bool in_bed;
    char night_day[32]; // empty: no night
    int64_t night_start_s, in_bed_s, recorded_s, friendly_s, turns;
    char database[4096];
    int64_t last_commit_s; // 0: none yet
    int64_t failed_commits, pending_results, lost_results;
    int64_t watchers, dropped_maps; // who follow the pressure maps; what they did not take
    int64_t uptime_s;
};

// Asks the psoasmond that writes DATABASE. -ENOENT, -ECONNREFUSED: there is none; -ETIMEDOUT: it
// does not answer; -EBADMSG: what answers is no psoasmond; other -errno. With a message.
int live_state_read(struct live_state *ret, const char *database, struct error *error);

// "connected", "waiting", "silent", in the user's language.
const char *live_pad_state(const struct live_state *state);

// The same in parts, for whoever does not want to wait: the question, what is made of its answer
// (-EBADMSG, or what it was refused for), and the words for what failed.
int live_state_question(sd_bus_message **ret, sd_bus *bus);
int live_state_take(struct live_state *ret, sd_bus_message *answer);
int live_state_failed(struct error *error, int r, const char *database, const char *why);

#endif
