// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store_file.h"

static char *beside(const struct place *place, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", place->directory, name);
    return path;
}

static void back_up(struct store *store, const char *path)
{
    struct error error = {0};
    if (store_backup(store, path, NULL, NULL, &error) < 0)
        fail_msg("%s", error.text);
}

static void expect_refusal(struct store *store, const char *path, int code, const char *words)
{
    struct error error = {0};
    assert_int_equal(store_backup(store, path, NULL, NULL, &error), code);
    if (!strstr(error.text, words))
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static int no_fault(const char *words, void *userdata)
{
    (void)userdata;
    fail_msg("%s", words);
    return -1;
}

// It holds so many nights, is sound, whole without a journal, and nobody else's to read.
static void expect_copy(const char *path, int nights)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    struct store *copy = open_file(path, STORE_READ);
    struct store_facts facts;
    assert_int_equal(store_facts(copy, &facts), 0);
    assert_int_equal(facts.nights, nights);
    assert_int_equal(facts.free_bytes, 0);
    assert_int_equal(facts.version, 4);
    assert_int_equal(store_check(copy, no_fault, NULL), 0);
    store_free(copy);
    char journal[160];
    snprintf(journal, sizeof journal, "%s-wal", path);
    assert_int_equal(access(journal, F_OK), -1);
    snprintf(journal, sizeof journal, "%s.partial", path);
    assert_int_equal(access(journal, F_OK), -1);
}

static void a_copy_of_what_is_committed(void **state)
{
    const struct place *place = *state;
    struct store *writer = open_file(place->path, STORE_WRITE);
    for (unsigned i = 0; i < 3; i++)
        put_night(writer, i, false);
    assert_int_equal(store_commit(writer), 0);
    put_night(writer, 3, true); // not committed
    struct store *reader = open_file(place->path, STORE_READ);
    umask(0);
    back_up(reader, beside(place, "copy.db"));
    expect_copy(beside(place, "copy.db"), 3);
    assert_int_equal(store_commit(writer), 0); // the writer goes on, and so does the reader
    back_up(reader, beside(place, "copy.db"));
    expect_copy(beside(place, "copy.db"), 4);
    store_free(reader);
    store_free(writer);
    // Row by row.
    char sql[512];
    snprintf(sql, sizeof sql,
             "ATTACH '%s' AS copy;"
             "CREATE TEMP TABLE wrong (n CHECK (n = 0));"
             "INSERT INTO wrong SELECT count(*) FROM (SELECT * FROM main.bouts EXCEPT "
             "SELECT * FROM copy.bouts)",
             beside(place, "copy.db"));
    run_sql(place->path, sql);
    // And it is a database to go on with.
    writer = open_file(beside(place, "copy.db"), STORE_WRITE);
    put_night(writer, 5, false);
    assert_int_equal(store_commit(writer), 0);
    store_free(writer);
}

static void a_copy_of_what_a_killed_writer_left(void **state)
{
    const struct place *place = *state;
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        struct store *store = open_file(place->path, STORE_WRITE);
        put_night(store, 0, true);
        if (store_commit(store) < 0)
            _exit(1);
        put_night(store, 1, true);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_true(WIFSIGNALED(status));
    struct store *store = open_file(place->path, STORE_READ);
    back_up(store, beside(place, "copy.db"));
    store_free(store);
    expect_copy(beside(place, "copy.db"), 1);
}

static void a_copy_holds_no_remains(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    int64_t night = put_night(store, 0, false);
    put_night(store, 1, false);
    assert_int_equal(store_commit(store), 0);
    store_free(store);
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA foreign_keys=ON; DELETE FROM nights WHERE id = %d",
             (int)night);
    run_sql(place->path, sql);
    store = open_file(place->path, STORE_READ);
    back_up(store, beside(place, "copy.db"));
    store_free(store);
    expect_copy(beside(place, "copy.db"), 1);
    FILE *file = fopen(beside(place, "copy.db"), "r");
    assert_non_null(file);
    static char bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint8_t snapshot[STORE_SNAPSHOT_SIZE];
    fill_snapshot(snapshot, 0);
    assert_null(memmem(bytes, size, snapshot + 500, 12));
    fill_snapshot(snapshot, 16);
    assert_non_null(memmem(bytes, size, snapshot + 500, 12));
}

