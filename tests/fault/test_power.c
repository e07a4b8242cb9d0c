// SPDX-License-Identifier: GPL-3.0-or-later
// A night of eight hours and forty bouts, stored as psoasmond stores it: what a loss of power
// leaves of it, and what it costs an SD card. PSOASMON_LOSSES: how often the power fails, else 40
// times.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "power.h"
#include "recorder/recorder.h"
#include "sleeper.h"

#define START_S  INT64_C(1767648600) // 2026-01-05 22:30:00 in Berlin
#define US_PER_S INT64_C(1000000)

// Frames six seconds apart tell of a night what sixty times as many would.
#define FRAME_S  6
#define COMMIT_S 30 // COMMIT_EVERY_S of daemon/recording.c
#define UP_S     60
#define BOUT_S   720
#define BOUTS    40
#define FRAMES   ((UP_S + BOUTS * BOUT_S) / FRAME_S)
// Frames of a bout that differ; then they come again.
#define BOUT_FRAMES    20
#define LOSSES_A_NIGHT 40

struct bed {
    char directory[64], path[96], copy[96];
    struct pad *pad;
    struct model *model;
    struct store *store;
    struct recorder *recorder;
    uint8_t *bytes; // of FRAMES frames
    size_t frame_size;
    uint64_t random;
};

static int32_t one_hour(int64_t time_s, void *userdata)
{
    (void)time_s;
    (void)userdata;
    return 3600;
}

static const struct zone zone = {.name = "Europe/Berlin", .offset_s = one_hour};

static unsigned draw(struct bed *bed, unsigned below)
{
    bed->random = bed->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(bed->random >> 33) % below;
}

// ---- a sleeper, once for all nights ----

static void sleep_through(struct bed *bed)
{
    // Each the other way up, or the model may take two of them for one.
    static const enum position turns[] = {
        POSITION_SUPINE,    POSITION_LEFT_FETAL, POSITION_RIGHT_SIDE,  POSITION_SUPINE_LEFT_KNEE,
        POSITION_LEFT_SIDE, POSITION_PRONE,      POSITION_RIGHT_FETAL,
    };
    struct sleeper_options options = sleeper_options_default();
    struct sleeper *sleeper = NULL;
    uint16_t counts[PAD_MAX_CELLS];
    uint8_t frame[2 * PAD_MAX_CELLS + 64];
    options.rate_hz = 1.0 / FRAME_S;
    options.seed = 5;
    assert_int_equal(sleeper_new(&sleeper, bed->pad, &options), 0);
    sleeper_turn(sleeper, POSITION_EMPTY);
    for (int i = 0; i < FRAMES; i++) {
        int lying_s = i * FRAME_S - UP_S;
        if (lying_s >= 0 && lying_s % BOUT_S == 0)
            sleeper_turn(sleeper,
                         turns[(size_t)(lying_s / BOUT_S) % (sizeof turns / sizeof *turns)]);
        int again = lying_s % BOUT_S / FRAME_S - BOUT_FRAMES;
        if (again < 0) {
            sleeper_frame(sleeper, counts);
            ssize_t length = pad_encode(bed->pad, counts, frame, sizeof frame);
            assert_true(length > 0);
            bed->frame_size = (size_t)length;
        } else {
            int settled = BOUT_FRAMES / 2 + again % (BOUT_FRAMES / 2);
            memcpy(frame,
                   bed->bytes + (size_t)(i - BOUT_FRAMES - again + settled) * bed->frame_size,
                   bed->frame_size);
        }
        if (!bed->bytes)
            bed->bytes = malloc(FRAMES * bed->frame_size);
        memcpy(bed->bytes + (size_t)i * bed->frame_size, frame, bed->frame_size);
    }
    sleeper_free(sleeper);
}

static int64_t time_of(int frame)
{
    return START_S + (int64_t)frame * FRAME_S;
}

static int push(struct bed *bed, int frame)
{
    return recorder_push(bed->recorder, bed->bytes + (size_t)frame * bed->frame_size,
                         bed->frame_size, time_of(frame) * US_PER_S);
}

