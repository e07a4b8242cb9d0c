// SPDX-License-Identifier: GPL-3.0-or-later
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

#include "position/model.h"
#include "weights_file.h"

static struct model *builtin(void)
{
    struct model *model;
    struct error error = {0};
    if (model_builtin(&model, &error) < 0)
        fail_msg("%s", error.text);
    return model;
}

// ---- the same numbers as in training ----

static unsigned below(uint64_t *state, unsigned n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((*state >> 33) % n);
}

// As synthetic() in model/export.py draws it.
static void draw(uint64_t seed, struct pressure_map *map)
{
    static double cells[MAP_CELLS];
    memset(cells, 0, sizeof cells);
    for (int i = 0; i < 8; i++) {
        unsigned row = below(&seed, MAP_ROWS), col = below(&seed, MAP_COLS);
        unsigned height = 2 + below(&seed, 10), width = 2 + below(&seed, 6);
        double peak = (1 + below(&seed, 100)) / 100.0;
        for (unsigned cell = 0; cell < MAP_CELLS; cell++) {
            double down = ((double)(cell / MAP_COLS) - row) / height;
            double across = ((double)(cell % MAP_COLS) - col) / width;
            cells[cell] += peak * fmax(1 - down * down - across * across, 0);
        }
    }
    map->grid = (struct grid){.rows = MAP_ROWS, .cols = MAP_COLS};
    unsigned top = below(&seed, 10), left = below(&seed, 6);
    static const double pitches_mm[] = {25, 35, 140};
    map->grid.pitch_rows_mm = map->grid.pitch_cols_mm = pitches_mm[below(&seed, 3)];
    for (unsigned cell = 0; cell < MAP_CELLS; cell++) {
        map->covered[cell] = cell / MAP_COLS >= top && cell % MAP_COLS >= left;
        map->cells[cell] = (float)cells[cell] * map->covered[cell];
    }
}

static void test_parity_with_training(void **state)
{
    (void)state;
    const char *path = getenv("PSOASMON_VECTORS");
    assert_non_null(path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct model *model = builtin();
    static struct pressure_map map;
    float probabilities[POSITION_BODY_N];
    double largest = 0.0, expected;
    uint64_t seed = 0;
    while (fscanf(file, "%lf", &expected) == 1) {
        draw(++seed, &map);
        model_run(model, &map, probabilities);
        for (int i = 0; i < POSITION_BODY_N; i++) {
            if (i > 0)
                assert_int_equal(fscanf(file, "%lf", &expected), 1);
            largest = fmax(largest, fabs(probabilities[i] - expected));
        }
    }
    assert_int_equal(seed, 24);
    if (largest > 1e-4)
        fail_msg("differs from training by %g", largest);
    fclose(file);
    model_free(model);
}

static void test_probabilities(void **state)
{
    (void)state;
    struct model *model = builtin();
    static struct pressure_map map, faint, empty;
    float probabilities[POSITION_BODY_N], again[POSITION_BODY_N];
    for (uint64_t seed = 100; seed < 110; seed++) {
        draw(seed, &map);
        model_run(model, &map, probabilities);
        float sum = 0.0f;
        for (int i = 0; i < POSITION_BODY_N; i++) {
            assert_true(probabilities[i] >= 0.0f && probabilities[i] <= 1.0f);
            sum += probabilities[i];
        }
        assert_true(fabsf(sum + position_unknown(probabilities) - 1.0f) < 1e-5f);
        // A pad a hundred times less sensitive.
        faint = map;
        for (int i = 0; i < MAP_CELLS; i++)
            faint.cells[i] *= 0.01f;
        model_run(model, &faint, again);
        for (int i = 0; i < POSITION_BODY_N; i++)
            assert_true(fabsf(again[i] - probabilities[i]) < 1e-4f);
        // What came before leaves no trace, whatever pad it was.
        model_run(model, &empty, again);
        for (int i = 0; i < POSITION_BODY_N; i++)
            assert_true(isfinite(again[i]));
        model_run(model, &map, again);
        assert_memory_equal(again, probabilities, sizeof again);
    }
    model_free(model);
}

// Left and right mean the same, whatever the network learnt of one side only.
static void test_mirror_image(void **state)
{
    (void)state;
    static const enum position left[] = {POSITION_SUPINE_LEFT_KNEE, POSITION_LEFT_FETAL,
                                         POSITION_LEFT_SIDE};
    static const enum position right[] = {POSITION_SUPINE_RIGHT_KNEE, POSITION_RIGHT_FETAL,
                                          POSITION_RIGHT_SIDE};
    static struct pressure_map map, mirrored;
    struct model *model = builtin();
    float here[POSITION_BODY_N], there[POSITION_BODY_N];
    for (uint64_t seed = 200; seed < 210; seed++) {
        draw(seed, &map);
        for (size_t row = 0; row < MAP_ROWS; row++) {
            for (size_t col = 0; col < MAP_COLS; col++) {
                size_t from = row * MAP_COLS + MAP_COLS - 1 - col, to = row * MAP_COLS + col;
                mirrored.cells[to] = map.cells[from];
                mirrored.covered[to] = map.covered[from];
            }
        }
        mirrored.grid = map.grid;
        model_run(model, &map, here);
        model_run(model, &mirrored, there);
        assert_true(fabsf(here[POSITION_SUPINE] - there[POSITION_SUPINE]) < 1e-5f);
        assert_true(fabsf(here[POSITION_PRONE] - there[POSITION_PRONE]) < 1e-5f);
        for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
            assert_true(fabsf(here[left[i]] - there[right[i]]) < 1e-5f);
            assert_true(fabsf(here[right[i]] - there[left[i]]) < 1e-5f);
        }
    }
    model_free(model);
}

