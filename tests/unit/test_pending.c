// SPDX-License-Identifier: GPL-3.0-or-later
// What waits in memory while nothing can be stored, and what of it arrives.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorder/pending.h"
#include "store/store.h"

#define START   INT64_C(1767648600) // 2026-01-05 22:30:00 in Berlin
#define DAY     20458               // 2026-01-05
#define DAY_S   INT64_C(86400)
#define MINUTES (START / 60 * 60)

struct place {
    char directory[64], path[96];
    struct store *store;
    struct pending *pending;
};

static int32_t one_hour(int64_t time_s, void *userdata)
{
    (void)time_s;
    (void)userdata;
    return 3600;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct error error = {0};
    strcpy(place->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/night.db", place->directory);
    if (store_open(&place->store, place->path, STORE_WRITE, &error) < 0)
        fail_msg("%s", error.text);
    const struct pending_origin origin = {
        .zone = {.name = "Europe/Berlin", .offset_s = one_hour},
        .pad = "virtual",
        .model = "m1",
    };
    assert_int_equal(pending_new(&place->pending, &origin), 0);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    pending_free(place->pending);
    store_free(place->store);
    snprintf(command, sizeof command, "rm -rf %s", place->directory);
    int r = system(command);
    free(place);
    return r;
}

static struct night night_at(int64_t start_s, int64_t end_s)
{
    return (struct night){
        .day = (day_number)(DAY + (start_s - START) / DAY_S),
        .start_s = start_s,
        .end_s = end_s,
    };
}

static void put_bout(struct pending *pending, int64_t start_s, int64_t end_s, int picture)
{
    uint8_t bytes[STORE_SNAPSHOT_SIZE];
    memset(bytes, picture & 0xFF, sizeof bytes);
    const struct bout bout = {start_s, end_s, POSITION_SUPINE, 0.9};
    pending_bout(pending, &bout, picture ? bytes : NULL);
}

static void put_epoch(struct pending *pending, int64_t start_s, int seconds)
{
    const struct epoch epoch = {.start_s = start_s, .seconds = (uint8_t)seconds};
    pending_epoch(pending, &epoch);
}

static int64_t write_all(struct place *place, int64_t night_id)
{
    assert_int_equal(pending_write(place->pending, place->store, &night_id), 0);
    assert_int_equal(store_commit(place->store), 0);
    return night_id;
}

struct found {
    struct night_summary nights[4];
    struct store_bout bouts[8];
    struct gap gaps[8];
    size_t n, bouts_n, gaps_n;
};

static int find_night(const struct night_summary *summary, void *userdata)
{
    struct found *found = userdata;
    if (found->n < 4)
        found->nights[found->n] = *summary;
    found->n++;
    return 0;
}

static int find_bout(const struct store_bout *bout, void *userdata)
{
    struct found *found = userdata;
    if (found->bouts_n < 8)
        found->bouts[found->bouts_n] = *bout;
    found->bouts_n++;
    return 0;
}

static int find_gap(const struct gap *gap, void *userdata)
{
    struct found *found = userdata;
    if (found->gaps_n < 8)
        found->gaps[found->gaps_n] = *gap;
    found->gaps_n++;
    return 0;
}

// All nights, and the bouts and gaps of the first.
static struct found *find(struct place *place)
{
    static struct found found;
    found = (struct found){0};
    assert_int_equal(store_nights(place->store, 0, 100000, 0, find_night, &found), 0);
    if (found.n == 0)
        return &found;
    int64_t id = found.nights[0].night.id;
    assert_int_equal(store_bouts(place->store, id, find_bout, &found), 0);
    assert_int_equal(store_gaps(place->store, id, find_gap, &found), 0);
    return &found;
}

static void put_a_night(struct pending *pending)
{
    struct night night = night_at(START, START);
    const struct gap gap = {START + 600, START + 700, GAP_PAD_SILENT};
    pending_night_begin(pending, &night);
    put_bout(pending, START, START + 30, 0);
    put_epoch(pending, MINUTES, 30);
    put_bout(pending, START, START + 600, 7);
    put_epoch(pending, MINUTES, 60);
    pending_gap(pending, &gap, true);
    put_bout(pending, START + 700, START + 900, 0);
    night.end_s = START + 900;
    pending_night_update(pending, &night, false);
}

static void a_night_arrives_whole(void **state)
{
    struct place *place = *state;
    put_a_night(place->pending);
    // What changed was brought up to date: a night, two bouts, a gap, a minute.
    assert_int_equal(pending_count(place->pending), 5);
    write_all(place, 0);
    pending_clear(place->pending);
    assert_int_equal(pending_count(place->pending), 0);
    const struct found *found = find(place);
    assert_int_equal(found->n, 1);
    const struct store_night *night = &found->nights[0].night;
    assert_false(night->open);
    assert_string_equal(night->timezone, "Europe/Berlin");
    assert_string_equal(night->pad, "virtual");
    assert_string_equal(night->model, "m1");
    assert_int_equal(night->start_utc_offset_s, 3600);
    assert_int_equal(night->night.start_s, START);
    assert_int_equal(night->night.end_s, START + 900);
    assert_int_equal(found->bouts_n, 2);
    assert_int_equal(found->bouts[0].bout.end_s, START + 600);
    assert_int_equal(found->gaps_n, 1);
    assert_int_equal(found->gaps[0].reason, GAP_PAD_SILENT);
}

// A commit that failed is rolled back and written again.
static void writing_again_changes_nothing(void **state)
{
    struct place *place = *state;
    int64_t id = 0;
    put_a_night(place->pending);
    for (int i = 0; i < 3; i++) {
        int64_t tried = 0;
        assert_int_equal(pending_write(place->pending, place->store, &tried), 0);
        store_rollback(place->store);
    }
    id = write_all(place, 0);
    pending_clear(place->pending);
    const struct found *found = find(place);
    assert_int_equal(found->n, 1);
    assert_int_equal(found->nights[0].night.id, id);
    assert_int_equal(found->bouts_n, 2);
    assert_int_equal(found->gaps_n, 1);
}

static void a_night_goes_on_from_commit_to_commit(void **state)
{
    struct place *place = *state;
    struct night night = night_at(START, START);
    int64_t id = 0;
    pending_night_begin(place->pending, &night);
    for (int i = 1; i <= 5; i++) {
        night.end_s = START + 30 * i;
        pending_night_update(place->pending, &night, true);
        put_bout(place->pending, START, night.end_s, i == 5);
        id = write_all(place, id);
        pending_clear(place->pending);
    }
    const struct found *found = find(place);
    assert_int_equal(found->n, 1);
    assert_int_equal(found->bouts_n, 1);
    assert_int_equal(found->bouts[0].bout.end_s, START + 150);
    assert_int_equal(found->nights[0].night.night.end_s, START + 150);
    assert_true(found->nights[0].night.open);
}

// Two nights without a store between them.
static void begin_one(struct place *place)
{
    const struct night night = night_at(START, START + 200);
    const struct gap gap = {START + 100, START + 110, GAP_PAD_SILENT};
    pending_night_begin(place->pending, &night);
    put_bout(place->pending, START, START + 100, 1);
    pending_gap(place->pending, &gap, true);
    put_bout(place->pending, START + 110, START + 200, 0);
    put_epoch(place->pending, MINUTES, 60);
    pending_night_update(place->pending, &night, true);
}

// Whether or not its beginning was stored before.
static void what_was_no_night_is_not_there(void **state)
{
    struct place *place = *state;
    int64_t id = 0;
    for (int stored = 0; stored < 2; stored++) {
        begin_one(place);
        if (stored) {
            id = write_all(place, 0);
            pending_clear(place->pending);
            assert_int_equal(find(place)->n, 1);
        }
        pending_drop(place->pending);
        const struct night next = night_at(START + 5000, START + 5600);
        pending_night_begin(place->pending, &next);
        put_bout(place->pending, START + 5000, START + 5600, 0);
        id = write_all(place, id);
        pending_clear(place->pending);
        struct found *found = find(place);
        assert_int_equal(found->n, 1);
        assert_int_equal(found->nights[0].night.night.start_s, START + 5000);
        assert_int_equal(found->bouts_n, 1);
        assert_int_equal(store_night_drop(place->store, id), 0);
    }
}

static void what_is_cut_is_not_there(void **state)
{
    struct place *place = *state;
    begin_one(place);
    pending_cut(place->pending, START + 110);
    // Of the same start as what was cut, and so are those of the next half minute.
    put_bout(place->pending, START + 110, START + 120, 0);
    put_bout(place->pending, START + 110, START + 130, 0);
    write_all(place, 0);
    struct found *found = find(place);
    assert_int_equal(found->bouts_n, 2);
    assert_int_equal(found->bouts[1].bout.end_s, START + 130);
}

static void each_night_keeps_its_own(void **state)
{
    struct place *place = *state;
    put_a_night(place->pending);
    struct night next = night_at(START + DAY_S, START + DAY_S);
    const struct gap between = {START + 900, START + DAY_S, GAP_PAD_UNPLUGGED};
    pending_gap(place->pending, &between, false);
    pending_night_begin(place->pending, &next);
    put_bout(place->pending, START + DAY_S, START + DAY_S + 60, 0);
    next.end_s = START + DAY_S + 60;
    pending_night_update(place->pending, &next, true);
    write_all(place, 0);
    const struct found *found = find(place);
    assert_int_equal(found->n, 2);
    assert_false(found->nights[0].night.open);
    assert_true(found->nights[1].night.open);
    assert_int_equal(found->nights[1].night.night.day, DAY + 1);
    assert_int_equal(found->nights[1].position_s[POSITION_SUPINE], 60);
    assert_int_equal(found->gaps_n, 1); // not the one between
}

// The store that had the night's beginning is gone: another gets the rest, and says so.
static void the_rest_of_a_night_says_what_is_missing(void **state)
{
    struct place *place = *state;
    struct night night = night_at(START, START + 900);
    pending_night_update(place->pending, &night, true);
    put_bout(place->pending, START + 800, START + 900, 0);
    write_all(place, 0);
    const struct found *found = find(place);
    assert_int_equal(found->n, 1);
    assert_int_equal(found->nights[0].night.night.start_s, START);
    assert_int_equal(found->gaps_n, 1);
    assert_int_equal(found->gaps[0].start_s, START);
    assert_int_equal(found->gaps[0].end_s, START + 800);
    assert_int_equal(found->gaps[0].reason, GAP_NOT_STORED);
}

static int count_picture(const struct store_bout *bout, const void *snapshot, size_t size,
                         void *userdata)
{
    assert_int_equal(size, STORE_SNAPSHOT_SIZE);
    // Each has the picture that was taken of it.
    assert_int_equal(*(const uint8_t *)snapshot, (bout->bout.start_s - START) / 60 % 255 + 1);
    ++*(int *)userdata;
    return 0;
}

static void the_oldest_pictures_go_first(void **state)
{
    struct place *place = *state;
    struct night night = night_at(START, START);
    enum {
        BOUTS = PENDING_PICTURES + 40
    };
    pending_night_begin(place->pending, &night);
    for (int i = 0; i < BOUTS; i++)
        put_bout(place->pending, START + 60 * i, START + 60 * (i + 1), i % 255 + 1);
    assert_int_equal(pending_lost(place->pending), 40);
    int64_t id = write_all(place, 0);
    assert_int_equal(find(place)->bouts_n, BOUTS);
    int pictures = 0;
    assert_int_equal(store_snapshots(place->store, id, "m2", count_picture, &pictures), 0);
    assert_int_equal(pictures, PENDING_PICTURES);
}

// One night after the other, of eight hours with a bout every five minutes.
static void record_nights(struct pending *pending, int n)
{
    for (int i = 0; i < n; i++) {
        int64_t start_s = MINUTES + i * DAY_S;
        struct night night = night_at(start_s, start_s);
        night.day = DAY + i;
        pending_night_begin(pending, &night);
        for (int minute = 0; minute < 480; minute++) {
            put_epoch(pending, start_s + 60 * minute, 60);
            night.end_s = start_s + 60 * (minute + 1);
            if (minute % 5 == 4)
                put_bout(pending, start_s + 60 * (minute - 4), night.end_s, 0);
            pending_night_update(pending, &night, true);
        }
        pending_night_update(pending, &night, false);
    }
}

static void a_whole_night_and_more_fits(void **state)
{
    struct place *place = *state;
    record_nights(place->pending, 6);
    assert_int_equal(pending_lost(place->pending), 0);
    write_all(place, 0);
    const struct found *found = find(place);
    assert_int_equal(found->n, 6);
    assert_int_equal(found->bouts_n, 96);
    assert_int_equal(found->gaps_n, 0);
}

static void minutes_go_before_bouts(void **state)
{
    struct place *place = *state;
    record_nights(place->pending, 10);
    assert_true(pending_lost(place->pending) > 0);
    assert_in_range(pending_count(place->pending), 1, PENDING_RECORDS);
    write_all(place, 0);
    const struct found *found = find(place);
    assert_int_equal(found->n, 10);
    assert_int_equal(found->bouts_n, 96);
    assert_int_equal(found->gaps_n, 0);
    assert_int_equal(found->nights[0].recorded_s, 8 * 3600);
}

// What had to go is a gap of its night; the newest nights are whole.
static void lost_bouts_become_a_gap(void **state)
{
    struct place *place = *state;
    enum {
        NIGHTS = 100
    };
    record_nights(place->pending, NIGHTS);
    assert_in_range(pending_count(place->pending), 1, PENDING_RECORDS);
    write_all(place, 0);
    const struct found *found = find(place);
    assert_int_equal(found->n, NIGHTS);
    assert_int_equal(found->bouts_n, 0);
    assert_int_equal(found->gaps_n, 1);
    assert_int_equal(found->gaps[0].reason, GAP_NOT_STORED);
    assert_int_equal(found->gaps[0].start_s, MINUTES);
    assert_int_equal(found->gaps[0].end_s, MINUTES + 8 * 3600);
    struct found newest = {0};
    day_number last = DAY + NIGHTS - 1;
    assert_int_equal(store_nights(place->store, last, last, 0, find_night, &newest), 0);
    assert_int_equal(newest.nights[0].recorded_s, 8 * 3600);
}

// Even a store that never comes back, and a pad that makes a night a minute, stay within bounds.
static void in_the_end_old_nights_go(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < 3 * PENDING_RECORDS; i++) {
        struct night night = night_at(START + 300 * i, START + 300 * i);
        const struct gap gap = {night.start_s - 100, night.start_s - 50, GAP_PAD_SILENT};
        pending_gap(place->pending, &gap, false);
        pending_night_begin(place->pending, &night);
        put_bout(place->pending, night.start_s, night.start_s + 60, 1);
        night.end_s = night.start_s + 60;
        pending_night_update(place->pending, &night, false);
        assert_in_range(pending_count(place->pending), 1, PENDING_RECORDS);
    }
    write_all(place, 0);
    struct found *found = find(place);
    assert_in_range(found->n, 500, PENDING_RECORDS);
    struct found newest = {0};
    int64_t start_s = START + 300 * (3 * PENDING_RECORDS - 1);
    day_number last = (day_number)(DAY + (start_s - START) / DAY_S);
    assert_int_equal(store_nights(place->store, last, last, 0, find_night, &newest), 0);
    assert_true(newest.n > 0);
}

