// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_label.h"

#include "live/live_call.h"

int live_label(const char *database, int64_t time_s, const char *position, struct error *error)
{
    if (position)
        return live_call(NULL, database, error, "Label", "xs", time_s, position);
    return live_call(NULL, database, error, "Unlabel", "x", time_s);
}
