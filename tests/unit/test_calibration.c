// SPDX-License-Identifier: GPL-3.0-or-later
// A simulated sleeper, calibrated for; and files that are no calibrations.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32.h"
#include "calibration/calibration.h"
#include "calibration/session.h"
#include "calibrate/rehearsal.h"
#include "sleeper.h"
#include "surface/surface.h"

static const enum position held[] = {
    POSITION_SUPINE,      POSITION_SUPINE_KNEES_RAISED, POSITION_SUPINE_LEFT_KNEE,
    POSITION_RIGHT_FETAL, POSITION_LEFT_SIDE,           POSITION_PRONE,
};
#define N_HELD (sizeof held / sizeof *held)

// Somebody on a pad.
struct bed {
    struct pad *pad;
    struct model *model;
    struct surface *surface;
    struct sleeper *sleeper;
    uint16_t *counts;
    bool upside_down; // the head lies where everybody else's feet are
    bool coarse;      // as if the pad had few cells
    struct pressure_map map;
};

static void lie(struct bed *bed, uint64_t seed)
{
    struct sleeper_options options = sleeper_options_default();
    options.seed = seed;
    if (bed->sleeper)
        sleeper_free(bed->sleeper);
    assert_int_equal(sleeper_new(&bed->sleeper, bed->pad, &options), 0);
}

static int set_up(void **state)
{
    struct bed *bed = calloc(1, sizeof *bed);
    assert_non_null(bed);
    struct error error = {0};
    const char *const pads[] = {getenv("PSOASMON_PADS"), NULL};
    if (pad_find(&bed->pad, "virtual", pads, &error) < 0 || model_builtin(&bed->model, &error) < 0)
        fail_msg("%s", error.text);
    assert_int_equal(surface_new(&bed->surface, bed->pad), 0);
    bed->counts = calloc(pad_cells(bed->pad), sizeof *bed->counts);
    assert_non_null(bed->counts);
    lie(bed, 101);
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    sleeper_free(bed->sleeper);
    surface_free(bed->surface);
    model_free(bed->model);
    pad_free(bed->pad);
    free(bed->counts);
    free(bed);
    return 0;
}

// The next second.
static const struct pressure_map *look(struct bed *bed)
{
    const struct frame frame = {
        .rows = (uint16_t)bed->pad->rows, .cols = (uint16_t)bed->pad->cols, .counts = bed->counts};
    sleeper_frame(bed->sleeper, bed->counts);
    assert_int_equal(surface_read(bed->surface, &frame, &bed->map), 0);
    if (bed->coarse)
        bed->map.grid = (struct grid){4, 4, 400, 200};
    for (size_t i = 0; bed->upside_down && i < MAP_CELLS / 2; i++) {
        float cell = bed->map.cells[i];
        bed->map.cells[i] = bed->map.cells[MAP_CELLS - 1 - i];
        bed->map.cells[MAP_CELLS - 1 - i] = cell;
    }
    return &bed->map;
}

static void turn(struct bed *bed, enum position position)
{
    sleeper_turn(bed->sleeper, position);
    do
        look(bed);
    while (sleeper_truth(bed->sleeper) != position);
}

static void hold_for(struct bed *bed, struct session *session, int from_s, int until_s)
{
    for (int second = from_s; second < until_s; second++)
        assert_int_equal(session_see(session, look(bed), second), 0);
}

static void hold(struct bed *bed, struct session *session, enum position position,
                 enum position said)
{
    turn(bed, position);
    assert_int_equal(session_hold(session, said), 0);
    hold_for(bed, session, 0, (int)SESSION_HOLD_S);
}

static struct session *begin(struct bed *bed)
{
    struct session *session;
    assert_int_equal(session_new(&session, bed->model), 0);
    return session;
}

static void learn(struct session *session, struct model_correction *correction, struct trial *trial)
{
    struct error error = {0};
    if (session_learn(session, correction, trial, &error) < 0)
        fail_msg("%s", error.text);
}

