// SPDX-License-Identifier: GPL-3.0-or-later
#include "night/night.h"

#include <errno.h>
#include <stdlib.h>

#include "night/bouts.h"
#include "night/movement.h"
#include "night/occupancy.h"

#define NOT_SINCE INT64_MIN

#define DAY_S      86400
#define NAP_S      (3 * 3600)
#define NAP_FROM_S (9 * 3600)
#define NAP_TO_S   (21 * 3600)

struct night_tracker {
    struct night_rules rules;
    struct zone zone;
    struct night_sink sink;
    struct movement movement;
    struct moves moves;
    struct occupancy occupancy;
    struct bouts bouts;
    bool open; // a night is
    struct night night;
    // While a night is open but nobody is known to be in bed: since when, and since when the bed
    // is known to be empty. They differ where a gap hides the moment of getting up.
    int64_t absent_since_s, empty_since_s;
    int64_t out_s;      // of the night, seen to be out of bed
    int64_t out_told_s; // of that, since they were last in bed: gaps made it known before they were
                        // back
    struct epoch epoch; // the minute being filled; seconds 0: none
    double epoch_probabilities[POSITION_N], epoch_load;
};

struct night_rules night_rules_default(void)
{
    return (struct night_rules){
        .settle_in_s = 5,
        .settle_out_s = 10,
        .away_s = 30 * 60,
        .unknown_s = 60 * 60,
        .night_min_s = 5 * 60,
        .bout_min_s = 5,
        .day_starts_hour = 12,
        .lying_m2 = NIGHT_LYING_M2,
    };
}

const char *gap_reason_name(enum gap_reason reason)
{
    static const char *const names[GAP_N] = {
        [GAP_PAD_SILENT] = "pad_silent",   [GAP_PAD_UNPLUGGED] = "pad_unplugged",
        [GAP_DAEMON_DOWN] = "daemon_down", [GAP_CLOCK_STEPPED] = "clock_stepped",
        [GAP_SUSPENDED] = "suspended",     [GAP_NOT_STORED] = "not_stored",
    };
    return reason < GAP_N ? names[reason] : "unknown";
}

int night_tracker_new(struct night_tracker **ret, const struct night_rules *rules,
                      const struct zone *zone, const struct night_sink *sink)
{
    if (rules->settle_in_s < 1 || rules->settle_in_s > OCCUPANCY_SETTLE_MAX_S ||
        rules->settle_out_s < 1 || rules->settle_out_s > OCCUPANCY_SETTLE_MAX_S)
        return -EINVAL;
    struct night_tracker *tracker = calloc(1, sizeof *tracker);
    if (!tracker)
        return -ENOMEM;
    tracker->rules = *rules;
    tracker->zone = *zone;
    tracker->sink = *sink;
    tracker->occupancy.settle_in_s = rules->settle_in_s;
    tracker->occupancy.settle_out_s = rules->settle_out_s;
    tracker->occupancy.unknown_s = rules->unknown_s;
    tracker->occupancy.lying_m2 = rules->lying_m2;
    tracker->bouts.bout_min_s = rules->bout_min_s;
    tracker->absent_since_s = tracker->empty_since_s = NOT_SINCE;
    *ret = tracker;
    return 0;
}

void night_tracker_free(struct night_tracker *tracker)
{
    free(tracker);
}

void night_resume(struct night_tracker *tracker, const struct night *night)
{
    tracker->open = true;
    tracker->night = *night;
    tracker->out_s = tracker->out_told_s = 0;
    tracker->moves = (struct moves){0};
    occupancy_assume(&tracker->occupancy, night->end_s);
    tracker->absent_since_s = night->end_s;
}

static int tell_epoch(struct night_tracker *tracker)
{
    struct epoch *epoch = &tracker->epoch;
    if (epoch->seconds == 0 || !tracker->sink.epoch)
        return 0;
    for (int i = 0; i < POSITION_N; i++)
        epoch->probabilities[i] = (float)(tracker->epoch_probabilities[i] / epoch->seconds);
    epoch->load = (float)(tracker->epoch_load / epoch->seconds);
    return tracker->sink.epoch(epoch, tracker->sink.userdata);
}

static int end_epoch(struct night_tracker *tracker)
{
    int r = tell_epoch(tracker);
    tracker->epoch = (struct epoch){0};
    tracker->epoch_load = 0;
    for (int i = 0; i < POSITION_N; i++)
        tracker->epoch_probabilities[i] = 0;
    return r;
}

