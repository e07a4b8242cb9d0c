// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/store.h"

#define START 1767648600 // 2026-01-05 22:30:00 in Berlin
#define DAY   20458      // 2026-01-05

struct place {
    char directory[64], path[128];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/some #1 100%%.db", place->directory);
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

static void expect_refusal(const char *path, enum store_mode mode, int code, const char *words)
{
    struct store *store = NULL;
    struct error error = {0};
    assert_int_equal(store_open(&store, path, mode, &error), code);
    assert_null(store);
    if (!strstr(error.text, words) || !strstr(error.text, path))
        fail_msg("'%s' names neither '%s' nor '%s'", error.text, words, path);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void run_sql(const struct place *place, const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static int64_t begin_night(struct store *store, day_number day, int64_t start_s, bool open)
{
    const struct store_night night = {
        .night = {.day = day, .start_s = start_s, .end_s = start_s},
        .timezone = "Europe/Berlin",
        .start_utc_offset_s = 3600,
        .pad = "pmat",
        .model = "m1",
        .open = open,
    };
    int64_t id = 0;
    assert_int_equal(store_night_begin(store, &night, &id), 0);
    return id;
}

static void put_bout(struct store *store, int64_t night, int64_t from, int64_t to,
                     enum position position)
{
    const struct bout bout = {
        .start_s = START + from, .end_s = START + to, .position = position, .confidence = 0.9};
    assert_int_equal(store_bout_put(store, night, &bout, NULL), 0);
    assert_int_equal(store_night_update(store, night, START + to, true), 0);
}

struct found {
    struct night_summary nights[8];
    size_t n;
};

static int find(const struct night_summary *summary, void *userdata)
{
    struct found *found = userdata;
    assert_true(found->n < 8);
    found->nights[found->n++] = *summary;
    return 0;
}

static void a_night_comes_back_as_it_was_put(void **state)
{
    struct store *store = open_store(*state, STORE_WRITE);
    int64_t night = begin_night(store, DAY, START, true);
    put_bout(store, night, 0, 600, POSITION_SUPINE);
    put_bout(store, night, 600, 700, POSITION_UNKNOWN);
    put_bout(store, night, 700, 1000, POSITION_LEFT_FETAL);
    put_bout(store, night, 1000, 1120, POSITION_EMPTY);
    put_bout(store, night, 1120, 1200, POSITION_RIGHT_SIDE);
    put_bout(store, night, 1200, 1300, POSITION_PRONE);
    put_bout(store, night, 1200, 1400, POSITION_PRONE); // the same bout, further on
    const struct gap gap = {START + 1400, START + 1500, GAP_PAD_SILENT};
    assert_int_equal(store_gap_add(store, night, &gap), 0);
    put_bout(store, night, 1500, 1600, POSITION_PRONE);
    assert_int_equal(store_night_update(store, night, START + 1600, false), 0);
    assert_int_equal(store_commit(store), 0);
    store_free(store);

    store = open_store(*state, STORE_READ);
    struct found found = {0};
    assert_int_equal(store_nights(store, DAY, DAY, POSITION_BIT(POSITION_LEFT_FETAL), find, &found),
                     0);
    assert_int_equal(found.n, 1);
    const struct night_summary *summary = &found.nights[0];
    assert_int_equal(summary->in_bed_s, 1480);
    assert_int_equal(summary->recorded_s, 1380);
    assert_int_equal(summary->friendly_s, 300);
    assert_int_equal(summary->unknown_s, 100);
    assert_int_equal(summary->longest_bout_s, 600);
    assert_int_equal(summary->turns, 2); // supine -> fetal, side -> prone
    assert_int_equal(summary->position_s[POSITION_PRONE], 300);
    assert_int_equal(summary->night.night.day, DAY);
    assert_string_equal(summary->night.timezone, "Europe/Berlin");
    assert_string_equal(summary->night.pad, "pmat");
    assert_false(summary->night.open);
    day_number newest;
    assert_int_equal(store_newest_day(store, &newest), 1);
    assert_int_equal(newest, DAY);
    store_free(store);
}

static void nights_come_in_order_and_by_day(void **state)
{
    struct store *store = open_store(*state, STORE_WRITE);
    begin_night(store, DAY + 2, START + 2 * 86400, false);
    begin_night(store, DAY, START, false);
    begin_night(store, DAY + 1, START + 86400, false);
    struct found found = {0};
    assert_int_equal(store_nights(store, DAY, DAY + 1, 0, find, &found), 0);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.nights[0].night.night.day, DAY);
    assert_int_equal(found.nights[1].night.night.day, DAY + 1);
    store_free(store);
}

static void what_is_not_committed_is_not_there(void **state)
{
    struct store *store = open_store(*state, STORE_WRITE);
    begin_night(store, DAY, START, false);
    assert_int_equal(store_commit(store), 0);
    begin_night(store, DAY + 1, START + 86400, false);
    store_rollback(store);
    begin_night(store, DAY + 2, START + 2 * 86400, false);
    store_free(store); // without a commit
    store = open_store(*state, STORE_READ);
    struct found found = {0};
    assert_int_equal(store_nights(store, 0, 100000, 0, find, &found), 0);
    assert_int_equal(found.n, 1);
    store_free(store);
}

static void an_open_night_is_found_again(void **state)
{
    struct store *store = open_store(*state, STORE_WRITE);
    struct store_night night;
    assert_int_equal(store_open_night(store, &night), 0);
    begin_night(store, DAY, START, false);
    int64_t id = begin_night(store, DAY + 1, START + 86400, true);
    assert_int_equal(store_open_night(store, &night), 1);
    assert_int_equal(night.id, id);
    assert_int_equal(night.night.start_s, START + 86400);
    assert_int_equal(night.night.day, DAY + 1);
    store_free(store);
}

static int count_gap(const struct gap *gap, void *userdata)
{
    (void)gap;
    (*(int *)userdata)++;
    return 0;
}

static void what_was_no_night_leaves_its_gaps(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place, STORE_WRITE);
    struct found found = {0};
    int gaps = 0;
    int64_t kept = begin_night(store, DAY, START, true);
    put_bout(store, kept, 0, 1000, POSITION_SUPINE);
    put_bout(store, kept, 1000, 1500, POSITION_UNKNOWN);
    const struct epoch epochs[] = {{.start_s = START + 960, .seconds = 60},
                                   {.start_s = START + 1020, .seconds = 60}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(store_epoch_put(store, kept, &epochs[i]), 0);
    int64_t night = begin_night(store, DAY + 1, START + 86400, true);
    put_bout(store, night, 86400, 86500, POSITION_SUPINE);
    const struct gap gap = {START + 86450, START + 86460, GAP_PAD_SILENT};
    assert_int_equal(store_gap_add(store, night, &gap), 0);

    assert_int_equal(store_night_cut(store, kept, START + 1000), 0);
    assert_int_equal(store_night_update(store, kept, START + 1000, false), 0);
    assert_int_equal(store_night_drop(store, night), 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_nights(store, DAY, DAY + 1, 0, find, &found), 0);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.nights[0].recorded_s, 1000);
    assert_int_equal(found.nights[0].unknown_s, 0);
    assert_int_equal(store_gaps(store, night, count_gap, &gaps), 0);
    assert_int_equal(gaps, 0);
    store_free(store);
    // The schema refuses what would not be so.
    run_sql(place, "CREATE TEMP TABLE t (n INTEGER CHECK (n = 1));"
                   "INSERT INTO t SELECT count(*) FROM gaps WHERE night_id IS NULL;"
                   "INSERT INTO t SELECT count(*) FROM epochs;"
                   "INSERT INTO t SELECT count(*) FROM bouts;");
}

static void the_next_night_is_the_first_not_yet_over(void **state)
{
    struct store *store = open_store(*state, STORE_WRITE);
    int64_t start_s = 0;
    assert_int_equal(store_next_night(store, START, &start_s), 0);
    int64_t night = begin_night(store, DAY, START, false);
    put_bout(store, night, 0, 600, POSITION_SUPINE);
    assert_int_equal(store_next_night(store, START - 5000, &start_s), 1);
    assert_int_equal(start_s, START);
    assert_int_equal(store_next_night(store, START + 599, &start_s), 1);
    assert_int_equal(store_next_night(store, START + 600, &start_s), 0);
    store_free(store);
}

static void one_writer_any_number_of_readers(void **state)
{
    const struct place *place = *state;
    struct store *writer = open_store(place, STORE_WRITE);
    begin_night(writer, DAY, START, false);
    assert_int_equal(store_commit(writer), 0);
    expect_refusal(place->path, STORE_WRITE, -EBUSY, "another process writes to it");
    struct store *reader = open_store(place, STORE_READ), *other = open_store(place, STORE_READ);
    struct found found = {0};
    begin_night(writer, DAY + 1, START + 86400, false); // not committed
    assert_int_equal(store_nights(reader, 0, 100000, 0, find, &found), 0);
    assert_int_equal(store_nights(other, 0, 100000, 0, find, &found), 0);
    assert_int_equal(found.n, 2);
    store_free(reader);
    store_free(other);
    store_free(writer);
    store_free(open_store(place, STORE_WRITE));
}

// The reader can neither write the file nor its directory; the writer is gone, crashed or closed.
static void a_reader_needs_no_permission_to_write(void **state)
{
    const struct place *place = *state;
    if (geteuid() != 0) {
        print_message("skipped: needs root to become another user\n");
        skip();
    }
    for (int crashed = 0; crashed <= 1; crashed++) {
        pid_t writer = fork();
        assert_true(writer >= 0);
        if (writer == 0) {
            struct store *store = open_store(place, STORE_WRITE);
            begin_night(store, DAY + crashed, START + crashed * 86400, false);
            assert_int_equal(store_commit(store), 0);
            if (!crashed)
                store_free(store);
            _exit(0);
        }
        int status;
        assert_int_equal(waitpid(writer, &status, 0), writer);
        assert_int_equal(status, 0);
        assert_int_equal(chmod(place->directory, 0755), 0);
        char command[512];
        snprintf(command, sizeof command, "chmod a+r '%s' '%s-wal' '%s-shm'", place->path,
                 place->path, place->path);
        assert_int_equal(system(command), 0);
        pid_t reader = fork();
        assert_true(reader >= 0);
        if (reader == 0) {
            if (setgid(65534) < 0 || setuid(65534) < 0)
                _exit(9);
            struct store *store;
            struct error error = {0};
            struct found found = {0};
            if (store_open(&store, place->path, STORE_READ, &error) < 0) {
                fprintf(stderr, "%s\n", error.text);
                _exit(8);
            }
            if (store_nights(store, 0, 100000, 0, find, &found) < 0)
                _exit(7);
            _exit((int)found.n);
        }
        assert_int_equal(waitpid(reader, &status, 0), reader);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), crashed + 1);
    }
}

