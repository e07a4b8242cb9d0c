// SPDX-License-Identifier: GPL-3.0-or-later
// The position model, fitted to the sleeper where there is a calibration for it.
#ifndef PSOASMON_FITTED_H
#define PSOASMON_FITTED_H

#include "base/error.h"
#include "journal.h"
#include "pad/pad.h"
#include "position/model.h"

// A calibration that is there but cannot be used is told of, and the model is used as it came.
// -errno with a message.
int fitted_model(struct model **ret, const struct pad *pad, const char *calibration,
                 struct journal *journal, struct error *error);

// Tells which model is used from now on.
void fitted_tell(const struct model *model, struct journal *journal);

// Tells what this pad cannot tell, if there is anything.
void fitted_tell_pad(const struct pad *pad, struct journal *journal);

#endif
