// SPDX-License-Identifier: GPL-3.0-or-later
// The database: nights, bouts, gaps, epochs; store_awake.h has the diary and stretch sessions. The
// only code that speaks SQL.
// The schema is in schema.sql and migrate-*.sql; the journal mode and why, at the head of
// store_open.c.
#ifndef PSOASMON_STORE_H
#define PSOASMON_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "night/night.h"
#include "position/position.h"

struct store;

enum store_mode {
    // Must exist; never changes the file; works beside a writer, alive or crashed. What a file of
    // an older schema has not is read as empty.
    STORE_READ,
    // Created or migrated if need be; one process at a time.
    STORE_WRITE,
};

// Opens the database. Errors, each with a message that names the file:
//   -ENOENT   STORE_READ and there is none
//   -EACCES   not ours to read, or to write
//   -EBUSY    STORE_WRITE and another process writes to it
//   -ENOTSUP  made by a newer psoasmon
//   -EUCLEAN  a psoasmon database, and damaged
//   -EBADMSG  not a psoasmon database, or too damaged to tell
//   -ENOSPC, -EIO, -ENOMEM
int store_open(struct store **ret, const char *path, enum store_mode mode, struct error *error);
void store_free(struct store *store);
DEFINE_CLEANUP(struct store *, store_free)

// A damaged database is never written to, nor over. What it was called is free for another when
// this returns 0: the file and its journal are now PATH.damaged-STAMP (with a number behind it if
// there is one), and *ret_name, to be freed, is its name. `stamp`: when, as 20260105T223000.
int store_move_aside(const char *path, const char *stamp, char **ret_name, struct error *error);

// What a file's first bytes say. False for one that is not there, too.
bool store_is_ours(const char *path);   // a psoasmon database, sound or not
bool store_is_sqlite(const char *path); // any program's

// The words for the last failure of any call below.
const char *store_message(const struct store *store);

// ---- writing: everything lands in one open transaction until store_commit ----

// A snapshot: the mean pressure map of a bout. A little-endian float, the largest cell, then a
// byte for each of the map's cells, 255 being the largest.
#define STORE_SNAPSHOT_SIZE (4 + 64 * 32)

// The kernel's boot_id: a UUID in text.
#define STORE_BOOT_SIZE 37

struct store_night {
    struct night night;
    char timezone[64];
    int32_t start_utc_offset_s;
    char pad[32];
    char model[32];
    bool open; // being recorded, or left open by a crash
    int64_t id;
    // Which boot end_s was recorded in, and when by CLOCK_BOOTTIME; empty: not known. Written by
    // what store_set_boot says.
    char boot[STORE_BOOT_SIZE];
    int64_t boot_s;
};

// The boot that is recorded in (its id; null: not known), and what to subtract from the times of
// nights that are written from now on to have them by its clock.
void store_set_boot(struct store *store, const char *boot, int64_t offset_s);

int store_night_begin(struct store *store, const struct store_night *night, int64_t *ret_id);
// Inserted, or brought up to date if the night has a bout with this start.
int store_bout_put(struct store *store, int64_t night_id, const struct bout *bout,
                   const void *snapshot); // STORE_SNAPSHOT_SIZE bytes, or null
int store_gap_add(struct store *store, int64_t night_id, const struct gap *gap);
int store_epoch_put(struct store *store, int64_t night_id, const struct epoch *epoch);
// The night's last minute so far, without its means: its start, how much of it was seen (0 where
// there is none) and its movements.
int store_last_epoch(struct store *store, int64_t night_id, struct epoch *ret);
// end_s so far; open false when it is over.
int store_night_update(struct store *store, int64_t night_id, int64_t end_s, bool open);
// What of the night is later than time_s was none: its bouts and minutes from there on go, its gaps
// are outside it.
int store_night_cut(struct store *store, int64_t night_id, int64_t time_s);
// It was no night: all of it goes but its gaps, which are then of none.
int store_night_drop(struct store *store, int64_t night_id);
int store_commit(struct store *store);

// The newest night, if it is still open: what a restarted recorder takes up. Returns 1 if there
// is one, 0 if not, negative on failure.
int store_open_night(struct store *store, struct store_night *ret);

// The earliest night that ends after time_s: 1 and when it starts, 0 if there is none, negative.
int store_next_night(struct store *store, int64_t time_s, int64_t *ret_start_s);

// ---- the clock was set, or is learnt ----

