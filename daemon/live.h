// SPDX-License-Identifier: GPL-3.0-or-later
// What can be asked of a running psoasmond: a picture of one moment. Its members have the types
// that sd-bus reads properties from.
#ifndef PSOASMON_LIVE_H
#define PSOASMON_LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "night/night.h"
#include "pad/deframer.h"

enum pad_state {
    PAD_CONNECTED,
    PAD_WAITING, // its port is not there
    PAD_SILENT,  // its port is open, but no frames come
};
const char *pad_state_name(enum pad_state state);

struct live {
    const char *version, *pad, *port, *database; // valid UTF-8
    enum pad_state pad_state;
    const char *pad_state_name;
    const char *pad_problem; // why it waits; empty while it does not
    double rate_hz;
    uint64_t frames, dropped_frames, stray_bytes;
    uint64_t drops[DROP_N];
    double saturated; // of the cells pressed now, the share that reads as much as it can
    uint64_t mended_cells;
    int64_t last_frame_age_ms; // -1: none yet
    enum position position_now;
    const char *position;
    double confidence;
    int64_t position_since_s; // 0: nobody is in bed
    int in_bed;
    // 0 and empty while nobody is in bed.
    char day[DAY_TEXT_SIZE];
    const char *night_day;
    int64_t night_start_s, in_bed_s, recorded_s, friendly_s, turns;
    int64_t last_commit_s; // 0: none yet
    uint64_t failed_commits, pending_results, lost_results;
    uint64_t watchers, dropped_maps;
    uint64_t uptime_s;
};

// One line for systemctl status.
#define LIVE_STATUS_SIZE 512
void live_status(const struct live *live, const struct zone *zone, char text[LIVE_STATUS_SIZE]);

#endif
