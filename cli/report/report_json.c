// SPDX-License-Identifier: GPL-3.0-or-later
// The report for programs. A field never changes its meaning; a new one may be added.
#include "report/report_forms.h"

#include <jansson.h>

#include "awake/json_awake.h"
#include "json.h"
#include "local.h"

#define JSON_VERSION 1

static json_t *json_time(const struct store_night *night, int64_t time_s)
{
    char text[LOCAL_ISO_SIZE];
    local_iso(night, time_s, text);
    return json_string(text);
}

static json_t *json_zone(const struct store_night *night)
{
    char name[LOCAL_ZONE_SIZE];
    local_zone_name(night, name);
    return json_string(name);
}

static json_t *json_positions(const int64_t position_s[POSITION_N])
{
    json_t *object = json_object();
    for (int p = 0; p < POSITION_N; p++)
        json_put(&object, position_identifier((enum position)p), json_integer(position_s[p]));
    return object;
}

static json_t *json_bout(const struct store_night *night, const struct store_bout *stored)
{
    const struct bout *bout = &stored->bout;
    json_t *object = json_object();
    json_put(&object, "start", json_time(night, bout->start_s));
    json_put(&object, "end", json_time(night, bout->end_s));
    json_put(&object, "position", json_string(position_identifier(bout->position)));
    json_put(&object, "confidence", json_real(bout->confidence));
    json_put(&object, "source", json_string(bout_source_name(stored->source)));
    return object;
}

static json_t *json_gap(const struct store_night *night, const struct gap *gap)
{
    json_t *object = json_object();
    json_put(&object, "start", json_time(night, gap->start_s));
    json_put(&object, "end", json_time(night, gap->end_s));
    json_put(&object, "reason", json_string(gap_reason_name(gap->reason)));
    return object;
}

static void put_bouts(json_t **object, const struct night_entry *entry)
{
    json_t *bouts = json_array(), *gaps = json_array();
    for (size_t i = 0; i < entry->n_bouts; i++)
        json_append(&bouts, json_bout(&entry->summary.night, &entry->bouts[i]));
    for (size_t i = 0; i < entry->n_gaps; i++)
        json_append(&gaps, json_gap(&entry->summary.night, &entry->gaps[i]));
    json_put(object, "bouts", bouts);
    json_put(object, "gaps", gaps);
}

// Null where it could not be told of any minute.
static void put_breathing(json_t **object, const struct night_summary *summary)
{
    bool told = summary->breath_minutes > 0;
    json_put(object, "breaths_per_min", told ? json_real(summary->breaths_per_min) : json_null());
    json_put(object, "breath_steadiness",
             told ? json_real(summary->breath_steadiness) : json_null());
    json_put(object, "breath_minutes", json_integer(summary->breath_minutes));
}

static void put_movement(json_t **object, const struct night_summary *summary)
{
    bool told = summary->movement_minutes > 0;
    bool settled = told && summary->settling_s >= 0;
    json_put(object, "moves", told ? json_integer(summary->moves) : json_null());
    json_put(object, "restlessness", told ? json_real(summary->restlessness) : json_null());
    json_put(object, "settling_s", settled ? json_integer(summary->settling_s) : json_null());
}