// What of a night begins no earlier than from_s was by_s later (negative: earlier) than recorded; a
// gap that ends there ends later. `day` and `start_utc_offset_s` are for a night that begins no
// earlier itself. The minutes move by whole ones (epoch_move_s).
struct store_move {
    int64_t from_s, by_s;
    day_number day;
    int32_t start_utc_offset_s;
};
// All of it or, on failure, nothing.
int store_move(struct store *store, int64_t night_id, const struct store_move *move);

// The night `later` is the rest of `night`, which must end before the other begins: all that is its
// becomes part of it, and the time between a gap. The night `later` is no more. All or nothing.
int store_join(struct store *store, const struct store_night *night,
               const struct store_night *later, enum gap_reason reason);

// Two nights were taken for one: what begins no earlier than `later` does is a night of its own,
// with its day, open; the first ends at end_s and is over, and the gap between them is of no night.
// All or nothing.
int store_split(struct store *store, int64_t night_id, int64_t end_s, const struct night *later,
                int32_t start_utc_offset_s, int64_t *ret_id);

// That the clock was set by by_s, seen at at_s by the clock as set; the night whose times were
// moved along, or 0.
int store_clock_step(struct store *store, int64_t at_s, int64_t by_s, int64_t night_id);

// The open night that was begun last of those begun before the night before_id (INT64_MAX: of all).
// 1, 0 if there is none, negative.
int store_open_night_before(struct store *store, int64_t before_id, struct store_night *ret);

// A night that ended in that boot and is of a time before known_s: the clock did not know better.
// 1, 0 if there is none, negative.
int store_unnamed_night(struct store *store, const char *boot, int64_t known_s,
                        struct store_night *ret);

// Forgets everything since the last commit.
void store_rollback(struct store *store);

// ---- readings: what a bout was called later ----

// What was recorded is never changed. A bout counts as its newest label says, else as the newest
// reading by a model, else as it was recorded; all that is read below goes by that.
enum bout_source {
    BOUT_RECORDED,
    BOUT_REREAD,   // by a model, from the snapshot
    BOUT_LABELLED, // by somebody who knows better
};
const char *bout_source_name(enum bout_source source); // "recorded", "model", "label"

struct store_bout {
    struct bout bout; // as it counts
    enum bout_source source;
    enum position recorded;
};

// Positive returns of the two below.
#define STORE_NO_BOUT  1 // none covers that moment
#define STORE_NO_LABEL 2 // it has none to be taken back

// Labels the bout that covers time_s. made_s: now. A label that says what the newest one says
// already is not kept twice.
int store_label(struct store *store, int64_t time_s, enum position position, int64_t made_s);
// Takes back the newest label of the bout that covers time_s.
int store_unlabel(struct store *store, int64_t time_s);

// What `model` reads in the snapshot of the night's bout that begins at start_s.
int store_reread(struct store *store, int64_t night_id, int64_t start_s, enum position position,
                 double confidence, const char *model, int64_t made_s);

// ---- reading ----

// One night summed up, all seconds.
struct night_summary {
    struct store_night night;
    int64_t in_bed_s;                    // from lying down to getting up, less the time out of bed
    int64_t recorded_s;                  // of in_bed_s, what the pad saw
    int64_t friendly_s;                  // in a position of the set asked for
    int64_t unknown_s;                   // somebody there, position not known
    int64_t longest_bout_s;              // the longest time in one known position on the pad
    int64_t exits;                       // how often they got up and came back
    int64_t longest_friendly_s;          // of friendly_s, without anything between
    int64_t knees_left_s, knees_right_s; // with that knee drawn up: fetal or on the back
    bool nap, doubtful;                  // night_is_nap, night_is_doubtful
    int64_t turns; // changes from one known position to another, getting up not counted
    int64_t position_s[POSITION_N]; // POSITION_EMPTY: out of bed within the night

    // ---- from the night's minutes: store_night_minutes ----

    // The medians of the minutes whose breathing could be told; 0 of none.
    double breaths_per_min, breath_steadiness;
    int64_t breath_minutes;
    // From the minutes whose movements were counted; none of the three means anything where there
    // are none, as after they were tidied away.
    int64_t movement_minutes;
    int64_t moves;       // that changed no position: all that came to rest in bed, less the turns
    double restlessness; // of those minutes, the share in which somebody moved
    // From lying down to the first ten minutes in a row without movement or a change of position,
    // to the minute; -1: there were none. Ours, after the ten immobile minutes that actigraphy
    // goes by; whether somebody slept then, no pad can say.
    int64_t settling_s;
};