// As psoasmond begins. False: the power failed meanwhile.
static bool start(struct bed *bed, int64_t now_s)
{
    struct error error = {0};
    int r = store_open(&bed->store, bed->path, STORE_WRITE, &error);
    if (r < 0) {
        if (!power_failed())
            fail_msg("%s", error.text);
        return false;
    }
    const struct recorder_options options = {
        .pad = bed->pad,
        .model = bed->model,
        .store = bed->store,
        .zone = &zone,
        .rules = night_rules_default(),
        .commit_every_s = COMMIT_S,
    };
    assert_int_equal(recorder_new(&bed->recorder, &options), 0);
    r = recorder_resume(bed->recorder, now_s);
    assert_true(r == 0 || power_failed());
    return r == 0;
}

static void stop(struct bed *bed)
{
    if (bed->recorder)
        recorder_free(bed->recorder);
    if (bed->store)
        store_free(bed->store);
    bed->recorder = NULL;
    bed->store = NULL;
}

static int set_up(void **state)
{
    struct bed *bed = calloc(1, sizeof *bed);
    struct error error = {0};
    strcpy(bed->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(bed->directory));
    snprintf(bed->path, sizeof bed->path, "%s/night.db", bed->directory);
    snprintf(bed->copy, sizeof bed->copy, "%s/copy.db", bed->directory);
    const char *const pads[] = {getenv("PSOASMON_PADS"), NULL};
    // Of large cells: the model is done with its frames in half the time.
    if (pad_find(&bed->pad, "jq-bed-32", pads, &error) < 0 ||
        model_builtin(&bed->model, &error) < 0)
        fail_msg("%s", error.text);
    sleep_through(bed);
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    char command[128];
    pad_free(bed->pad);
    model_free(bed->model);
    free(bed->bytes);
    snprintf(command, sizeof command, "rm -rf %s", bed->directory);
    int r = system(command);
    free(bed);
    return r;
}

static void remove_files(const struct bed *bed)
{
    char command[128];
    snprintf(command, sizeof command, "rm -f %s/*", bed->directory);
    assert_int_equal(system(command), 0);
}

// ---- what is found ----