// How many of these positions, lain in anew a few times each, the model takes rightly.
static unsigned right_in(struct bed *bed, const enum position *positions, size_t n)
{
    unsigned right = 0;
    for (size_t i = 0; i < 4 * n; i++) {
        turn(bed, positions[i % n]);
        float probabilities[POSITION_BODY_N];
        model_run(bed->model, look(bed), probabilities);
        int best = 0;
        for (int p = 1; p < POSITION_BODY_N; p++)
            best = probabilities[p] > probabilities[best] ? p : best;
        right += best == (int)positions[i % n];
    }
    return right;
}

static unsigned right_in_all(struct bed *bed, uint64_t seed)
{
    enum position all[POSITION_BODY_N];
    for (int i = 0; i < POSITION_BODY_N; i++)
        all[i] = (enum position)i;
    lie(bed, seed);
    return right_in(bed, all, POSITION_BODY_N);
}

static unsigned right_of_others(struct bed *bed)
{
    unsigned right = 0;
    bed->upside_down = false;
    for (uint64_t seed = 201; seed <= 203; seed++)
        right += right_in_all(bed, seed);
    return right;
}

// ---- learning ----

static void calibrate(struct bed *bed, bool rehearsed, struct model_correction *correction,
                      struct trial *trial)
{
    struct session *session = begin(bed);
    if (rehearsed)
        assert_int_equal(rehearse(session, bed->pad), 0);
    for (size_t i = 0; i < N_HELD; i++)
        hold(bed, session, held[i], held[i]);
    assert_int_equal(session_held(session),
                     POSITION_BIT(POSITION_SUPINE) | POSITION_BIT(POSITION_SUPINE_KNEES_RAISED) |
                         POSITION_BIT(POSITION_SUPINE_LEFT_KNEE) |
                         POSITION_BIT(POSITION_RIGHT_FETAL) | POSITION_BIT(POSITION_LEFT_SIDE) |
                         POSITION_BIT(POSITION_PRONE));
    learn(session, correction, trial);
    session_free(session);
}

// Whoever lies with the head at the foot of the bed is taken wrongly by any model trained on
// people who do not.
static void test_adapts_to_the_sleeper(void **state)
{
    struct bed *bed = *state;
    unsigned others_before = right_of_others(bed);
    bed->upside_down = true;
    lie(bed, 101);
    unsigned before = right_in(bed, held, N_HELD);
    assert_true(before < 4 * N_HELD / 2);

    struct model_correction correction;
    struct trial trial;
    calibrate(bed, true, &correction, &trial);
    assert_int_equal(trial_verdict(&trial), TRIAL_HELPS);
    struct trial_score held_back = trial_sum(trial.after);
    assert_int_equal(held_back.frames, N_HELD * 7);
    assert_true(held_back.right >= held_back.frames - 2);
    model_correct(bed->model, &correction, 1);

    // Lying down in the same positions anew, which is never quite the same.
    lie(bed, 101);
    assert_true(right_in(bed, held, N_HELD) > before);
    // Nobody else is taken wrongly in more than two frames of a hundred that were taken rightly.
    unsigned others = right_of_others(bed), frames = 3 * 4 * POSITION_BODY_N;
    if (100 * others < 100 * others_before - 2 * frames)
        fail_msg("of %u frames of others %u were right, and are %u", frames, others_before, others);
}

static void test_is_always_the_same(void **state)
{
    struct bed *bed = *state;
    bed->upside_down = true;
    static struct model_correction one, other;
    struct trial trial;
    calibrate(bed, false, &one, &trial);
    lie(bed, 101);
    calibrate(bed, false, &other, &trial);
    assert_memory_equal(&one, &other, sizeof one);
}

