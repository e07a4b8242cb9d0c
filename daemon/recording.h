// SPDX-License-Identifier: GPL-3.0-or-later
// The recorder at work: with its database and model, with commits when they are due, and with the
// night's story told to the journal. A database that cannot be written is told of, counted and
// tried again; it never stops the recording.
#ifndef PSOASMON_RECORDING_H
#define PSOASMON_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "clock.h"
#include "journal.h"
#include "config/config.h"
#include "recorder/recorder.h"
#include "store/store_awake.h"
#include "watchers.h"

// Often enough that a crash costs little, seldom enough to let a disk sleep: at most every half
// minute, and, with all that the filter and the night hold back, nothing older than a minute is
// lost. A stream that comes faster than its times commits by those.
#define RECORDING_COMMIT_EVERY_S 30

struct recording_options {
    const char *database;
    const char *calibration; // the sleeper's; null: the one beside the database, if there is one
    const struct pad *pad;   // must outlive the recording, or recording_change
    struct night_rules rules;
    position_set friendly;
    // Not 0: frames are timed by counting them, so many a second from start_us on, and not by
    // the calls below. A pad whose frames are counted in any case has its own rate.
    double rate_hz;
    int64_t start_us;
    const struct steady_clock *clock; // that the calls' times come from; must outlive the recording
    const struct zone *zone;          // must outlive the recording
    struct journal *journal;          // must outlive the recording
    struct watchers *watchers;        // of the maps; must outlive the recording
};

struct recording;

// Opens the database and takes up the night it was left with, if there is one. Where it cannot be
// opened now, the night is kept in memory until it can. -errno with a message.
int recording_open(struct recording **ret, const struct recording_options *options, int64_t now_us,
                   struct error *error);
void recording_free(struct recording *recording);
DEFINE_CLEANUP(struct recording *, recording_free)

// Reads the sleeper's calibration again, for this pad, and tells of it. 1: it is another one than
// the one in use, and recording_change takes it up; 0: nothing is new; negative, with a message, on
// failure.
int recording_reread(struct recording *recording, const struct pad *pad, struct error *error);

// Goes on with another pad, other rules or another calibration; counts begin again. On failure all
// stays as it was.
int recording_change(struct recording *recording, const struct pad *pad,
                     const struct night_rules *rules, int64_t now_us, struct error *error);
void recording_set_friendly(struct recording *recording, position_set friendly);

void recording_bytes(struct recording *recording, const void *bytes, size_t length, int64_t now_us);
void recording_pause(struct recording *recording);
void recording_ignore(struct recording *recording, size_t length);
// Before the bytes that it is about: as recorder_set_awake.
void recording_set_awake(struct recording *recording, bool awake);
void recording_lost(struct recording *recording, enum gap_reason reason);

// The clock was set by by_s, and it is now_us by it: the night moves along (recorder_move).
void recording_move(struct recording *recording, int64_t by_s, int64_t now_us);

// Once a second: time passes, and what is due is committed.
void recording_tick(struct recording *recording, int64_t now_us);

// Commits now. Returns what recorder_commit does, with the words in recording_message.
int recording_commit(struct recording *recording);
const char *recording_message(const struct recording *recording);

// Label the bout of a moment, or take its newest label back, durably: as store_label and
// store_unlabel, with the words for a failure.
int recording_label(struct recording *recording, int64_t time_s, enum position position,
                    int64_t now_us, struct error *error);
int recording_unlabel(struct recording *recording, int64_t time_s, struct error *error);

// Deletes a night that nobody records, durably: as store_delete, with the words for a failure. What
// traces it left are overwritten when nobody is in bed.
int recording_delete(struct recording *recording, int64_t night_id, int64_t start_s,
                     struct error *error);

// What is written awake, durably: as the amend_ functions of these names.
int recording_put_diary(struct recording *recording, const struct diary_entry *entries, unsigned n,
                        struct error *error);
int recording_delete_diary(struct recording *recording, day_number day, struct error *error);
int recording_put_stretch(struct recording *recording, const struct stretch_session *session,
                          struct error *error);
int recording_delete_stretch(struct recording *recording, int64_t start_s, struct error *error);

// What [store] says of how long things are kept.
void recording_keep(struct recording *recording, const struct config *config);

// The program ends, the night does not.
int recording_stop(struct recording *recording);

// From lying down until out of bed for good.
const day_number *recording_night(const struct recording *recording); // null: none
position_set recording_friendly(const struct recording *recording);
// False while the database cannot be opened.
bool recording_is_stored(const struct recording *recording);
// In clock_elapsed_us; 0: not yet.
int64_t recording_committed_us(const struct recording *recording);
void recording_state(const struct recording *recording, struct recorder_state *state);

#endif
