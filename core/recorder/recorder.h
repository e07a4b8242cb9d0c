// SPDX-License-Identifier: GPL-3.0-or-later
// The pipeline in one piece: bytes in, nights in the store. psoasmond and `psoasmon replay`
// run this same code; they differ only in where bytes and time come from.
#ifndef PSOASMON_RECORDER_H
#define PSOASMON_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "night/night.h"
#include "night/sums.h"
#include "pad/deframer.h"
#include "pad/pad.h"
#include "position/filter.h"
#include "position/model.h"
#include "store/store.h"
#include "surface/surface.h"

// For who wants to follow (the journal, a progress line). All may be null; return nothing,
// change nothing.
struct recorder_watch {
    void (*night_opened)(const struct night *night, void *userdata);
    void (*bout_closed)(const struct bout *bout, void *userdata);
    void (*gap)(const struct gap *gap, void *userdata);
    void (*night_closed)(const struct night *night, const struct night_sums *sums, void *userdata);
    // The clock was set, and the night's beginning with it.
    void (*night_moved)(const struct night *night, int64_t by_s, void *userdata);
    // In bed for too short a time: what was told of that night is not kept.
    void (*stay_dropped)(const struct night *night, void *userdata);
    void (*map_seen)(const struct pressure_map *map, int64_t time_us, void *userdata);
    void *userdata;
};

struct recorder_options {
    const struct pad *pad; // must outlive the recorder
    struct model *model;   // must outlive the recorder
    // STORE_WRITE; must outlive the recorder. Null: it cannot be opened yet (recorder_set_store);
    // not with refuse_overlap.
    struct store *store;
    const struct zone *zone; // copied
    struct night_rules rules;
    // 0: a frame's time is the arrival time of its last byte. Else: frame n (dropped ones count)
    // is at start_us + n / rate_hz, and arrival times are ignored.
    double rate_hz;
    int64_t start_us;
    // The boot's id, and what the times of frames are ahead of CLOCK_BOOTTIME. Null: not known, or
    // frames are counted.
    const char *boot;
    int64_t boot_offset_s;
    // A night that would overlap one in the store is refused with -EEXIST (a replay must not
    // record a night twice; the daemon must record whatever happens).
    bool refuse_overlap;
    // Not 0: commits by itself when the frames' own times have gone so far since the last time, for
    // streams that come faster than their times.
    int64_t commit_every_s;
    struct recorder_watch watch;
};

struct recorder;

int recorder_new(struct recorder **ret, const struct recorder_options *options);
void recorder_free(struct recorder *recorder);
DEFINE_CLEANUP(struct recorder *, recorder_free)

// Takes up the night the store has left open, if it may go on at now_s (else closes it where it
// ended). The time since then becomes a gap when the first frame comes.
int recorder_resume(struct recorder *recorder, int64_t now_s);

// The clock that the times come from was set by by_s (negative: back), and it is now_s by it. It is
// right about all that was recorded since the machine booted: the night moves along, and nights
// that were left open until the time is known are settled. Nothing where frames are counted.
int recorder_move(struct recorder *recorder, int64_t by_s, int64_t now_s);

// From the next frame on, who lies there is awake and stretches: no night begins, and in one that
// is open they are out of bed (recorder/awake.h). False: up to the last frame.
void recorder_set_awake(struct recorder *recorder, bool awake);

// Another store from now on, or none (null), after a commit failed. What the last one has not
// taken goes into this one. If that is the one a night was left open in, the night goes on.
void recorder_set_store(struct recorder *recorder, struct store *store);

// Bytes that arrived at time_us (UTC). A negative return is a failure of the store (see
// recorder_message); the bytes have been taken and the recorder goes on.
int recorder_push(struct recorder *recorder, const void *bytes, size_t length, int64_t time_us);

// The line fell silent, or a request is about to be written to the pad (deframer_pause).
int recorder_pause(struct recorder *recorder);

// Bytes came that can be no frame, because the pad has not settled.
void recorder_ignore(struct recorder *recorder, size_t length);

// Time passes, whether or not bytes come: call it about once a second. Notices silence.
int recorder_advance(struct recorder *recorder, int64_t time_us);

// The port went away, or another reason not to expect frames from now on; ends with the next
// frame. The first reason is the reason: a machine that sleeps takes the port away as it wakes.
int recorder_lost(struct recorder *recorder, enum gap_reason reason);

// Everything known so far is in the store, durably, when this returns 0. If not, it waits in
// memory (as much as a night or more; recorder/pending.h) for the next commit.
int recorder_commit(struct recorder *recorder);

// The stream ends. Settles all ticks and commits. `close`: also closes the night (a replay ends;
// a daemon that stops leaves the night open for the next start to take up).
int recorder_finish(struct recorder *recorder, bool close);

// What is known now, for status and live.
struct recorder_state {
    uint64_t frames, dropped_frames, bytes, stray_bytes;
    uint64_t drops[DROP_N];
    int64_t last_frame_us; // time of the last good frame, UTC; 0: none yet
    struct tick now;       // before the filter's lag; position EMPTY before the first frame
    bool silent;           // frames are overdue
    double saturated;      // the last frame's, as in struct pressure_map
    uint64_t mended_cells; // likewise
    bool night_open;       // a night is, whether or not the sleeper is in bed right now
    bool in_bed;
    struct night night;       // if night_open
    struct bout bout;         // if in_bed: the bout in progress
    struct night_sums so_far; // if night_open: the night's bouts, the one in progress included
    uint64_t commits;         // that had something to store
    uint64_t failed_commits;
    uint64_t pending_results; // not in the store yet
    uint64_t lost_results;    // for which there was no room
    uint64_t short_stays;     // too short for a night, and not kept
};
void recorder_state(const struct recorder *recorder, struct recorder_state *state);

const char *recorder_message(const struct recorder *recorder);

#endif
