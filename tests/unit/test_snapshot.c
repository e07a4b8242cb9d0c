// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorder/snapshot.h"

// A map whose cells all differ, `scale` at the heaviest.
static void fill(struct pressure_map *map, float scale)
{
    for (size_t i = 0; i < MAP_CELLS; i++)
        map->cells[i] = scale * (float)((i * 37 + 11) % MAP_CELLS + 1) / MAP_CELLS;
}

static void encode_mean(uint8_t bytes[STORE_SNAPSHOT_SIZE])
{
    static struct snapshot snapshot;
    static struct pressure_map map;
    snapshot_begin(&snapshot, 0);
    fill(&map, 0.75f);
    snapshot_add(&snapshot, &map);
    fill(&map, 0.25f);
    snapshot_add(&snapshot, &map);
    assert_true(snapshot_encode(&snapshot, bytes));
}

static void a_map_comes_back_to_within_a_255th(void **state)
{
    (void)state;
    static uint8_t bytes[STORE_SNAPSHOT_SIZE];
    static struct pressure_map decoded, mean;
    const struct pad pad = {
        .rows = 32, .cols = 16, .pitch_rows_mm = 50, .pitch_cols_mm = 40, .full_scale = 255};
    _cleanup_(surface_freep) struct surface *surface = NULL;
    assert_int_equal(surface_new(&surface, &pad), 0);
    encode_mean(bytes);
    fill(&mean, 0.5f);
    assert_int_equal(snapshot_decode(&decoded, bytes, sizeof bytes, surface), 0);
    double load = 0;
    for (size_t i = 0; i < MAP_CELLS; i++) {
        assert_true(fabsf(decoded.cells[i] - mean.cells[i]) <= 0.5f / 255 / 2 + 1e-6f);
        load += (double)mean.cells[i];
    }
    assert_true(fabs(decoded.load - load) < load / 1000);
    assert_true(decoded.occupied);
    assert_memory_equal(decoded.covered, surface_covered(surface), sizeof decoded.covered);
    assert_true(decoded.grid.rows == 32 && decoded.grid.cols == 16);
    assert_true(decoded.grid.pitch_rows_mm == 50 && decoded.grid.pitch_cols_mm == 40);
    assert_int_equal(snapshot_decode(&decoded, bytes, sizeof bytes, NULL), 0);
    assert_true(decoded.covered[0] == 1 && decoded.covered[MAP_CELLS - 1] == 1);
    assert_true(decoded.grid.rows == MAP_ROWS && decoded.grid.pitch_cols_mm == MAP_PITCH_MM);
}

static void an_empty_bed_has_no_snapshot(void **state)
{
    (void)state;
    static struct snapshot snapshot;
    static uint8_t bytes[STORE_SNAPSHOT_SIZE];
    snapshot_begin(&snapshot, 0);
    assert_false(snapshot_encode(&snapshot, bytes));
}

static void bytes_that_are_no_snapshot(void **state)
{
    (void)state;
    static uint8_t bytes[STORE_SNAPSHOT_SIZE + 1];
    static struct pressure_map map;
    encode_mean(bytes);
    assert_int_equal(snapshot_decode(&map, bytes, 0, NULL), -EBADMSG);
    assert_int_equal(snapshot_decode(&map, bytes, STORE_SNAPSHOT_SIZE - 1, NULL), -EBADMSG);
    assert_int_equal(snapshot_decode(&map, bytes, STORE_SNAPSHOT_SIZE + 1, NULL), -EBADMSG);
    // 0, -1, 2, infinity, NaN, little-endian.
    static const uint8_t peaks[][4] = {
        {0, 0, 0, 0}, {0, 0, 0x80, 0xBF}, {0, 0, 0, 0x40}, {0, 0, 0x80, 0x7F}, {0, 0, 0xC0, 0x7F},
    };
    for (size_t i = 0; i < sizeof peaks / sizeof *peaks; i++) {
        memcpy(bytes, peaks[i], sizeof peaks[i]);
        assert_int_equal(snapshot_decode(&map, bytes, STORE_SNAPSHOT_SIZE, NULL), -EBADMSG);
    }
    static const uint8_t one[] = {0, 0, 0x80, 0x3F};
    memcpy(bytes, one, sizeof one);
    assert_int_equal(snapshot_decode(&map, bytes, STORE_SNAPSHOT_SIZE, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_comes_back_to_within_a_255th),
        cmocka_unit_test(an_empty_bed_has_no_snapshot),
        cmocka_unit_test(bytes_that_are_no_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
