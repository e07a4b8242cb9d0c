// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/awake.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "screen.h"
#include "store/store_awake.h"
#include "words.h"

const struct awake_fact *awake_fact(enum awake_item item)
{
    static const struct awake_fact facts[AWAKE_ITEM_N] = {
        [AWAKE_STRETCHED] = {"stretched_s", N_("Stretched"), N_("STRETCHED"), false},
        [AWAKE_PAIN] = {"pain", N_("Pain"), N_("PAIN"), true},
        [AWAKE_STIFFNESS] = {"stiffness", N_("Stiffness"), N_("STIFFNESS"), true},
        [AWAKE_SITTING] = {"sitting_s", N_("Sitting"), N_("SITTING"), false},
    };
    return &facts[item];
}

// ---- reading ----

// Where the day is, or would have to be.
static size_t place_of(const struct awake *awake, day_number day)
{
    size_t low = 0, high = awake->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (awake->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The day, added if it is not there. Null when memory is short.
static struct awake_day *day_added(struct awake *awake, day_number day)
{
    size_t at = place_of(awake, day), n = awake->n;
    if (at < n && awake->days[at].day == day)
        return &awake->days[at];
    if ((n & (n - 1)) == 0) { // full
        struct awake_day *days = reallocarray(awake->days, n ? 2 * n : 1, sizeof *days);
        if (!days)
            return NULL;
        awake->days = days;
    }
    memmove(&awake->days[at + 1], &awake->days[at], (n - at) * sizeof *awake->days);
    awake->days[at] = (struct awake_day){.day = day};
    awake->n++;
    return &awake->days[at];
}

static int take_entry(const struct diary_entry *entry, void *awake)
{
    struct awake_day *day = day_added(awake, entry->day - 1);
    if (!day || diary_copy(&day->entry, entry) < 0)
        return -ENOMEM;
    day->told = true;
    return 0;
}

static int take_session(const struct stretch_session *session, void *awake)
{
    struct awake_day *day = day_added(awake, session->day);
    if (!day)
        return -ENOMEM;
    day->sessions++;
    day->stretched_s += stretch_session_held_s(session);
    return 0;
}

int awake_read(struct awake *ret, struct store *store, day_number from, day_number to)
{
    *ret = (struct awake){0};
    int r = store_diary(store, from + 1, to + 1, take_entry, ret);
    return r < 0 ? r : store_stretches(store, from, to, take_session, ret);
}

void awake_free(struct awake *awake)
{
    for (size_t i = 0; i < awake->n; i++)
        diary_done(&awake->days[i].entry);
    free(awake->days);
    *awake = (struct awake){0};
}

const struct awake_day *awake_of(const struct awake *awake, day_number day)
{
    size_t at = place_of(awake, day);
    return at < awake->n && awake->days[at].day == day ? &awake->days[at] : NULL;
}

// ---- items ----

bool awake_number(const struct awake_day *day, enum awake_item item, double *ret)
{
    static const enum diary_field fields[AWAKE_ITEM_N] = {
        [AWAKE_PAIN] = DIARY_PAIN,
        [AWAKE_STIFFNESS] = DIARY_STIFFNESS,
        [AWAKE_SITTING] = DIARY_SITTING,
    };
    if (item == AWAKE_STRETCHED) {
        *ret = (double)day->stretched_s;
        return day->sessions > 0;
    }
    if (!day->told || !diary_is_answered(&day->entry, fields[item]))
        return false;
    *ret = (double)day->entry.numbers[fields[item]];
    return true;
}

struct awake_means awake_means(const struct awake *awake, day_number from, day_number to)
{
    struct awake_means means = {0};
    for (size_t i = place_of(awake, from); i < awake->n && awake->days[i].day <= to; i++) {
        means.days++;
        for (int item = 0; item < AWAKE_ITEM_N; item++) {
            double number;
            if (!awake_number(&awake->days[i], (enum awake_item)item, &number))
                continue;
            means.of[item].n++;
            means.of[item].value += number;
        }
    }
    for (int item = 0; item < AWAKE_ITEM_N; item++)
        if (item != AWAKE_STRETCHED && means.of[item].n > 0)
            means.of[item].value /= means.of[item].n;
    return means;
}

// ---- in words ----

// One night's number is whole; a mean has a decimal.
static void scale_text(struct awake_mean mean, char text[AWAKE_TEXT_SIZE])
{
    snprintf(text, AWAKE_TEXT_SIZE, mean.n == 1 ? "%.0f" : "%.1f", mean.value);
}

void awake_text(enum awake_item item, struct awake_mean mean, char text[AWAKE_TEXT_SIZE])
{
    if (mean.n == 0)
        *text = '\0';
    else if (awake_fact(item)->scale)
        scale_text(mean, text);
    else
        duration_clock(llround(mean.value), text);
}

void awake_words(enum awake_item item, struct awake_mean mean, char text[AWAKE_TEXT_SIZE])
{
    if (mean.n == 0)
        snprintf(text, AWAKE_TEXT_SIZE, "%s", _("not told"));
    else if (awake_fact(item)->scale)
        scale_text(mean, text);
    else
        duration_words(llround(mean.value), text);
}
