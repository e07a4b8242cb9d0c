// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration session: the sleeper holds one position after the other, and the model learns what
// they look like when it is this person, on this bed.
//
// Of each hold the first seconds settle, the next are learnt from, and the last are held back: the
// correction is judged by them.
#ifndef PSOASMON_SESSION_H
#define PSOASMON_SESSION_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "calibration/trial.h"
#include "position/model.h"

// Seconds since somebody is on the pad.
#define SESSION_SETTLED_S 3.0
#define SESSION_LEARNT_S  13.0
#define SESSION_HOLD_S    20.0
#define SESSION_HOLDS_MAX 24

struct session;

// `model` must outlive the session. -ENOMEM.
int session_new(struct session **ret, struct model *model);
void session_free(struct session *session);
DEFINE_CLEANUP(struct session *, session_free)

// Another hold begins; a position may be held more than once. -E2BIG after SESSION_HOLDS_MAX.
int session_hold(struct session *session, enum position position);

// The hold in progress was no good: all of it is forgotten.
void session_drop(struct session *session);

// A frame of this hold, `time_s` after another one at 0; times do not go back. Frames that are not
// needed (nobody there, too close to the one before, after the hold, from a pad that can tell no
// position) are passed over. -ENOMEM.
int session_see(struct session *session, const struct pressure_map *map, double time_s);

// A frame of somebody else, who need not be real: what the model says of it, it is to say still.
// Those held back are for the trial. -ENOMEM.
int session_rehearse(struct session *session, enum position position,
                     const struct pressure_map *map, bool held_back);

// Learns, and tries what was learnt. -ENODATA, with a message, where nothing was held or a hold
// was too short. The verdict on *ret is trial_verdict's.
int session_learn(const struct session *session, struct model_correction *ret, struct trial *trial,
                  struct error *error);

// The positions held.
position_set session_held(const struct session *session);

#endif