static void test_a_dropped_hold_leaves_nothing(void **state)
{
    struct bed *bed = *state;
    bed->upside_down = true;
    static struct model_correction without, with;
    struct trial trial;
    for (int dropped = 0; dropped < 2; dropped++) {
        struct session *session = begin(bed);
        lie(bed, 101);
        hold(bed, session, POSITION_SUPINE, POSITION_SUPINE);
        if (dropped) {
            assert_int_equal(session_hold(session, POSITION_PRONE), 0);
            for (int second = 0; second < (int)SESSION_HOLD_S; second++)
                assert_int_equal(session_see(session, &bed->map, second), 0);
            session_drop(session);
        }
        hold(bed, session, POSITION_LEFT_SIDE, POSITION_LEFT_SIDE);
        assert_int_equal(session_held(session),
                         POSITION_BIT(POSITION_SUPINE) | POSITION_BIT(POSITION_LEFT_SIDE));
        learn(session, dropped ? &with : &without, &trial);
        session_free(session);
    }
    assert_memory_equal(&without, &with, sizeof with);
}

// What is learnt from is one position, what is held back another.
static void test_keeps_out_what_does_not_help(void **state)
{
    struct bed *bed = *state;
    static const enum position swapped[][2] = {
        {POSITION_SUPINE, POSITION_PRONE},
        {POSITION_PRONE, POSITION_SUPINE},
    };
    struct session *session = begin(bed);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(session_hold(session, swapped[i][0]), 0);
        turn(bed, swapped[i][1]);
        hold_for(bed, session, 0, (int)SESSION_LEARNT_S);
        turn(bed, swapped[i][0]);
        hold_for(bed, session, (int)SESSION_LEARNT_S, (int)SESSION_HOLD_S);
    }
    struct model_correction correction;
    struct trial trial;
    learn(session, &correction, &trial);
    assert_int_equal(trial_verdict(&trial), TRIAL_NO_BETTER);
    session_free(session);
}

// Once it is in force, the same session has nothing more to give.
static void test_has_to_be_better_than_the_one_in_force(void **state)
{
    struct bed *bed = *state;
    bed->upside_down = true;
    struct model_correction correction;
    struct trial trial;
    calibrate(bed, false, &correction, &trial);
    assert_int_equal(trial_verdict(&trial), TRIAL_HELPS);
    model_correct(bed->model, &correction, 1);
    lie(bed, 101);
    calibrate(bed, false, &correction, &trial);
    assert_int_equal(trial_verdict(&trial), TRIAL_NO_BETTER);
}

// What a coarse pad cannot tell is learnt as what it is told as.
static void test_coarse_pad(void **state)
{
    struct bed *bed = *state;
    bed->coarse = bed->upside_down = true;
    static const enum position finer[] = {POSITION_SUPINE_KNEES_RAISED, POSITION_LEFT_FETAL,
                                          POSITION_PRONE};
    struct session *session = begin(bed);
    for (size_t i = 0; i < 3; i++)
        hold(bed, session, finer[i], finer[i]);
    static struct model_correction correction;
    struct trial trial;
    learn(session, &correction, &trial);
    session_free(session);
    assert_int_equal(trial.after[POSITION_SUPINE].frames, 7);
    assert_int_equal(trial.after[POSITION_LEFT_SIDE].frames, 7);
    assert_int_equal(trial.after[POSITION_PRONE].frames, 7);
    struct trial_score before = trial_sum(trial.before), after = trial_sum(trial.after);
    assert_int_equal(after.frames, 21);
    assert_true(after.right > before.right && after.loss < before.loss);
    for (size_t i = 0; i < (size_t)MODEL_FEATURES * POSITION_BODY_N; i++)
        assert_true(isfinite(correction.weights[i]));

    model_correct(bed->model, &correction, 1);
    float probabilities[POSITION_BODY_N];
    turn(bed, POSITION_LEFT_FETAL);
    model_run(bed->model, look(bed), probabilities);
    assert_true(probabilities[POSITION_LEFT_FETAL] == 0.0f);
    assert_true(probabilities[POSITION_LEFT_SIDE] > 0.5f);
}

// A frame that is more likely no position at all is not taken rightly, whatever comes next.
static void test_none_of_the_positions_is_not_right(void **state)
{
    (void)state;
    struct model_view view = {.unknown = 0.6f};
    struct trial_score score = {0};
    for (int i = 0; i < POSITION_BODY_N; i++)
        view.scores[i] = i == POSITION_PRONE ? logf(0.4f) : -20.0f;
    trial_add(&score, POSITION_PRONE, &view, NULL);
    assert_int_equal(score.right, 0);
    assert_true(fabs(score.loss + log(0.4)) < 1e-3);
    view.unknown = 0.4f;
    view.scores[POSITION_PRONE] = logf(0.6f);
    trial_add(&score, POSITION_PRONE, &view, NULL);
    assert_int_equal(score.frames, 2);
    assert_int_equal(score.right, 1);
}

