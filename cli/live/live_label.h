// SPDX-License-Identifier: GPL-3.0-or-later
// Labels by way of a running psoasmond, which holds the only handle that writes.
#ifndef PSOASMON_LIVE_LABEL_H
#define PSOASMON_LIVE_LABEL_H

#include <stdint.h>

#include "base/error.h"

// Has the bout that covers time_s labelled; a null position takes its newest label back. -ENOENT or
// -ECONNREFUSED where no psoasmond runs for DATABASE; other -errno; each with a message.
int live_label(const char *database, int64_t time_s, const char *position, struct error *error);

#endif
