// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_file.h"

// ---- what is in the files, whatever SQLite says ----

struct bytes {
    char *data;
    size_t size;
};

static struct bytes all_bytes(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    struct bytes all = {0};
    FILE *stream = open_memstream(&all.data, &all.size);
    assert_non_null(stream);
    for (size_t i = 0; i < 3; i++) {
        char name[160], block[4096];
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        FILE *file = fopen(name, "r");
        for (size_t n; file && (n = fread(block, 1, sizeof block, file)) > 0;)
            fwrite(block, 1, n, stream);
        if (file)
            fclose(file);
    }
    assert_int_equal(fclose(stream), 0);
    return all;
}

// How many pieces of twelve bytes of the night's snapshots there are: they are like no other. Of
// the 16 * 171 there are, some lie across two pages.
#define PIECES (16 * 160)
static unsigned pieces_of(const char *path, unsigned night)
{
    struct bytes all = all_bytes(path);
    unsigned found = 0;
    for (unsigned i = 0; i < 16; i++) {
        uint8_t snapshot[STORE_SNAPSHOT_SIZE];
        fill_snapshot(snapshot, night * 16 + i);
        for (size_t at = 0; at + 12 <= sizeof snapshot; at += 12)
            found += memmem(all.data, all.size, snapshot + at, 12) != NULL;
    }
    free(all.data);
    return found;
}

static int64_t count(const struct place *place, const char *table)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return number_of(place->path, sql);
}

#define NIGHTS 12

static void put_nights(struct store *store)
{
    for (unsigned i = 0; i < NIGHTS; i++) {
        int64_t id = put_night(store, i, false);
        int64_t start_s = START + (int64_t)i * 86400;
        const struct gap gap = {start_s + 100, start_s + 200, GAP_PAD_SILENT};
        assert_int_equal(store_gap_add(store, id, &gap), 0);
        assert_int_equal(store_label(store, start_s + 10, POSITION_PRONE, start_s), 0);
        assert_int_equal(store_commit(store), 0);
    }
}

static void nothing_is_left_of_a_deleted_night(void **state)
{
    const struct place *place = *state;
    static const unsigned gone[] = {5, 0, NIGHTS - 1};
    struct store *store = open_file(place->path, STORE_WRITE);
    put_nights(store);
    for (size_t i = 0; i < 3; i++) {
        unsigned n = gone[i];
        int64_t start_s = START + (int64_t)n * 86400;
        assert_true(pieces_of(place->path, n) > PIECES);
        assert_int_equal(store_delete(store, n + 1, start_s, false), 0);
        assert_int_equal(store_scrub(store), 0);
        assert_int_equal(pieces_of(place->path, n), 0);
        assert_int_equal(store_delete(store, n + 1, start_s, false), STORE_NO_NIGHT);
    }
    for (unsigned n = 1; n < NIGHTS - 1; n++)
        if (n != 5)
            assert_true(pieces_of(place->path, n) > PIECES);
    store_free(store);
    assert_int_equal(count(place, "nights"), NIGHTS - 3);
    assert_int_equal(count(place, "bouts"), (NIGHTS - 3) * 16);
    assert_int_equal(count(place, "epochs"), (NIGHTS - 3) * 480);
    assert_int_equal(count(place, "gaps"), NIGHTS - 3);
    assert_int_equal(count(place, "readings"), NIGHTS - 3);
    assert_int_equal(number_of(place->path, "PRAGMA page_size"), 1024);
}

static void traces_of_an_older_writer_go_as_well(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_nights(store);
    store_free(store);
    // Deleted by something that leaves it all lying about.
    run_sql(place->path, "PRAGMA foreign_keys=ON; PRAGMA secure_delete=OFF;"
                         "DELETE FROM nights WHERE id = 7");
    assert_true(pieces_of(place->path, 6) > 0);
    store = open_file(place->path, STORE_WRITE);
    assert_int_equal(store_delete(store, 3, START + 2 * 86400, false), 0);
    assert_int_equal(store_scrub(store), 0);
    assert_int_equal(pieces_of(place->path, 6), 0);
    assert_int_equal(pieces_of(place->path, 2), 0);
    store_free(store);
}

static void a_night_must_be_named_and_over(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_night(store, 0, false);
    int64_t open = put_night(store, 1, true);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_delete(store, 1, START + 1, false), STORE_NO_NIGHT);
    assert_int_equal(store_delete(store, 9, START, false), STORE_NO_NIGHT);
    assert_int_equal(store_delete(store, open, START + 86400, false), STORE_NIGHT_OPEN);
    assert_int_equal(count(place, "nights"), 2);
    assert_int_equal(store_delete(store, open, START + 86400, true), 0);
    assert_int_equal(count(place, "nights"), 1);
    store_free(store);
}

