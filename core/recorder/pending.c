// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder/pending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX

enum kind {
    KIND_NIGHT,
    KIND_BOUT,
    KIND_GAP,
    KIND_EPOCH,
    KIND_MOVE,
    KIND_CLOCK_STEP,
    KIND_CUT,
    KIND_DROP,
};

struct record {
    enum kind kind;
    union {
        struct {
            struct night night;
            bool begins; // else it went on from before
            bool open;
        };
        struct {
            struct bout bout;
            uint64_t picture; // its number; 0: none
        };
        struct {
            struct gap gap;
            bool in_night;
        };
        struct epoch epoch;
        struct store_move move;
        struct {
            int64_t at_s, by_s;
            bool night_moved;
        };
        int64_t cut_s;
    };
};

struct pending {
    struct pending_origin origin;
    struct record *records; // PENDING_RECORDS
    size_t n;
    // The newest of their kind, which may be brought up to date; NONE: there is none.
    size_t night, bout, epoch;
    // Picture number k is in k % PENDING_PICTURES, until a later one takes its place.
    uint8_t (*pictures)[STORE_SNAPSHOT_SIZE];
    uint64_t last_picture, stored_picture; // ... of them in the store
    uint64_t lost;
    // Of the times before the first record, and after the last one.
    int64_t first_offset_s, offset_s;
    uint64_t refused; // when written last
};

int pending_new(struct pending **ret, const struct pending_origin *origin)
{
    _cleanup_(pending_freep) struct pending *pending = calloc(1, sizeof *pending);
    if (!pending)
        return -ENOMEM;
    pending->origin = *origin;
    // Zeroed memory that is never touched costs nothing.
    pending->records = calloc(PENDING_RECORDS, sizeof *pending->records);
    pending->pictures = calloc(PENDING_PICTURES, sizeof *pending->pictures);
    if (!pending->records || !pending->pictures)
        return -ENOMEM;
    pending_clear(pending);
    *ret = pending;
    pending = NULL;
    return 0;
}

void pending_free(struct pending *pending)
{
    free(pending->records);
    free(pending->pictures);
    free(pending);
}

void pending_clear(struct pending *pending)
{
    pending->n = 0;
    pending->night = pending->bout = pending->epoch = NONE;
    pending->stored_picture = pending->last_picture;
    pending->first_offset_s = pending->offset_s;
    pending->lost += pending->refused;
    pending->refused = 0;
}

size_t pending_count(const struct pending *pending)
{
    return pending->n;
}

uint64_t pending_lost(const struct pending *pending)
{
    return pending->lost;
}

// ---- where there is no room ----

// A record of the older half takes its new place, and whoever points to it follows.
static void keep(struct pending *pending, size_t from, size_t to)
{
    pending->records[to] = pending->records[from];
    if (pending->night == from)
        pending->night = to;
    if (pending->bout == from)
        pending->bout = to;
    if (pending->epoch == from)
        pending->epoch = to;
}

// The older half lost its records from `to` on: the newer half moves up.
static bool close_up(struct pending *pending, size_t half, size_t to)
{
    if (to == half)
        return false;
    for (size_t from = half; from < pending->n; from++)
        keep(pending, from, to++);
    pending->n = to;
    return true;
}

static bool drop_epochs(struct pending *pending)
{
    size_t half = pending->n / 2, to = 0;
    for (size_t i = 0; i < half; i++) {
        if (pending->records[i].kind == KIND_EPOCH && i != pending->epoch)
            pending->lost++;
        else
            keep(pending, i, to++);
    }
    return close_up(pending, half, to);
}

static bool has_span(const struct record *record)
{
    return record->kind == KIND_BOUT || record->kind == KIND_GAP;
}

static struct gap span(const struct record *record)
{
    if (record->kind == KIND_GAP)
        return record->gap;
    return (struct gap){record->bout.start_s, record->bout.end_s, GAP_NOT_STORED};
}

// Makes the gap part of the one at *merged, or the first of them, at *to.
static void merge(struct pending *pending, struct gap gap, size_t *merged, size_t *to)
{
    gap.reason = GAP_NOT_STORED;
    if (*merged == NONE) {
        *merged = (*to)++;
        pending->records[*merged] = (struct record){.kind = KIND_GAP, .gap = gap, .in_night = true};
    }
    struct gap *whole = &pending->records[*merged].gap;
    if (gap.end_s > whole->end_s)
        whole->end_s = gap.end_s;
}

