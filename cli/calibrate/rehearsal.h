// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated sleepers in every position, for a calibration not to forget anybody: the model is to
// go on saying of them what it said. No recording is needed for that, and no pad is too strange.
#ifndef PSOASMON_REHEARSAL_H
#define PSOASMON_REHEARSAL_H

#include "calibration/session.h"
#include "pad/pad.h"

// -ENOMEM.
int rehearse(struct session *session, const struct pad *pad);

#endif
