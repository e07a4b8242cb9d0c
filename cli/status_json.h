// SPDX-License-Identifier: GPL-3.0-or-later
// What psoasmond says of itself, for programs: `status --json`, and parts of it in `live --json`.
#ifndef PSOASMON_STATUS_JSON_H
#define PSOASMON_STATUS_JSON_H

#include <jansson.h>

#include "live/live_state.h"
#include "store/store.h"

// Null where memory is short. `place` is local_here of now.
json_t *status_json(const struct live_state *state, const struct store_night *place);
json_t *status_json_pad(const struct live_state *state);
json_t *status_json_position(const struct live_state *state, const struct store_night *place);
json_t *status_json_night(const struct live_state *state, const struct store_night *place);

// A moment as local_iso writes it; null for one that there was not.
json_t *status_json_time(const struct store_night *place, int64_t time_s);

#endif
