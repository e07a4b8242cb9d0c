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

extern const unsigned char psoasmon_weights[];
extern const size_t psoasmon_weights_size;

#define HEADER_SIZE 16 // magic, version, number of layers
#define SHAPE_SIZE  16

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
    unsigned top = below(&seed, 10), left = below(&seed, 6);
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
        assert_true(fabsf(sum - 1.0f) < 1e-5f);
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
    assert_int_equal(strncmp(model_name(model), "cnn2-", 5), 0);
    assert_int_equal(strlen(model_name(model)), 13);
    model_free(model);
}

// ---- weights that are not ----

static uint32_t crc32(const uint8_t *bytes, size_t length)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}

static void put_u32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

// The built-in weights, to be spoiled: room for four bytes more.
static uint8_t *copy_weights(void)
{
    uint8_t *bytes = calloc(1, psoasmon_weights_size + 4);
    assert_non_null(bytes);
    memcpy(bytes, psoasmon_weights, psoasmon_weights_size);
    return bytes;
}

static void assert_refused(const uint8_t *bytes, size_t length, const char *words)
{
    struct model *model = NULL;
    struct error error = {0};
    assert_int_equal(model_parse(&model, bytes, length, &error), -EBADMSG);
    assert_null(model);
    if (!strstr(error.text, words))
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static void test_damaged_weights(void **state)
{
    (void)state;
    uint8_t *bytes = copy_weights();
    size_t size = psoasmon_weights_size;
    for (size_t length = 0; length < size; length += length < 64 ? 1 : size / 50)
        assert_refused(bytes, length, "weights: byte");
    assert_refused(bytes, size + 4, "checksum");
    for (size_t at = 8; at < size; at += size / 50) {
        bytes[at] ^= 0x10;
        assert_refused(bytes, size, "checksum");
        bytes[at] ^= 0x10;
    }
    bytes[0] ^= 1;
    assert_refused(bytes, size, "byte 0: not a file of weights");
    free(bytes);
}

// Whoever makes a wrong file can also make its checksum right.
static void test_wrong_weights(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint32_t value;
        const char *words;
    } wrongs[] = {
        {8, 3, "byte 8: the version is 3 instead of 2"},
        {12, 6, "byte 12: the number of layers"},
        {12, 0, "byte 12: the number of layers"},
        {HEADER_SIZE, UINT32_MAX, "byte 16: a kernel's number of rows is 4294967295 instead of 5"},
        {HEADER_SIZE + 4, 3, "byte 20: a kernel's number of columns"},
        {HEADER_SIZE + 8, 0, "byte 24: a layer's number of inputs"},
        {HEADER_SIZE + 12, 0x40000000, "byte 28: a layer's number of outputs"},
        {HEADER_SIZE + SHAPE_SIZE, 0x7fc00000, "byte 32: not a finite number"},
        {HEADER_SIZE + SHAPE_SIZE + 8, 0xff800000, "byte 40: not a finite number"},
    };
    size_t size = psoasmon_weights_size;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        uint8_t *bytes = copy_weights();
        put_u32(bytes + wrongs[i].at, wrongs[i].value);
        put_u32(bytes + size - 4, crc32(bytes, size - 4));
        assert_refused(bytes, size, wrongs[i].words);
        free(bytes);
    }
    uint8_t *bytes = copy_weights();
    put_u32(bytes + size, crc32(bytes, size));
    assert_refused(bytes, size + 4, "more than the layers");
    put_u32(bytes + size - 8, crc32(bytes, size - 8));
    assert_refused(bytes, size - 4, "the file ends too early");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parity_with_training), cmocka_unit_test(test_probabilities),
        cmocka_unit_test(test_mirror_image),         cmocka_unit_test(test_name),
        cmocka_unit_test(test_damaged_weights),      cmocka_unit_test(test_wrong_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
