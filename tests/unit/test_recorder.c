// SPDX-License-Identifier: GPL-3.0-or-later
// The pipeline in one piece, on the simulated sleeper's bytes.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recorder/recorder.h"
#include "sleeper.h"

#define START_S  INT64_C(1767648600) // 2026-01-05 22:30:00 in Berlin
#define US_PER_S INT64_C(1000000)

struct bed {
    char directory[64], path[96];
    struct pad *pad;
    struct model *model;
    struct store *store;
    struct recorder *recorder;
    int64_t now_us; // of the next frame
    double rate_hz;
};

static int32_t one_hour(int64_t time_s, void *userdata)
{
    (void)time_s;
    (void)userdata;
    return 3600;
}

static const struct zone zone = {.name = "Europe/Berlin", .offset_s = one_hour};

static void start_recorder(struct bed *bed, bool refuse_overlap)
{
    struct error error = {0};
    if (store_open(&bed->store, bed->path, STORE_WRITE, &error) < 0)
        fail_msg("%s", error.text);
    struct recorder_options options = {
        .pad = bed->pad,
        .model = bed->model,
        .store = bed->store,
        .zone = &zone,
        .rules = night_rules_default(),
        .refuse_overlap = refuse_overlap,
    };
    options.rules.night_min_s = 60; // these are short nights
    assert_int_equal(recorder_new(&bed->recorder, &options), 0);
}

static void stop_recorder(struct bed *bed)
{
    recorder_free(bed->recorder);
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
    const char *const pads[] = {getenv("PSOASMON_PADS"), NULL};
    if (pad_find(&bed->pad, "virtual", pads, &error) < 0 || model_builtin(&bed->model, &error) < 0)
        fail_msg("%s", error.text);
    bed->now_us = START_S * US_PER_S;
    bed->rate_hz = 2;
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    char command[128];
    if (bed->recorder)
        stop_recorder(bed);
    pad_free(bed->pad);
    model_free(bed->model);
    snprintf(command, sizeof command, "rm -rf %s", bed->directory);
    int r = system(command);
    free(bed);
    return r;
}

static struct sleeper *new_sleeper(const struct bed *bed)
{
    struct sleeper_options options = sleeper_options_default();
    struct sleeper *sleeper = NULL;
    options.rate_hz = bed->rate_hz;
    options.seed = 5;
    assert_int_equal(sleeper_new(&sleeper, bed->pad, &options), 0);
    return sleeper;
}

// Lies in a position for some seconds; the bytes arrive `piece` at a time.
static int lie(struct bed *bed, struct sleeper *sleeper, enum position position, double seconds,
               size_t piece)
{
    uint16_t counts[PAD_MAX_CELLS];
    uint8_t bytes[2 * PAD_MAX_CELLS + 64];
    int result = 0;
    sleeper_turn(sleeper, position);
    for (int i = 0; i < (int)(seconds * bed->rate_hz); i++) {
        sleeper_frame(sleeper, counts);
        ssize_t length = pad_encode(bed->pad, counts, bytes, sizeof bytes);
        assert_true(length > 0);
        for (size_t at = 0; at < (size_t)length; at += piece) {
            size_t n = (size_t)length - at < piece ? (size_t)length - at : piece;
            int r = recorder_push(bed->recorder, bytes + at, n, bed->now_us);
            if (result == 0)
                result = r;
        }
        bed->now_us += (int64_t)((double)US_PER_S / bed->rate_hz);
    }
    return result;
}

struct found {
    struct night_summary nights[4];
    size_t n;
};

static int find(const struct night_summary *summary, void *userdata)
{
    struct found *found = userdata;
    assert_true(found->n < 4);
    found->nights[found->n++] = *summary;
    return 0;
}

