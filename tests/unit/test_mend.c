// SPDX-License-Identifier: GPL-3.0-or-later
// Cells that are no readings, and cells that read otherwise with time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "surface/mend.h"
#include "surface/surface.h"

#define ROWS         16
#define COLS         8
#define CELLS        (ROWS * COLS)
#define AT(row, col) ((row)*COLS + (col))

// A sheet of 16 x 8 cells of 100 mm that reads `baseline` with nobody on it, once a second.
struct bed {
    struct pad pad;
    uint16_t counts[CELLS];
    uint8_t invalid[CELLS];
    struct surface *surface;
    struct pressure_map map;
};

static struct bed *make_bed(unsigned baseline, unsigned touch)
{
    struct bed *bed = calloc(1, sizeof *bed);
    bed->pad = (struct pad){.rows = ROWS,
                            .cols = COLS,
                            .pitch_rows_mm = 100,
                            .pitch_cols_mm = 100,
                            .rate_hz = 1,
                            .full_scale = baseline + 100,
                            .baseline = baseline,
                            .touch = touch};
    return bed;
}

static void start(struct bed *bed)
{
    assert_int_equal(surface_new(&bed->surface, &bed->pad), 0);
}

static void end(struct bed *bed)
{
    surface_free(bed->surface);
    free(bed);
}

// Everywhere so many counts above the baseline, and in the middle so many more.
static void lay(struct bed *bed, unsigned everywhere, unsigned body)
{
    for (unsigned row = 0; row < ROWS; row++)
        for (unsigned col = 0; col < COLS; col++) {
            bool under = row >= 2 && row < 14 && col >= 2 && col < 6;
            bed->counts[AT(row, col)] =
                (uint16_t)(bed->pad.baseline + everywhere + (under ? body : 0));
        }
}

static void look(struct bed *bed)
{
    struct frame frame = {
        .rows = ROWS, .cols = COLS, .counts = bed->counts, .invalid = bed->invalid};
    assert_int_equal(surface_read(bed->surface, &frame, &bed->map), 0);
}

static void look_for(struct bed *bed, unsigned seconds)
{
    for (unsigned i = 0; i < seconds; i++)
        look(bed);
}

// The load, in cells of the map, of a body of 12 x 4 cells with so many of 100 counts each.
static double whole_load(double counts)
{
    return 48 * counts / 100.0 * 100 * 100 / (MAP_PITCH_MM * MAP_PITCH_MM);
}

static void assert_load(const struct bed *bed, double counts)
{
    double whole = whole_load(counts);
    assert_true(fabs(bed->map.load - whole) < 1e-3 * whole + 1e-6);
}

static void error_codes_are_filled_from_their_neighbours(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    lay(bed, 0, 40);
    look(bed);
    assert_load(bed, 40);
    bed->invalid[AT(7, 4)] = 1;
    bed->counts[AT(7, 4)] = 0;
    look(bed);
    assert_load(bed, 40);
    end(bed);
}

static void a_dead_row_is_filled(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    for (unsigned col = 0; col < COLS; col++)
        bed->pad.dead[AT(7, col)] = true;
    start(bed);
    lay(bed, 0, 40);
    for (unsigned col = 0; col < COLS; col++)
        bed->counts[AT(7, col)] = 100;
    look(bed);
    // At its edges the mean of the neighbours is softer than the body.
    assert_true(fabs(bed->map.load - whole_load(40)) < 0.02 * bed->map.load);
    end(bed);
}

static void a_pad_without_a_single_good_cell_is_empty(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    memset(bed->invalid, 1, sizeof bed->invalid);
    look(bed);
    assert_false(bed->map.occupied);
    end(bed);
}

static void a_dead_cell_is_found(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    for (int i = 0; i < DEAD_EPISODES - 1; i++) {
        lay(bed, 0, 40);
        bed->counts[AT(7, 4)] = 0;
        look_for(bed, 100);
        assert_true(bed->map.load < 0.99 * whole_load(40));
        lay(bed, 0, 0);
        look_for(bed, 3);
    }
    lay(bed, 0, 40);
    bed->counts[AT(7, 4)] = 0;
    look_for(bed, 2);
    assert_load(bed, 40);
    // It reads again: it is not dead.
    bed->counts[AT(7, 4)] = 20;
    look_for(bed, 2);
    assert_true(bed->map.load < 0.995 * whole_load(40));
    end(bed);
}

static void one_night_on_one_side_makes_no_cell_dead(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    lay(bed, 0, 40);
    bed->counts[AT(7, 4)] = 0;
    look_for(bed, 20000);
    assert_true(bed->map.load < 0.99 * whole_load(40));
    end(bed);
}