static void test_verdicts(void **state)
{
    (void)state;
    struct trial trial = {
        .before[POSITION_PRONE] = {.frames = 7, .right = 3, .loss = 9},
        .before[POSITION_SUPINE] = {.frames = 7, .right = 6, .loss = 3},
        .after[POSITION_PRONE] = {.frames = 7, .right = 5, .loss = 6},
        .after[POSITION_SUPINE] = {.frames = 7, .right = 4, .loss = 5},
        .others_before = {.frames = 100, .right = 95},
        .others_after = {.frames = 100, .right = 90},
    };
    assert_int_equal(trial_verdict(&trial), TRIAL_HELPS);
    trial.others_after.right = 89;
    assert_int_equal(trial_verdict(&trial), TRIAL_FORGETS);
    trial.others_after.right = 95;
    trial.after[POSITION_SUPINE].right = 3;
    assert_int_equal(trial_verdict(&trial), TRIAL_NO_BETTER);
    trial.after[POSITION_SUPINE].right = 7;
    trial.after[POSITION_SUPINE].loss = 6; // in all, no less than before
    assert_int_equal(trial_verdict(&trial), TRIAL_NO_BETTER);
}

static void test_wants_whole_holds(void **state)
{
    struct bed *bed = *state;
    struct model_correction correction;
    struct trial trial;
    struct error error = {0};
    struct session *session;
    assert_int_equal(session_new(&session, bed->model), 0);
    assert_int_equal(session_learn(session, &correction, &trial, &error), -ENODATA);
    assert_string_equal(error.text, "no position was held");

    // Nobody there yet: the hold begins with the sleeper.
    assert_int_equal(session_hold(session, POSITION_PRONE), 0);
    hold_for(bed, session, 0, 100);
    turn(bed, POSITION_PRONE);
    hold_for(bed, session, 100, 114);
    assert_int_equal(session_learn(session, &correction, &trial, &error), -ENODATA);
    assert_non_null(strstr(error.text, "prone was held for 13 s; 20 s are needed"));
    hold_for(bed, session, 114, 120);
    learn(session, &correction, &trial);
    assert_int_equal(trial_sum(trial.after).frames, 7);

    for (int i = 1; i < SESSION_HOLDS_MAX; i++)
        assert_int_equal(session_hold(session, POSITION_PRONE), 0);
    assert_int_equal(session_hold(session, POSITION_PRONE), -E2BIG);
    session_free(session);
}

static void test_corrects_the_model_and_undoes_it(void **state)
{
    struct bed *bed = *state;
    turn(bed, POSITION_PRONE);
    const struct pressure_map *map = look(bed);
    struct model_correction correction = {.biases = {[POSITION_SITTING] = 30}};
    float before[POSITION_BODY_N], corrected[POSITION_BODY_N], after[POSITION_BODY_N];
    model_run(bed->model, map, before);
    model_correct(bed->model, &correction, 0xabcdef);
    model_run(bed->model, map, corrected);
    assert_true(corrected[POSITION_SITTING] > 0.999f);
    char name[64];
    snprintf(name, sizeof name, "%s+00abcdef", model_weights_name(bed->model));
    assert_string_equal(model_name(bed->model), name);
    model_correct(bed->model, NULL, 0);
    model_run(bed->model, map, after);
    assert_memory_equal(after, before, sizeof after);
    assert_string_equal(model_name(bed->model), model_weights_name(bed->model));
}

// ---- the file ----

struct files {
    char directory[64], path[96], old[128];
    struct model *model;
    struct calibration calibration;
    uint8_t bytes[65536];
    size_t length;
};

