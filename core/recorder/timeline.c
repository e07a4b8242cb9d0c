// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/timeline.h"

#include <string.h>

void timeline_begin(struct timeline *timeline)
{
    timeline->ours_s = INT64_MIN;
}

static bool is_ours(const struct timeline *timeline, const struct store_night *night)
{
    return timeline->boot[0] && strcmp(timeline->boot, night->boot) == 0;
}

enum resume timeline_resume(const struct timeline *timeline, const struct store_night *night,
                            int64_t now_s, int64_t away_s, int64_t *by_s)
{
    int64_t end_s = night->night.end_s;
    bool was_known = end_s >= TIME_KNOWN_S, is_known = now_s >= TIME_KNOWN_S;
    bool follows = is_ours(timeline, night) && (is_known || !was_known);
    *by_s = 0;
    // A clock that has lost the time knows nothing better than what is stored.
    if (follows)
        *by_s = timeline->offset_s + night->boot_s - end_s;
    else if (timeline->boot[0] && !was_known)
        return RESUME_CLOSE; // when that was, nobody will ever know
    int64_t since_s = now_s - (end_s + *by_s);
    // What was recorded in a second is that second, which now_s may still be in.
    if (!follows && since_s < -1)
        return timeline->boot[0] ? RESUME_LEAVE : RESUME_CLOSE;
    return since_s < away_s ? RESUME_GO_ON : RESUME_CLOSE;
}

void timeline_go_on(struct timeline *timeline, const struct store_night *night,
                    int64_t first_ours_s)
{
    bool whole = night->night.start_s >= timeline->offset_s && is_ours(timeline, night);
    timeline->before_s = night->night.end_s;
    timeline->ours_s = whole ? INT64_MIN : first_ours_s;
}

void timeline_look_at_gap(const struct timeline *timeline, const struct gap *gap, int64_t *ours_s)
{
    if (*ours_s == INT64_MAX && gap->reason == GAP_DAEMON_DOWN && gap->end_s >= timeline->offset_s)
        *ours_s = gap->end_s;
}

void timeline_see(struct timeline *timeline, int64_t since_s, int64_t time_s)
{
    if (timeline->ours_s != INT64_MAX)
        return;
    timeline->before_s = since_s;
    timeline->ours_s = time_s;
}

int64_t timeline_move(struct timeline *timeline, int64_t by_s, int64_t now_s)
{
    int64_t from_s = timeline->ours_s;
    timeline->offset_s += by_s;
    if (from_s == INT64_MIN)
        return from_s;
    if (from_s != INT64_MAX)
        timeline->ours_s = now_s = from_s + by_s;
    // Nobody goes on before they have begun: both boots' clocks were wrong alike, as where one runs
    // on local time that should not.
    if (now_s < timeline->before_s) {
        timeline->before_s += by_s;
        return INT64_MIN;
    }
    return from_s;
}

bool timeline_parts(const struct timeline *timeline, int64_t away_s)
{
    return timeline->ours_s != INT64_MIN && timeline->ours_s != INT64_MAX &&
           timeline->ours_s - timeline->before_s >= away_s;
}