static void a_copy_without_its_journal_is_readable(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place, STORE_WRITE);
    begin_night(store, DAY, START, false);
    assert_int_equal(store_commit(store), 0);
    store_free(store);
    char path[160];
    snprintf(path, sizeof path, "%s-wal", place->path);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s-shm", place->path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(chmod(place->directory, 0500), 0);
    struct found found = {0};
    store = open_store(place, STORE_READ);
    assert_int_equal(store_nights(store, 0, 100000, 0, find, &found), 0);
    assert_int_equal(found.n, 1);
    store_free(store);
    assert_int_equal(chmod(place->directory, 0700), 0);
}

static void files_that_are_no_database_of_ours(void **state)
{
    const struct place *place = *state;
    expect_refusal(place->path, STORE_READ, -ENOENT, "No such file");
    expect_refusal(place->directory, STORE_READ, -EBADMSG, "is not a file");
    expect_refusal(place->directory, STORE_WRITE, -EISDIR, "directory");
    write_text(place->path, "Dear diary, last night I slept on my left side. And then I woke up "
                            "and wrote all this so that it is longer than one hundred bytes.\n");
    expect_refusal(place->path, STORE_READ, -EBADMSG, "is not a psoasmon database");
    expect_refusal(place->path, STORE_WRITE, -EBADMSG, "is not a psoasmon database");
    write_text(place->path, "");
    expect_refusal(place->path, STORE_READ, -ENOENT, "is an empty database");
    run_sql(place, "CREATE TABLE recipes (name TEXT)");
    expect_refusal(place->path, STORE_READ, -EBADMSG, "is a database of another program");
    expect_refusal(place->path, STORE_WRITE, -EBADMSG, "is a database of another program");
    assert_int_equal(unlink(place->path), 0);
    store_free(open_store(place, STORE_WRITE));
    run_sql(place, "PRAGMA user_version = 99");
    expect_refusal(place->path, STORE_READ, -ENOTSUP, "was made by a newer psoasmon");
    expect_refusal(place->path, STORE_WRITE, -ENOTSUP, "was made by a newer psoasmon");
}

