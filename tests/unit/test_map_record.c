// SPDX-License-Identifier: GPL-3.0-or-later
// A pressure map there and back; and bytes that are no pressure map.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "map_record.h"

static uint8_t bytes[MAP_RECORD_SIZE + 1];

static void write_one(void)
{
    static struct pressure_map map = {
        .load = 123.25, .area_m2 = 0.4375, .occupied = true, .grid = {32, 16, 50, 51.5}};
    const struct map_head head = {.number = UINT64_MAX, .time_us = -1, .pad = "jq-bed-32"};
    for (int i = 0; i < MAP_CELLS; i++) {
        map.cells[i] = (float)i / (float)MAP_CELLS;
        map.covered[i] = 1.0f - map.cells[i];
    }
    map_record_write(bytes, &head, &map);
}

static void there_and_back(void **state)
{
    (void)state;
    struct map_head head;
    static struct pressure_map map;
    struct error error = {0};
    write_one();
    assert_int_equal(map_record_parse(&head, &map, bytes, MAP_RECORD_SIZE, &error), 0);
    assert_true(head.number == UINT64_MAX);
    assert_int_equal(head.time_us, -1);
    assert_string_equal(head.pad, "jq-bed-32");
    assert_true(map.occupied);
    assert_true(map.load == 123.25 && map.area_m2 == 0.4375);
    assert_int_equal(map.grid.rows, 32);
    assert_int_equal(map.grid.cols, 16);
    assert_true(map.grid.pitch_rows_mm == 50 && map.grid.pitch_cols_mm == 51.5);
    for (int i = 0; i < MAP_CELLS; i++) {
        assert_true(map.cells[i] == (float)i / (float)MAP_CELLS);
        assert_true(map.covered[i] == 1.0f - (float)i / (float)MAP_CELLS);
    }
}

// What docs/bus.md promises to programs of others.
static void the_layout_is_as_documented(void **state)
{
    (void)state;
    static const uint8_t head[] = {'P', 'S', 'O', 'A', 'S', 'M', 'A', 'P', 1, 0, 0, 0};
    static const uint8_t half[] = {0, 0, 0, 0x3f}; // cell 1024 of 2048
    write_one();
    assert_int_equal(MAP_RECORD_SIZE, 16496);
    assert_memory_equal(bytes, head, sizeof head);
    assert_int_equal(bytes[12] | bytes[13] << 8, MAP_RECORD_SIZE);
    assert_int_equal(bytes[31], 0xff);
    assert_int_equal(bytes[64], 64);
    assert_int_equal(bytes[66], 32);
    assert_int_equal(bytes[68], 1);
    assert_int_equal(bytes[88], 32);
    assert_int_equal(bytes[92], 16);
    assert_memory_equal(bytes + 112 + 4 * 1024, half, sizeof half);
}

static void refused(size_t length, const char *because)
{
    struct map_head head;
    static struct pressure_map map;
    struct error error = {0};
    // Of exactly that size, for the sanitizer to see a step beyond.
    uint8_t *copy = malloc(length + !length);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    assert_int_equal(map_record_parse(&head, &map, copy, length, &error), -EBADMSG);
    if (!strstr(error.text, because))
        fail_msg("'%s' does not say '%s'", error.text, because);
    free(copy);
}

static void cut_anywhere(void **state)
{
    (void)state;
    write_one();
    for (size_t length = 0; length < MAP_RECORD_SIZE; length += length < 100 ? 1 : 997)
        refused(length, "it ends");
    refused(MAP_RECORD_SIZE - 1, "it ends");
    refused(MAP_RECORD_SIZE + 1, "more than a map");
}

static void damaged(size_t at, const void *with, size_t n, const char *because)
{
    write_one();
    memcpy(bytes + at, with, n);
    refused(MAP_RECORD_SIZE, because);
}

static void damaged_anywhere(void **state)
{
    (void)state;
    static const uint8_t wrong_rows[] = {63}, two[] = {2}, far[] = {0xff, 0xff, 0xff, 0x7f};
    static const uint8_t escape[] = {'\x1b'}, long_size[] = {0xff, 0xff, 0xff, 0xff};
    const float cells[] = {NAN, -0.5f, 1.5f, INFINITY};
    const double quantities[] = {NAN, -1, INFINITY};
    char endless[32];
    memset(endless, 'a', sizeof endless);
    damaged(0, "p", 1, "byte 0 ");
    damaged(8, two, sizeof two, "byte 8 ");
    damaged(12, two, sizeof two, "byte 12 ");
    damaged(12, long_size, sizeof long_size, "byte 12 ");
    damaged(28, far, sizeof far, "byte 24 ");
    damaged(32, "", 1, "byte 32 ");
    damaged(33, escape, sizeof escape, "byte 32 ");
    damaged(32, endless, sizeof endless, "byte 32 ");
    damaged(64, wrong_rows, sizeof wrong_rows, "byte 64 ");
    damaged(68, two, sizeof two, "byte 68 ");
    damaged(88, "", 1, "byte 88 ");
    damaged(92, far, sizeof far, "byte 88 ");
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
        damaged(72, &quantities[i], sizeof(double), "byte 72 ");
        damaged(80, &quantities[i], sizeof(double), "byte 80 ");
        damaged(96, &quantities[i], sizeof(double), "byte 88 ");
        damaged(104, &quantities[i], sizeof(double), "byte 88 ");
    }
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        damaged(112 + 4 * 7, &cells[i], sizeof(float), "byte 140 ");
        damaged(MAP_RECORD_SIZE - 4, &cells[i], sizeof(float), "byte 16492 ");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(the_layout_is_as_documented),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(damaged_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
