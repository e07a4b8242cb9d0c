// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/helps_changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// Two days a week.
#define HABIT_DAYS 2
#define WEEK_DAYS  7

static int add(struct helps_changes *changes, struct helps_change change)
{
    size_t n = changes->n;
    if ((n & (n - 1)) == 0) { // full
        struct helps_change *grown = reallocarray(changes->changes, n ? 2 * n : 1, sizeof *grown);
        if (!grown)
            return -ENOMEM;
        changes->changes = grown;
    }
    changes->changes[changes->n++] = change;
    return 0;
}

static bool is_in(const struct period *window, day_number day)
{
    return day >= window->from && day <= window->to;
}

// ---- tags ----

struct use {
    const char *tag;
    day_number day;
};

static int by_tag_and_day(const void *a, const void *b)
{
    const struct use *one = a, *other = b;
    int order = strcmp(one->tag, other->tag);
    return order ? order : one->day < other->day ? -1 : one->day > other->day;
}

// How many entries the window has from that night on.
static size_t entries_from(const struct report *report, day_number day)
{
    size_t n = 0;
    for (size_t i = report->awake.n; i-- > 0 && report->awake.days[i].day >= day;)
        n += report->awake.days[i].told && report->awake.days[i].day <= report->window.to;
    return n;
}

static int add_lasting(struct helps_changes *changes, const struct report *report,
                       const struct use *uses, size_t n)
{
    int r = 0;
    for (size_t first = 0, end; r == 0 && first < n; first = end) {
        for (end = first + 1; end < n && strcmp(uses[end].tag, uses[first].tag) == 0; end++)
            ;
        size_t times = end - first;
        day_number since = uses[first].day;
        if (times >= HELPS_USES_MIN && 2 * times >= entries_from(report, since))
            r = add(changes, (struct helps_change){HELPS_TAG, uses[first].tag, since, false});
    }
    return r;
}

static int add_tags(struct helps_changes *changes, const struct report *report)
{
    const struct awake *awake = &report->awake;
    struct use *uses = calloc(awake->n * DIARY_TAGS_MAX + 1, sizeof *uses);
    size_t n = 0;
    if (!uses)
        return -ENOMEM;
    for (size_t i = 0; i < awake->n; i++)
        for (unsigned k = 0; k < awake->days[i].entry.n_tags; k++)
            if (is_in(&report->window, awake->days[i].day))
                uses[n++] = (struct use){awake->days[i].entry.tags[k], awake->days[i].day};
    qsort(uses, n, sizeof *uses, by_tag_and_day);
    int r = add_lasting(changes, report, uses, n);
    free(uses);
    return r;
}

// ---- what is new ----

// Who says so on several mornings in a row means one pillow.
static int add_new(struct helps_changes *changes, const struct report *report,
                   enum diary_field field, enum helps_kind kind)
{
    int r = 0;
    bool any = false;
    day_number last = 0;
    for (size_t i = 0; r == 0 && i < report->awake.n; i++) {
        const struct awake_day *day = &report->awake.days[i];
        if (!is_in(&report->window, day->day) || !day->told || day->entry.numbers[field] != 1)
            continue;
        if (!any || day->day - last > HELPS_NEAR_DAYS)
            r = add(changes, (struct helps_change){kind, NULL, day->day, false});
        any = true;
        last = day->day;
    }
    return r;
}

static int add_habit(struct helps_changes *changes, const struct report *report)
{
    day_number first = 0, last = report_newest(report)->night.day;
    size_t n = 0;
    for (size_t i = 0; i < report->awake.n; i++) {
        const struct awake_day *day = &report->awake.days[i];
        if (!is_in(&report->window, day->day))
            continue;
        if (day->sessions > 0 && n++ == 0)
            first = day->day;
        last = day->day > last ? day->day : last;
    }
    if (n < HELPS_USES_MIN || n * WEEK_DAYS < HABIT_DAYS * ((size_t)(last - first) + 1))
        return 0;
    return add(changes, (struct helps_change){HELPS_STRETCHING, NULL, first, false});
}

static int add_pads(struct helps_changes *changes, const struct report *report)
{
    const struct nights *nights = report_window(report);
    int r = 0;
    for (size_t i = 1; r == 0 && i < nights->n; i++) {
        const struct store_night *night = &nights->entries[i].summary.night;
        if (strcmp(night->pad, nights->entries[i - 1].summary.night.pad) != 0)
            r = add(changes, (struct helps_change){HELPS_PAD, NULL, night->night.day, false});
    }
    return r;
}

// ----

static int by_first_night(const void *a, const void *b)
{
    const struct helps_change *one = a, *other = b;
    if (one->since != other->since)
        return one->since < other->since ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return one->tag ? strcmp(one->tag, other->tag) : 0;
}

int helps_changes_of(struct helps_changes *ret, const struct report *report)
{
    *ret = (struct helps_changes){0};
    int r = add_tags(ret, report);
    if (r == 0)
        r = add_new(ret, report, DIARY_NEW_PILLOW, HELPS_PILLOW);
    if (r == 0)
        r = add_new(ret, report, DIARY_NEW_MATTRESS, HELPS_MATTRESS);
    if (r == 0)
        r = add_habit(ret, report);
    if (r == 0)
        r = add_pads(ret, report);
    if (r < 0)
        helps_changes_free(ret);
    else if (ret->n > 0)
        qsort(ret->changes, ret->n, sizeof *ret->changes, by_first_night);
    return r;
}

void helps_changes_free(struct helps_changes *changes)
{
    free(changes->changes);
    *changes = (struct helps_changes){0};
}