static void test_name(void **state)
{
    (void)state;
    struct model *model = builtin();
    assert_int_equal(strncmp(model_name(model), "cnn3-", 5), 0);
    assert_int_equal(strlen(model_name(model)), 13);
    model_free(model);
}

// Networks that see nothing, and say one thing for sure.
static void say(struct weights_file *file, uint32_t pads, size_t posture)
{
    float said[POSTURES] = {0};
    said[posture] = 30;
    weights_add(file, pads, said);
}

static struct model *sealed(struct weights_file *file)
{
    struct model *model;
    struct error error = {0};
    weights_end(file);
    if (model_parse(&model, file->bytes, file->length, &error) < 0)
        fail_msg("%s", error.text);
    return model;
}

static void assert_near(float value, float expected)
{
    if (fabsf(value - expected) > 1e-5f)
        fail_msg("%g instead of %g", (double)value, (double)expected);
}

// Each kind of pads has its networks, and what is said is their mean.
static void test_networks_for_each_kind_of_pads(void **state)
{
    (void)state;
    static struct weights_file file;
    static struct pressure_map map;
    float probabilities[POSITION_BODY_N];
    weights_begin(&file, 5);
    say(&file, PADS_NEAR, 18);             // prone
    say(&file, PADS_OTHER, 19);            // sitting
    say(&file, PADS_ALL, 0);               // supine
    say(&file, PADS_OTHER, 11);            // on the left side, and its mirror image
    say(&file, PADS_COARSE, POSTURES - 1); // several people
    struct model *model = sealed(&file);
    draw(1, &map);
    for (size_t i = 0; i < MAP_CELLS; i++)
        map.covered[i] = i < MODEL_NEAR_COVERED * MAP_CELLS;

    static const double near[][2] = {{25.4, 25.4}, {28, 28}, {20, 28}};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        map.grid.pitch_rows_mm = near[i][0];
        map.grid.pitch_cols_mm = near[i][1];
        model_run(model, &map, probabilities);
        assert_near(probabilities[POSITION_PRONE], 0.5f);
        assert_near(probabilities[POSITION_SUPINE], 0.5f);
    }
    static const double other[][2] = {{25.4, 29}, {29, 25.4}, {99.9, 99.9}};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        map.grid.pitch_rows_mm = other[i][0];
        map.grid.pitch_cols_mm = other[i][1];
        model_run(model, &map, probabilities);
        assert_near(probabilities[POSITION_SITTING], 1 / 3.0f);
        assert_near(probabilities[POSITION_SUPINE], 1 / 3.0f);
        assert_near(probabilities[POSITION_LEFT_SIDE], 1 / 6.0f);
        assert_near(probabilities[POSITION_RIGHT_SIDE], 1 / 6.0f);
    }
    static const double coarse[][2] = {{25.4, 100}, {100, 25.4}, {136, 136}};
    for (size_t i = 0; i < sizeof coarse / sizeof *coarse; i++) {
        map.grid.pitch_rows_mm = coarse[i][0];
        map.grid.pitch_cols_mm = coarse[i][1];
        model_run(model, &map, probabilities);
        assert_near(probabilities[POSITION_SUPINE], 0.5f);
        assert_near(position_unknown(probabilities), 0.5f);
    }
    // Fine, but too little of it.
    map.grid.pitch_rows_mm = map.grid.pitch_cols_mm = 25.4;
    map.covered[0] = 0;
    model_run(model, &map, probabilities);
    assert_near(probabilities[POSITION_SITTING], 1 / 3.0f);
    model_free(model);
}

// An animal or a suitcase, and two people: probability that no position gets.
static void test_none_of_the_positions(void **state)
{
    (void)state;
    static struct weights_file file;
    static struct pressure_map map;
    float probabilities[POSITION_BODY_N];
    for (size_t posture = POSTURES - 2; posture < POSTURES; posture++) {
        weights_begin(&file, 2);
        say(&file, PADS_ALL, posture);
        say(&file, PADS_OTHER, 18); // prone
        struct model *model = sealed(&file);
        draw(1, &map);
        map.grid.pitch_rows_mm = map.grid.pitch_cols_mm = 50;
        model_run(model, &map, probabilities);
        assert_near(probabilities[POSITION_PRONE], 0.5f);
        assert_near(position_unknown(probabilities), 0.5f);

        map.grid.pitch_rows_mm = map.grid.pitch_cols_mm = 25.4;
        for (size_t i = 0; i < MAP_CELLS; i++)
            map.covered[i] = 1;
        model_run(model, &map, probabilities);
        assert_near(position_unknown(probabilities), 1);
        model_free(model);
    }
}

