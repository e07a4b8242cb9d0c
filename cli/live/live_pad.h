// SPDX-License-Identifier: GPL-3.0-or-later
// The pad of a running psoasmond, for whoever looks at its maps with a description of their own.
#ifndef PSOASMON_LIVE_PAD_H
#define PSOASMON_LIVE_PAD_H

#include "live/live_state.h"
#include "map_record.h"
#include "pad/pad.h"

// What psoasmond says of itself, its pad among it; that pad is there, and its name is no path.
// Prints what is wrong and returns an exit status.
int live_pad_find(const char *database, struct live_state *state);

// The map was made from the pad as it is described here: -EINVAL, with a message, if not.
int live_pad_check(const struct pad *pad, const struct map_head *head,
                   const struct pressure_map *map, struct error *error);

#endif