static void overwrite(const char *path, long at, size_t size)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    for (size_t i = 0; i < size; i++)
        fputc(0xA5, file);
    assert_int_equal(fclose(file), 0);
}

static void a_night_on_disk(const struct place *place)
{
    struct store *store = open_store(place, STORE_WRITE);
    begin_night(store, DAY, START, false);
    assert_int_equal(store_commit(store), 0);
    store_free(store);
}

static bool exists(const char *path, const char *suffix)
{
    char name[256];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return access(name, F_OK) == 0;
}

static void remove_beside(const char *path, const char *suffix)
{
    char name[256];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    assert_int_equal(unlink(name), 0);
}

static void a_damaged_database_is_told_from_another_programs(void **state)
{
    const struct place *place = *state;
    a_night_on_disk(place);
    assert_true(store_is_ours(place->path));
    remove_beside(place->path, "-wal"); // which has the first page, too
    remove_beside(place->path, "-shm");
    overwrite(place->path, 100, 900); // what the first page says of the tables
    expect_refusal(place->path, STORE_READ, -EUCLEAN, "is damaged");
    expect_refusal(place->path, STORE_WRITE, -EUCLEAN, "is damaged");
    overwrite(place->path, 0, 16);
    assert_false(store_is_ours(place->path));
    expect_refusal(place->path, STORE_WRITE, -EBADMSG, "is not a psoasmon database");

    assert_int_equal(unlink(place->path), 0);
    run_sql(place, "CREATE TABLE recipes (name TEXT)");
    assert_true(store_is_sqlite(place->path));
    assert_false(store_is_ours(place->path));
    overwrite(place->path, 100, 900);
    expect_refusal(place->path, STORE_WRITE, -EBADMSG, "is not a psoasmon database");
}