static void what_may_not_be_replaced(void **state)
{
    const struct place *place = *state;
    char path[160];
    struct store *store = open_file(place->path, STORE_WRITE);
    put_night(store, 0, false);
    assert_int_equal(store_commit(store), 0);
    expect_refusal(store, place->path, -EEXIST, "is the database itself");
    static const char *const parts[] = {"-wal", "-shm", "-journal", "-bus", "-calibration"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "%s%s", place->path, parts[i]);
        expect_refusal(store, path, -EEXIST, "belongs to it");
    }
    assert_int_equal(symlink(place->path, beside(place, "link")), 0);
    expect_refusal(store, beside(place, "link"), -EEXIST, "is the database itself");
    assert_int_equal(link(place->path, beside(place, "name")), 0);
    expect_refusal(store, beside(place, "name"), -EEXIST, "is the database itself");
    expect_refusal(store, place->directory, -EISDIR, "is not a file");
    expect_refusal(store, beside(place, ""), -EISDIR, "is not a file");
    expect_refusal(store, beside(place, "none/copy.db"), -ENOENT, "No such file or directory");
    FILE *diary = fopen(beside(place, "diary"), "w");
    assert_non_null(diary);
    fputs("Dear diary", diary);
    assert_int_equal(fclose(diary), 0);
    expect_refusal(store, beside(place, "diary"), -EEXIST, "is no psoasmon database");
    run_sql(beside(place, "recipes.db"), "CREATE TABLE recipes (name TEXT)");
    expect_refusal(store, beside(place, "recipes.db"), -EEXIST, "is no psoasmon database");
    // Another one's night would be played into the copy.
    char other[128];
    strcpy(other, beside(place, "other.db"));
    struct store *used = open_file(other, STORE_WRITE);
    put_night(used, 4, false);
    assert_int_equal(store_commit(used), 0);
    expect_refusal(store, other, -EBUSY, "a journal");
    store_free(used);
    store_free(store);
    assert_int_equal(number_of(other, "SELECT count(*) FROM nights"), 1);
}

static bool stop(uint64_t done, uint64_t total, void *userdata)
{
    (void)done;
    assert_true(total > 0);
    return --*(int *)userdata > 0;
}

static void a_failure_leaves_the_last_copy(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_night(store, 0, false);
    assert_int_equal(store_commit(store), 0);
    back_up(store, beside(place, "copy.db"));
    for (unsigned i = 1; i < 20; i++)
        put_night(store, i, false);
    assert_int_equal(store_commit(store), 0);

    struct error error = {0};
    int asked = 2;
    assert_int_equal(store_backup(store, beside(place, "copy.db"), stop, &asked, &error), -EINTR);
    assert_non_null(strstr(error.text, "interrupted"));
    expect_copy(beside(place, "copy.db"), 1);

    // No room, wherever it runs out.
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t bytes = 0; bytes < 600000; bytes += 70001) {
        limit = (struct rlimit){.rlim_cur = bytes, .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        int r = store_backup(store, beside(place, "copy.db"), NULL, NULL, &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(r, -EFBIG);
        assert_non_null(strstr(error.text, "copy.db: File too large"));
        expect_copy(beside(place, "copy.db"), 1);
    }
    back_up(store, beside(place, "copy.db"));
    expect_copy(beside(place, "copy.db"), 20);
    store_free(store);
}

static void a_damaged_database_replaces_no_copy(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_night(store, 0, false);
    assert_int_equal(store_commit(store), 0);
    back_up(store, beside(place, "copy.db"));
    store_free(store);
    run_sql(place->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    FILE *file = fopen(place->path, "r+");
    assert_non_null(file);
    for (long page = 40; page < 60; page++) {
        fseek(file, page * 1024, SEEK_SET);
        fputs("\x0d\xff\xff\xff\xff\xff\xff\xff", file);
    }
    fclose(file);
    store = open_file(place->path, STORE_READ);
    expect_refusal(store, beside(place, "copy.db"), -EBADMSG, "is damaged, and was not copied");
    store_free(store);
    expect_copy(beside(place, "copy.db"), 1);
}

static void remains_are_cleared_away_unless_somebody_writes_them(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    put_night(store, 0, false);
    assert_int_equal(store_commit(store), 0);
    FILE *remains = fopen(beside(place, "copy.db.partial"), "w");
    assert_non_null(remains);
    fputs("SQLite format 3", remains);
    fflush(remains);
    assert_int_equal(flock(fileno(remains), LOCK_EX), 0);
    expect_refusal(store, beside(place, "copy.db"), -EBUSY, "another backup");
    assert_int_equal(access(beside(place, "copy.db.partial"), F_OK), 0);
    fclose(remains);
    back_up(store, beside(place, "copy.db"));
    expect_copy(beside(place, "copy.db"), 1);
    // A link is not written through.
    assert_int_equal(symlink(place->path, beside(place, "copy.db.partial")), 0);
    back_up(store, beside(place, "copy.db"));
    store_free(store);
    expect_copy(beside(place, "copy.db"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_of_what_is_committed),
        TEST(a_copy_of_what_a_killed_writer_left),
        TEST(a_copy_holds_no_remains),
        TEST(what_may_not_be_replaced),
        TEST(a_failure_leaves_the_last_copy),
        TEST(a_damaged_database_replaces_no_copy),
        TEST(remains_are_cleared_away_unless_somebody_writes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