static void a_record_that_is_refused_keeps_nothing_else_out(void **state)
{
    struct place *place = *state;
    put_a_night(place->pending);
    const struct gap backwards = {START + 10, START, GAP_PAD_SILENT};
    pending_gap(place->pending, &backwards, true);
    put_epoch(place->pending, MINUTES + 17, 60); // no minute begins there
    put_bout(place->pending, START + 900, START + 1000, 0);
    write_all(place, 0);
    assert_int_equal(pending_lost(place->pending), 0);
    pending_clear(place->pending);
    assert_int_equal(pending_lost(place->pending), 2);
    const struct found *found = find(place);
    assert_int_equal(found->bouts_n, 3);
    assert_int_equal(found->gaps_n, 1);
}

// The bout in progress is brought up to date wherever the others went.
static void the_bout_in_progress_outlives_the_rest(void **state)
{
    struct place *place = *state;
    struct night night = night_at(MINUTES, MINUTES);
    pending_night_begin(place->pending, &night);
    put_bout(place->pending, MINUTES, MINUTES + 10, 0);
    for (int minute = 0; minute < 2 * PENDING_RECORDS; minute++)
        put_epoch(place->pending, MINUTES + 60 * minute, 60);
    put_bout(place->pending, MINUTES, MINUTES + 500000, 0);
    night.end_s = MINUTES + 500000;
    pending_night_update(place->pending, &night, true);
    write_all(place, 0);
    const struct found *found = find(place);
    assert_int_equal(found->bouts_n, 1);
    assert_int_equal(found->bouts[0].bout.end_s, MINUTES + 500000);
    assert_int_equal(found->nights[0].night.night.end_s, MINUTES + 500000);
}

