// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of core/store share: a directory of their own with a database in it, and nights.
// Include it after cmocka.h.
#ifndef PSOASMON_STORE_FILE_H
#define PSOASMON_STORE_FILE_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

#define START 1767648600 // 2026-01-05 22:30:00 in Berlin
#define DAY   20458      // 2026-01-05

struct place {
    char directory[64], path[128];
};

static inline int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/some #1 100%%.db", place->directory);
    *state = place;
    return 0;
}

static inline int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", place->directory);
    int r = system(command);
    free(place);
    return r;
}

static inline struct store *open_file(const char *path, enum store_mode mode)
{
    struct store *store = NULL;
    struct error error = {0};
    if (store_open(&store, path, mode, &error) < 0)
        fail_msg("%s", error.text);
    return store;
}

static inline void run_sql(const char *path, const char *sql)
{
    sqlite3 *database;
    char *words = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &words) != SQLITE_OK)
        fail_msg("%s", words);
    sqlite3_close(database);
}

// The one number that a query finds.
static inline int64_t number_of(const char *path, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

// A snapshot like no other: its bytes are found wherever they are.
static inline void fill_snapshot(uint8_t snapshot[STORE_SNAPSHOT_SIZE], unsigned number)
{
    uint32_t state = 2463534242u + number * 2654435761u;
    for (size_t i = 0; i < STORE_SNAPSHOT_SIZE; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        snapshot[i] = (uint8_t)state;
    }
}

// The number'th night after the first, of eight hours: 16 bouts with a snapshot each (numbered
// number * 16 and on), an epoch a minute. Not committed.
static inline int64_t put_night(struct store *store, unsigned number, bool open)
{
    int64_t start_s = START + (int64_t)number * 86400;
    const struct store_night night = {
        .night = {.day = DAY + (day_number)number, .start_s = start_s, .end_s = start_s},
        .timezone = "Europe/Berlin",
        .start_utc_offset_s = 3600,
        .pad = "pmat",
        .model = "m1",
        .open = open,
    };
    int64_t id = 0;
    assert_int_equal(store_night_begin(store, &night, &id), 0);
    for (unsigned i = 0; i < 16; i++) {
        uint8_t snapshot[STORE_SNAPSHOT_SIZE];
        fill_snapshot(snapshot, number * 16 + i);
        const struct bout bout = {
            .start_s = start_s + i * 1800,
            .end_s = start_s + (i + 1) * 1800,
            .position = i % 2 ? POSITION_LEFT_FETAL : POSITION_SUPINE,
            .confidence = 0.9,
        };
        assert_int_equal(store_bout_put(store, id, &bout, NULL), 0); // as it goes on
        for (int64_t s = bout.start_s; s < bout.end_s; s += 60) {
            struct epoch epoch = {.start_s = s, .seconds = 60, .movement = 0.5f, .load = 100};
            epoch.probabilities[bout.position] = 1;
            assert_int_equal(store_epoch_put(store, id, &epoch), 0);
        }
        assert_int_equal(store_bout_put(store, id, &bout, snapshot), 0);
        assert_int_equal(store_night_update(store, id, bout.end_s, open), 0);
    }
    return id;
}

#endif