static void read_bytes(struct files *files)
{
    FILE *file = fopen(files->path, "rb");
    assert_non_null(file);
    files->length = fread(files->bytes, 1, sizeof files->bytes, file);
    fclose(file);
}

static int set_up_files(void **state)
{
    struct files *files = calloc(1, sizeof *files);
    assert_non_null(files);
    struct error error = {0};
    strcpy(files->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(files->directory));
    snprintf(files->path, sizeof files->path, "%s/n.db-calibration", files->directory);
    snprintf(files->old, sizeof files->old, "%s.old", files->path);
    if (model_builtin(&files->model, &error) < 0)
        fail_msg("%s", error.text);
    struct model_correction correction;
    for (size_t i = 0; i < (size_t)MODEL_FEATURES * POSITION_BODY_N; i++)
        correction.weights[i] = (float)i / 1000 - 0.2f;
    for (size_t i = 0; i < POSITION_BODY_N; i++)
        correction.biases[i] = -(float)i;
    const struct trial trial = {
        .before[POSITION_PRONE] = {.frames = 8, .right = 2, .loss = 4},
        .after[POSITION_PRONE] = {.frames = 8, .right = 7, .loss = 2},
    };
    calibration_make(&files->calibration, files->model, "virtual", POSITION_BIT(POSITION_PRONE),
                     &trial, &correction, 1767648600);
    if (calibration_save(&files->calibration, files->path, &error) < 0)
        fail_msg("%s", error.text);
    read_bytes(files);
    *state = files;
    return 0;
}

static int tear_down_files(void **state)
{
    struct files *files = *state;
    unlink(files->path);
    unlink(files->old);
    assert_int_equal(rmdir(files->directory), 0); // nothing else was left there
    model_free(files->model);
    free(files);
    return 0;
}

static void test_file_round_trip(void **state)
{
    struct files *files = *state;
    struct calibration read;
    struct error error = {0};
    assert_int_equal(calibration_load(&read, files->path, files->model, &error), 0);
    const struct calibration *made = &files->calibration;
    assert_string_equal(read.weights, model_weights_name(files->model));
    assert_string_equal(read.pad, "virtual");
    assert_int_equal(read.made_s, 1767648600);
    assert_int_equal(read.held, POSITION_BIT(POSITION_PRONE));
    assert_int_equal(read.frames, 8);
    assert_int_equal(read.right_before, 2);
    assert_int_equal(read.right_after, 7);
    assert_true(read.loss_before == 0.5f && read.loss_after == 0.25f);
    assert_memory_equal(&read.correction, &made->correction, sizeof read.correction);
    assert_int_equal(read.checksum, made->checksum);
}

static void test_use_and_undo(void **state)
{
    struct files *files = *state;
    struct error error = {0};
    assert_int_equal(calibration_use(files->model, "virtual", files->path, &error), 0);
    assert_memory_equal(model_correction(files->model), &files->calibration.correction,
                        sizeof(struct model_correction));
    char *beside = NULL, database[96];
    snprintf(database, sizeof database, "%s/n.db", files->directory);
    assert_int_equal(calibration_beside(&beside, database), 0);
    assert_string_equal(beside, files->path);
    free(beside);

    assert_int_equal(calibration_undo(files->path, &error), 0);
    assert_int_equal(access(files->old, R_OK), 0);
    assert_int_equal(calibration_use(files->model, "virtual", files->path, &error), -ENOENT);
    assert_null(model_correction(files->model));
    assert_int_equal(calibration_undo(files->path, &error), -ENOENT);
}

static void test_belongs_to_weights_and_pad(void **state)
{
    struct files *files = *state;
    struct error error = {0};
    assert_int_equal(calibration_use(files->model, "other", files->path, &error),
                     CALIBRATION_OTHER);
    assert_non_null(strstr(error.text, "belongs to the pad virtual, not to other"));
    assert_null(model_correction(files->model));

    strcpy(files->calibration.weights, "cnn1-0badcafe");
    assert_int_equal(calibration_save(&files->calibration, files->path, &error), 0);
    assert_int_equal(calibration_use(files->model, "virtual", files->path, &error),
                     CALIBRATION_OTHER);
    assert_non_null(strstr(error.text, "belongs to the weights cnn1-0badcafe, not to "));
    assert_null(model_correction(files->model));
}