// A correction moves what the positions have among them.
// What the sleeper has shown is not strange any more; what the correction does not speak of is as
// strange as before.
static void test_corrections_and_none_of_the_positions(void **state)
{
    (void)state;
    static struct weights_file file;
    static struct pressure_map map;
    static const struct model_correction correction = {.biases = {[POSITION_SITTING] = 50}};
    static const struct model_correction slight = {.biases = {[POSITION_SITTING] = 1}};
    float probabilities[POSITION_BODY_N];
    weights_begin(&file, 2);
    say(&file, PADS_ALL, POSTURES - 1);
    say(&file, PADS_ALL, 18);
    struct model *model = sealed(&file);
    draw(1, &map);
    model_correct(model, &correction, 1);
    model_run(model, &map, probabilities);
    assert_near(probabilities[POSITION_SITTING], 1.0f);
    model_correct(model, &slight, 1);
    model_run(model, &map, probabilities);
    assert_near(probabilities[POSITION_PRONE], 0.5f);
    assert_near(position_unknown(probabilities), 0.5f);
    model_free(model);
}

// A pad of few cells does not guess at what it cannot see.
static void test_coarse_pads(void **state)
{
    (void)state;
    static struct weights_file file;
    static struct pressure_map map;
    float probabilities[POSITION_BODY_N];
    weights_begin(&file, 4);
    say(&file, PADS_ALL, 3);     // knees raised
    say(&file, PADS_COARSE, 0);  // supine
    say(&file, PADS_COARSE, 9);  // left fetal, and its mirror image
    say(&file, PADS_COARSE, 18); // prone
    struct model *model = sealed(&file);
    draw(1, &map);
    map.grid = (struct grid){4, 4, 400, 200};
    // A correction neither brings back what the pad cannot tell.
    static const struct model_correction correction = {
        .biases = {[POSITION_SUPINE_KNEES_RAISED] = 50, [POSITION_LEFT_FETAL] = 50}};
    for (int corrected = 0; corrected < 2; corrected++) {
        model_correct(model, corrected ? &correction : NULL, 1);
        model_run(model, &map, probabilities);
        assert_near(probabilities[POSITION_SUPINE], 0.5f);
        assert_near(probabilities[POSITION_LEFT_SIDE], 0.125f);
        assert_near(probabilities[POSITION_RIGHT_SIDE], 0.125f);
        assert_near(probabilities[POSITION_PRONE], 0.25f);
        assert_true(probabilities[POSITION_SUPINE_KNEES_RAISED] == 0.0f);
        assert_true(probabilities[POSITION_LEFT_FETAL] == 0.0f);
    }
    // And one that can tell nothing says nothing.
    map.grid = (struct grid){2, 2, 400, 200};
    for (int corrected = 0; corrected < 2; corrected++) {
        model_correct(model, corrected ? &correction : NULL, 1);
        model_run(model, &map, probabilities);
        assert_true(position_unknown(probabilities) == 1.0f);
    }
    model_free(model);
}

// Nothing at all, one value everywhere, and every cell at the end of its scale.
static void test_maps_nobody_makes(void **state)
{
    (void)state;
    static const float fills[] = {0.0f, 1e-30f, 1e-6f, 0.3f, 1.0f};
    static struct pressure_map map;
    float probabilities[POSITION_BODY_N];
    struct model *model = builtin();
    for (size_t fill = 0; fill < sizeof fills / sizeof *fills; fill++) {
        for (size_t i = 0; i < MAP_CELLS; i++) {
            map.cells[i] = fills[fill];
            map.covered[i] = 1;
        }
        static const struct grid grids[] = {
            {64, 32, 25.4, 25.4}, {12, 6, 136, 136}, {4, 4, 400, 200}, {1, 1, 1000, 1000}, {0}};
        for (size_t grid = 0; grid < sizeof grids / sizeof *grids; grid++) {
            map.grid = grids[grid];
            model_run(model, &map, probabilities);
            float sum = position_unknown(probabilities);
            for (int i = 0; i < POSITION_BODY_N; i++) {
                assert_true(probabilities[i] >= 0.0f && probabilities[i] <= 1.0f);
                sum += probabilities[i];
            }
            assert_near(sum, 1);
        }
    }
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parity_with_training),
        cmocka_unit_test(test_probabilities),
        cmocka_unit_test(test_mirror_image),
        cmocka_unit_test(test_name),
        cmocka_unit_test(test_networks_for_each_kind_of_pads),
        cmocka_unit_test(test_none_of_the_positions),
        cmocka_unit_test(test_corrections_and_none_of_the_positions),
        cmocka_unit_test(test_coarse_pads),
        cmocka_unit_test(test_maps_nobody_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
