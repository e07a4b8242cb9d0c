// SPDX-License-Identifier: GPL-3.0-or-later
// Bouts out of ticks: a stretch of time in one position. A change that does not last bout_min_s
// is no change. Private to core/night.
#ifndef PSOASMON_BOUTS_H
#define PSOASMON_BOUTS_H

#include "night/night.h"

// A stretch of equal ticks.
struct stretch {
    int64_t start_s, end_s;
    enum position position;
    double confidence_sum;
    int64_t ticks;
};

struct bouts {
    int64_t bout_min_s;
    bool open; // there is a current bout
    struct stretch current;
    bool changing;       // the position may just be changing
    struct stretch next; // to this one
};

// Takes one tick in bed. Returns true where a bout was closed by it, and the bout.
bool bouts_tick(struct bouts *bouts, const struct tick *tick, struct bout *closed);

// The current bout so far; false where there is none.
bool bouts_now(const struct bouts *bouts, struct bout *bout);

// Ends the current bout at a moment in its past; true, and the bout, if there is anything of it
// left.
bool bouts_cut(struct bouts *bouts, int64_t end_s, struct bout *closed);

// The bout in progress was by_s later.
void bouts_move(struct bouts *bouts, int64_t by_s);

// Ends the current bout; false where there is none.
bool bouts_end(struct bouts *bouts, struct bout *closed);

#endif