static int add_to_epoch(struct night_tracker *tracker, const struct sighting *sighting)
{
    const struct tick *tick = &sighting->tick;
    int64_t minute = tick->time_s - ((tick->time_s % 60) + 60) % 60;
    struct epoch *epoch = &tracker->epoch;
    if (epoch->seconds > 0 && epoch->start_s != minute) {
        int r = end_epoch(tracker);
        if (r < 0)
            return r;
    }
    epoch->start_s = minute;
    epoch->seconds++;
    epoch->moved_s = (uint8_t)(epoch->moved_s + sighting->moved);
    epoch->moves = (uint8_t)(epoch->moves + moves_see(&tracker->moves, sighting->moved));
    if (tick->movement > epoch->movement)
        epoch->movement = tick->movement;
    tracker->epoch_load += (double)tick->load;
    for (int i = 0; i < POSITION_N; i++)
        tracker->epoch_probabilities[i] += (double)tick->probabilities[i];
    return 0;
}

static int tell_bout(struct night_tracker *tracker, const struct bout *bout)
{
    if (bout->end_s > tracker->night.end_s)
        tracker->night.end_s = bout->end_s;
    return tracker->sink.bout_closed ? tracker->sink.bout_closed(bout, tracker->sink.userdata) : 0;
}

static int end_bout(struct night_tracker *tracker)
{
    struct bout bout;
    return bouts_end(&tracker->bouts, &bout) ? tell_bout(tracker, &bout) : 0;
}

// Ends what is being filled where the sleeper was last known to be in bed.
static int leave_bed(struct night_tracker *tracker, int64_t time_s)
{
    int r = end_bout(tracker);
    int epoch = end_epoch(tracker);
    tracker->moves = (struct moves){0};
    if (tracker->absent_since_s == NOT_SINCE)
        tracker->absent_since_s = time_s;
    return r < 0 ? r : epoch;
}

// The time out of bed that the pad saw becomes a bout of the night.
static int end_absence(struct night_tracker *tracker, int64_t time_s)
{
    struct bout away = {
        .start_s = tracker->empty_since_s,
        .end_s = time_s,
        .position = POSITION_EMPTY,
        .confidence = 1,
    };
    bool seen = tracker->empty_since_s != NOT_SINCE;
    tracker->empty_since_s = NOT_SINCE;
    if (!seen)
        return 0;
    tracker->out_s += away.end_s - away.start_s;
    tracker->out_told_s += away.end_s - away.start_s;
    return tell_bout(tracker, &away);
}

static int open_night(struct night_tracker *tracker, int64_t time_s)
{
    tracker->open = true;
    tracker->out_s = tracker->out_told_s = 0;
    tracker->night = (struct night){
        .day = night_name(time_s, &tracker->zone, tracker->rules.day_starts_hour),
        .start_s = time_s,
        .end_s = time_s,
    };
    return tracker->sink.opened ? tracker->sink.opened(&tracker->night, tracker->sink.userdata) : 0;
}

bool night_is_nap(const struct night *night, int64_t in_bed_s, int32_t utc_offset_s)
{
    int64_t middle_s = night->start_s + (night->end_s - night->start_s) / 2 + utc_offset_s;
    int64_t of_day_s = (middle_s % DAY_S + DAY_S) % DAY_S;
    return in_bed_s < NAP_S && of_day_s >= NAP_FROM_S && of_day_s < NAP_TO_S;
}

bool night_is_doubtful(const struct night *night)
{
    return night->end_s - night->start_s > DAY_S;
}

bool night_too_short(const struct night_rules *rules, const struct night *night, int64_t out_s)
{
    return night->end_s - night->start_s - out_s < rules->night_min_s;
}

static int close_night(struct night_tracker *tracker)
{
    struct night *night = &tracker->night;
    const struct night_sink *sink = &tracker->sink;
    int r = leave_bed(tracker, night->end_s);
    night->end_s = tracker->absent_since_s;
    tracker->absent_since_s = tracker->empty_since_s = NOT_SINCE;
    tracker->open = false;
    tracker->out_s -= tracker->out_told_s;
    // They did not come back: the night was over before.
    if (r == 0 && tracker->out_told_s > 0 && sink->taken_back)
        r = sink->taken_back(night->end_s, sink->userdata);
    if (r < 0)
        return r;
    if (night_too_short(&tracker->rules, night, tracker->out_s))
        return sink->dropped ? sink->dropped(night, sink->userdata) : 0;
    return sink->closed ? sink->closed(night, sink->userdata) : 0;
}

static int tick_in_bed(struct night_tracker *tracker, const struct sighting *sighting)
{
    const struct tick *tick = &sighting->tick;
    int r = tracker->open ? end_absence(tracker, tick->time_s) : open_night(tracker, tick->time_s);
    tracker->absent_since_s = NOT_SINCE;
    tracker->out_told_s = 0;
    if (r < 0)
        return r;
    tracker->night.end_s = tick->time_s + 1;
    r = add_to_epoch(tracker, sighting);
    if (r < 0)
        return r;
    struct bout closed;
    return bouts_tick(&tracker->bouts, tick, &closed) ? tell_bout(tracker, &closed) : 0;
}

