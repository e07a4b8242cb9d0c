// SPDX-License-Identifier: GPL-3.0-or-later
// Labels and re-readings, and databases from before there were any.
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
#define NOW   (START + 86400)

// core/store/schema.sql
extern const unsigned char store_schema[], store_migrate_2[], store_migrate_3[];

struct place {
    char directory[64], path[128];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/nights.db", place->directory);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", place->directory);
    int r = system(command);
    free(place);
    return r;
}

static struct store *open_store(const struct place *place, enum store_mode mode)
{
    struct store *store = NULL;
    struct error error = {0};
    if (store_open(&store, place->path, mode, &error) < 0)
        fail_msg("%s", error.text);
    return store;
}

static void run_sql(const struct place *place, const char *sql)
{
    sqlite3 *database;
    char *message = NULL;
    assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(database);
}

static int append_row(void *userdata, int n, char **values, char **names)
{
    (void)names;
    FILE *stream = userdata;
    for (int i = 0; i < n; i++)
        fprintf(stream, "%s|", values[i] ? values[i] : "NULL");
    fputc('\n', stream);
    return 0;
}

// The rows that a query gives, a line each; freed by the caller.
static char *rows(const struct place *place, const char *sql)
{
    sqlite3 *database;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    assert_int_equal(sqlite3_open_v2(place->path, &database, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, append_row, stream, NULL), SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(fclose(stream), 0);
    return text;
}

// All that version 1 holds, byte for byte.
static char *recorded_rows(const struct place *place)
{
    return rows(place, "SELECT id, day, timezone, start_utc_offset_s, start_s, end_s, open, pad, "
                       "model FROM nights;"
                       "SELECT night_id, start_s, end_s, position, confidence, "
                       "typeof(snapshot), hex(snapshot) FROM bouts;"
                       "SELECT id, night_id, start_s, end_s, reason FROM gaps;"
                       "SELECT night_id, start_s, seconds, hex(probabilities), movement, load "
                       "FROM epochs");
}

static void expect_rows(const struct place *place, const char *sql, const char *expected)
{
    char *found = rows(place, sql);
    assert_string_equal(found, expected);
    free(found);
}

// A night in which somebody lay on the back, was out of bed, lay on the front, and after a gap
// restlessly. The back and the restless time have a snapshot.
static const char a_night[] =
    "INSERT INTO nights (id, day, timezone, start_utc_offset_s, start_s, end_s, open, pad, model)"
    " VALUES (7, '2026-01-05', 'Europe/Berlin', 3600, 1767648600, 1767650200, 0,"
    " 'pmat', 'old');"
    "INSERT INTO bouts VALUES (7, 1767648600, 1767649200, 'supine', 0.8125, zeroblob(2052));"
    "INSERT INTO bouts VALUES (7, 1767649200, 1767649300, 'empty', 1, zeroblob(2052));"
    "INSERT INTO bouts VALUES (7, 1767649300, 1767649900, 'prone', 0.625, NULL);"
    "INSERT INTO gaps VALUES (1, 7, 1767649900, 1767650000, 'pad_silent');"
    "INSERT INTO bouts VALUES (7, 1767650000, 1767650200, 'unknown', 0.25, zeroblob(2052));"
    "INSERT INTO epochs (night_id, start_s, seconds, probabilities, movement, load)"
    " VALUES (7, 1767648600, 60, zeroblob(14), 0.5, 100)";

// A database as an older psoasmon left it, version 1 to 3.
static void make_version(const struct place *place, int version)
{
    char *sql = NULL;
    assert_true(asprintf(&sql,
                         "PRAGMA page_size=1024; PRAGMA journal_mode=WAL; BEGIN; %s %s %s"
                         "PRAGMA application_id=%d; PRAGMA user_version=%d; %s; COMMIT",
                         (const char *)store_schema,
                         version > 1 ? (const char *)store_migrate_2 : "",
                         version > 2 ? (const char *)store_migrate_3 : "", 0x70736F61, version,
                         a_night) > 0);
    run_sql(place, sql);
    free(sql);
}

static struct store *with_a_night(const struct place *place)
{
    store_free(open_store(place, STORE_WRITE));
    run_sql(place, a_night);
    return open_store(place, STORE_WRITE);
}

static int keep_summary(const struct night_summary *summary, void *userdata)
{
    *(struct night_summary *)userdata = *summary;
    return 0;
}

static struct night_summary summary_of(struct store *store)
{
    struct night_summary summary = {0};
    assert_int_equal(
        store_nights(store, DAY, DAY, POSITION_BIT(POSITION_LEFT_FETAL), keep_summary, &summary),
        0);
    assert_int_equal(summary.night.id, 7);
    return summary;
}

static struct store_bout bout_at(struct store *store, int64_t from_start)
{
    struct store_night night;
    struct store_bout bout;
    assert_int_equal(store_bout_at(store, START + from_start, &night, &bout), 1);
    assert_int_equal(night.id, 7);
    return bout;
}

static void expect_position(struct store *store, int64_t from_start, enum position position,
                            enum bout_source source)
{
    struct store_bout bout = bout_at(store, from_start);
    assert_string_equal(position_identifier(bout.bout.position), position_identifier(position));
    assert_string_equal(bout_source_name(bout.source), bout_source_name(source));
}

static void label(struct store *store, int64_t from_start, enum position position)
{
    assert_int_equal(store_label(store, START + from_start, position, NOW), 0);
}

static void reread(struct store *store, int64_t from_start, enum position position,
                   const char *model)
{
    assert_int_equal(store_reread(store, 7, START + from_start, position, 0.75, model, NOW), 0);
}

// ---- versions ----

static void version_1_is_frozen(void **state)
{
    (void)state;
    uint64_t hash = UINT64_C(0xcbf29ce484222325); // FNV-1a
    for (const unsigned char *c = store_schema; *c; c++)
        hash = (hash ^ *c) * UINT64_C(0x100000001b3);
    assert_int_equal(hash, UINT64_C(0xd5f4993d2858e654));
}

// "2|\n"
static void expect_version(const struct place *place, int version)
{
    char expected[16];
    snprintf(expected, sizeof expected, "%d|\n", version);
    expect_rows(place, "PRAGMA user_version", expected);
}

static void a_reader_takes_an_older_version_as_it_is(void **state)
{
    for (int version = 1; version <= 3; version++) {
        const struct place *place = *state;
        make_version(place, version);
        char *before = recorded_rows(place);
        struct store *store = open_store(place, STORE_READ);
        struct night_summary summary = summary_of(store);
        assert_int_equal(summary.recorded_s, 1400);
        assert_int_equal(summary.position_s[POSITION_SUPINE], 600);
        expect_position(store, 0, POSITION_SUPINE, BOUT_RECORDED);
        store_free(store);
        expect_version(place, version);
        expect_rows(place, "SELECT count(*) FROM sqlite_schema WHERE name = 'diary'", "0|\n");
        char *after = recorded_rows(place);
        assert_string_equal(before, after);
        free(before);
        free(after);
        assert_int_equal(unlink(place->path), 0);
    }
}

static void a_writer_migrates_an_older_version(void **state)
{
    for (int version = 1; version <= 3; version++) {
        const struct place *place = *state;
        make_version(place, version);
        char *before = recorded_rows(place);
        struct store *store = open_store(place, STORE_WRITE);
        expect_version(place, 4);
        char *after = recorded_rows(place);
        assert_string_equal(before, after);
        free(before);
        free(after);
        label(store, 0, POSITION_LEFT_FETAL);
        assert_int_equal(store_commit(store), 0);
        store_free(store);
        store = open_store(place, STORE_WRITE); // once is enough
        expect_position(store, 0, POSITION_LEFT_FETAL, BOUT_LABELLED);
        store_free(store);
        assert_int_equal(unlink(place->path), 0);
    }
}

static void a_new_database_is_like_a_migrated_one(void **state)
{
    static const char schema[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    const struct place *place = *state;
    store_free(open_store(place, STORE_WRITE));
    char *made = rows(place, schema);
    for (int version = 1; version <= 3; version++) {
        assert_int_equal(unlink(place->path), 0);
        make_version(place, version);
        store_free(open_store(place, STORE_WRITE));
        expect_rows(place, schema, made);
    }
    free(made);
}

// The last step fails, wherever it began: what the steps before it did is undone as well.
static void a_migration_that_fails_late_changes_nothing(void **state)
{
    static const char schema[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    const struct place *place = *state;
    for (int version = 1; version <= 3; version++) {
        make_version(place, version);
        run_sql(place,
                "CREATE TABLE stretch_holds (mine TEXT); INSERT INTO stretch_holds VALUES ('a')");
        char *before = recorded_rows(place), *tables = rows(place, schema);
        struct store *store = NULL;
        struct error error = {0};
        assert_true(store_open(&store, place->path, STORE_WRITE, &error) < 0);
        assert_non_null(strstr(error.text, place->path));
        assert_non_null(strstr(error.text, "stretch_holds already exists"));
        expect_version(place, version);
        expect_rows(place, schema, tables);
        char *after = recorded_rows(place);
        assert_string_equal(before, after);
        free(before);
        free(after);
        free(tables);
        // Whoever takes the hindrance away has lost nothing.
        run_sql(place, "DROP TABLE stretch_holds");
        store = open_store(place, STORE_WRITE);
        assert_int_equal(summary_of(store).recorded_s, 1400);
        store_free(store);
        expect_version(place, 4);
        assert_int_equal(unlink(place->path), 0);
    }
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    const struct place *place = *state;
    make_version(place, 1);
    run_sql(place, "CREATE TABLE readings (mine TEXT)");
    struct store *store = NULL;
    struct error error = {0};
    assert_true(store_open(&store, place->path, STORE_WRITE, &error) < 0);
    assert_non_null(strstr(error.text, place->path));
    assert_non_null(strstr(error.text, "readings already exists"));
    expect_rows(place, "PRAGMA user_version", "1|\n");
    expect_rows(place, "SELECT count(*) FROM sqlite_schema WHERE name = 'readings_bout'", "0|\n");
    store = open_store(place, STORE_READ);
    assert_int_equal(summary_of(store).recorded_s, 1400);
    store_free(store);
}

// ---- readings ----

static void what_was_recorded_stays(void **state)
{
    struct store *store = with_a_night(*state);
    char *before = recorded_rows(*state);
    label(store, 0, POSITION_LEFT_FETAL);
    label(store, 700, POSITION_RIGHT_SIDE);
    reread(store, 1400, POSITION_PRONE, "new");
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_unlabel(store, START), 0);
    assert_int_equal(store_commit(store), 0);
    char *after = recorded_rows(*state);
    assert_string_equal(before, after);
    free(before);
    free(after);
    expect_rows(*state, "SELECT start_s, source, position, confidence, model, made_s FROM readings",
                "1767649300|label|right_side|1.0|NULL|1767735000|\n"
                "1767650000|model|prone|0.75|new|1767735000|\n");
    store_free(store);
}

static void the_newest_label_counts_then_the_newest_model(void **state)
{
    struct store *store = with_a_night(*state);
    expect_position(store, 0, POSITION_SUPINE, BOUT_RECORDED);
    reread(store, 0, POSITION_PRONE, "new");
    expect_position(store, 0, POSITION_PRONE, BOUT_REREAD);
    label(store, 0, POSITION_LEFT_FETAL);
    label(store, 0, POSITION_RIGHT_FETAL);
    expect_position(store, 0, POSITION_RIGHT_FETAL, BOUT_LABELLED);
    reread(store, 0, POSITION_RECLINED, "newest");
    expect_position(store, 0, POSITION_RIGHT_FETAL, BOUT_LABELLED);
    struct store_bout bout = bout_at(store, 0);
    assert_true(bout.bout.confidence == 1);
    assert_int_equal(bout.bout.end_s, START + 600);
    assert_int_equal(bout.recorded, POSITION_SUPINE);

    assert_int_equal(store_unlabel(store, START), 0);
    expect_position(store, 0, POSITION_LEFT_FETAL, BOUT_LABELLED);
    assert_int_equal(store_unlabel(store, START), 0);
    expect_position(store, 0, POSITION_RECLINED, BOUT_REREAD);
    assert_true(bout_at(store, 0).bout.confidence == 0.75);
    assert_int_equal(store_unlabel(store, START), STORE_NO_LABEL);
    expect_position(store, 700, POSITION_PRONE, BOUT_RECORDED);
    store_free(store);
}

static int count_labelled(const struct store_bout *bout, void *userdata)
{
    int *n = userdata;
    *n += bout->source == BOUT_LABELLED;
    return 0;
}

static void nights_sum_up_what_counts(void **state)
{
    struct store *store = with_a_night(*state);
    struct night_summary before = summary_of(store);
    assert_int_equal(before.friendly_s, 0);
    assert_int_equal(before.unknown_s, 200);
    assert_int_equal(before.turns, 0);
    label(store, 0, POSITION_LEFT_FETAL);
    label(store, 650, POSITION_SUPINE); // "I was not out of bed"
    reread(store, 1400, POSITION_RIGHT_SIDE, "new");
    struct night_summary after = summary_of(store);
    assert_int_equal(after.friendly_s, 600);
    assert_int_equal(after.unknown_s, 0);
    assert_int_equal(after.in_bed_s, before.in_bed_s + 100);
    assert_int_equal(after.recorded_s, 1500);
    assert_int_equal(after.turns, 3);
    assert_int_equal(after.position_s[POSITION_RIGHT_SIDE], 200);
    int labelled = 0;
    assert_int_equal(store_bouts(store, 7, count_labelled, &labelled), 0);
    assert_int_equal(labelled, 2);
    store_free(store);
}

static void a_moment_without_a_bout(void **state)
{
    struct store *store = with_a_night(*state);
    static const int64_t moments[] = {START - 1,    START + 1300, START + 1399,
                                      START + 1600, INT64_MIN,    INT64_MAX};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        assert_int_equal(store_label(store, moments[i], POSITION_PRONE, NOW), STORE_NO_BOUT);
        assert_int_equal(store_unlabel(store, moments[i]), STORE_NO_BOUT);
    }
    label(store, 599, POSITION_SITTING); // an end does not belong to its bout
    label(store, 600, POSITION_PRONE);
    expect_position(store, 0, POSITION_SITTING, BOUT_LABELLED);
    expect_position(store, 699, POSITION_PRONE, BOUT_LABELLED);
    store_free(store);
}

static void the_same_label_twice_is_one(void **state)
{
    struct store *store = with_a_night(*state);
    label(store, 0, POSITION_PRONE);
    label(store, 599, POSITION_PRONE);
    assert_int_equal(store_commit(store), 0);
    expect_rows(*state, "SELECT count(*) FROM readings", "1|\n");
    label(store, 0, POSITION_SUPINE); // as recorded, but said so
    label(store, 0, POSITION_PRONE);
    assert_int_equal(store_commit(store), 0);
    expect_rows(*state, "SELECT count(*) FROM readings", "3|\n");
    store_free(store);
}

// The bout in progress is written again and again.
static void a_bout_that_grows_keeps_its_label(void **state)
{
    struct store *store = with_a_night(*state);
    label(store, 1400, POSITION_PRONE);
    const struct bout grown = {START + 1400, START + 1700, POSITION_UNKNOWN, 0.25};
    assert_int_equal(store_bout_put(store, 7, &grown, NULL), 0);
    assert_int_equal(store_night_update(store, 7, START + 1700, true), 0);
    expect_position(store, 1699, POSITION_PRONE, BOUT_LABELLED);
    assert_int_equal(summary_of(store).position_s[POSITION_PRONE], 900);
    store_free(store);
}

static void the_schema_refuses_nonsense(void **state)
{
    struct store *store = with_a_night(*state);
    assert_int_equal(store_reread(store, 7, START + 1, POSITION_PRONE, 0.5, "new", NOW), -EINVAL);
    assert_non_null(strstr(store_message(store), "FOREIGN KEY"));
    assert_int_equal(store_reread(store, 7, START, POSITION_PRONE, -0.5, "new", NOW), -EINVAL);
    store_free(store);
    // Who takes a night away takes its readings along.
    store = open_store(*state, STORE_WRITE);
    label(store, 0, POSITION_PRONE);
    assert_int_equal(store_commit(store), 0);
    store_free(store);
    run_sql(*state, "PRAGMA foreign_keys=ON; DELETE FROM nights");
    expect_rows(*state, "SELECT count(*) FROM readings", "0|\n");
}

// ---- snapshots ----

static int list_snapshot(const struct store_bout *bout, const void *snapshot, size_t size,
                         void *userdata)
{
    assert_non_null(snapshot);
    assert_int_equal(size, STORE_SNAPSHOT_SIZE);
    char *list = userdata;
    sprintf(list + strlen(list), "%" PRId64 " ", bout->bout.start_s - START);
    return 0;
}

static void expect_snapshots(struct store *store, const char *model, const char *expected)
{
    char list[256] = "";
    assert_int_equal(store_snapshots(store, 7, model, list_snapshot, list), 0);
    assert_string_equal(list, expected);
}

static void a_model_reads_a_snapshot_once(void **state)
{
    struct store *store = with_a_night(*state);
    expect_snapshots(store, "old", "");        // it recorded them
    expect_snapshots(store, "new", "0 1400 "); // not those without a body or a snapshot
    reread(store, 0, POSITION_PRONE, "new");
    label(store, 1400, POSITION_PRONE); // what a model would have said is still of interest
    expect_snapshots(store, "new", "1400 ");
    expect_snapshots(store, "newest", "0 1400 ");
    reread(store, 0, POSITION_PRONE, "newest");
    expect_snapshots(store, "new", "0 1400 "); // somebody went back to it
    expect_snapshots(store, "old", "0 ");
    store_free(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1_is_frozen),
        TEST(a_reader_takes_an_older_version_as_it_is),
        TEST(a_writer_migrates_an_older_version),
        TEST(a_new_database_is_like_a_migrated_one),
        TEST(a_migration_that_fails_changes_nothing),
        TEST(a_migration_that_fails_late_changes_nothing),
        TEST(what_was_recorded_stays),
        TEST(the_newest_label_counts_then_the_newest_model),
        TEST(nights_sum_up_what_counts),
        TEST(a_moment_without_a_bout),
        TEST(the_same_label_twice_is_one),
        TEST(a_bout_that_grows_keeps_its_label),
        TEST(the_schema_refuses_nonsense),
        TEST(a_model_reads_a_snapshot_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
