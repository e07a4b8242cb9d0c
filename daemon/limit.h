// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps repeats from flooding the journal: so many an interval pass, the rest are counted.
#ifndef PSOASMON_LIMIT_H
#define PSOASMON_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LIMIT_INTERVAL_US (INT64_C(10) * 60 * 1000000)

struct limit {
    unsigned burst; // that pass in an interval
    int64_t start_us;
    unsigned passed;
    uint64_t held; // kept back since the interval began
};

// Whether one more may pass at now_us. The caller asks limit_over first.
bool limit_pass(struct limit *limit, int64_t now_us);

// Whether an interval with repeats kept back is over: their number, which is then forgotten; else
// 0.
uint64_t limit_over(struct limit *limit, int64_t now_us);

// How many are kept back; they are then forgotten.
uint64_t limit_take(struct limit *limit);

#endif