// Before anything was moved from its journal into the file, too.
static void a_database_is_ours_from_its_beginning(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place, STORE_WRITE);
    assert_true(store_is_ours(place->path));
    begin_night(store, DAY, START, false);
    assert_int_equal(store_commit(store), 0);
    assert_true(store_is_ours(place->path));
    store_free(store);
    assert_false(store_is_ours(place->directory));
}

static void a_damaged_database_goes_aside(void **state)
{
    const struct place *place = *state;
    struct error error = {0};
    for (int i = 1; i <= 3; i++) {
        char expected[256];
        char *name = NULL;
        a_night_on_disk(place);
        overwrite(place->path, 100, 900);
        if (store_move_aside(place->path, "20260105T223000", &name, &error) < 0)
            fail_msg("%s", error.text);
        snprintf(expected, sizeof expected, "%s.damaged-20260105T223000", place->path);
        if (i > 1)
            sprintf(expected + strlen(expected), "-%d", i);
        assert_string_equal(name, expected);
        assert_true(exists(name, ""));
        assert_true(exists(name, "-wal"));
        assert_false(exists(place->path, ""));
        assert_false(exists(place->path, "-wal"));
        assert_false(exists(place->path, "-shm"));
        assert_true(store_is_ours(name));
        free(name);
    }
    char *name = NULL;
    assert_int_equal(store_move_aside(place->path, "20260105T223000", &name, &error), -ENOENT);
    assert_null(name);
}

