// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "summary.h"

static struct night_entry entry_of(day_number day, int64_t friendly_s, int64_t supine_s)
{
    struct night_entry entry = {0};
    struct night_summary *summary = &entry.summary;
    summary->night.night.day = day;
    summary->position_s[POSITION_LEFT_FETAL] = friendly_s;
    summary->position_s[POSITION_SUPINE] = supine_s;
    summary->friendly_s = friendly_s;
    summary->recorded_s = friendly_s + supine_s;
    summary->in_bed_s = friendly_s + supine_s + 100;
    summary->unknown_s = 7;
    summary->turns = 3;
    summary->longest_bout_s = supine_s;
    return entry;
}

static void test_totals(void **state)
{
    (void)state;
    // The second and third are two stays in one evening's night.
    const struct night_entry entries[] = {entry_of(10, 3000, 1000), entry_of(11, 600, 5000),
                                          entry_of(11, 500, 0)};
    struct totals totals = totals_of(entries, 3);
    assert_int_equal(totals.nights, 3);
    assert_int_equal(totals.days, 2);
    assert_int_equal(totals.friendly_s, 4100);
    assert_int_equal(totals.recorded_s, 10100);
    assert_int_equal(totals.in_bed_s, 10400);
    assert_int_equal(totals.unknown_s, 21);
    assert_int_equal(totals.turns, 9);
    assert_int_equal(totals.longest_bout_s, 5000);
    assert_int_equal(totals.position_s[POSITION_SUPINE], 6000);
    assert_int_equal(totals_unrecorded_s(&totals), 300);
    assert_int_equal(totals_a_night(&totals, totals.turns), 5); // 4.5, rounded
    assert_true(totals_friendly_share(&totals) > 0.40594 &&
                totals_friendly_share(&totals) < 0.40595);
    assert_int_equal(totals_most(&totals), POSITION_SUPINE);
}

static void test_totals_of_nothing(void **state)
{
    (void)state;
    struct totals totals = totals_of(NULL, 0);
    assert_int_equal(totals.nights, 0);
    assert_int_equal(totals_a_night(&totals, 100), 0);
    assert_true(totals_friendly_share(&totals) == 0);
    assert_int_equal(totals_most(&totals), POSITION_UNKNOWN);
}

static void test_most_is_never_empty_or_unknown(void **state)
{
    (void)state;
    struct totals totals = {0};
    totals.position_s[POSITION_EMPTY] = 9000;
    totals.position_s[POSITION_UNKNOWN] = 9000;
    assert_int_equal(totals_most(&totals), POSITION_UNKNOWN);
    totals.position_s[POSITION_PRONE] = 1;
    assert_int_equal(totals_most(&totals), POSITION_PRONE);
}

// ---- from a database ----

struct fixture {
    char directory[32], path[64];
};

static int set_up(void **state)
{
    static struct fixture fixture;
    strcpy(fixture.directory, "/tmp/psoasmon-XXXXXX");
    if (!mkdtemp(fixture.directory))
        return -1;
    snprintf(fixture.path, sizeof fixture.path, "%s/db", fixture.directory);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", fixture->path, names[i]);
        unlink(path);
    }
    return rmdir(fixture->directory);
}

// Nights of `bouts` minutes, alternately on the left and on the front; a gap after each night's
// first bout.
static void put_night(struct store *store, day_number day, int bouts)
{
    int64_t start_s = (int64_t)day * 86400 + 79200, id;
    struct store_night night = {
        .night = {day, start_s, start_s}, .timezone = "UTC", .pad = "virtual", .model = "test"};
    assert_int_equal(store_night_begin(store, &night, &id), 0);
    struct gap gap = {start_s + 60, start_s + 120, GAP_PAD_SILENT};
    assert_int_equal(store_gap_add(store, id, &gap), 0);
    for (int i = 0; i < bouts; i++) {
        int64_t from_s = start_s + 60 * (i + (i > 0));
        struct bout bout = {from_s, from_s + 60, i % 2 ? POSITION_PRONE : POSITION_LEFT_FETAL, 0.5};
        assert_int_equal(store_bout_put(store, id, &bout, NULL), 0);
    }
    assert_int_equal(store_night_update(store, id, start_s + 60 * (bouts + 1), false), 0);
}

static void test_reading(void **state)
{
    const struct fixture *fixture = *state;
    struct error error;
    _cleanup_(store_freep) struct store *store = NULL;
    assert_int_equal(store_open(&store, fixture->path, STORE_WRITE, &error), 0);
    for (day_number day = 20000; day < 20011; day++)
        put_night(store, day, 37);
    assert_int_equal(store_commit(store), 0);

    struct period period = {PERIOD_DATES, 20001, 20009};
    struct nights nights;
    assert_int_equal(nights_read(&nights, store, &period, POSITION_BIT(POSITION_LEFT_FETAL)), 0);
    assert_int_equal(nights.n, 9);
    assert_int_equal(nights.entries[0].summary.night.night.day, 20001);
    assert_int_equal(nights.entries[8].summary.night.night.day, 20009);
    assert_int_equal(nights.entries[0].n_bouts, 0);

    assert_int_equal(nights_read_bouts(&nights, store), 0);
    for (size_t i = 0; i < nights.n; i++) {
        assert_int_equal(nights.entries[i].n_bouts, 37);
        assert_int_equal(nights.entries[i].n_gaps, 1);
        assert_int_equal(nights.entries[i].bouts[36].bout.position, POSITION_LEFT_FETAL);
    }
    struct totals totals = totals_of(nights.entries, nights.n);
    assert_int_equal(totals.friendly_s, 9 * 19 * 60);
    assert_int_equal(totals.recorded_s, 9 * 37 * 60);
    assert_int_equal(totals_unrecorded_s(&totals), 9 * 60);
    assert_int_equal(totals.turns, 9 * 36);
    nights_free(&nights);
    assert_int_equal(nights.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_totals_of_nothing),
        cmocka_unit_test(test_most_is_never_empty_or_unknown),
        cmocka_unit_test_setup_teardown(test_reading, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