// The clock is set twice while nothing can be stored: each record is where it was by the clock as
// set last, and the bout in progress is one.
static void what_waits_moves_with_the_clock(void **state)
{
    struct place *place = *state;
    struct pending *pending = place->pending;
    struct night night = night_at(MINUTES, MINUTES + 300);
    pending_night_begin(pending, &night);
    put_bout(pending, MINUTES, MINUTES + 240, 1);
    put_bout(pending, MINUTES + 240, MINUTES + 300, 0);
    put_epoch(pending, MINUTES, 60);
    static const int64_t steps[] = {3600, -90};
    int64_t by = 0;
    for (int i = 0; i < 2; i++) {
        by += steps[i];
        const struct store_move move = {
            .from_s = INT64_MIN, .by_s = steps[i], .day = DAY + i, .start_utc_offset_s = 3600};
        pending_move(pending, &move);
        pending_clock_step(pending, MINUTES + 300 + by, steps[i], true);
        night = night_at(MINUTES + by, MINUTES + by + 400 + i * 100);
        pending_night_update(pending, &night, true);
        put_bout(pending, MINUTES + by + 240, night.end_s, 0);
    }
    write_all(place, 0);
    struct found *found = find(place);
    assert_int_equal(found->n, 1);
    assert_int_equal(found->nights[0].night.night.day, DAY + 1);
    assert_int_equal(found->nights[0].night.night.start_s, MINUTES + by);
    assert_int_equal(found->nights[0].in_bed_s, 500);
    assert_int_equal(found->nights[0].recorded_s, 500);
    assert_int_equal(found->bouts_n, 2);
    assert_int_equal(found->bouts[1].bout.start_s, MINUTES + by + 240);
    assert_int_equal(found->bouts[1].bout.end_s, MINUTES + by + 500);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_waits_moves_with_the_clock),
        TEST(a_night_arrives_whole),
        TEST(writing_again_changes_nothing),
        TEST(a_night_goes_on_from_commit_to_commit),
        TEST(what_was_no_night_is_not_there),
        TEST(what_is_cut_is_not_there),
        TEST(each_night_keeps_its_own),
        TEST(the_rest_of_a_night_says_what_is_missing),
        TEST(the_oldest_pictures_go_first),
        TEST(a_whole_night_and_more_fits),
        TEST(minutes_go_before_bouts),
        TEST(lost_bouts_become_a_gap),
        TEST(in_the_end_old_nights_go),
        TEST(the_bout_in_progress_outlives_the_rest),
        TEST(a_record_that_is_refused_keeps_nothing_else_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
