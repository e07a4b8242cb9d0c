// SPDX-License-Identifier: GPL-3.0-or-later
// The report for programs. A field never changes its meaning; a new one may be added.
#include "report.h"

#include <errno.h>

#include <jansson.h>

#include "local.h"

#define JSON_VERSION 1
#define REAL_DIGITS  4 // of shares and confidences: all there is to say

// Adds a field. A shortage of memory, here or where the value comes from, leaves *object null,
// and with that everything it would have gone into.
static void put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

static void append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value) == 0)
        return;
    json_decref(*array);
    *array = NULL;
}

static json_t *json_day(day_number day)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    return json_string(text);
}

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
        put(&object, position_identifier((enum position)p), json_integer(position_s[p]));
    return object;
}

static json_t *json_bout(const struct store_night *night, const struct bout *bout)
{
    json_t *object = json_object();
    put(&object, "start", json_time(night, bout->start_s));
    put(&object, "end", json_time(night, bout->end_s));
    put(&object, "position", json_string(position_identifier(bout->position)));
    put(&object, "confidence", json_real(bout->confidence));
    return object;
}

static json_t *json_gap(const struct store_night *night, const struct gap *gap)
{
    json_t *object = json_object();
    put(&object, "start", json_time(night, gap->start_s));
    put(&object, "end", json_time(night, gap->end_s));
    put(&object, "reason", json_string(gap_reason_name(gap->reason)));
    return object;
}

static void put_bouts(json_t **object, const struct night_entry *entry)
{
    json_t *bouts = json_array(), *gaps = json_array();
    for (size_t i = 0; i < entry->n_bouts; i++)
        append(&bouts, json_bout(&entry->summary.night, &entry->bouts[i]));
    for (size_t i = 0; i < entry->n_gaps; i++)
        append(&gaps, json_gap(&entry->summary.night, &entry->gaps[i]));
    put(object, "bouts", bouts);
    put(object, "gaps", gaps);
}

static json_t *json_night(const struct report *report, const struct night_entry *entry)
{
    const struct night_summary *summary = &entry->summary;
    const struct store_night *night = &summary->night;
    json_t *object = json_object();
    put(&object, "day", json_day(night->night.day));
    put(&object, "start", json_time(night, night->night.start_s));
    put(&object, "end", json_time(night, night->night.end_s));
    put(&object, "timezone", json_zone(night));
    put(&object, "open", json_boolean(night->open));
    put(&object, "in_bed_s", json_integer(summary->in_bed_s));
    put(&object, "recorded_s", json_integer(summary->recorded_s));
    put(&object, "unrecorded_s", json_integer(summary->in_bed_s - summary->recorded_s));
    put(&object, "friendly_s", json_integer(summary->friendly_s));
    put(&object, "turns", json_integer(summary->turns));
    put(&object, "longest_bout_s", json_integer(summary->longest_bout_s));
    put(&object, "unknown_s", json_integer(summary->unknown_s));
    put(&object, "positions", json_positions(summary->position_s));
    if (report->bouts)
        put_bouts(&object, entry);
    return object;
}

static json_t *json_nights(const struct report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->nights.n; i++)
        append(&array, json_night(report, &report->nights.entries[i]));
    return array;
}

static void put_totals(json_t **object, const struct totals *totals)
{
    put(object, "nights", json_integer(totals->nights));
    put(object, "days", json_integer(totals->days));
    put(object, "in_bed_s", json_integer(totals->in_bed_s));
    put(object, "recorded_s", json_integer(totals->recorded_s));
    put(object, "unrecorded_s", json_integer(totals_unrecorded_s(totals)));
    put(object, "friendly_s", json_integer(totals->friendly_s));
    put(object, "friendly_share", json_real(totals_friendly_share(totals)));
    put(object, "turns", json_integer(totals->turns));
    put(object, "longest_bout_s", json_integer(totals->longest_bout_s));
    put(object, "unknown_s", json_integer(totals->unknown_s));
    put(object, "positions", json_positions(totals->position_s));
}

static json_t *json_totals(const struct report *report)
{
    json_t *object = json_object();
    put_totals(&object, &report->totals);
    return object;
}

static json_t *json_previous(const struct report *report)
{
    if (report->previous.nights == 0)
        return json_null();
    json_t *object = json_object();
    put(&object, "from", json_day(report->before.from));
    put(&object, "to", json_day(report->before.to));
    put_totals(&object, &report->previous);
    return object;
}

static json_t *json_period(const struct report *report)
{
    json_t *object = json_object();
    put(&object, "kind", json_string(period_kind_name(report->period.kind)));
    put(&object, "from", json_day(report->period.from));
    put(&object, "to", json_day(report->period.to));
    put(&object, "timezone", json_zone(report_newest(report)));
    return object;
}

static json_t *json_friendly_set(const struct report *report)
{
    json_t *array = json_array();
    for (int p = 0; p < POSITION_N; p++)
        if (report_is_friendly(report, (enum position)p))
            append(&array, json_string(position_identifier((enum position)p)));
    return array;
}

int report_print_json(FILE *stream, const struct report *report)
{
    json_t *root = json_object();
    put(&root, "version", json_integer(JSON_VERSION));
    put(&root, "period", json_period(report));
    put(&root, "nights", json_nights(report));
    put(&root, "totals", json_totals(report));
    put(&root, "previous", json_previous(report));
    put(&root, "friendly_set", json_friendly_set(report));
    if (!root)
        return -ENOMEM;
    // A write that fails is noticed where standard output is closed.
    json_dumpf(root, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(REAL_DIGITS));
    fputc('\n', stream);
    json_decref(root);
    return 0;
}
