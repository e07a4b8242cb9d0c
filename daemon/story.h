// SPDX-License-Identifier: GPL-3.0-or-later
// A night told in plain words, a line a bout:
//   23:14 on the left side, knees drawn up, for 41 min (release)
#ifndef PSOASMON_STORY_H
#define PSOASMON_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "line.h"
#include "night/night.h"
#include "night/sums.h"

void story_night_opened(struct line *line, const struct night *night, const struct zone *zone);
void story_night_resumed(struct line *line, const struct night *night, const struct zone *zone);
void story_night_moved(struct line *line, const struct night *night, int64_t by_s,
                       const struct zone *zone);
void story_bout(struct line *line, day_number day, const struct bout *bout,
                const struct zone *zone);
void story_gap(struct line *line, day_number day, const struct gap *gap, const struct zone *zone);
void story_night_closed(struct line *line, const struct night *night, const struct night_sums *sums,
                        position_set friendly, const struct zone *zone);
// What is wrong with the pad, once a night: the share of pressed cells that read as much as they
// can, and how many are dead or stuck. False where that is not worth a line.
bool story_pad_strained(struct line *line, day_number day, double saturated, size_t mended);
// It stops; `night` is null where nobody is in bed.
void story_stopped(struct line *line, const day_number *night);
void story_stay_dropped(struct line *line, const struct night *night, const struct zone *zone);

// "25 s", "41 min", "7 h 05 min"
#define SPAN_TEXT_SIZE 32
void story_span(int64_t seconds, char text[SPAN_TEXT_SIZE]);

// "23:14", local time
#define CLOCK_TEXT_SIZE 16
void story_clock(int64_t time_s, const struct zone *zone, char text[CLOCK_TEXT_SIZE]);

// A position within a sentence: "on the left side, knees drawn up"
#define POSITION_TEXT_SIZE 64
void story_position(enum position position, char text[POSITION_TEXT_SIZE]);

#endif
