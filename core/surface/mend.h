// SPDX-License-Identifier: GPL-3.0-or-later
// Cells that do not say what presses them, and what untouched cells read as time goes by. Cells are
// in the order of struct frame, shares those of the full scale above the baseline.
#ifndef PSOASMON_MEND_H
#define PSOASMON_MEND_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "pad/frame.h"
#include "pad/pad.h"

struct mend;

// `pad` must outlive it. -ENOMEM.
int mend_new(struct mend **ret, const struct pad *pad);
void mend_free(struct mend *mend);
DEFINE_CLEANUP(struct mend *, mend_free)

// By how many counts an untouched cell reads more than the pad's description says, by now.
float mend_drift(const struct mend *mend, size_t cell);

// Fills cells that are no readings from their neighbours: those that the frame or the description
// calls so, and those that were found out.
void mend_fill(const struct mend *mend, const struct frame *frame, float *shares);

// Learns from a frame that is none of noise: `shares` as they were read, before they were filled.
// - A cell that read nothing while those around it were pressed, DEAD_EPISODES times with them
//   free in between, is dead; until it reads something.
// - One that always read `touch` or more, and never by more than `touch` otherwise, while people
// came
//   and went STUCK_CHANGES times, is stuck, however it jitters; until it reads something else.
// - While nothing at all presses a pad that has a baseline, what its cells read is followed,
// slowly:
//   creep and drift of a sheet under a mattress. Never while somebody lies on it.
void mend_learn(struct mend *mend, const struct frame *frame, const float *shares, bool occupied);

#define DEAD_EPISODES 8
#define STUCK_CHANGES 6

// How many cells were found to be dead or stuck.
size_t mend_found(const struct mend *mend);

#endif
