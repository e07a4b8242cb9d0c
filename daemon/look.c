// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon_private.h"
#include "paths.h"

#define US_PER_S INT64_C(1000000)

// No frame for so long, or for three frames of a slow pad, and the pad is called silent.
#define SILENT_AFTER_US (10 * US_PER_S)
#define SILENT_FRAMES   3

static enum pad_state pad_state(const struct daemon *daemon, int64_t now_us)
{
    if (!feed_is_open(daemon->feed))
        return PAD_WAITING;
    // A port that has just been opened is given as long as one that fell silent.
    int64_t last_us =
        daemon->meter.last_us > daemon->opened_us ? daemon->meter.last_us : daemon->opened_us;
    double patience_us = SILENT_FRAMES * (double)US_PER_S / daemon->settings->pad->rate_hz;
    if (patience_us < (double)SILENT_AFTER_US)
        patience_us = (double)SILENT_AFTER_US;
    return (double)(now_us - last_us) >= patience_us ? PAD_SILENT : PAD_CONNECTED;
}

static void look_at_pad(struct live *live, const struct daemon *daemon, int64_t now_us)
{
    live->pad = daemon->settings->pad->name;
    live->port = daemon->settings->port_text;
    live->pad_state = pad_state(daemon, now_us);
    live->pad_state_name = pad_state_name(live->pad_state);
    live->pad_problem = feed_problem(daemon->feed);
    live->rate_hz = meter_rate_hz(&daemon->meter);
    live->last_frame_age_ms = meter_age_ms(&daemon->meter, now_us);
}

static void look_at_frames(struct live *live, const struct recorder_state *state)
{
    live->frames = state->frames;
    live->dropped_frames = state->dropped_frames;
    live->stray_bytes = state->stray_bytes;
    live->saturated = state->saturated;
    live->mended_cells = state->mended_cells;
    for (int cause = 0; cause < DROP_N; cause++)
        live->drops[cause] = state->drops[cause];
}

// The position now is some seconds ahead of the bouts, which wait until it has lasted. Of a pad
// that says nothing, nothing is known now.
static void look_at_position(struct live *live, const struct recorder_state *state)
{
    const struct tick *now = &state->now;
    bool known = !state->silent && live->pad_state == PAD_CONNECTED;
    live->position_now = known ? now->position : POSITION_UNKNOWN;
    live->position = position_identifier(live->position_now);
    live->confidence = known ? (double)now->confidence : 0;
    live->in_bed = state->in_bed && known;
    live->position_since_s = 0;
    if (live->in_bed)
        live->position_since_s =
            state->bout.position == now->position ? state->bout.start_s : now->time_s;
}

static void look_at_night(struct live *live, const struct recorder_state *state,
                          position_set friendly)
{
    live->day[0] = '\0';
    live->night_day = live->day;
    live->night_start_s = live->in_bed_s = live->recorded_s = live->friendly_s = live->turns = 0;
    if (!state->night_open)
        return;
    const struct night *night = &state->night;
    const struct night_sums *sums = &state->so_far;
    day_format(night->day, live->day);
    live->night_start_s = night->start_s;
    live->in_bed_s = night->end_s - night->start_s - sums->position_s[POSITION_EMPTY];
    live->recorded_s = sums->recorded_s;
    live->friendly_s = night_sums_in(sums, friendly);
    live->turns = sums->turns;
}

static void look_at_store(struct live *live, const struct daemon *daemon, int64_t now_us)
{
    int64_t committed_us = recording_committed_us(daemon->recording);
    live->database = daemon->settings->database_text;
    live->last_commit_s = 0;
    if (committed_us > 0)
        live->last_commit_s = (clock_now_us(&daemon->clock) - (now_us - committed_us)) / US_PER_S;
}

void daemon_look(struct live *live, void *userdata)
{
    const struct daemon *daemon = userdata;
    int64_t now_us = clock_elapsed_us();
    struct recorder_state state;
    recording_state(daemon->recording, &state);
    live->version = PSOASMON_VERSION;
    live->uptime_s = (uint64_t)((now_us - daemon->started_us) / US_PER_S);
    live->failed_commits = state.failed_commits;
    live->pending_results = state.pending_results;
    live->lost_results = state.lost_results;
    look_at_pad(live, daemon, now_us);
    look_at_frames(live, &state);
    look_at_position(live, &state);
    look_at_night(live, &state, recording_friendly(daemon->recording));
    look_at_store(live, daemon, now_us);
    live->watchers = watchers_count(daemon->watchers);
    live->dropped_maps = watchers_dropped(daemon->watchers);
}
