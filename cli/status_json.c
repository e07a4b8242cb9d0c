// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_json.h"

#include "json.h"
#include "local.h"
#include "status_verdict.h"

#define JSON_VERSION 1

json_t *status_json_time(const struct store_night *place, int64_t time_s)
{
    if (time_s <= 0)
        return json_null();
    char text[LOCAL_ISO_SIZE];
    local_iso(place, time_s, text);
    return json_string(text);
}

json_t *status_json_pad(const struct live_state *state)
{
    json_t *drops = json_object(), *object = json_object();
    for (unsigned i = 0; i < state->n_drops; i++)
        json_put(&drops, state->drops[i].cause, json_integer(state->drops[i].frames));
    json_put(&object, "name", json_string(state->pad));
    json_put(&object, "port", json_string(state->port));
    const char *acuity = status_acuity(state->pad);
    json_put(&object, "acuity", acuity ? json_string(acuity) : json_null());
    json_put(&object, "state", json_string(state->pad_state));
    json_put(&object, "problem",
             *state->pad_problem ? json_string(state->pad_problem) : json_null());
    json_put(&object, "rate_hz", json_real(state->rate_hz));
    json_put(&object, "frames", json_integer(state->frames));
    json_put(&object, "dropped_frames", json_integer(state->dropped_frames));
    json_put(&object, "drops", drops);
    json_put(&object, "stray_bytes", json_integer(state->stray_bytes));
    json_put(&object, "saturated", json_real(state->saturated));
    json_put(&object, "mended_cells", json_integer(state->mended_cells));
    json_put(&object, "last_frame_age_ms",
             state->last_frame_age_ms < 0 ? json_null() : json_integer(state->last_frame_age_ms));
    return object;
}

json_t *status_json_position(const struct live_state *state, const struct store_night *place)
{
    json_t *object = json_object();
    json_put(&object, "identifier", json_string(state->position));
    json_put(&object, "confidence", json_real(state->confidence));
    json_put(&object, "since", status_json_time(place, state->position_since_s));
    return object;
}

json_t *status_json_night(const struct live_state *state, const struct store_night *place)
{
    if (!*state->night_day)
        return json_null();
    json_t *object = json_object();
    json_put(&object, "day", json_string(state->night_day));
    json_put(&object, "start", status_json_time(place, state->night_start_s));
    json_put(&object, "in_bed_s", json_integer(state->in_bed_s));
    json_put(&object, "recorded_s", json_integer(state->recorded_s));
    json_put(&object, "friendly_s", json_integer(state->friendly_s));
    json_put(&object, "turns", json_integer(state->turns));
    return object;
}

static json_t *json_database(const struct live_state *state, const struct store_night *place)
{
    json_t *object = json_object();
    json_put(&object, "path", json_string(state->database));
    json_put(&object, "last_commit", status_json_time(place, state->last_commit_s));
    json_put(&object, "failed_commits", json_integer(state->failed_commits));
    json_put(&object, "pending_results", json_integer(state->pending_results));
    json_put(&object, "lost_results", json_integer(state->lost_results));
    int64_t room = status_room(state->database);
    json_put(&object, "disk_free_bytes", room < 0 ? json_null() : json_integer(room));
    return object;
}

static json_t *json_watchers(const struct live_state *state)
{
    json_t *object = json_object();
    json_put(&object, "count", json_integer(state->watchers));
    json_put(&object, "dropped_maps", json_integer(state->dropped_maps));
    return object;
}

json_t *status_json(const struct live_state *state, const struct store_night *place)
{
    json_t *root = json_object();
    json_put(&root, "version", json_integer(JSON_VERSION));
    json_put(&root, "psoasmond", json_string(state->version));
    json_put(&root, "uptime_s", json_integer(state->uptime_s));
    json_put(&root, "pad", status_json_pad(state));
    json_put(&root, "in_bed", json_boolean(state->in_bed));
    json_put(&root, "position", status_json_position(state, place));
    json_put(&root, "night", status_json_night(state, place));
    json_put(&root, "database", json_database(state, place));
    json_put(&root, "watchers", json_watchers(state));
    return root;
}