// A database that did not come from us: the schema's checks taken out, absurd times put in.
static void impossible_times_are_refused(void **state)
{
    const struct place *place = *state;
    static const char *const absurd[] = {
        "UPDATE nights SET end_s = 9223372036854775807",
        "UPDATE nights SET start_s = -9223372036854775807",
        "UPDATE nights SET day = '2025-99-99'",
        "UPDATE bouts SET end_s = 9223372036854775807, start_s = -9223372036854775807",
    };
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        struct store *store = open_store(place, STORE_WRITE);
        int64_t night = begin_night(store, DAY, START, false);
        put_bout(store, night, 0, 600, POSITION_SUPINE);
        assert_int_equal(store_commit(store), 0);
        store_free(store);
        char sql[256];
        snprintf(sql, sizeof sql, "PRAGMA ignore_check_constraints = ON; %s", absurd[i]);
        run_sql(place, sql);
        struct found found = {0};
        store = open_store(place, STORE_READ);
        int r = store_nights(store, -100000, 100000000, 0, find, &found);
        day_number newest;
        int newest_r = store_newest_day(store, &newest);
        assert_true(r == -EBADMSG || newest_r == -EBADMSG);
        assert_non_null(strstr(store_message(store), "impossible times"));
        store_free(store);
        run_sql(place, "DELETE FROM bouts; DELETE FROM nights");
    }
}

static void the_schema_refuses_nonsense(void **state)
{
    struct store *store = open_store(*state, STORE_WRITE);
    int64_t night = begin_night(store, DAY, START, true);
    const struct bout backwards = {.start_s = START + 10, .end_s = START, .confidence = 0.5};
    assert_int_equal(store_bout_put(store, night, &backwards, NULL), -EINVAL);
    const struct bout nobodys = {.start_s = START, .end_s = START + 10, .confidence = 0.5};
    assert_int_equal(store_bout_put(store, night + 1, &nobodys, NULL), -EINVAL);
    assert_non_null(strstr(store_message(store), "FOREIGN KEY"));
    store_free(store);
}

// Of the minutes that have it, the middle one or the mean of the middle two; each for itself.
static void breathing_is_summed_up_by_its_medians(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place, STORE_WRITE);
    static const struct {
        double per_min, steadiness;
    } minutes[] = {{0, 0}, {14, 0.5}, {30, 0.9}, {12, 0.75}, {0, 0}, {15, 1}};
    static const struct {
        int64_t n;
        double per_min, steadiness;
    } expected[] = {{0, 0, 0},     {1, 14, 0.5},  {2, 22, 0.7},
                    {3, 14, 0.75}, {3, 14, 0.75}, {4, 14.5, 0.825}};
    int64_t other = begin_night(store, DAY, START, false);
    const struct epoch elsewhere = {.start_s = START, .seconds = 60, .breaths_per_min = 6};
    assert_int_equal(store_epoch_put(store, other, &elsewhere), 0);
    int64_t id = begin_night(store, DAY + 1, START + 86400, false);
    for (int i = 0; i < 6; i++) {
        const struct epoch epoch = {
            .start_s = START + 86400 + 60 * i,
            .seconds = 60,
            .breaths_per_min = minutes[i].per_min,
            .breath_steadiness = minutes[i].steadiness,
        };
        struct found found = {0};
        assert_int_equal(store_epoch_put(store, id, &epoch), 0);
        assert_int_equal(store_nights(store, DAY + 1, DAY + 1, 0, find, &found), 0);
        assert_int_equal(found.n, 1);
        assert_int_equal(store_night_minutes(store, &found.nights[0]), 0);
        assert_int_equal(found.nights[0].breath_minutes, expected[i].n);
        assert_true(fabs(found.nights[0].breaths_per_min - expected[i].per_min) < 1e-9);
        assert_true(fabs(found.nights[0].breath_steadiness - expected[i].steadiness) < 1e-9);
    }
    assert_int_equal(store_commit(store), 0);
    store_free(store);
}

static struct night_summary moved(struct store *store, int64_t id, int minute, int seconds,
                                  int moves, int moved_s)
{
    struct found found = {0};
    const struct epoch epoch = {
        .start_s = START + 60 * minute,
        .seconds = (uint8_t)seconds,
        .moves = (uint8_t)moves,
        .moved_s = (uint8_t)moved_s,
    };
    assert_int_equal(store_epoch_put(store, id, &epoch), 0);
    assert_int_equal(store_nights(store, DAY, DAY, 0, find, &found), 0);
    assert_int_equal(found.n, 1);
    assert_int_equal(store_night_minutes(store, &found.nights[0]), 0);
    return found.nights[0];
}

