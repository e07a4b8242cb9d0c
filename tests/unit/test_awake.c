// SPDX-License-Identifier: GPL-3.0-or-later
// The diary and stretch sessions in the database.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store_awake.h"
#include "store/store_export.h"
#include "store_file.h"

#define NOW (START + 40000)

static struct diary_entry entry_of(day_number day, int64_t pain, const char *note)
{
    struct diary_entry entry;
    struct error error = {0};
    diary_begin(&entry, day, NOW);
    entry.numbers[DIARY_PAIN] = pain;
    if (note && diary_set_text(&entry, DIARY_NOTE, note, &error) < 0)
        fail_msg("%s", error.text);
    return entry;
}

struct expected {
    const struct diary_entry *entries;
    unsigned n, seen;
};

static int compare(const struct diary_entry *entry, void *userdata)
{
    struct expected *expected = userdata;
    assert_true(expected->seen < expected->n);
    assert_true(diary_is_same(entry, &expected->entries[expected->seen]));
    assert_int_equal(entry->made_s, expected->entries[expected->seen].made_s);
    expected->seen++;
    return 0;
}

static void expect_entries(struct store *store, day_number from, day_number to,
                           const struct diary_entry *entries, unsigned n)
{
    struct expected expected = {.entries = entries, .n = n};
    if (store_diary(store, from, to, compare, &expected) < 0)
        fail_msg("%s", store_message(store));
    assert_int_equal(expected.seen, n);
}

static void an_entry_a_day(void **state)
{
    const struct place *place = *state;
    struct error error = {0};
    struct store *store = open_file(place->path, STORE_WRITE);
    struct diary_entry entries[] = {
        entry_of(DAY, 3, "'; DROP TABLE diary; --\n<b>späť</b>"),
        entry_of(DAY + 1, 0, NULL),
        entry_of(DAY + 9, -1, "=1+1"),
    };
    entries[0].numbers[DIARY_SITTING] = 28800;
    entries[0].numbers[DIARY_NEW_PILLOW] = 1;
    assert_int_equal(diary_set_text(&entries[0], DIARY_SIDE, "both", &error), 0);
    assert_int_equal(diary_add_tag(&entries[0], "knee pillow", &error), 0);
    assert_int_equal(diary_add_tag(&entries[0], "mat", &error), 0);
    for (int i = 2; i >= 0; i--)
        assert_int_equal(store_diary_put(store, &entries[i]), 0);
    assert_int_equal(store_commit(store), 0);
    expect_entries(store, DAY, DAY + 9, entries, 3);
    expect_entries(store, DAY + 1, DAY + 8, entries + 1, 1);

    // Written again, it takes the place of the one before.
    assert_true(diary_remove_tag(&entries[0], "mat"));
    diary_clear(&entries[0], DIARY_SITTING);
    entries[0].made_s++;
    assert_int_equal(store_diary_put(store, &entries[0]), 0);
    store_rollback(store);
    assert_int_equal(number_of(place->path, "SELECT count(*) FROM diary_tags"), 2);
    assert_int_equal(store_diary_put(store, &entries[0]), 0);
    assert_int_equal(store_commit(store), 0);
    expect_entries(store, DAY, DAY, entries, 1);

    assert_int_equal(store_diary_delete(store, DAY), 0);
    assert_int_equal(store_diary_delete(store, DAY), STORE_NO_ENTRY);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(number_of(place->path, "SELECT count(*) FROM diary_tags"), 0);
    store_free(store);
    store = open_file(place->path, STORE_READ);
    expect_entries(store, DAY, DAY + 9, entries + 1, 2);
    store_free(store);
    for (int i = 0; i < 3; i++)
        diary_done(&entries[i]);
}

static void what_was_deleted_is_gone_from_the_file(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    struct diary_entry entry = entry_of(DAY, 3, "nobody else is to know of this");
    assert_int_equal(store_diary_put(store, &entry), 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_diary_delete(store, DAY), 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_scrub(store), 0);
    store_free(store);
    diary_done(&entry);
    char command[256];
    snprintf(command, sizeof command, "grep -qr 'nobody else' %s", place->directory);
    assert_int_not_equal(system(command), 0);
}

static void impossible_entries_are_told_of(void **state)
{
    const struct place *place = *state;
    static const char *const changes[] = {
        "UPDATE diary SET note = CAST(x'61001b' AS TEXT)", // the zero ends it: it is 'a'
        "UPDATE diary SET note = x'1b5b324a'",
        "UPDATE diary SET pain = 11",
        "UPDATE diary SET side = 'top'",
        "UPDATE diary SET day = 'today'",
        "UPDATE diary SET note = hex(zeroblob(500000))",
        "INSERT INTO diary_tags SELECT id, 'a;b' FROM diary",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct store *store = open_file(place->path, STORE_WRITE);
        struct diary_entry entry = entry_of(DAY, 3, "x");
        assert_int_equal(store_diary_put(store, &entry), 0);
        assert_int_equal(store_commit(store), 0);
        store_free(store);
        char sql[200];
        // STRICT tables turn a blob away; a file from elsewhere need not have them.
        snprintf(sql, sizeof sql, "PRAGMA ignore_check_constraints = ON; %s", changes[i]);
        sqlite3 *database;
        assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
        bool changed = sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
        sqlite3_close(database);
        store = open_file(place->path, STORE_READ);
        struct expected expected = {.entries = &entry, .n = 1};
        if (i > 1) {
            assert_true(changed);
            expected.n = 0; // none comes out
            // A day that is none lies beyond all days.
            int r = store_diary(store, 0, i == 4 ? DAY : DAY + 9, compare, &expected);
            assert_int_equal(r, i == 4 ? 0 : -EBADMSG);
        }
        store_free(store);
        diary_done(&entry);
        snprintf(sql, sizeof sql, "rm -f '%s'*", place->path);
        assert_int_equal(system(sql), 0);
    }
}