static void a_reader_in_the_way_is_told_of(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_nights(store);
    sqlite3 *reader;
    assert_int_equal(sqlite3_open_v2(place->path, &reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM nights", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(store_delete(store, 4, START + 3 * 86400, false), 0);
    put_night(store, 20, false);
    assert_int_equal(store_scrub(store), -EBUSY); // something is not committed
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_scrub(store), -EBUSY);
    assert_true(pieces_of(place->path, 3) > 0);
    sqlite3_close(reader);
    assert_int_equal(store_scrub(store), 0);
    assert_int_equal(pieces_of(place->path, 3), 0);
    store_free(store);
}

// ---- what is kept for a while ----

static struct store_removed tidy(struct store *store, const struct store_keep *keep,
                                 unsigned nights)
{
    struct store_removed removed = {0};
    int64_t night_id = 0;
    unsigned n = 0;
    int r;
    while ((r = store_tidy(store, keep, &night_id, &removed)) == 1)
        n++;
    assert_int_equal(r, 0);
    assert_int_equal(n, nights);
    assert_int_equal(store_commit(store), 0);
    return removed;
}

static void old_snapshots_and_epochs_are_removed(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_nights(store);
    put_night(store, NIGHTS, true);
    int64_t newest_s = 0;
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_newest_end(store, &newest_s), 1);
    assert_int_equal(newest_s, START + NIGHTS * 86400 + 8 * 3600);

    struct store_removed removed = tidy(store, &(struct store_keep){0}, 0);
    assert_int_equal(removed.snapshots + removed.epochs, 0);
    // To the second.
    struct store_keep keep = {.snapshots_from_s = START + 3 * 86400 + 8 * 3600,
                              .epochs_from_s = START + 1 * 86400 + 8 * 3600 + 1};
    removed = tidy(store, &keep, 3);
    assert_int_equal(removed.snapshots, 3 * 16);
    assert_int_equal(removed.epochs, 2 * 480);
    removed = tidy(store, &keep, 3); // there is nothing left to do
    assert_int_equal(removed.snapshots + removed.epochs, 0);
    assert_int_equal(number_of(place->path, "SELECT count(*) FROM bouts WHERE snapshot IS NULL "
                                            "AND night_id > 3"),
                     0);
    // A night that is being recorded is left alone.
    keep = (struct store_keep){INT64_MAX, INT64_MAX};
    removed = tidy(store, &keep, NIGHTS);
    assert_int_equal(removed.snapshots, (NIGHTS - 3) * 16);
    assert_int_equal(count(place, "epochs"), 480);
    assert_int_equal(count(place, "nights"), NIGHTS + 1);
    assert_int_equal(count(place, "bouts"), (NIGHTS + 1) * 16);
    assert_int_equal(count(place, "gaps"), NIGHTS);
    assert_int_equal(count(place, "readings"), NIGHTS);
    store_free(store);
}

// The file does not grow as long as what comes fits where the old was.
static void room_is_used_again(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    struct store_facts facts;
    uint64_t largest = 0;
    for (unsigned i = 0; i < 40; i++) {
        put_night(store, i, false);
        assert_int_equal(store_commit(store), 0);
        int64_t before_s = START + ((int64_t)i - 4) * 86400;
        struct store_removed removed = {0};
        int64_t night_id = 0;
        while (store_tidy(store, &(struct store_keep){before_s, before_s}, &night_id, &removed) ==
               1)
            ;
        assert_int_equal(store_commit(store), 0);
        assert_int_equal(store_facts(store, &facts), 0);
        if (i < 10)
            largest = facts.file_bytes;
    }
    // Nights and bouts are kept for ever: some 1 KB a night.
    assert_in_range(facts.file_bytes, largest, largest + 30 * 2048);
    store_free(store);
}

static void nothing_to_tidy(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    int64_t newest_s;
    assert_int_equal(store_newest_end(store, &newest_s), 0);
    tidy(store, &(struct store_keep){INT64_MAX, INT64_MAX}, 0);
    store_free(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_left_of_a_deleted_night),
        TEST(traces_of_an_older_writer_go_as_well),
        TEST(a_night_must_be_named_and_over),
        TEST(a_reader_in_the_way_is_told_of),
        TEST(old_snapshots_and_epochs_are_removed),
        TEST(room_is_used_again),
        TEST(nothing_to_tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