static struct found stored(const struct bed *bed)
{
    struct store *store = NULL;
    struct found found = {0};
    struct error error = {0};
    assert_int_equal(store_open(&store, bed->path, STORE_READ, &error), 0);
    assert_int_equal(store_nights(store, 0, 100000, position_friendly_default(), find, &found), 0);
    for (size_t i = 0; i < found.n; i++)
        assert_int_equal(store_night_minutes(store, &found.nights[i]), 0);
    store_free(store);
    return found;
}

static void expect_about(int64_t seconds, int64_t expected, int64_t within)
{
    assert_in_range(seconds, expected - within, expected + within);
}

static void a_short_night(struct bed *bed, size_t piece)
{
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_EMPTY, 30, piece);
    lie(bed, sleeper, POSITION_SUPINE, 120, piece);
    lie(bed, sleeper, POSITION_LEFT_FETAL, 180, piece);
    lie(bed, sleeper, POSITION_EMPTY, 60, piece);
    lie(bed, sleeper, POSITION_SUPINE, 90, piece);
    lie(bed, sleeper, POSITION_EMPTY, 30, piece);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    sleeper_free(sleeper);
}

static void bytes_become_a_night(void **state)
{
    struct bed *bed = *state;
    a_short_night(bed, 100000);
    struct recorder_state now;
    recorder_state(bed->recorder, &now);
    assert_int_equal(now.frames, 510 * (int)bed->rate_hz);
    assert_int_equal(now.dropped_frames, 0);
    assert_false(now.night_open);

    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    const struct night_summary *night = &found.nights[0];
    char day[DAY_TEXT_SIZE];
    day_format(night->night.night.day, day);
    assert_string_equal(day, "2026-01-05");
    // Getting in and out of bed takes the simulated sleeper a few seconds.
    expect_about(night->night.night.start_s, START_S + 30, 6);
    expect_about(night->night.night.end_s, START_S + 480, 10);
    expect_about(night->position_s[POSITION_SUPINE], 120 + 90, 20);
    expect_about(night->position_s[POSITION_LEFT_FETAL], 180, 10);
    expect_about(night->position_s[POSITION_EMPTY], 60, 12);
    assert_int_equal(night->friendly_s, night->position_s[POSITION_LEFT_FETAL]);
    assert_false(night->night.open);
    stop_recorder(bed);
}

// However the bytes are cut, the night is the same to the second.
static void the_cut_of_the_bytes_does_not_matter(void **state)
{
    struct bed *bed = *state;
    struct found found[2];
    static const size_t pieces[] = {100000, 700};
    for (int i = 0; i < 2; i++) {
        snprintf(bed->path, sizeof bed->path, "%s/night-%d.db", bed->directory, i);
        bed->now_us = START_S * US_PER_S;
        a_short_night(bed, pieces[i]);
        stop_recorder(bed);
        found[i] = stored(bed);
    }
    assert_int_equal(found[0].n, found[1].n);
    assert_memory_equal(found[0].nights, found[1].nights, found[0].n * sizeof found[0].nights[0]);
}

static void a_silent_pad_is_a_gap(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    struct recorder_state now;
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    bed->now_us += 5 * US_PER_S; // shorter than silence: carried on
    lie(bed, sleeper, POSITION_SUPINE, 60, 100000);
    recorder_state(bed->recorder, &now);
    assert_false(now.silent);
    assert_int_equal(recorder_advance(bed->recorder, bed->now_us + 60 * US_PER_S), 0);
    recorder_state(bed->recorder, &now);
    assert_true(now.silent);
    assert_true(now.night_open);
    bed->now_us += 300 * US_PER_S;
    lie(bed, sleeper, POSITION_SUPINE, 60, 100000);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);

    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    expect_about(found.nights[0].in_bed_s, 545, 8);
    expect_about(found.nights[0].recorded_s, 245, 8);
    assert_int_equal(found.nights[0].in_bed_s - found.nights[0].recorded_s, 300);
}