// Bouts and gaps become one gap a night; gaps of no night go.
static bool drop_bouts(struct pending *pending)
{
    size_t half = pending->n / 2, to = 0, merged = NONE;
    for (size_t i = 0; i < half; i++) {
        const struct record *record = &pending->records[i];
        if (i == pending->bout || !has_span(record)) {
            // Times before a move and after it are no one span.
            if (record->kind == KIND_NIGHT || record->kind == KIND_MOVE)
                merged = NONE;
            keep(pending, i, to++);
            continue;
        }
        bool of_night = record->kind == KIND_BOUT || record->in_night;
        if (record->kind == KIND_BOUT || !of_night)
            pending->lost++;
        if (of_night)
            merge(pending, span(record), &merged, &to);
    }
    return close_up(pending, half, to);
}

// Nothing but nights and their gaps is left. Those before the one in progress go; not the first, of
// which the store may have a part.
static bool drop_nights(struct pending *pending)
{
    size_t half = pending->n / 2, to = 0;
    for (size_t i = 0; i < half; i++) {
        bool current = pending->night != NONE && i >= pending->night;
        if (current || i == 0)
            keep(pending, i, to++);
        else if (pending->records[i].kind == KIND_NIGHT)
            pending->lost++;
    }
    return close_up(pending, half, to);
}

static struct record *append(struct pending *pending, enum kind kind)
{
    if (pending->n == PENDING_RECORDS && !drop_epochs(pending) && !drop_bouts(pending))
        drop_nights(pending);
    struct record *record = &pending->records[pending->n++];
    *record = (struct record){.kind = kind};
    return record;
}

// ---- what comes in ----

static void put_night(struct pending *pending, const struct night *night, bool begins, bool open)
{
    struct record *record = append(pending, KIND_NIGHT);
    pending->night = pending->n - 1;
    pending->bout = pending->epoch = NONE;
    record->night = *night;
    record->begins = begins;
    record->open = open;
}

void pending_night_begin(struct pending *pending, const struct night *night)
{
    put_night(pending, night, true, true);
}

void pending_night_update(struct pending *pending, const struct night *night, bool open)
{
    if (pending->night == NONE) {
        put_night(pending, night, false, open);
        return;
    }
    struct record *record = &pending->records[pending->night];
    record->night.end_s = night->end_s;
    record->open = open;
}

void pending_bout(struct pending *pending, const struct bout *bout, const void *picture)
{
    struct record *record = NULL;
    if (pending->bout != NONE && pending->records[pending->bout].bout.start_s == bout->start_s) {
        record = &pending->records[pending->bout];
    } else {
        record = append(pending, KIND_BOUT);
        pending->bout = pending->n - 1;
    }
    record->bout = *bout;
    if (!picture)
        return;
    record->picture = ++pending->last_picture;
    if (pending->last_picture - pending->stored_picture > PENDING_PICTURES)
        pending->lost++;
    memcpy(pending->pictures[record->picture % PENDING_PICTURES], picture, STORE_SNAPSHOT_SIZE);
}

void pending_gap(struct pending *pending, const struct gap *gap, bool in_night)
{
    struct record *record = append(pending, KIND_GAP);
    record->gap = *gap;
    record->in_night = in_night;
}

void pending_epoch(struct pending *pending, const struct epoch *epoch)
{
    struct record *record = NULL;
    if (pending->epoch != NONE &&
        pending->records[pending->epoch].epoch.start_s == epoch->start_s) {
        record = &pending->records[pending->epoch];
    } else {
        record = append(pending, KIND_EPOCH);
        pending->epoch = pending->n - 1;
    }
    record->epoch = *epoch;
}

void pending_move(struct pending *pending, const struct store_move *move)
{
    append(pending, KIND_MOVE)->move = *move;
    // What comes later is by the clock as set: nothing before this can be brought up to date.
    pending->night = pending->bout = pending->epoch = NONE;
}

void pending_clock_step(struct pending *pending, int64_t at_s, int64_t by_s, bool in_night)
{
    struct record *record = append(pending, KIND_CLOCK_STEP);
    pending->offset_s += by_s;
    record->at_s = at_s;
    record->by_s = by_s;
    record->night_moved = in_night;
}

void pending_set_offset(struct pending *pending, int64_t offset_s)
{
    pending->offset_s = offset_s;
    if (pending->n == 0)
        pending->first_offset_s = offset_s;
}

void pending_cut(struct pending *pending, int64_t time_s)
{
    append(pending, KIND_CUT)->cut_s = time_s;
    // What follows is written after the cut, and survives it.
    pending->bout = pending->epoch = NONE;
}