static void a_stuck_cell_is_found(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    for (int i = 0; i < STUCK_CHANGES - 1; i++) {
        lay(bed, 0, i % 2 == 0 ? 40 + (unsigned)i : 0);
        bed->counts[AT(0, 0)] = 77;
        look_for(bed, 30);
        assert_true(bed->map.load > (i % 2 == 0 ? whole_load(40 + i) : 0) + 1);
    }
    lay(bed, 0, 0);
    bed->counts[AT(0, 0)] = 77;
    look_for(bed, 30);
    assert_true(bed->map.load < 0.1);
    assert_int_equal(bed->map.mended, 1);
    bed->counts[AT(0, 0)] = 83;
    look_for(bed, 2);
    assert_true(bed->map.load > 1);
    assert_int_equal(bed->map.mended, 0);
    end(bed);
}

// A loose contact that always reads something, never twice the same.
static void a_stuck_cell_that_jitters_is_found(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    for (unsigned i = 0; i < STUCK_CHANGES + 1; i++)
        for (unsigned second = 0; second < 30; second++) {
            lay(bed, 0, i % 2 == 0 ? 40 + i : 0);
            bed->counts[AT(0, 0)] = (uint16_t)(60 + second * 7 % 6);
            look(bed);
        }
    assert_int_equal(bed->map.mended, 1);
    lay(bed, 0, 0);
    bed->counts[AT(0, 0)] = 63;
    look(bed);
    assert_true(bed->map.load < 0.1);
    end(bed);
}

// At the edge of whoever comes and goes: nothing, and a little more than a touch.
static void a_cell_at_the_edge_is_not_stuck(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    for (unsigned i = 0; i < 4 * STUCK_CHANGES; i++)
        for (unsigned second = 0; second < 30; second++) {
            lay(bed, 0, i % 2 == 0 ? 40 : 0);
            bed->counts[AT(7, 1)] = (uint16_t)(i % 2 == 0 ? 5 + second % 2 : second % 2);
            look(bed);
        }
    assert_int_equal(bed->map.mended, 0);
    end(bed);
}

// A body that lifts cells by 11 counts over 480 is seen, hours after the sheet has crept up by what
// a touch is.
static void drift_is_followed_while_the_bed_is_empty(void **state)
{
    (void)state;
    struct bed *bed = make_bed(480, 5);
    start(bed);
    for (unsigned crept = 0; crept <= 9; crept++) {
        lay(bed, crept, 0);
        look_for(bed, 3600);
        assert_false(bed->map.occupied);
    }
    assert_true(bed->map.load < 0.1);
    lay(bed, 9, 11);
    look(bed);
    assert_true(bed->map.occupied);
    assert_true(fabs(bed->map.load - whole_load(11)) < 0.02 * bed->map.load);
    end(bed);
}

static void drift_is_not_followed_under_a_sleeper(void **state)
{
    (void)state;
    struct bed *bed = make_bed(480, 5);
    start(bed);
    lay(bed, 0, 11);
    look_for(bed, 8 * 3600);
    assert_load(bed, 11);
    end(bed);
}

static void a_pad_that_reads_nothing_untouched_stays_as_it_is(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    lay(bed, 3, 0);
    look_for(bed, 10000);
    lay(bed, 0, 40);
    look(bed);
    assert_load(bed, 40);
    end(bed);
}

static void saturation_is_told(void **state)
{
    (void)state;
    struct bed *bed = make_bed(0, 5);
    start(bed);
    lay(bed, 0, 40);
    look(bed);
    assert_true(bed->map.saturated == 0.0);
    for (unsigned col = 2; col < 6; col++)
        bed->counts[AT(7, col)] = 100;
    look(bed);
    assert_true(fabs(bed->map.saturated - 4 / 48.0) < 1e-9);
    end(bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_codes_are_filled_from_their_neighbours),
        cmocka_unit_test(a_dead_row_is_filled),
        cmocka_unit_test(a_pad_without_a_single_good_cell_is_empty),
        cmocka_unit_test(a_dead_cell_is_found),
        cmocka_unit_test(one_night_on_one_side_makes_no_cell_dead),
        cmocka_unit_test(a_stuck_cell_is_found),
        cmocka_unit_test(a_stuck_cell_that_jitters_is_found),
        cmocka_unit_test(a_cell_at_the_edge_is_not_stuck),
        cmocka_unit_test(drift_is_followed_while_the_bed_is_empty),
        cmocka_unit_test(drift_is_not_followed_under_a_sleeper),
        cmocka_unit_test(a_pad_that_reads_nothing_untouched_stays_as_it_is),
        cmocka_unit_test(saturation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
