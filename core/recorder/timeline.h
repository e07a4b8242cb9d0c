// SPDX-License-Identifier: GPL-3.0-or-later
// What the times of a night are worth: which boot they were recorded in, what the clock that is
// never set said, and from where on a night is this boot's. Decides, and touches no store. Private
// to core/recorder.
//
// A clock that was set, or is learnt, is right about all that this boot has recorded, and says
// nothing about what another boot has: that had its own clock, which may have been right.
#ifndef PSOASMON_TIMELINE_H
#define PSOASMON_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct timeline {
    char boot[STORE_BOOT_SIZE]; // empty: times have nothing to do with this machine's clock
    int64_t offset_s;           // UTC less CLOCK_BOOTTIME: when this boot began
    // The open night's part that this boot has recorded: from here on, after a gap that begins
    // there. All of it: INT64_MIN. Nothing yet: INT64_MAX.
    int64_t ours_s, before_s;
};

// A night begins now.
void timeline_begin(struct timeline *timeline);

enum resume {
    RESUME_GO_ON, // the sleeper may still be there
    RESUME_CLOSE, // it was over where it ended
    RESUME_LEAVE, // nobody can say: by now_s it has not ended yet
};

// What to do with a night that was left open, and, by *by_s, how far its times have to be moved
// first because the clock was set since. now_s: as this boot's clock has it.
enum resume timeline_resume(const struct timeline *timeline, const struct store_night *night,
                            int64_t now_s, int64_t away_s, int64_t *by_s);

// The night goes on (RESUME_GO_ON; after it was moved). first_ours_s: where in it this boot's part
// begins, INT64_MAX if nothing of it is stored; of a night begun in this boot it is not asked for.
void timeline_go_on(struct timeline *timeline, const struct store_night *night,
                    int64_t first_ours_s);

// What was stored of the night, and then this boot's part: after the first gap for which psoasmond
// was down that ends in this boot. For looking through a night's gaps: *ours_s is INT64_MAX before.
void timeline_look_at_gap(const struct timeline *timeline, const struct gap *gap, int64_t *ours_s);

// The pad is seen, after it was not since since_s: the first time after another boot, this one's
// part begins.
void timeline_see(struct timeline *timeline, int64_t since_s, int64_t time_s);

// The clock was set by by_s, and it is now_s by it. Returns from where on the open night's times
// have to move: INT64_MIN, all of them; INT64_MAX, none.
int64_t timeline_move(struct timeline *timeline, int64_t by_s, int64_t now_s);

// What this boot has recorded begins so long after the rest that it is another night.
bool timeline_parts(const struct timeline *timeline, int64_t away_s);

#endif