typedef int (*store_night_sink)(const struct night_summary *summary, void *userdata);
typedef int (*store_bout_sink)(const struct store_bout *bout, void *userdata);
typedef int (*store_gap_sink)(const struct gap *gap, void *userdata);

// The nights whose day lies in [from, to], in order of their start.
int store_nights(struct store *store, day_number from, day_number to, position_set friendly,
                 store_night_sink sink, void *userdata);
// Fills in what the minutes of a night say; all else is there already.
int store_night_minutes(struct store *store, struct night_summary *summary);
int store_bouts(struct store *store, int64_t night_id, store_bout_sink sink, void *userdata);
int store_gaps(struct store *store, int64_t night_id, store_gap_sink sink, void *userdata);

// The bout that covers time_s (of several, as after the clock was set back, the newest night's):
// 1 and it and its night, 0 if there is none, negative.
int store_bout_at(struct store *store, int64_t time_s, struct store_night *ret_night,
                  struct store_bout *ret_bout);

// The night's bouts, with their snapshots, that a model could read again: somebody lay there, and
// the model that read them last is not that one. The size is whatever the file holds.
typedef int (*store_snapshot_sink)(const struct store_bout *bout, const void *snapshot, size_t size,
                                   void *userdata);
int store_snapshots(struct store *store, int64_t night_id, const char *model,
                    store_snapshot_sink sink, void *userdata);

// The day of the newest night. 1 if there is one, 0 if not, negative on failure.
int store_newest_day(struct store *store, day_number *ret);

// ---- for good, and for a while ----

// Positive returns of store_delete.
#define STORE_NO_NIGHT   3 // none has that number and that beginning
#define STORE_NIGHT_OPEN 4 // it is being recorded

// Deletes a night and all that belongs to it, and commits. An open night only with even_open: when
// nobody records. Traces may stay within the file until store_scrub.
int store_delete(struct store *store, int64_t night_id, int64_t start_s, bool even_open);

// Rewrites the file, so that nothing of what was deleted is left in it or its journal. It takes a
// while, and as much room again. -EBUSY: something is not committed, or a reader stands in the way
// and the journal or the file still hold it; to be tried again.
int store_scrub(struct store *store);

// Snapshots and epochs of nights that ended before these times are removed; 0: all are kept.
struct store_keep {
    int64_t snapshots_from_s, epochs_from_s;
};
struct store_removed {
    uint64_t snapshots, epochs;
};
// Does so for one night, the next after *night_id (0: from the first) by number; adds to *removed.
// 1: there was one, and *night_id is it; 0: that was all. Nights, bouts, gaps and labels stay, and
// so does an open night. To be committed.
int store_tidy(struct store *store, const struct store_keep *keep, int64_t *night_id,
               struct store_removed *removed);

// When the newest night ended: 1, 0 if there is none, negative.
int store_newest_end(struct store *store, int64_t *ret_s);

// ---- copies and checks ----

// Asked every now and then: how many bytes of about how many are done. False stops it.
typedef bool (*store_progress)(uint64_t done, uint64_t total, void *userdata);

// Copies what is committed at this moment to a database at `path` that stands alone, in the place
// of the psoasmon database that may be there. It is written beside it (PATH.partial), checked and
// put in place whole; on failure what was there stays, and the message says why. For a store of
// either mode, with nothing uncommitted; one that reads a file of an older schema is good for
// nothing else afterwards. progress may be null. -EINTR: it was stopped.
int store_backup(struct store *store, const char *path, store_progress progress, void *userdata,
                 struct error *error);

// What the file is like.
struct store_facts {
    int64_t version, newest_version; // of the schema, and what a writer would make of it
    uint64_t nights, diary_entries, stretch_sessions;
    uint64_t file_bytes, free_bytes; // free: within the file, used again by what comes
};
int store_facts(struct store *store, struct store_facts *ret);

// Tells every fault of the file (the first twenty of a kind): what SQLite's integrity check says,
// and rows without the row that they belong to. On a connection that only reads, SQLite knows no
// CHECK constraints, and does not look whether rows keep to them. 0, or what the sink returned;
// negative with words where the check itself fails.
typedef int (*store_fault_sink)(const char *words, void *userdata);
int store_check(struct store *store, store_fault_sink sink, void *userdata);

#endif