static int tick_out_of_bed(struct night_tracker *tracker, const struct tick *tick)
{
    if (!tracker->open)
        return 0;
    int r = leave_bed(tracker, tick->time_s);
    if (tracker->empty_since_s == NOT_SINCE)
        tracker->empty_since_s = tick->time_s;
    if (r == 0 && tick->time_s + 1 - tracker->absent_since_s >= tracker->rules.away_s)
        r = close_night(tracker);
    return r;
}

static int debounced(const struct sighting *sighting, bool in_bed, void *userdata)
{
    struct night_tracker *tracker = userdata;
    return in_bed ? tick_in_bed(tracker, sighting) : tick_out_of_bed(tracker, &sighting->tick);
}

// What lies there is no person, and has not been one since since_s.
static int take_back(struct night_tracker *tracker, int64_t since_s, int64_t now_s)
{
    struct bout bout;
    bool told = bouts_cut(&tracker->bouts, since_s, &bout);
    int r = told ? tell_bout(tracker, &bout) : 0;
    if (r == 0)
        r = leave_bed(tracker, since_s);
    if (r == 0 && tracker->sink.taken_back)
        r = tracker->sink.taken_back(since_s, tracker->sink.userdata);
    tracker->night.end_s = since_s;
    tracker->empty_since_s = since_s;
    if (r == 0 && now_s - tracker->absent_since_s >= tracker->rules.away_s)
        r = close_night(tracker);
    return r;
}

int night_tick(struct night_tracker *tracker, const struct tick *tick)
{
    struct sighting sighting = {.tick = *tick, .moved = movement_see(&tracker->movement, tick)};
    int r = occupancy_tick(&tracker->occupancy, &sighting, debounced, tracker);
    int64_t since_s;
    if (!occupancy_gone(&tracker->occupancy, tick, &since_s))
        return r;
    int gone = take_back(tracker, since_s, tick->time_s + 1);
    return r < 0 ? r : gone;
}

int night_gap(struct night_tracker *tracker, const struct gap *gap)
{
    int r = occupancy_release(&tracker->occupancy, debounced, tracker);
    if (tracker->open) {
        int ended = leave_bed(tracker, gap->start_s);
        // Where the night is over, the time out of bed is not part of it.
        if (gap->end_s - tracker->absent_since_s >= tracker->rules.away_s)
            tracker->empty_since_s = NOT_SINCE;
        int absence = end_absence(tracker, gap->start_s);
        if (r == 0)
            r = ended < 0 ? ended : absence;
    }
    if (r == 0 && tracker->sink.gap)
        r = tracker->sink.gap(gap, tracker->sink.userdata);
    if (tracker->occupancy.in_bed)
        occupancy_assume(&tracker->occupancy, gap->end_s);
    if (tracker->open && gap->end_s - tracker->absent_since_s >= tracker->rules.away_s) {
        int closed = close_night(tracker);
        if (r == 0)
            r = closed;
        tracker->occupancy.in_bed = false;
    }
    return r;
}

int64_t epoch_move_s(int64_t by_s)
{
    return by_s - ((by_s % 60) + 60) % 60;
}

static void move(int64_t *time_s, int64_t from_s, int64_t by_s)
{
    if (*time_s != NOT_SINCE && *time_s >= from_s)
        *time_s += by_s;
}

void night_move(struct night_tracker *tracker, int64_t from_s, int64_t by_s)
{
    struct night *night = &tracker->night;
    occupancy_move(&tracker->occupancy, by_s);
    bouts_move(&tracker->bouts, by_s);
    move(&tracker->absent_since_s, from_s, by_s);
    move(&tracker->empty_since_s, from_s, by_s);
    tracker->epoch.start_s += epoch_move_s(by_s);
    if (!tracker->open)
        return;
    if (night->start_s >= from_s)
        night->day =
            night_name(night->start_s + by_s, &tracker->zone, tracker->rules.day_starts_hour);
    move(&night->start_s, from_s, by_s);
    move(&night->end_s, from_s, by_s);
}

int night_flush(struct night_tracker *tracker)
{
    struct bout bout;
    if (!tracker->open || !bouts_now(&tracker->bouts, &bout))
        return 0;
    int r = tell_epoch(tracker);
    if (r < 0 || !tracker->sink.bout_open)
        return r;
    return tracker->sink.bout_open(&bout, tracker->sink.userdata);
}

int night_finish(struct night_tracker *tracker)
{
    int r = occupancy_release(&tracker->occupancy, debounced, tracker);
    if (!tracker->open)
        return r;
    int closed = close_night(tracker);
    return r < 0 ? r : closed;
}

bool night_now(const struct night_tracker *tracker, struct night *night, struct bout *bout)
{
    *night = tracker->night;
    return tracker->open && bouts_now(&tracker->bouts, bout);
}
