// SPDX-License-Identifier: GPL-3.0-or-later
// Nights that move when the clock is set, and nights that turn out to be one.
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/store.h"

#define START INT64_C(1767648600) // 2026-01-05 22:30:00 in Berlin
#define DAY   20458               // 2026-01-05
#define BOOT  "11111111-2222-3333-4444-555555555555"

struct place {
    char directory[64], path[96];
    struct store *store;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct error error = {0};
    strcpy(place->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/nights.db", place->directory);
    if (store_open(&place->store, place->path, STORE_WRITE, &error) < 0)
        fail_msg("%s", error.text);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    store_free(place->store);
    snprintf(command, sizeof command, "rm -rf %s", place->directory);
    int r = system(command);
    free(place);
    return r;
}

// Begins a night, from START on.
static int64_t begin_night(struct store *store, int64_t from)
{
    const struct store_night night = {
        .night = {.day = DAY, .start_s = START + from, .end_s = START + from},
        .timezone = "Europe/Berlin",
        .start_utc_offset_s = 3600,
        .pad = "virtual",
        .model = "m1",
        .open = true,
    };
    int64_t id = 0;
    assert_int_equal(store_night_begin(store, &night, &id), 0);
    return id;
}

// A bout and its minutes.
static void lie(struct store *store, int64_t id, int64_t from, int64_t to, enum position position)
{
    const struct bout bout = {START + from, START + to, position, 0.9};
    assert_int_equal(store_bout_put(store, id, &bout, NULL), 0);
    for (int64_t minute = (START + from) / 60 * 60; minute < START + to; minute += 60) {
        struct epoch epoch = {.start_s = minute, .seconds = 60, .movement = 0.1f, .load = 50};
        if (minute < START + from)
            epoch.seconds = (uint8_t)(minute + 60 - (START + from));
        if (minute + 60 > START + to)
            epoch.seconds = (uint8_t)(START + to - minute);
        epoch.probabilities[position] = 1;
        epoch.moves = 1;
        epoch.moved_s = 3;
        assert_int_equal(store_epoch_put(store, id, &epoch), 0);
    }
    assert_int_equal(store_night_update(store, id, START + to, true), 0);
}

static void put_gap(struct store *store, int64_t id, int64_t from, int64_t to)
{
    const struct gap gap = {START + from, START + to, GAP_DAEMON_DOWN};
    assert_int_equal(store_gap_add(store, id, &gap), 0);
}

// The answer of a query, its values with a blank between, rows with a semicolon; committed first.
static const char *answer(struct place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *answer(struct place *place, const char *format, ...)
{
    static char text[2048];
    char sql[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    assert_int_equal(store_commit(place->store), 0);
    sqlite3 *database;
    sqlite3_stmt *row;
    size_t used = 0;
    text[0] = '\0';
    assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
    if (sqlite3_prepare_v2(database, sql, -1, &row, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
    while (sqlite3_step(row) == SQLITE_ROW)
        for (int i = 0, n = sqlite3_column_count(row); i < n; i++) {
            const unsigned char *value = sqlite3_column_text(row, i);
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                                     value ? (const char *)value : "-", i + 1 < n ? " " : ";");
        }
    sqlite3_finalize(row);
    sqlite3_close(database);
    return text;
}

#define expect(place, expected, ...) assert_string_equal(answer(place, __VA_ARGS__), expected)

static const char bouts_query[] = "SELECT night_id, start_s - 1767648600, end_s - 1767648600, "
                                  "position FROM bouts ORDER BY night_id, start_s";

static int64_t number(struct place *place, const char *sql)
{
    return atoll(answer(place, "%s", sql));
}

// ---- the boot ----

static void an_end_keeps_the_boot_it_was_recorded_in(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    expect(place, "", "SELECT boot FROM nights");
    int64_t unknown = begin_night(store, -90000);
    store_set_boot(store, BOOT, START - 5000);
    int64_t id = begin_night(store, 0);
    expect(place, "-;" BOOT ";", "SELECT boot FROM nights ORDER BY id");
    expect(place, "-;5000;", "SELECT boot_s FROM nights ORDER BY id");
    lie(store, id, 0, 120, POSITION_PRONE);
    expect(place, "5120;", "SELECT boot_s FROM nights WHERE id = %" PRId64, id);

    // Another boot closes both where they ended: that is no news of when that was.
    store_set_boot(store, "another", START);
    assert_int_equal(store_night_update(store, id, START + 120, false), 0);
    assert_int_equal(store_night_update(store, unknown, START - 90000, false), 0);
    expect(place, "- -;" BOOT " 5120;", "SELECT boot, boot_s FROM nights ORDER BY id");
    struct store_night night;
    assert_int_equal(store_open_night_before(store, INT64_MAX, &night), 0);
    // ... or goes on.
    assert_int_equal(store_night_update(store, id, START + 130, true), 0);
    expect(place, "another 130;", "SELECT boot, boot_s FROM nights WHERE open");
    assert_int_equal(store_open_night_before(store, INT64_MAX, &night), 1);
    assert_string_equal(night.boot, "another");
    assert_int_equal(night.boot_s, 130);
    store_set_boot(store, NULL, 0);
    assert_int_equal(store_night_update(store, id, START + 140, true), 0);
    expect(place, "- -;", "SELECT boot, boot_s FROM nights WHERE open");
}

static void open_nights_come_by_when_they_were_begun(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    struct store_night night;
    int64_t first = begin_night(store, 0), second = begin_night(store, -START + 60);
    assert_int_equal(store_open_night_before(store, INT64_MAX, &night), 1);
    assert_int_equal(night.id, second); // though it says 1970
    assert_int_equal(store_open_night_before(store, second, &night), 1);
    assert_int_equal(night.id, first);
    assert_int_equal(store_open_night_before(store, first, &night), 0);
}

static void a_night_whose_time_was_not_known_is_found(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    struct store_night night;
    begin_night(store, -START + 60); // of a boot that nobody knows
    store_set_boot(store, BOOT, 0);
    begin_night(store, 0);
    assert_int_equal(store_unnamed_night(store, BOOT, START - 86400, &night), 0);
    int64_t id = begin_night(store, -START + 3600);
    assert_int_equal(store_unnamed_night(store, BOOT, START - 86400, &night), 1);
    assert_int_equal(night.id, id);
    assert_int_equal(store_unnamed_night(store, "another", START - 86400, &night), 0);
}

// ---- moving ----

static void a_night_moves_with_all_that_is_its(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    static const int64_t steps[] = {3600, -3600, 60, 61, -1, -59, -61, 1767652200};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        // Long ago by the clock, that is: so that a step of 56 years has room.
        int64_t by = steps[i], ago = i == 7 ? -START + 3600 : 0;
        store_set_boot(store, BOOT, START + ago - 50);
        int64_t other = begin_night(store, 30);
        lie(store, other, 30, 700, POSITION_SITTING);
        int64_t id = begin_night(store, ago);
        for (int64_t at = 0; at < 1200; at += 60)
            lie(store, id, ago + at, ago + at + 60, at % 120 ? POSITION_SUPINE : POSITION_PRONE);
        put_gap(store, id, ago + 1200, ago + 1300);
        lie(store, id, ago + 1300, ago + 1500, POSITION_SUPINE);
        assert_int_equal(store_label(store, START + ago + 90, POSITION_SITTING, START), 0);
        assert_int_equal(store_label(store, START + ago + 1450, POSITION_RECLINED, START), 0);

        const struct store_move move = {
            .from_s = START + ago, .by_s = by, .day = DAY + 1, .start_utc_offset_s = 7200};
        assert_int_equal(store_move(store, id, &move), 0);

        char expected[256];
        int64_t start = START + ago + by;
        snprintf(expected, sizeof expected, "2026-01-06 7200 %" PRId64 " %" PRId64 " 1550;", start,
                 start + 1500);
        expect(place, expected,
               "SELECT day, start_utc_offset_s, start_s, end_s, boot_s FROM nights WHERE id = "
               "%" PRId64,
               id);
        snprintf(expected, sizeof expected, "21 %" PRId64 " %" PRId64 " 1400;", start,
                 start + 1500);
        expect(place, expected,
               "SELECT count(*), min(start_s), max(end_s), sum(end_s - start_s) FROM bouts "
               "WHERE night_id = %" PRId64,
               id);
        snprintf(expected, sizeof expected, "%" PRId64 " %" PRId64 ";", start + 1200, start + 1300);
        expect(place, expected, "SELECT start_s, end_s FROM gaps WHERE night_id = %" PRId64, id);
        snprintf(expected, sizeof expected, "%" PRId64 " sitting;%" PRId64 " reclined;", start + 60,
                 start + 1300);
        expect(place, expected, "SELECT start_s, position FROM readings WHERE night_id = %" PRId64,
               id);
        snprintf(expected, sizeof expected, "1400 %" PRId64 ";", start - ((by % 60) + 60) % 60);
        expect(place, expected,
               "SELECT sum(seconds), min(start_s) FROM epochs WHERE night_id = %" PRId64, id);
        // What is another's stays.
        expect(place, "30 700;",
               "SELECT start_s - 1767648600, end_s - 1767648600 FROM bouts WHERE night_id = "
               "%" PRId64,
               other);
        expect(place, "12 670;",
               "SELECT count(*), sum(seconds) FROM epochs WHERE night_id = %" PRId64, other);
        assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_int_equal(number(place, "SELECT count(*) FROM epochs WHERE start_s % 60"), 0);
    }
}

// A night that two boots have recorded: the clock of the second one was set.
static void a_part_of_a_night_moves(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    static const struct {
        int64_t by;
        const char *bouts, *gaps, *ends;
    } cases[] = {
        {600, "0 600 prone;1260 1500 supine;", "600 1260;", "0 1500;"},
        {-30, "0 600 prone;630 870 supine;", "600 630;", "0 870;"},
        {-60, "0 600 prone;600 840 supine;", "", "0 840;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t id = begin_night(store, 0);
        lie(store, id, 0, 600, POSITION_PRONE);
        put_gap(store, id, 600, 660);
        lie(store, id, 660, 900, POSITION_SUPINE);
        const struct store_move move = {.from_s = START + 660, .by_s = cases[i].by, .day = DAY + 9};
        assert_int_equal(store_move(store, id, &move), 0);
        char query[160];
#define OF_NIGHT(columns)                                                                          \
    (snprintf(query, sizeof query, "SELECT " columns " WHERE night_id = %" PRId64, id), query)
        expect(place, cases[i].bouts, "%s",
               OF_NIGHT("start_s - 1767648600, end_s - 1767648600, position FROM bouts"));
        expect(place, cases[i].gaps, "%s",
               OF_NIGHT("start_s - 1767648600, end_s - 1767648600 FROM gaps"));
        expect(place, "840;", "%s", OF_NIGHT("sum(seconds) FROM epochs"));
        expect(place, "2026-01-05;", "SELECT day FROM nights WHERE id = %" PRId64, id);
        expect(place, cases[i].ends,
               "SELECT start_s - 1767648600, end_s - 1767648600 FROM nights WHERE id = %" PRId64,
               id);
    }
}

// A night may come to lie where another is: nothing of either is lost.
static void a_night_moves_over_another(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    int64_t first = begin_night(store, 0);
    lie(store, first, 0, 600, POSITION_PRONE);
    int64_t second = begin_night(store, 3600);
    lie(store, second, 3600, 4200, POSITION_PRONE);
    const struct store_move move = {.from_s = 0, .by_s = -3600, .day = DAY};
    assert_int_equal(store_move(store, second, &move), 0);
    expect(place, "1 0 600 prone;2 0 600 prone;", "%s", bouts_query);
    expect(place, "1 600;2 600;", "SELECT night_id, sum(seconds) FROM epochs GROUP BY night_id");
}

// A move that cannot be: all stays as it was, and the transaction goes on.
static void a_move_that_fails_changes_nothing(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    int64_t id = begin_night(store, 0);
    lie(store, id, 0, 600, POSITION_PRONE);
    const struct store_move move = {.from_s = 0, .by_s = 60, .start_utc_offset_s = 99999};
    assert_int_equal(store_move(store, id, &move), -EINVAL);
    assert_non_null(strstr(store_message(store), "CHECK"));
    lie(store, id, 600, 700, POSITION_SUPINE);
    expect(place, "1 0 600 prone;1 600 700 supine;", "%s", bouts_query);
    expect(place, "700;", "SELECT sum(seconds) FROM epochs");
}

// ---- joining ----

static struct store_night night_of(struct store *store, int64_t id)
{
    struct store_night night;
    assert_int_equal(store_open_night_before(store, id + 1, &night), 1);
    assert_int_equal(night.id, id);
    return night;
}

static void two_nights_become_one(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    store_set_boot(store, "the first", START - 100);
    int64_t first = begin_night(store, 0);
    lie(store, first, 0, 620, POSITION_PRONE);
    store_set_boot(store, BOOT, START + 600);
    int64_t second = begin_night(store, 650);
    lie(store, second, 650, 1000, POSITION_SUPINE);
    put_gap(store, second, 1000, 1100);
    lie(store, second, 1100, 1200, POSITION_SUPINE);
    assert_int_equal(store_label(store, START + 700, POSITION_RECLINED, START), 0);
    assert_int_equal(store_clock_step(store, START + 600, 77, second), 0);

    struct store_night night = night_of(store, first), later = night_of(store, second);
    assert_int_equal(store_join(store, &night, &later, GAP_DAEMON_DOWN), 0);
    expect(place, "1 0 1200 1 " BOOT " 600;",
           "SELECT id, start_s - 1767648600, end_s - 1767648600, open, boot, boot_s FROM nights");
    expect(place, "1 0 620 prone;1 650 1000 supine;1 1100 1200 supine;", "%s", bouts_query);
    expect(place, "1 620 650;1 1000 1100;",
           "SELECT night_id, start_s - 1767648600, end_s - 1767648600 FROM gaps ORDER BY start_s");
    expect(place, "1 650 reclined;",
           "SELECT night_id, start_s - 1767648600, position FROM readings");
    // The minute they share was seen for 20 s and for 10 s.
    expect(place, "1 1070;", "SELECT night_id, sum(seconds) FROM epochs");
    expect(place, "30 2 6;",
           "SELECT seconds, moves, moved_s FROM epochs WHERE start_s = 1767648600 + 600");
    expect(place, "1 77;", "SELECT night_id, by_s FROM clock_steps");
    assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void one_night_becomes_two(void **state)
{
    struct place *place = *state;
    struct store *store = place->store;
    store_set_boot(store, BOOT, START + 40000);
    int64_t first = begin_night(store, 0), second = 0;
    lie(store, first, 0, 600, POSITION_PRONE);
    put_gap(store, first, 600, 50000);
    lie(store, first, 50000, 50300, POSITION_SUPINE);
    put_gap(store, first, 50300, 50400);
    lie(store, first, 50400, 50500, POSITION_SUPINE);
    assert_int_equal(store_label(store, START + 100, POSITION_RECLINED, START), 0);
    assert_int_equal(store_label(store, START + 50100, POSITION_SITTING, START), 0);
    const struct night later = {.day = DAY + 1, .start_s = START + 50000};
    assert_int_equal(store_split(store, first, START + 600, &later, 7200, &second), 0);
    expect(place, "1 2026-01-05 3600 0 600 0 -;2 2026-01-06 7200 50000 50500 1 " BOOT ";",
           "SELECT id, day, start_utc_offset_s, start_s - 1767648600, end_s - 1767648600, open, "
           "boot FROM nights ORDER BY id");
    expect(place, "1 0 600 prone;2 50000 50300 supine;2 50400 50500 supine;", "%s", bouts_query);
    expect(place, "- 600 50000;2 50300 50400;",
           "SELECT night_id, start_s - 1767648600, end_s - 1767648600 FROM gaps ORDER BY start_s");
    expect(place, "1 reclined;2 sitting;", "SELECT night_id, position FROM readings ORDER BY id");
    expect(place, "1 600;2 400;", "SELECT night_id, sum(seconds) FROM epochs GROUP BY night_id");
    assert_int_equal(number(place, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_end_keeps_the_boot_it_was_recorded_in),
        TEST(open_nights_come_by_when_they_were_begun),
        TEST(a_night_whose_time_was_not_known_is_found),
        TEST(a_night_moves_with_all_that_is_its),
        TEST(a_part_of_a_night_moves),
        TEST(a_night_moves_over_another),
        TEST(a_move_that_fails_changes_nothing),
        TEST(two_nights_become_one),
        TEST(one_night_becomes_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