static void a_pad_that_never_comes_back_ends_the_night(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    struct recorder_state now;
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    assert_int_equal(recorder_lost(bed->recorder, GAP_PAD_UNPLUGGED), 0);
    assert_int_equal(recorder_advance(bed->recorder, bed->now_us + 1790 * US_PER_S), 0);
    recorder_state(bed->recorder, &now);
    assert_true(now.night_open);
    assert_int_equal(recorder_advance(bed->recorder, bed->now_us + 1810 * US_PER_S), 0);
    recorder_state(bed->recorder, &now);
    assert_false(now.night_open);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);
    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    expect_about(found.nights[0].in_bed_s, 120, 6);
    assert_false(found.nights[0].night.open);
}

// Killed in mid-night and started again: one night, with a gap; what was committed is there.
static void a_restart_takes_up_the_night(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    lie(bed, sleeper, POSITION_SUPINE, 20, 100000); // lost with the process
    stop_recorder(bed);

    bed->now_us += 40 * US_PER_S;
    start_recorder(bed, false);
    assert_int_equal(recorder_resume(bed->recorder, bed->now_us / US_PER_S), 0);
    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    struct recorder_state now;
    recorder_state(bed->recorder, &now);
    assert_true(now.in_bed);
    assert_true(now.so_far.position_s[POSITION_SUPINE] > 200); // both halves
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);

    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    expect_about(found.nights[0].in_bed_s, 300, 6);
    int64_t unseen_s = found.nights[0].in_bed_s - found.nights[0].recorded_s;
    assert_in_range(unseen_s, 60, 75); // 60 s, and at most the filter's lag before the commit
}

// Within the second of its last frame, as when other rules are read in mid-night.
static void a_night_is_taken_up_at_once(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    assert_int_equal(recorder_finish(bed->recorder, false), 0);
    stop_recorder(bed);
    int64_t end_s = stored(bed).nights[0].night.night.end_s;
    bed->now_us = end_s * US_PER_S - US_PER_S / 2;

    start_recorder(bed, false);
    assert_int_equal(recorder_resume(bed->recorder, bed->now_us / US_PER_S), 0);
    lie(bed, sleeper, POSITION_SUPINE, 60, 100000);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);

    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    expect_about(found.nights[0].in_bed_s, 180, 6);
    assert_int_equal(found.nights[0].recorded_s, found.nights[0].in_bed_s); // no second twice
}

static void an_old_open_night_is_closed_where_it_ended(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    assert_int_equal(recorder_finish(bed->recorder, false), 0);
    stop_recorder(bed);
    assert_true(stored(bed).nights[0].night.open);
    start_recorder(bed, false);
    assert_int_equal(recorder_resume(bed->recorder, bed->now_us / US_PER_S + 7200), 0);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);
    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    assert_false(found.nights[0].night.open);
    expect_about(found.nights[0].in_bed_s, 120, 6);
}

// Told while it lasts, so that a crash loses nothing, and gone when it turns out to be too short.
static void a_short_stay_is_not_kept(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    struct recorder_state now;
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 45, 100000);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    assert_int_equal(stored(bed).n, 1);
    lie(bed, sleeper, POSITION_EMPTY, 1900, 100000);
    recorder_state(bed->recorder, &now);
    assert_false(now.night_open);
    assert_int_equal(now.short_stays, 1);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    assert_int_equal(stored(bed).n, 0);

    lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    assert_int_equal(stored(bed).n, 1);
    stop_recorder(bed);
    sleeper_free(sleeper);
}

// Killed meanwhile: the next start does what this one would have done.
static void a_short_stay_that_broke_off_is_not_kept(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, false);
    lie(bed, sleeper, POSITION_SUPINE, 45, 100000);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    stop_recorder(bed);
    assert_true(stored(bed).nights[0].night.open);
    start_recorder(bed, false);
    assert_int_equal(recorder_resume(bed->recorder, bed->now_us / US_PER_S + 7200), 0);
    assert_int_equal(recorder_commit(bed->recorder), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);
    assert_int_equal(stored(bed).n, 0);
}

