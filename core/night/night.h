// SPDX-License-Identifier: GPL-3.0-or-later
// From ticks to nights: in bed or not (with debounce), bouts, gaps, and one night a stay, named
// by the evening's local date.
//
// A night runs from lying down to getting up for good. Nobody is in bed who was not seen lying
// there or moving like a person (occupancy.h): neither who sits on the edge, nor a suitcase, nor a
// cat. Getting up for less than `away_s` (the bathroom) is a bout of POSITION_EMPTY inside the
// night; sitting up is a bout of POSITION_SITTING. Time the pad did not see is a gap, never a bout.
// A stay shorter than `night_min_s` is told as it happens, so that a crash loses nothing, and taken
// back when it ends.
#ifndef PSOASMON_NIGHT_H
#define PSOASMON_NIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "position/filter.h"
#include "position/position.h"

struct night_rules {
    int64_t settle_in_s;  // somebody must be there this long before a night begins
    int64_t settle_out_s; // nobody must be there this long before they are out of bed
    int64_t away_s;       // out of bed for this long: the night is over
    int64_t unknown_s;    // neither moved nor in a known position for this long: it is no person
    int64_t night_min_s;  // in bed for less than this: that was no night
    int64_t bout_min_s;   // a shorter bout is joined to the one before it
    int day_starts_hour;  // local hour at which a day's name changes: 12, noon
    float lying_m2;       // what presses less is no person lying
};

// Of a pad as large as PmatData's mat: the smallest print of a person lying there covers 0.35 m2,
// a big cat would 0.1. (A person sitting prints about 0.08: enough to stay in bed, not to get in.)
#define NIGHT_LYING_M2 0.15f

// 5 s, 10 s, 30 min, 1 h, 5 min, 5 s, noon.
struct night_rules night_rules_default(void);

// Local time at a moment: seconds to add to UTC. Core has no time zone of its own.
struct zone {
    char name[64]; // "Europe/Berlin"
    int32_t (*offset_s)(int64_t time_s, void *userdata);
    void *userdata;
};

// 2025-01-01. A clock that says something earlier does not know the time: the machine has none that
// goes on without power, and nobody has told it yet.
#define TIME_KNOWN_S INT64_C(1735689600)

// A local calendar date as days since 1970-01-01.
typedef int32_t day_number;

// The day a night that begins at time_s is named by.
day_number night_day(int64_t time_s, const struct zone *zone, int day_starts_hour);

// The same, for a night that is to be stored: no earlier than 1970. A board that has just booted
// and has no clock may be in 1969 by local time, which no date here can name.
day_number night_name(int64_t start_s, const struct zone *zone, int day_starts_hour);

// "2026-01-05"; text holds at least 11 bytes.
#define DAY_TEXT_SIZE 16
void day_format(day_number day, char text[DAY_TEXT_SIZE]);
// False unless text is exactly a date that exists, 1970 to 9999.
bool day_parse(const char *text, day_number *ret);

// A stretch of time in one position; [start_s, end_s).
struct bout {
    int64_t start_s, end_s;
    enum position position;
    double confidence; // mean over its ticks
};

enum gap_reason {
    GAP_PAD_SILENT,    // open, but no frames came
    GAP_PAD_UNPLUGGED, // the port went away
    GAP_DAEMON_DOWN,   // psoasmond was not running
    GAP_CLOCK_STEPPED, // the wall clock jumped
    GAP_SUSPENDED,     // the machine slept
    GAP_NOT_STORED,    // seen, and lost for want of room
    GAP_N
};
const char *gap_reason_name(enum gap_reason reason); // "pad_silent", ...

struct gap {
    int64_t start_s, end_s;
    enum gap_reason reason;
};

// One minute, [start_s, start_s + 60), aligned to UTC minutes.
struct epoch {
    int64_t start_s;
    uint8_t seconds;                 // ticks it saw
    float probabilities[POSITION_N]; // mean
    float movement;                  // the largest
    float load;                      // mean
    // How many movements came to rest in it, turns among them (movement.h tells them apart), and
    // the seconds in which somebody moved.
    uint8_t moves, moved_s;
    // As struct breath of breathing.h, filled in by the recorder; 0 a minute: it could not be told.
    double breaths_per_min, breath_steadiness;
};

struct night {
    day_number day;
    int64_t start_s, end_s; // end_s: so far
};

// Less than 3 h in bed, and the middle of the stay from 09:00 to before 21:00 local time.
bool night_is_nap(const struct night *night, int64_t in_bed_s, int32_t utc_offset_s);
// Longer than a day: more likely something went wrong.
bool night_is_doubtful(const struct night *night);

// Whether a stay of which out_s were spent out of bed was too short for a night.
bool night_too_short(const struct night_rules *rules, const struct night *night, int64_t out_s);

// What happened, in order. `bout_open` is repeated for the bout in progress (same start_s) at
// each night_flush, `bout_closed` comes once. A negative return stops and is forwarded.
// Every callback may be null.
struct night_sink {
    int (*opened)(const struct night *night, void *userdata);
    int (*bout_open)(const struct bout *bout, void *userdata);
    int (*bout_closed)(const struct bout *bout, void *userdata);
    int (*gap)(const struct gap *gap, void *userdata);
    // What was told of the night from since_s on is not of it: an open bout and epochs in which
    // there was no person (what is left of that bout is told as closed before), or time out of bed
    // from which nobody came back. Gaps from there on are outside the night.
    int (*taken_back)(int64_t since_s, void *userdata);
    int (*epoch)(const struct epoch *epoch, void *userdata);
    int (*closed)(const struct night *night, void *userdata);
    // Instead of closed, where the stay was too short for a night: nothing of it is to be kept.
    int (*dropped)(const struct night *night, void *userdata);
    void *userdata;
};

struct night_tracker;

int night_tracker_new(struct night_tracker **ret, const struct night_rules *rules,
                      const struct zone *zone, const struct night_sink *sink);
void night_tracker_free(struct night_tracker *tracker);
DEFINE_CLEANUP(struct night_tracker *, night_tracker_free)

// Takes up a night that was left open, as the store knows it, before any tick.
void night_resume(struct night_tracker *tracker, const struct night *night);

int night_tick(struct night_tracker *tracker, const struct tick *tick);

// The clock was set: all that the tracker remembers from from_s on was by_s later (negative:
// earlier) than it thought. A night that begins no earlier than from_s is named anew. Minutes move
// by whole ones: so none is seen twice, none is missed, and what they hold is at most 59 s later
// than they say.
void night_move(struct night_tracker *tracker, int64_t from_s, int64_t by_s);

// The pad did not see [gap->start_s, gap->end_s). Inside a night and shorter than away_s it is
// told to the sink; a longer one ends the night where the gap began.
int night_gap(struct night_tracker *tracker, const struct gap *gap);

// Tells the sink how far the night, its open bout and epoch are now.
int night_flush(struct night_tracker *tracker);

// The stream is over for good: closes the night, if one is open.
int night_finish(struct night_tracker *tracker);

// How far the minutes of a night move when it moves by by_s.
int64_t epoch_move_s(int64_t by_s);

// The night and bout in progress; false while nobody is in bed.
bool night_now(const struct night_tracker *tracker, struct night *night, struct bout *bout);

#endif