// The one number, or null as 0; text is no number and fails unless it is "ok", which counts as 1.
static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, "unix"), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    if (sqlite3_column_type(statement, 0) == SQLITE_TEXT) {
        assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
        number = 1;
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

// Every second of the night is a bout's or a gap's, and what was seen has its minutes. Returns when
// the night ends, 0 if there is none.
static int64_t check(const char *path)
{
    // As it was found: SQLite's own VFS, and the way psoasmond opens it.
    struct store *store = NULL;
    struct error error = {0};
    if (store_open(&store, path, STORE_WRITE, &error) < 0)
        fail_msg("%s", error.text);
    store_free(store);
    assert_int_equal(ask(path, "PRAGMA integrity_check"), 1);
    assert_int_equal(ask(path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_true(ask(path, "SELECT count(*) FROM nights") <= 1);
    int64_t bouts_s = ask(path, "SELECT sum(end_s - start_s) FROM bouts");
    int64_t gaps_s = ask(path, "SELECT sum(end_s - start_s) FROM gaps WHERE night_id = 1");
    assert_int_equal(bouts_s + gaps_s, ask(path, "SELECT sum(end_s - start_s) FROM nights"));
    assert_in_range(ask(path, "SELECT sum(seconds) FROM epochs") + 60, bouts_s, bouts_s + 120);
    return ask(path, "SELECT max(end_s) FROM nights");
}

// ---- the power fails ----

struct reached {
    int frame;
    int64_t stored_s; // the night's end after the last loss
    int64_t since_s;  // recorded again since
};

static void lose(struct bed *bed, struct reached *reached)
{
    int64_t last_s = time_of(reached->frame - 1);
    stop(bed);
    power_return(bed->copy);
    sqlite3_vfs_register(sqlite3_vfs_find("unix"), 1);
    int64_t stored_s = check(bed->copy);
    sqlite3_vfs_register(sqlite3_vfs_find("power"), 1);
    assert_true(stored_s >= reached->stored_s);
    // It takes the sleeper some seconds to lie down.
    int64_t since_s = reached->since_s > START_S + UP_S + 9 ? reached->since_s : START_S + UP_S + 9;
    if (last_s - 60 >= since_s)
        assert_true(stored_s >= last_s - 60);
    reached->stored_s = stored_s;
}

// Frames until the power fails; at the last write of them that it may, if nothing is written.
static void record_until_loss(struct bed *bed, struct reached *reached, int frames)
{
    for (int i = 0; reached->frame < FRAMES && !power_failed(); i++) {
        if (i == frames)
            power_fail_at(draw(bed, 12));
        int r = push(bed, reached->frame++);
        assert_true(r == 0 || power_failed());
    }
}

// One night, over as many losses as it takes, and one night at the end.
static void record_night(struct bed *bed, uint64_t seed, unsigned *losses)
{
    struct reached reached = {0};
    remove_files(bed);
    power_on(bed->path, seed);
    bed->random = seed;
    for (;;) {
        // Some machines fail again before they are up.
        if (*losses > 0 && draw(bed, 6) == 0)
            power_fail_at(draw(bed, 12));
        reached.since_s = time_of(reached.frame);
        unsigned frames = draw(bed, 2 * (FRAMES / LOSSES_A_NIGHT - 10));
        if (start(bed, time_of(reached.frame)))
            record_until_loss(bed, &reached, *losses > 0 ? (int)frames : FRAMES);
        if (!power_failed())
            break;
        lose(bed, &reached);
        (*losses)--;
        reached.frame += 3 + (int)draw(bed, 8); // until it is up again
        if (reached.frame > FRAMES)
            reached.frame = FRAMES;
    }
    power_fail_at(1u << 30);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    stop(bed);
    power_off();
    int64_t end_s = check(bed->path);
    // Where the power fails as the night ends, nothing comes after what was stored.
    assert_true(end_s >= reached.stored_s);
    if (reached.since_s < time_of(FRAMES - 3))
        assert_true(end_s >= time_of(FRAMES - 1));
    assert_int_equal(ask(bed->path, "SELECT count(*) FROM nights WHERE NOT open"), 1);
    assert_in_range(ask(bed->path, "SELECT start_s FROM nights"), START_S + UP_S,
                    START_S + UP_S + 120);
}

static void a_loss_of_power_costs_a_minute(void **state)
{
    struct bed *bed = *state;
    const char *text = getenv("PSOASMON_LOSSES");
    unsigned losses = text ? (unsigned)strtoul(text, NULL, 10) : 40;
    unsigned asked = losses, nights = 0;
    assert_true(losses > 0);
    while (losses > 0)
        record_night(bed, ++nights, &losses);
    print_message("%u losses of power in %u nights\n", asked, nights);
}

// ---- what it costs the card ----

static int64_t file_size(const struct bed *bed)
{
    struct stat status;
    assert_int_equal(stat(bed->path, &status), 0);
    return status.st_size;
}

static void a_night_is_kind_to_the_card(void **state)
{
    struct bed *bed = *state;
    struct recorder_state now;
    sqlite3 *database;
    power_on(bed->path, 1);
    assert_true(start(bed, START_S));
    int64_t size = file_size(bed);
    uint64_t written = power_bytes_written();
    for (int frame = 0; frame < FRAMES; frame++)
        assert_int_equal(push(bed, frame), 0);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    recorder_state(bed->recorder, &now);
    assert_in_range(now.commits, BOUTS * BOUT_S / COMMIT_S - 5, BOUTS * BOUT_S / COMMIT_S + 5);
    stop(bed);
    // What is in the journal alone comes to the database some day, and counts as well.
    assert_int_equal(sqlite3_open(bed->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    written = power_bytes_written() - written;
    size = file_size(bed) - size;
    power_off();
    print_message("%llu bytes written in %llu commits, %lld bytes larger\n",
                  (unsigned long long)written, (unsigned long long)now.commits, (long long)size);
    assert_int_equal(ask(bed->path, "SELECT count(*) FROM nights"), 1);
    assert_in_range(ask(bed->path, "SELECT count(*) FROM bouts"), BOUTS, 2 * BOUTS);
    assert_true(written < 4000000);
    assert_true(size < 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_night_is_kind_to_the_card),
        cmocka_unit_test(a_loss_of_power_costs_a_minute),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
