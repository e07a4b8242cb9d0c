// SPDX-License-Identifier: GPL-3.0-or-later
// Breathing, from the pressure itself: how many breaths a minute, and how steady they are, once a
// minute where that can be told, and nothing where it cannot. No medical measurement: it tells
// nothing of pauses, of how deep a breath is or of what it brings.
//
// A minute (of UTC, as struct epoch's) is answered for if in 30 s of it at least, without a break,
//   - somebody is on the pad and does not move,
//   - frames come at BREATHING_LEAST_HZ or more and never a second apart,
//   - pressure wanders between places (signals.h) in a rhythm of 6 to 30 a minute (rhythm.h)
//     that is clear, that single breaths bear out, and that is more than the pad's counts
//     flickering or a hum on all its cells.
// What moves faster than half a pad's rate is seen as something slower, and cannot be told from
// it: on a pad of 5 frames a second the fourth overtone of a heart that beats 72 times a minute
// looks like 12 a minute. It is much smaller than a breath.
//
// No allocation after breathing_new, no clock; about 90 KiB. A frame costs a pass over the map.
// Once a minute the rhythm is looked for, which takes as long as some dozens of frames.
#ifndef PSOASMON_BREATHING_H
#define PSOASMON_BREATHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "surface/surface.h"

// A pad whose rate is lower has no breathing at all. In a pad that says 5, clock and wire may
// lose a tenth of the frames.
#define BREATHING_PAD_HZ   5.0
#define BREATHING_LEAST_HZ 4.5

struct breath {
    double per_min; // 6 to 30
    // 1 less the coefficient of variation (standard deviation by mean) of the lengths of the single
    // breaths, 0 at least: 1 is a clockwork. The pad's noise makes it a little smaller than it is;
    // and very uneven breathing is told in its steadier minutes only.
    double steadiness;
};

struct breathing;

// `rate_hz`: frames a second, of which the pad sends no more. -ENOMEM.
int breathing_new(struct breathing **ret, const struct pad *pad, double rate_hz);
void breathing_free(struct breathing *breathing);
DEFINE_CLEANUP(struct breathing *, breathing_free)

// The next map. Where time goes back or makes a leap, what was begun is ended.
void breathing_see(struct breathing *breathing, const struct pressure_map *map, int64_t time_us);

// No more frames for a while: what there is of this minute is all there will be.
void breathing_stop(struct breathing *breathing);

// The clock was set: what is kept moves by by_s, whole minutes as those of a night do
// (epoch_move_s), and what there is of this minute is all there will be.
void breathing_move(struct breathing *breathing, int64_t by_s);

// What was found in the minute that begins at start_s, if it is over and one of the last
// BREATHING_KEPT. False where there is nothing to be told.
#define BREATHING_KEPT 8
bool breathing_minute(const struct breathing *breathing, int64_t start_s, struct breath *ret);

#endif