static void assert_refused(struct files *files, size_t length, const char *words)
{
    struct calibration read;
    struct error error = {0};
    // A copy that ends where the bytes do, for the sanitizer.
    uint8_t *bytes = malloc(length + 1);
    assert_non_null(bytes);
    memcpy(bytes + 1, files->bytes, length);
    assert_int_equal(calibration_parse(&read, bytes + 1, length, "FILE", files->model, &error),
                     -EBADMSG);
    free(bytes);
    if (!strstr(error.text, words) || strncmp(error.text, "FILE: byte ", 11) != 0)
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static void put_u32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static void test_damaged_files(void **state)
{
    struct files *files = *state;
    for (size_t length = 0; length < files->length; length++)
        assert_refused(files, length, length < 104 ? "not a calibration" : "the checksum is wrong");
    for (size_t at = 12; at < files->length; at += 7) {
        files->bytes[at] ^= 0x20;
        assert_refused(files, files->length, "the checksum is wrong");
        files->bytes[at] ^= 0x20;
    }
    files->bytes[3] ^= 1;
    assert_refused(files, files->length, "byte 0: not a calibration");
}

// Whoever makes a wrong file can also make its checksum right.
static void test_wrong_files(void **state)
{
    struct files *files = *state;
    static const struct {
        size_t at;
        uint32_t value;
        const char *words;
    } wrongs[] = {
        {8, 2, "byte 8: the version is 2 instead of 1"},
        {12, 0, "byte 12: not a name of weights"},
        {12, 0x0a1b5b6d, "byte 12: not a name of weights"},
        {32, 0x78787878, "byte 12: not a name of weights"}, // something behind the name's end
        {36, 0, "byte 36: not a pad's name"},
        {64, 0x61616161, "byte 36: not a pad's name"},
        {76, 1u << POSITION_EMPTY, "byte 68: these figures cannot be"},
        {84, 9, "byte 68: these figures cannot be"},
        {92, 0x7fc00000, "byte 68: these figures cannot be"},
        {100, 0x7fc00000, "byte 100: not a number a correction has"},
        {104, 0xff800000, "byte 104: not a number a correction has"},
        {108, 0x43480000, "byte 108: not a number a correction has"}, // 200
    };
    uint8_t *right = malloc(files->length);
    assert_non_null(right);
    memcpy(right, files->bytes, files->length);
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        memcpy(files->bytes, right, files->length);
        put_u32(files->bytes + wrongs[i].at, wrongs[i].value);
        put_u32(files->bytes + files->length - 4, crc32_of(files->bytes, files->length - 4));
        assert_refused(files, files->length, wrongs[i].words);
    }
    memcpy(files->bytes, right, files->length);
    free(right);
    put_u32(files->bytes + files->length, crc32_of(files->bytes, files->length));
    assert_refused(files, files->length + 4, "a calibration has");
    put_u32(files->bytes + files->length - 8, crc32_of(files->bytes, files->length - 8));
    assert_refused(files, files->length - 4, "a calibration has");
}

#define LEARNS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define READS(test)  cmocka_unit_test_setup_teardown(test, set_up_files, tear_down_files)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEARNS(test_adapts_to_the_sleeper),
        LEARNS(test_is_always_the_same),
        LEARNS(test_a_dropped_hold_leaves_nothing),
        LEARNS(test_keeps_out_what_does_not_help),
        LEARNS(test_has_to_be_better_than_the_one_in_force),
        LEARNS(test_coarse_pad),
        cmocka_unit_test(test_none_of_the_positions_is_not_right),
        cmocka_unit_test(test_verdicts),
        LEARNS(test_wants_whole_holds),
        LEARNS(test_corrects_the_model_and_undoes_it),
        READS(test_file_round_trip),
        READS(test_use_and_undo),
        READS(test_belongs_to_weights_and_pad),
        READS(test_damaged_files),
        READS(test_wrong_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
