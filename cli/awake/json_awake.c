// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/json_awake.h"

#include <math.h>

#include "awake/advice.h"
#include "awake/helps.h"
#include "json.h"

static void put_means(json_t **object, const struct awake_means *means)
{
    for (int i = 0; i < AWAKE_ITEM_N; i++) {
        const struct awake_fact *fact = awake_fact((enum awake_item)i);
        const struct awake_mean *mean = &means->of[i];
        bool whole = mean->n == 1 || !fact->scale;
        json_put(object, fact->identifier,
                 mean->n == 0 ? json_null()
                 : whole      ? json_integer(llround(mean->value))
                              : json_real(mean->value));
    }
}

void json_put_awake(json_t **object, const struct report *report, const struct period *period)
{
    const struct awake_means means = awake_means(&report->awake, period->from, period->to);
    put_means(object, &means);
}

json_t *json_awake(const struct report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->awake.n; i++) {
        day_number day = report->awake.days[i].day;
        if (day < report->period.from || day > report->period.to)
            continue;
        const struct awake_means means = awake_means(&report->awake, day, day);
        json_t *object = json_object();
        json_put(&object, "day", json_day(day));
        put_means(&object, &means);
        json_append(&array, object);
    }
    return array;
}

// ---- what goes along with pain ----

// `value`: the name that the estimate goes by.
static void put_estimate(json_t **object, const char *value, const struct estimate *estimate)
{
    bool known = estimate->known;
    json_put(object, value, known ? json_real(estimate->value) : json_null());
    json_put(object, "low", known ? json_real(estimate->low) : json_null());
    json_put(object, "high", known ? json_real(estimate->high) : json_null());
    json_put(object, "claimed", json_boolean(estimate->claimed));
}

static json_t *json_change(const struct helps_change *change)
{
    json_t *object = json_object();
    bool habit = change->kind == HELPS_SITTING || change->kind == HELPS_SPORT;
    json_put(&object, "what", json_string(helps_kind_name(change->kind)));
    json_put(&object, "tag", change->tag ? json_string(change->tag) : json_null());
    json_put(&object, "since", json_day(change->since));
    json_put(&object, "less", habit ? json_boolean(change->less) : json_null());
    return object;
}

static json_t *json_effect(const struct helps_effect *effect)
{
    json_t *object = json_object(), *beside = json_array();
    for (unsigned i = 0; i < effect->n_beside; i++)
        json_append(&beside, json_change(&effect->beside[i]));
    json_put(&object, "change", json_change(&effect->change));
    json_put(&object, "mornings_before", json_integer((json_int_t)effect->n_before));
    json_put(&object, "mornings_since", json_integer((json_int_t)effect->n_since));
    put_estimate(&object, "pain_difference", &effect->pain);
    json_put(&object, "at_the_same_time", beside);
    return object;
}

json_t *json_helps(const struct report *report)
{
    struct helps helps;
    if (report->period.kind == PERIOD_NIGHT)
        return json_null();
    if (helps_of(&helps, report) < 0)
        return NULL;
    if (!helps.told)
        return json_null();
    json_t *object = json_object(), *friendly = json_object(), *changes = json_array();
    json_put(&object, "from", json_day(report->window.from));
    json_put(&object, "to", json_day(report->window.to));
    json_put(&friendly, "nights", json_integer((json_int_t)helps.friendly.n));
    put_estimate(&friendly, "rank_correlation", &helps.friendly);
    json_put(&object, "pain_and_friendly_time", friendly);
    for (size_t i = 0; i < helps.n; i++)
        json_append(&changes, json_effect(&helps.effects[i]));
    json_put(&object, "changes", changes);
    helps_free(&helps);
    return object;
}

// ---- advice ----

json_t *json_advice(const struct report *report)
{
    struct figures figures;
    struct advice advice;
    if (figures_of(&figures, report) < 0)
        return NULL;
    json_t *array = json_array();
    advice_of(&advice, report, &figures);
    for (size_t i = 0; i < advice.n; i++) {
        char text[ADVICE_TEXT_SIZE];
        if (advice.findings[i].outcome != ADVICE_SPOKE)
            continue;
        advice_words(&advice.findings[i], text);
        json_t *object = json_object();
        json_put(&object, "rule", json_string(advice.findings[i].rule->name));
        json_put(&object, "text", json_string(text));
        json_append(&array, object);
    }
    return array;
}