static void a_night_is_not_recorded_twice(void **state)
{
    struct bed *bed = *state;
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, true);
    lie(bed, sleeper, POSITION_SUPINE, 300, 100000);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    stop_recorder(bed);

    // Beginning inside it, and running into it.
    static const int64_t starts_s[] = {100, -200};
    for (int i = 0; i < 2; i++) {
        bed->now_us = (START_S + starts_s[i]) * US_PER_S;
        start_recorder(bed, true);
        assert_int_equal(lie(bed, sleeper, POSITION_SUPINE, 400, 100000), -EEXIST);
        assert_string_equal(recorder_message(bed->recorder),
                            "this would overlap the night of 2026-01-05, which is in the database "
                            "already");
        store_rollback(bed->store);
        stop_recorder(bed);
    }
    sleeper_free(sleeper);
    assert_int_equal(stored(bed).n, 1);
}

// The simulated sleeper breathes 12 to 18 times a minute. A pad of one frame a second tells
// nothing of it, and neither does an empty bed.
static void breathing_is_kept_with_the_minutes(void **state)
{
    struct bed *bed = *state;
    static const double rates_hz[] = {10, 1};
    for (int i = 0; i < 2; i++) {
        snprintf(bed->path, sizeof bed->path, "%s/breathing-%d.db", bed->directory, i);
        bed->now_us = START_S * US_PER_S;
        bed->rate_hz = rates_hz[i];
        struct sleeper *sleeper = new_sleeper(bed);
        start_recorder(bed, false);
        lie(bed, sleeper, POSITION_SUPINE, 120, 100000);
        lie(bed, sleeper, POSITION_EMPTY, 60, 100000);
        assert_int_equal(recorder_finish(bed->recorder, true), 0);
        stop_recorder(bed);
        sleeper_free(sleeper);

        struct found found = stored(bed);
        assert_int_equal(found.n, 1);
        const struct night_summary *night = &found.nights[0];
        if (rates_hz[i] < 5) {
            assert_int_equal(night->breath_minutes, 0);
            assert_true(night->breaths_per_min == 0);
            continue;
        }
        assert_in_range(night->breath_minutes, 1, 2);
        assert_true(night->breaths_per_min > 11.5 && night->breaths_per_min < 18.5);
        assert_true(night->breath_steadiness > 0.7 && night->breath_steadiness <= 1);
    }
}

// The clock is set in the middle of a night: the minutes and their breathing stay together.
static void breathing_moves_with_the_clock(void **state)
{
    struct bed *bed = *state;
    bed->rate_hz = 5;
    struct sleeper *sleeper = new_sleeper(bed);
    start_recorder(bed, false);
    // The filter has not told all of the second minute when the clock is set.
    lie(bed, sleeper, POSITION_SUPINE, 122, 100000);
    bed->now_us += 7200 * US_PER_S;
    assert_int_equal(recorder_move(bed->recorder, 7200, bed->now_us / US_PER_S), 0);
    lie(bed, sleeper, POSITION_SUPINE, 58, 100000);
    assert_int_equal(recorder_finish(bed->recorder, true), 0);
    stop_recorder(bed);
    sleeper_free(sleeper);
    struct found found = stored(bed);
    assert_int_equal(found.n, 1);
    assert_int_equal(found.nights[0].breath_minutes, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(bytes_become_a_night),
        TEST(the_cut_of_the_bytes_does_not_matter),
        TEST(a_silent_pad_is_a_gap),
        TEST(a_pad_that_never_comes_back_ends_the_night),
        TEST(a_restart_takes_up_the_night),
        TEST(an_old_open_night_is_closed_where_it_ended),
        TEST(a_night_is_taken_up_at_once),
        TEST(a_short_stay_is_not_kept),
        TEST(a_short_stay_that_broke_off_is_not_kept),
        TEST(a_night_is_not_recorded_twice),
        TEST(breathing_is_kept_with_the_minutes),
        TEST(breathing_moves_with_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