void pending_drop(struct pending *pending)
{
    append(pending, KIND_DROP);
    pending->night = pending->bout = pending->epoch = NONE;
}

// ---- what goes out ----

static const void *picture(const struct pending *pending, uint64_t number)
{
    if (number == 0 || pending->last_picture - number >= PENDING_PICTURES)
        return NULL;
    return pending->pictures[number % PENDING_PICTURES];
}

static int insert_night(const struct pending *pending, struct store *store,
                        const struct record *record, int64_t *night_id)
{
    const struct pending_origin *origin = &pending->origin;
    const struct zone *zone = &origin->zone;
    struct store_night stored = {
        .night = record->night,
        .start_utc_offset_s = zone->offset_s(record->night.start_s, zone->userdata),
        .open = record->open,
    };
    memcpy(stored.timezone, zone->name, sizeof stored.timezone);
    memcpy(stored.pad, origin->pad, sizeof stored.pad);
    memcpy(stored.model, origin->model, sizeof stored.model);
    return store_night_begin(store, &stored, night_id);
}

// The time from the night's beginning to what is known of it here.
static struct gap missing_part(const struct pending *pending, const struct record *night)
{
    struct gap gap = {night->night.start_s, night->night.end_s, GAP_NOT_STORED};
    const struct record *end = pending->records + pending->n;
    for (const struct record *record = night + 1; record < end; record++) {
        if (record->kind == KIND_NIGHT || record->kind == KIND_MOVE)
            break;
        if (has_span(record) && span(record).start_s < gap.end_s)
            gap.end_s = span(record).start_s;
    }
    return gap;
}

static int write_night(const struct pending *pending, struct store *store,
                       const struct record *record, int64_t *night_id)
{
    if (!record->begins && *night_id > 0)
        return store_night_update(store, *night_id, record->night.end_s, record->open);
    int r = insert_night(pending, store, record, night_id);
    if (r < 0 || record->begins)
        return r;
    struct gap gap = missing_part(pending, record);
    return gap.end_s > gap.start_s ? store_gap_add(store, *night_id, &gap) : 0;
}

static int drop_night(struct store *store, int64_t *night_id)
{
    int r = store_night_drop(store, *night_id);
    *night_id = 0;
    return r;
}

static int write_record(const struct pending *pending, struct store *store,
                        const struct record *record, int64_t *night_id)
{
    switch (record->kind) {
    case KIND_NIGHT:
        return write_night(pending, store, record, night_id);
    case KIND_BOUT:
        return store_bout_put(store, *night_id, &record->bout, picture(pending, record->picture));
    case KIND_GAP:
        return store_gap_add(store, record->in_night ? *night_id : 0, &record->gap);
    case KIND_EPOCH:
        return store_epoch_put(store, *night_id, &record->epoch);
    case KIND_MOVE:
        return store_move(store, *night_id, &record->move);
    case KIND_CLOCK_STEP:
        return store_clock_step(store, record->at_s, record->by_s,
                                record->night_moved ? *night_id : 0);
    case KIND_CUT:
        return store_night_cut(store, *night_id, record->cut_s);
    case KIND_DROP:
        return drop_night(store, night_id);
    }
    return -EINVAL;
}

int pending_write(struct pending *pending, struct store *store, int64_t *night_id)
{
    int64_t offset_s = pending->first_offset_s;
    store_set_boot(store, pending->origin.boot, offset_s);
    pending->refused = 0;
    for (size_t i = 0; i < pending->n; i++) {
        const struct record *record = &pending->records[i];
        int r = write_record(pending, store, record, night_id);
        if (r == -EINVAL)
            pending->refused++;
        else if (r < 0)
            return r;
        if (record->kind == KIND_CLOCK_STEP)
            store_set_boot(store, pending->origin.boot, offset_s += record->by_s);
    }
    return 0;
}

static struct record *first_night(const struct pending *pending)
{
    for (size_t i = 0; i < pending->n; i++)
        if (pending->records[i].kind == KIND_NIGHT)
            return &pending->records[i];
    return NULL;
}

const struct night *pending_first_night(const struct pending *pending, bool *begins)
{
    const struct record *record = first_night(pending);
    if (!record)
        return NULL;
    *begins = record->begins;
    return &record->night;
}

void pending_join(struct pending *pending, const struct night *stored)
{
    struct record *record = first_night(pending);
    record->begins = false;
    record->night.day = stored->day;
    record->night.start_s = stored->start_s;
}