static void movements_are_summed_up_and_turns_are_none_of_them(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place, STORE_WRITE);
    int64_t id = begin_night(store, DAY, START, false);
    struct found found = {0};
    assert_int_equal(store_nights(store, DAY, DAY, 0, find, &found), 0);
    assert_int_equal(store_night_minutes(store, &found.nights[0]), 0);
    assert_int_equal(found.nights[0].movement_minutes, 0);
    assert_int_equal(found.nights[0].settling_s, -1);
    const struct bout bouts[] = {{START, START + 120, POSITION_PRONE, 0.9},
                                 {START + 120, START + 240, POSITION_SUPINE, 0.9}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(store_bout_put(store, id, &bouts[i], NULL), 0);
    moved(store, id, 0, 60, 1, 2);
    moved(store, id, 1, 60, 0, 0);
    moved(store, id, 2, 60, 3, 20);
    struct night_summary summary = moved(store, id, 3, 60, 0, 1);
    assert_int_equal(summary.turns, 1);
    assert_int_equal(summary.moves, 3);
    assert_int_equal(summary.movement_minutes, 4);
    assert_true(fabs(summary.restlessness - 0.75) < 1e-9);
    assert_int_equal(store_commit(store), 0);
    store_free(store);
    // Nobody counted them where an older version recorded.
    run_sql(place, "UPDATE epochs SET moved_s = NULL, moves = 0");
    store = open_store(place, STORE_READ);
    found = (struct found){0};
    assert_int_equal(store_nights(store, DAY, DAY, 0, find, &found), 0);
    assert_int_equal(store_night_minutes(store, &found.nights[0]), 0);
    assert_int_equal(found.nights[0].movement_minutes, 0);
    store_free(store);
}

static void settling_takes_ten_minutes_of_rest(void **state)
{
    struct place *place = *state;
    struct store *store = open_store(place, STORE_WRITE);
    int64_t id = begin_night(store, DAY, START, false);
    struct bout bout = {START, START + 420, POSITION_PRONE, 0.9};
    assert_int_equal(store_bout_put(store, id, &bout, NULL), 0);
    for (int minute = 0; minute < 16; minute++) // a movement in the sixth
        assert_int_equal(moved(store, id, minute, 60, 0, minute == 5).settling_s,
                         minute < 15 ? -1 : 360);
    // A turn in the eighth: the ten minutes begin after it.
    bout = (struct bout){START + 420, START + 1200, POSITION_SUPINE, 0.9};
    assert_int_equal(store_bout_put(store, id, &bout, NULL), 0);
    assert_int_equal(moved(store, id, 15, 60, 0, 0).settling_s, -1);
    assert_int_equal(moved(store, id, 16, 60, 0, 0).settling_s, 420);
    // A minute that was not seen is no rest.
    assert_int_equal(moved(store, id, 9, 30, 0, 0).settling_s, -1);
    for (int minute = 17; minute < 20; minute++)
        assert_int_equal(moved(store, id, minute, 60, 0, 0).settling_s, minute < 19 ? -1 : 600);
    store_free(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_night_comes_back_as_it_was_put),
        TEST(nights_come_in_order_and_by_day),
        TEST(what_is_not_committed_is_not_there),
        TEST(an_open_night_is_found_again),
        TEST(what_was_no_night_leaves_its_gaps),
        TEST(breathing_is_summed_up_by_its_medians),
        TEST(movements_are_summed_up_and_turns_are_none_of_them),
        TEST(settling_takes_ten_minutes_of_rest),
        TEST(the_next_night_is_the_first_not_yet_over),
        TEST(one_writer_any_number_of_readers),
        TEST(a_reader_needs_no_permission_to_write),
        TEST(a_copy_without_its_journal_is_readable),
        TEST(files_that_are_no_database_of_ours),
        TEST(a_damaged_database_is_told_from_another_programs),
        TEST(a_database_is_ours_from_its_beginning),
        TEST(a_damaged_database_goes_aside),
        TEST(impossible_times_are_refused),
        TEST(the_schema_refuses_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
