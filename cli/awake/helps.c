// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/helps.h"

#include <errno.h>
#include <stdlib.h>

#include "awake/helps_changes.h"

const char *helps_kind_name(enum helps_kind kind)
{
    static const char *const names[] = {
        [HELPS_TAG] = "tag",
        [HELPS_PILLOW] = "new_pillow",
        [HELPS_MATTRESS] = "new_mattress",
        [HELPS_STRETCHING] = "stretching",
        [HELPS_PAD] = "pad",
        [HELPS_SITTING] = "sitting",
        [HELPS_SPORT] = "sport",
    };
    return names[kind];
}

// ---- mornings ----

// A morning whose pain was told, and what is known of the night and the day before it.
struct morning {
    day_number day; // of the night
    double pain, friendly_s, sitting_s, sport_s;
    bool friendly_known, sitting_known;
};

struct mornings {
    struct morning *mornings; // in order
    size_t n;
    double *a, *b; // room for n numbers each
};

// Of a night that is over, that is no nap alone, and that the pad saw nearly all of.
static bool friendly_of(const struct nights *nights, size_t first, size_t end, double *ret)
{
    struct totals totals = totals_of(&nights->entries[first], end - first);
    for (size_t i = first; i < end; i++)
        if (nights->entries[i].summary.night.open)
            return false;
    *ret = (double)totals.friendly_s;
    return totals.naps < totals.nights &&
           (double)totals.recorded_s >= HELPS_RECORDED_MIN * (double)totals.in_bed_s;
}

static day_number day_of(const struct nights *nights, size_t i)
{
    return nights->entries[i].summary.night.night.day;
}

// Both are in order; *at goes along.
static void take_night(struct morning *morning, const struct nights *nights, size_t *at)
{
    while (*at < nights->n && day_of(nights, *at) < morning->day)
        ++*at;
    size_t end = *at;
    while (end < nights->n && day_of(nights, end) == morning->day)
        end++;
    morning->friendly_known = end > *at && friendly_of(nights, *at, end, &morning->friendly_s);
}

static void take_morning(struct mornings *mornings, const struct awake_day *day,
                         const struct nights *nights, size_t *at)
{
    struct morning morning = {.day = day->day};
    if (!awake_number(day, AWAKE_PAIN, &morning.pain))
        return;
    morning.sitting_known = awake_number(day, AWAKE_SITTING, &morning.sitting_s);
    // Of sport people write when there was some.
    if (diary_is_answered(&day->entry, DIARY_SPORT))
        morning.sport_s = (double)day->entry.numbers[DIARY_SPORT];
    take_night(&morning, nights, at);
    mornings->mornings[mornings->n++] = morning;
}

static int mornings_of(struct mornings *ret, const struct report *report)
{
    const struct awake *awake = &report->awake;
    size_t room = awake->n + 1, at = 0;
    *ret = (struct mornings){.mornings = calloc(room, sizeof *ret->mornings),
                             .a = calloc(room, sizeof *ret->a),
                             .b = calloc(room, sizeof *ret->b)};
    if (!ret->mornings || !ret->a || !ret->b)
        return -ENOMEM;
    for (size_t i = 0; i < awake->n; i++)
        if (awake->days[i].day >= report->window.from && awake->days[i].day <= report->window.to)
            take_morning(ret, &awake->days[i], report_window(report), &at);
    return 0;
}

static void mornings_free(struct mornings *mornings)
{
    free(mornings->mornings);
    free(mornings->a);
    free(mornings->b);
}

static int correlate(struct estimate *ret, struct mornings *mornings)
{
    size_t n = 0;
    for (size_t i = 0; i < mornings->n; i++) {
        const struct morning *morning = &mornings->mornings[i];
        if (!morning->friendly_known)
            continue;
        mornings->a[n] = morning->friendly_s;
        mornings->b[n++] = morning->pain;
    }
    return rank_correlation(mornings->a, mornings->b, n, ret);
}

// ---- before and since ----

enum what {
    WHAT_PAIN,
    WHAT_SITTING,
    WHAT_SPORT,
};

static bool number_of(const struct morning *morning, enum what what, double *ret)
{
    *ret = what == WHAT_PAIN      ? morning->pain
           : what == WHAT_SITTING ? morning->sitting_s
                                  : morning->sport_s;
    return what != WHAT_SITTING || morning->sitting_known;
}

struct sides {
    size_t n_before, n_since;
    struct estimate difference;
};

static struct sides compare(struct mornings *mornings, enum what what, day_number since)
{
    struct sides sides = {0};
    for (size_t i = 0; i < mornings->n; i++) {
        const struct morning *morning = &mornings->mornings[i];
        double number;
        if (!number_of(morning, what, &number))
            continue;
        if (morning->day < since)
            mornings->a[sides.n_before++] = number;
        else
            mornings->b[sides.n_since++] = number;
    }
    mean_difference(mornings->a, sides.n_before, mornings->b, sides.n_since, &sides.difference);
    return sides;
}

static void put_beside(struct helps_effect *effect, struct helps_change change)
{
    if (effect->n_beside < HELPS_BESIDE_MAX)
        effect->beside[effect->n_beside++] = change;
}

// A warning needs less than a claim: an interval without 0, of however few nights.
static void put_habit(struct helps_effect *effect, struct mornings *mornings, enum what what,
                      enum helps_kind kind)
{
    day_number since = effect->change.since;
    struct estimate difference = compare(mornings, what, since).difference;
    if (difference.known && (difference.low > 0 || difference.high < 0))
        put_beside(effect, (struct helps_change){kind, NULL, since, difference.value < 0});
}

static struct helps_effect effect_of(const struct helps_changes *changes, size_t which,
                                     struct mornings *mornings)
{
    const struct helps_change *change = &changes->changes[which];
    struct sides sides = compare(mornings, WHAT_PAIN, change->since);
    struct helps_effect effect = {.change = *change,
                                  .n_before = sides.n_before,
                                  .n_since = sides.n_since,
                                  .pain = sides.difference};
    put_habit(&effect, mornings, WHAT_SITTING, HELPS_SITTING);
    put_habit(&effect, mornings, WHAT_SPORT, HELPS_SPORT);
    for (size_t i = 0; i < changes->n; i++)
        if (i != which && abs(changes->changes[i].since - change->since) <= HELPS_NEAR_DAYS)
            put_beside(&effect, changes->changes[i]);
    return effect;
}

// What was there from the first morning on has nothing before it to be compared with.
static int put_effects(struct helps *helps, const struct helps_changes *changes,
                       struct mornings *mornings)
{
    helps->effects = calloc(changes->n + 1, sizeof *helps->effects);
    if (!helps->effects)
        return -ENOMEM;
    for (size_t i = 0; i < changes->n; i++) {
        if (changes->changes[i].kind == HELPS_PAD)
            continue;
        struct helps_effect effect = effect_of(changes, i, mornings);
        if (effect.n_before > 0)
            helps->effects[helps->n++] = effect;
    }
    return 0;
}

int helps_of(struct helps *ret, const struct report *report)
{
    struct mornings mornings;
    struct helps_changes changes = {0};
    *ret = (struct helps){0};
    int r = mornings_of(&mornings, report);
    if (r == 0 && mornings.n > 0) {
        ret->told = true;
        r = correlate(&ret->friendly, &mornings);
        if (r == 0)
            r = helps_changes_of(&changes, report);
        if (r == 0)
            r = put_effects(ret, &changes, &mornings);
    }
    helps_changes_free(&changes);
    mornings_free(&mornings);
    return r;
}

void helps_free(struct helps *helps)
{
    free(helps->effects);
    *helps = (struct helps){0};
}
