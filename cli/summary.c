// SPDX-License-Identifier: GPL-3.0-or-later
#include "summary.h"

#include <errno.h>
#include <stdlib.h>

// The array of n elements with room for one more: its size doubles, so it is full when n is a
// power of two. Null when memory is short.
static void *grown(void *array, size_t n, size_t size)
{
    bool full = (n & (n - 1)) == 0;
    return full ? reallocarray(array, n ? 2 * n : 1, size) : array;
}

static int take_night(const struct night_summary *summary, void *userdata)
{
    struct nights *nights = userdata;
    struct night_entry *entries = grown(nights->entries, nights->n, sizeof *entries);
    if (!entries)
        return -ENOMEM;
    nights->entries = entries;
    entries[nights->n++] = (struct night_entry){.summary = *summary};
    return 0;
}

static int take_bout(const struct store_bout *bout, void *userdata)
{
    struct night_entry *entry = userdata;
    struct store_bout *bouts = grown(entry->bouts, entry->n_bouts, sizeof *bouts);
    if (!bouts)
        return -ENOMEM;
    entry->bouts = bouts;
    bouts[entry->n_bouts++] = *bout;
    return 0;
}

static int take_gap(const struct gap *gap, void *userdata)
{
    struct night_entry *entry = userdata;
    struct gap *gaps = grown(entry->gaps, entry->n_gaps, sizeof *gaps);
    if (!gaps)
        return -ENOMEM;
    entry->gaps = gaps;
    gaps[entry->n_gaps++] = *gap;
    return 0;
}

int nights_read(struct nights *ret, struct store *store, const struct period *period,
                position_set friendly)
{
    *ret = (struct nights){0};
    return store_nights(store, period->from, period->to, friendly, take_night, ret);
}

int nights_read_bouts(struct nights *nights, struct store *store)
{
    for (size_t i = 0; i < nights->n; i++) {
        struct night_entry *entry = &nights->entries[i];
        int64_t id = entry->summary.night.id;
        int r = store_bouts(store, id, take_bout, entry);
        if (r >= 0)
            r = store_gaps(store, id, take_gap, entry);
        if (r < 0)
            return r;
    }
    return 0;
}

int nights_read_minutes(struct nights *nights, struct store *store)
{
    int r = 0;
    for (size_t i = 0; r >= 0 && i < nights->n; i++)
        r = store_night_minutes(store, &nights->entries[i].summary);
    return r;
}

void nights_free(struct nights *nights)
{
    for (size_t i = 0; i < nights->n; i++) {
        free(nights->entries[i].bouts);
        free(nights->entries[i].gaps);
    }
    free(nights->entries);
    *nights = (struct nights){0};
}

struct totals totals_of(const struct night_entry *entries, size_t n)
{
    struct totals totals = {0};
    for (size_t i = 0; i < n; i++) {
        const struct night_summary *night = &entries[i].summary;
        totals.nights++;
        if (i == 0 || night->night.night.day != entries[i - 1].summary.night.night.day)
            totals.days++;
        totals.in_bed_s += night->in_bed_s;
        totals.recorded_s += night->recorded_s;
        totals.friendly_s += night->friendly_s;
        totals.unknown_s += night->unknown_s;
        totals.turns += night->turns;
        totals.naps += night->nap;
        totals.exits += night->exits;
        totals.knees_left_s += night->knees_left_s;
        totals.knees_right_s += night->knees_right_s;
        if (night->longest_friendly_s > totals.longest_friendly_s)
            totals.longest_friendly_s = night->longest_friendly_s;
        if (night->longest_bout_s > totals.longest_bout_s)
            totals.longest_bout_s = night->longest_bout_s;
        for (int p = 0; p < POSITION_N; p++)
            totals.position_s[p] += night->position_s[p];
    }
    return totals;
}

double share_of(int64_t part_s, int64_t whole_s)
{
    return whole_s > 0 ? (double)part_s / (double)whole_s : 0;
}

double totals_friendly_share(const struct totals *totals)
{
    return share_of(totals->friendly_s, totals->recorded_s);
}

int64_t totals_a_night(const struct totals *totals, int64_t sum)
{
    return totals->days > 0 ? (sum + totals->days / 2) / totals->days : 0;
}

int64_t totals_unrecorded_s(const struct totals *totals)
{
    return totals->in_bed_s - totals->recorded_s;
}

enum position totals_most(const struct totals *totals)
{
    enum position most = POSITION_UNKNOWN;
    int64_t longest_s = 0;
    for (int p = 0; p < POSITION_BODY_N; p++) {
        if (totals->position_s[p] > longest_s) {
            longest_s = totals->position_s[p];
            most = (enum position)p;
        }
    }
    return most;
}