// ---- sessions ----

static struct stretch_session a_session(int64_t start_s)
{
    return (struct stretch_session){
        .day = DAY,
        .timezone = "Europe/Berlin",
        .start_utc_offset_s = 3600,
        .start_s = start_s,
        .end_s = start_s + 100,
        .pad = "virtual",
        .model = "m1",
        .n_holds = 2,
        .holds = {{POSITION_SUPINE_LEFT_KNEE, start_s + 5, start_s + 45, 30, 30, 4},
                  {POSITION_RIGHT_FETAL, start_s + 55, start_s + 100, 60, 12, 0}},
    };
}

static int keep_session(const struct stretch_session *session, void *userdata)
{
    *(struct stretch_session *)userdata = *session;
    return 0;
}

static void a_session_and_what_was_held(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    struct stretch_session session = a_session(START), found;
    session.n_holds = 1;
    session.end_s = START + 45;
    assert_int_equal(store_stretch_put(store, &session), 0);
    assert_int_equal(store_commit(store), 0);
    session = a_session(START); // as it goes on
    session.finished = true;
    assert_int_equal(store_stretch_put(store, &session), 0);
    assert_int_equal(store_commit(store), 0);
    memset(&found, 0, sizeof found);
    assert_int_equal(store_stretches(store, DAY, DAY, keep_session, &found), 0);
    assert_int_equal(found.n_holds, 2);
    assert_true(found.finished);
    assert_int_equal(stretch_session_held_s(&found), 42);
    assert_memory_equal(found.holds, session.holds, 2 * sizeof *session.holds);
    assert_string_equal(found.timezone, "Europe/Berlin");
    assert_int_equal(number_of(place->path, "SELECT count(*) FROM stretch_sessions"), 1);
    assert_int_equal(store_stretch_delete(store, START), 0);
    assert_int_equal(store_stretch_delete(store, START), STORE_NO_SESSION);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(number_of(place->path, "SELECT count(*) FROM stretch_holds"), 0);
    store_free(store);
}

static void sessions_that_never_were(void **state)
{
    (void)state;
    struct error error = {0};
    struct stretch_session session = a_session(START);
    assert_int_equal(stretch_session_check(&session, &error), 0);
    session.end_s = START - 1;
    assert_int_equal(stretch_session_check(&session, &error), -EINVAL);
    session = a_session(START);
    session.end_s = START + STRETCH_SESSION_S + 1;
    assert_int_equal(stretch_session_check(&session, &error), -EINVAL);
    session = a_session(START);
    session.n_holds = STRETCH_HOLDS_MAX + 1;
    assert_int_equal(stretch_session_check(&session, &error), -EINVAL);
    static const struct stretch_hold holds[] = {
        {POSITION_PRONE, START + 55, START + 100, 60, 12, 0},
        {(enum position)99, START + 55, START + 100, 60, 12, 0},
        {POSITION_RIGHT_FETAL, START + 44, START + 100, 60, 12, 0},
        {POSITION_RIGHT_FETAL, START + 55, START + 101, 60, 12, 0},
        {POSITION_RIGHT_FETAL, START + 55, START + 54, 60, 0, 0},
        {POSITION_RIGHT_FETAL, START + 55, START + 100, 0, 12, 0},
        {POSITION_RIGHT_FETAL, START + 55, START + 100, 60, 46, 0},
        {POSITION_RIGHT_FETAL, START + 55, START + 100, 60, 40, 6},
        {POSITION_RIGHT_FETAL, START + 55, START + 100, 60, -1, 0},
        {POSITION_RIGHT_FETAL, START + 55, START + 100, 60, 12, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
        session = a_session(START);
        session.holds[1] = holds[i];
        assert_int_equal(stretch_session_check(&session, &error), -EINVAL);
    }
}

static int count_row(const struct store_night *night, const struct store_value *values,
                     void *userdata)
{
    (void)night;
    (void)values;
    ++*(int *)userdata;
    return 0;
}

static void they_are_facts_and_are_exported(void **state)
{
    const struct place *place = *state;
    struct store *store = open_file(place->path, STORE_WRITE);
    struct stretch_session session = a_session(START);
    struct diary_entry entry = entry_of(DAY + 2, 3, "x");
    assert_int_equal(store_stretch_put(store, &session), 0);
    assert_int_equal(store_diary_put(store, &entry), 0);
    assert_int_equal(store_commit(store), 0);
    struct store_facts facts;
    assert_int_equal(store_facts(store, &facts), 0);
    assert_int_equal(facts.diary_entries, 1);
    assert_int_equal(facts.stretch_sessions, 1);
    day_number newest;
    assert_int_equal(store_newest_record(store, &newest), 1);
    assert_int_equal(newest, DAY + 2);
    static const struct {
        enum store_table table;
        int rows;
    } tables[] = {{STORE_DIARY, 1}, {STORE_STRETCHES, 1}, {STORE_HOLDS, 2}, {STORE_NIGHTS, 0}};
    for (size_t i = 0; i < 4; i++) {
        int n = 0;
        assert_int_equal(store_export(store, tables[i].table, 0, newest, count_row, &n), 0);
        assert_int_equal(n, tables[i].rows);
    }
    store_free(store);
    diary_done(&entry);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_a_day),
        TEST(what_was_deleted_is_gone_from_the_file),
        TEST(impossible_entries_are_told_of),
        TEST(a_session_and_what_was_held),
        cmocka_unit_test(sessions_that_never_were),
        TEST(they_are_facts_and_are_exported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