static json_t *json_night(const struct report *report, const struct night_entry *entry)
{
    const struct night_summary *summary = &entry->summary;
    const struct store_night *night = &summary->night;
    json_t *object = json_object();
    json_put(&object, "day", json_day(night->night.day));
    json_put(&object, "start", json_time(night, night->night.start_s));
    json_put(&object, "end", json_time(night, night->night.end_s));
    json_put(&object, "timezone", json_zone(night));
    json_put(&object, "open", json_boolean(night->open));
    json_put(&object, "in_bed_s", json_integer(summary->in_bed_s));
    json_put(&object, "recorded_s", json_integer(summary->recorded_s));
    json_put(&object, "unrecorded_s", json_integer(summary->in_bed_s - summary->recorded_s));
    json_put(&object, "friendly_s", json_integer(summary->friendly_s));
    json_put(&object, "turns", json_integer(summary->turns));
    json_put(&object, "longest_bout_s", json_integer(summary->longest_bout_s));
    json_put(&object, "unknown_s", json_integer(summary->unknown_s));
    json_put(&object, "kind", json_string(summary->nap ? "nap" : "night"));
    json_put(&object, "doubtful", json_boolean(summary->doubtful));
    json_put(&object, "exits", json_integer(summary->exits));
    json_put(&object, "longest_friendly_s", json_integer(summary->longest_friendly_s));
    json_put(&object, "knees_left_s", json_integer(summary->knees_left_s));
    json_put(&object, "knees_right_s", json_integer(summary->knees_right_s));
    put_breathing(&object, summary);
    put_movement(&object, summary);
    json_put(&object, "positions", json_positions(summary->position_s));
    if (report->bouts)
        put_bouts(&object, entry);
    return object;
}

static json_t *json_nights(const struct report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->nights.n; i++)
        json_append(&array, json_night(report, &report->nights.entries[i]));
    return array;
}

static void put_totals(json_t **object, const struct totals *totals)
{
    json_put(object, "nights", json_integer(totals->nights));
    json_put(object, "days", json_integer(totals->days));
    json_put(object, "in_bed_s", json_integer(totals->in_bed_s));
    json_put(object, "recorded_s", json_integer(totals->recorded_s));
    json_put(object, "unrecorded_s", json_integer(totals_unrecorded_s(totals)));
    json_put(object, "friendly_s", json_integer(totals->friendly_s));
    json_put(object, "friendly_share", json_real(totals_friendly_share(totals)));
    json_put(object, "turns", json_integer(totals->turns));
    json_put(object, "longest_bout_s", json_integer(totals->longest_bout_s));
    json_put(object, "unknown_s", json_integer(totals->unknown_s));
    json_put(object, "naps", json_integer(totals->naps));
    json_put(object, "exits", json_integer(totals->exits));
    json_put(object, "longest_friendly_s", json_integer(totals->longest_friendly_s));
    json_put(object, "knees_left_s", json_integer(totals->knees_left_s));
    json_put(object, "knees_right_s", json_integer(totals->knees_right_s));
    json_put(object, "positions", json_positions(totals->position_s));
}

static json_t *json_totals(const struct report *report)
{
    json_t *object = json_object();
    put_totals(&object, &report->totals);
    json_put_awake(&object, report, &report->period);
    return object;
}

static json_t *json_previous(const struct report *report)
{
    if (report->previous.nights == 0)
        return json_null();
    json_t *object = json_object();
    json_put(&object, "from", json_day(report->before.from));
    json_put(&object, "to", json_day(report->before.to));
    put_totals(&object, &report->previous);
    json_put_awake(&object, report, &report->before);
    return object;
}

static json_t *json_period(const struct report *report)
{
    json_t *object = json_object();
    json_put(&object, "kind", json_string(period_kind_name(report->period.kind)));
    json_put(&object, "from", json_day(report->period.from));
    json_put(&object, "to", json_day(report->period.to));
    json_put(&object, "timezone", json_zone(report_newest(report)));
    return object;
}

int report_print_json(FILE *stream, const struct report *report)
{
    json_t *root = json_object();
    json_put(&root, "version", json_integer(JSON_VERSION));
    json_put(&root, "period", json_period(report));
    json_put(&root, "nights", json_nights(report));
    json_put(&root, "totals", json_totals(report));
    json_put(&root, "previous", json_previous(report));
    json_put(&root, "friendly_set", json_position_set(report->friendly));
    json_put(&root, "awake", json_awake(report));
    json_put(&root, "helps", json_helps(report));
    json_put(&root, "advice", json_advice(report));
    return json_print(stream, root);
}
