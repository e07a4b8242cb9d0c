// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pad/deframer.h"
#include "surface/crosstalk.h"
#include "surface/surface.h"

#define assert_near(a, b) assert_true(fabs((double)(a) - (double)(b)) < 1e-5)

// A pad, a frame of it and what became of it.
struct bench {
    struct pad pad;
    uint16_t counts[PAD_MAX_CELLS];
    struct surface *surface;
    struct pressure_map map;
};

static void bench_init(struct bench *bench, unsigned rows, unsigned cols, double pitch_rows_mm,
                       double pitch_cols_mm)
{
    memset(bench, 0, sizeof *bench);
    bench->pad.rows = rows;
    bench->pad.cols = cols;
    bench->pad.pitch_rows_mm = pitch_rows_mm;
    bench->pad.pitch_cols_mm = pitch_cols_mm;
    bench->pad.full_scale = 1000;
    bench->pad.touch = 20;
    assert_int_equal(surface_new(&bench->surface, &bench->pad), 0);
}

static void bench_free(struct bench *bench)
{
    surface_free(bench->surface);
}

static int bench_read(struct bench *bench)
{
    struct frame frame = {.rows = (uint16_t)bench->pad.rows,
                          .cols = (uint16_t)bench->pad.cols,
                          .counts = bench->counts};
    return surface_read(bench->surface, &frame, &bench->map);
}

static void press(struct bench *bench, unsigned row, unsigned col, unsigned rows, unsigned cols,
                  uint16_t count)
{
    for (unsigned r = row; r < row + rows; r++)
        for (unsigned c = col; c < col + cols; c++)
            bench->counts[r * bench->pad.cols + c] = count;
}

static double sum_of(const struct pressure_map *map)
{
    double sum = 0.0;
    for (size_t i = 0; i < MAP_CELLS; i++)
        sum += map->cells[i] * map->covered[i];
    return sum;
}

static void test_own_grid_passes_through(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, MAP_ROWS, MAP_COLS, MAP_PITCH_MM, MAP_PITCH_MM);
    for (unsigned i = 0; i < MAP_CELLS; i++)
        bench.counts[i] = (uint16_t)(100 + i % 37);
    assert_int_equal(bench_read(&bench), 0);
    for (unsigned i = 0; i < MAP_CELLS; i++) {
        assert_near(bench.map.cells[i], bench.counts[i] / 1000.0);
        assert_near(bench.map.covered[i], 1.0);
    }
    bench_free(&bench);
}

// Whatever the grid, a print stays where it is, and its weight stays the same.
static void test_other_grids(void **state)
{
    (void)state;
    static const struct {
        unsigned rows, cols;
        double pitch_rows_mm, pitch_cols_mm;
    } grids[] = {{32, 32, 50, 25}, {16, 16, 100, 50},    {12, 6, 130, 130}, {128, 128, 12, 6},
                 {64, 27, 25, 30}, {40, 26, 25.4, 25.4}, {9, 9, 60, 60},    {80, 28, 17.3, 28.9}};
    for (size_t i = 0; i < sizeof grids / sizeof *grids; i++) {
        struct bench bench;
        unsigned rows = grids[i].rows, cols = grids[i].cols;
        bench_init(&bench, rows, cols, grids[i].pitch_rows_mm, grids[i].pitch_cols_mm);
        press(&bench, 1, 1, rows / 4, cols / 4, 500);
        assert_int_equal(bench_read(&bench), 0);
        double cell = grids[i].pitch_rows_mm * grids[i].pitch_cols_mm / MAP_PITCH_MM / MAP_PITCH_MM;
        assert_near(bench.map.load, 0.5 * (rows / 4) * (cols / 4) * cell);
        // What lies beyond the map counts for the load alone.
        if (rows * grids[i].pitch_rows_mm <= MAP_ROWS * MAP_PITCH_MM &&
            cols * grids[i].pitch_cols_mm <= MAP_COLS * MAP_PITCH_MM)
            assert_true(fabs(sum_of(&bench.map) - bench.map.load) < 1e-3 * bench.map.load);
        for (unsigned row = 0; row < MAP_ROWS; row++) {
            for (unsigned col = 0; col < MAP_COLS; col++) {
                // The middle of the map's cell, as a place on the pad.
                double down =
                    ((row + 0.5) - MAP_ROWS / 2.0) * MAP_PITCH_MM / grids[i].pitch_rows_mm +
                    rows / 2.0;
                double across =
                    ((col + 0.5) - MAP_COLS / 2.0) * MAP_PITCH_MM / grids[i].pitch_cols_mm +
                    cols / 2.0;
                double reach_down = 0.5 * MAP_PITCH_MM / grids[i].pitch_rows_mm;
                double reach_across = 0.5 * MAP_PITCH_MM / grids[i].pitch_cols_mm;
                float read = bench.map.cells[row * MAP_COLS + col];
                if (down > 1 + reach_down && down < 1 + rows / 4 - reach_down &&
                    across > 1 + reach_across && across < 1 + cols / 4 - reach_across)
                    assert_near(read, 0.5);
                if (down < 1 - reach_down || down > 1 + rows / 4 + reach_down ||
                    across < 1 - reach_across || across > 1 + cols / 4 + reach_across)
                    assert_near(read, 0.0);
            }
        }
        bench_free(&bench);
    }
}

// ---- pads of all sizes, as they lie under a mattress: few counts, much noise ----

static double uniform(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*seed >> 33) / 2147483648.0;
}

// Of a standard deviation of 1.
static double normal(uint64_t *seed)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += uniform(seed);
    return sum;
}

// How hard somebody on the back presses, `down` and `across` the pad, mm from its middle: from 0 to
// 1. The head lies beyond the end of the pad.
static double pressure_at(double down, double across)
{
    static const struct {
        double down, across, height, width, peak;
    } parts[] = {{-950, 0, 100, 80, 0.7},
                 {-560, 0, 180, 190, 0.8},
                 {-120, 0, 170, 180, 1.0},
                 {330, -90, 260, 70, 0.4},
                 {330, 90, 260, 70, 0.4}};
    double sum = 0.0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        double y = (down - parts[i].down) / parts[i].height;
        double x = (across - parts[i].across) / parts[i].width;
        sum += parts[i].peak * exp(-y * y - x * x);
    }
    return sum;
}

// What the pad would read without noise: the mean over each cell, `peak` counts where it is most.
static void lie_down(const struct pad *pad, double peak, double readings[PAD_MAX_CELLS])
{
    const int steps = 8;
    double largest = 0.0;
    for (size_t i = 0; i < pad_cells(pad); i++) {
        double row = (double)(i / pad->cols) - pad->rows / 2.0;
        double col = (double)(i % pad->cols) - pad->cols / 2.0;
        readings[i] = 0.0;
        for (int step = 0; step < steps * steps; step++)
            readings[i] += pressure_at((row + (step / steps + 0.5) / steps) * pad->pitch_rows_mm,
                                       (col + (step % steps + 0.5) / steps) * pad->pitch_cols_mm);
        largest = fmax(largest, readings[i]);
    }
    for (size_t i = 0; i < pad_cells(pad); i++)
        readings[i] *= peak / largest;
}

static void measure(struct bench *bench, const double readings[PAD_MAX_CELLS], double noise,
                    uint64_t *seed)
{
    for (size_t i = 0; i < pad_cells(&bench->pad); i++) {
        double count = round(readings[i] + noise * normal(seed));
        count = fmin(fmax(count, 0.0), bench->pad.full_scale);
        bench->counts[i] = (uint16_t)count;
    }
}

static void under_a_mattress(struct bench *bench, const struct grid *grid)
{
    bench_init(bench, grid->rows, grid->cols, grid->pitch_rows_mm, grid->pitch_cols_mm);
    bench->pad.full_scale = 255;
    bench->pad.touch = 3;
}

static const struct grid grids_of_all_sizes[] = {
    {4, 4, 400, 200},  {4, 8, 400, 100},  {6, 6, 270, 135},  {8, 8, 200, 100},
    {12, 6, 136, 136}, {16, 8, 100, 100}, {16, 16, 100, 50}, {32, 16, 50, 50},
    {32, 32, 50, 25},  {64, 27, 30, 30},  {64, 64, 25, 12.5}};
#define N_GRIDS (sizeof grids_of_all_sizes / sizeof *grids_of_all_sizes)

// The lines of one side of the map that a pad reaches, added up.
static double reach(unsigned lines, double pitch_mm, unsigned map_lines)
{
    return fmin(lines * pitch_mm / MAP_PITCH_MM, map_lines);
}

static void test_somebody_on_pads_of_all_sizes(void **state)
{
    (void)state;
    static struct bench bench;
    static double readings[PAD_MAX_CELLS];
    static const double peaks[] = {14, 60, 250};
    uint64_t seed = 1;
    for (size_t i = 0; i < N_GRIDS * 3; i++) {
        const struct grid *grid = &grids_of_all_sizes[i / 3];
        under_a_mattress(&bench, grid);
        lie_down(&bench.pad, peaks[i % 3], readings);
        double covered = 0.0;
        for (int frame = 0; frame < 50; frame++) {
            measure(&bench, readings, 0.4, &seed);
            if (bench_read(&bench) != 0 || !bench.map.occupied)
                fail_msg("%u x %u cells, %g counts: nobody", grid->rows, grid->cols, peaks[i % 3]);
            assert_true(bench.map.area_m2 > 0.1);
            for (size_t cell = 0; cell < MAP_CELLS; cell++) {
                assert_true(bench.map.cells[cell] >= 0.0f && bench.map.cells[cell] <= 1.0f);
                assert_true(bench.map.covered[cell] > 0.0f || bench.map.cells[cell] == 0.0f);
            }
        }
        for (size_t cell = 0; cell < MAP_CELLS; cell++)
            covered += (double)bench.map.covered[cell];
        assert_true(fabs(covered - reach(grid->rows, grid->pitch_rows_mm, MAP_ROWS) *
                                       reach(grid->cols, grid->pitch_cols_mm, MAP_COLS)) < 0.01);
        assert_int_equal(bench.map.grid.rows, grid->rows);
        assert_int_equal(bench.map.grid.cols, grid->cols);
        bench_free(&bench);
    }
}

// A pad of few cells as a cheap sensor reads it: all or nothing. Bodies are no noise.
static void test_deaf_and_coarse_pads(void **state)
{
    (void)state;
    static struct bench bench;
    static double readings[PAD_MAX_CELLS];
    static const double peaks[] = {400, 800, 1600, 3200}; // cut at the full scale
    uint64_t seed = 2;
    for (size_t i = 0; i < N_GRIDS * 4; i++) {
        under_a_mattress(&bench, &grids_of_all_sizes[i / 4]);
        lie_down(&bench.pad, peaks[i % 4], readings);
        measure(&bench, readings, 0.4, &seed);
        assert_int_equal(bench_read(&bench), 0);
        assert_true(bench.map.occupied);
        bench_free(&bench);
    }
}

// Somebody on the side, all in one column of large cells: neighbours that have nothing in common.
static void test_one_column_is_no_noise(void **state)
{
    (void)state;
    static struct bench bench;
    static const struct grid grids[] = {{4, 4, 400, 200}, {6, 4, 270, 200}, {8, 4, 200, 200}};
    for (size_t i = 0; i < sizeof grids / sizeof *grids; i++) {
        under_a_mattress(&bench, &grids[i]);
        press(&bench, 0, 1, grids[i].rows, 1, 250);
        assert_int_equal(bench_read(&bench), 0);
        assert_true(bench.map.occupied);
        bench_free(&bench);
    }
}

// What reads beyond the full scale is cut, and on large cells two of them are no start-up noise.
static void test_large_cells_beyond_the_full_scale(void **state)
{
    (void)state;
    static struct bench bench;
    under_a_mattress(&bench, &(struct grid){12, 6, 136, 136});
    press(&bench, 2, 2, 4, 2, 100);
    press(&bench, 3, 2, 1, 2, 300);
    assert_int_equal(bench_read(&bench), 0);
    assert_near(bench.map.load, (6 * 100 / 255.0 + 2) * 136 * 136 / MAP_PITCH_MM / MAP_PITCH_MM);
    press(&bench, 2, 2, 4, 2, 300);
    assert_int_equal(bench_read(&bench), SURFACE_NOISE);
    bench_free(&bench);
}

// A sheet under a mattress: cells that differ untouched by as much as a body adds.
static void test_each_cell_its_baseline(void **state)
{
    (void)state;
    static struct bench bench;
    static double empty[PAD_MAX_CELLS], readings[PAD_MAX_CELLS];
    uint64_t seed = 4;
    under_a_mattress(&bench, &(struct grid){12, 6, 136, 136});
    bench.pad.full_scale = 560;
    bench.pad.baseline = 482;
    bench.pad.own_baselines = true;
    for (size_t i = 0; i < pad_cells(&bench.pad); i++) {
        bench.pad.baselines[i] = (uint16_t)(477 + 11 * uniform(&seed));
        empty[i] = bench.pad.baselines[i];
    }
    for (int frame = 0; frame < 1000; frame++) {
        measure(&bench, empty, 0.4, &seed);
        bench.counts[8] = 416; // a cell drops out
        assert_int_equal(bench_read(&bench), 0);
        assert_false(bench.map.occupied);
    }
    lie_down(&bench.pad, 11, readings);
    for (size_t i = 0; i < pad_cells(&bench.pad); i++)
        readings[i] += empty[i];
    for (int frame = 0; frame < 1000; frame++) {
        measure(&bench, readings, 0.4, &seed);
        assert_int_equal(bench_read(&bench), 0);
        assert_true(bench.map.occupied);
    }
    bench_free(&bench);
}

static void test_nobody_on_pads_of_all_sizes(void **state)
{
    (void)state;
    static struct bench bench;
    static const double nothing[PAD_MAX_CELLS];
    uint64_t seed = 3;
    for (size_t i = 0; i < N_GRIDS; i++) {
        under_a_mattress(&bench, &grids_of_all_sizes[i]);
        int frames = bench.pad.rows == 12 ? 10000 : 300;
        for (int frame = 0; frame < frames; frame++) {
            measure(&bench, nothing, 0.4, &seed);
            assert_int_equal(bench_read(&bench), 0);
            assert_false(bench.map.occupied);
            assert_true(bench.map.area_m2 == 0.0);
        }
        bench_free(&bench);
    }
}

// A cell that reads `touch` is pressed, whatever the full scale and however that rounds.
static void test_touch_is_enough(void **state)
{
    (void)state;
    static struct bench bench;
    bench_init(&bench, 4, 4, 400, 200);
    for (unsigned full_scale = 1; full_scale < 5000; full_scale++) {
        bench.pad.full_scale = full_scale;
        for (unsigned touch = 1; touch <= 12 && touch <= full_scale; touch++) {
            bench.pad.touch = touch;
            bench.counts[5] = (uint16_t)touch;
            assert_int_equal(bench_read(&bench), 0);
            assert_near(bench.map.area_m2, 0.08);
            bench.counts[5] = (uint16_t)(touch - 1);
            assert_int_equal(bench_read(&bench), 0);
            assert_true(bench.map.area_m2 == 0.0);
        }
    }
    bench_free(&bench);
}

static void test_coverage(void **state)
{
    (void)state;
    struct bench bench;
    // 20.5 x 10 cells of the map, centred: 21.75 lines stay free above and below, 11 beside.
    bench_init(&bench, 41, 10, MAP_PITCH_MM / 2, MAP_PITCH_MM);
    press(&bench, 0, 0, 41, 10, 300);
    assert_int_equal(bench_read(&bench), 0);
    assert_near(bench.map.covered[20 * MAP_COLS + 16], 0.0);
    assert_near(bench.map.covered[21 * MAP_COLS + 16], 0.25);
    assert_near(bench.map.covered[22 * MAP_COLS + 16], 1.0);
    assert_near(bench.map.covered[22 * MAP_COLS + 10], 0.0);
    assert_near(bench.map.covered[22 * MAP_COLS + 11], 1.0);
    // A cell covered in part reads what is on that part.
    assert_near(bench.map.cells[21 * MAP_COLS + 16], 0.3);
    assert_near(bench.map.cells[20 * MAP_COLS + 16], 0.0);
    assert_memory_equal(surface_covered(bench.surface), bench.map.covered,
                        sizeof bench.map.covered);
    bench_free(&bench);
}

static void test_baseline_and_full_scale(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, 12, 6, 130, 130);
    bench.pad.baseline = 480;
    bench.pad.full_scale = 680;
    bench.pad.touch = 5;
    press(&bench, 0, 0, 12, 6, 478);
    bench.counts[0] = 0;
    assert_int_equal(bench_read(&bench), 0);
    assert_near(bench.map.load, 0.0);
    assert_false(bench.map.occupied);
    press(&bench, 4, 2, 3, 2, 500);
    bench.counts[4 * 6 + 2] = 690;
    assert_int_equal(bench_read(&bench), 0);
    double cell = 130.0 * 130.0 / MAP_PITCH_MM / MAP_PITCH_MM;
    assert_near(bench.map.load, (5 * 0.1 + 1.0) * cell);
    assert_near(bench.map.area_m2, 6 * 0.13 * 0.13);
    assert_true(bench.map.occupied);
    bench_free(&bench);
}

static void test_occupied(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, MAP_ROWS, MAP_COLS, MAP_PITCH_MM, MAP_PITCH_MM);
    press(&bench, 10, 10, 5, 6, 20); // 30 cells: 0.0194 m2
    assert_int_equal(bench_read(&bench), 0);
    assert_false(bench.map.occupied);
    press(&bench, 10, 10, 4, 8, 20);
    assert_int_equal(bench_read(&bench), 0);
    assert_true(bench.map.occupied);
    press(&bench, 0, 0, MAP_ROWS, MAP_COLS, 19); // under the touch
    assert_int_equal(bench_read(&bench), 0);
    assert_false(bench.map.occupied);
    bench_free(&bench);
}

static void test_hot_cells(void **state)
{
    (void)state;
    struct bench bench;
    bench_init(&bench, MAP_ROWS, MAP_COLS, MAP_PITCH_MM, MAP_PITCH_MM);
    press(&bench, 20, 8, 10, 10, 150);
    bench.counts[25 * MAP_COLS + 12] = 4095; // in a print
    bench.counts[5 * MAP_COLS + 5] = 900;    // alone
    bench.counts[0] = 900;                   // in the corner
    press(&bench, 60, 10, 2, 2, 700);        // a heel
    assert_int_equal(bench_read(&bench), 0);
    assert_near(bench.map.cells[25 * MAP_COLS + 12], 0.15);
    assert_near(bench.map.cells[5 * MAP_COLS + 5], 0.0);
    assert_near(bench.map.cells[0], 0.0);
    assert_near(bench.map.cells[60 * MAP_COLS + 10], 0.7);
    bench_free(&bench);

    // Where cells are large a heel is one cell.
    bench_init(&bench, 16, 8, 100, 100);
    bench.counts[14 * 8 + 3] = 700;
    assert_int_equal(bench_read(&bench), 0);
    assert_near(bench.map.load, 0.7 * 100 * 100 / MAP_PITCH_MM / MAP_PITCH_MM);
    bench_free(&bench);
}

// Lines that read less and more than the others, on a pad whose picture's head is at its left.
static void test_line_gains_are_put_right(void **state)
{
    (void)state;
    static const char text[] =
        "[pad]\nname = toy\ntitle = Toy\nstatus = untested\n"
        "[wire]\nframing = delimited\nsync = AA 55\nsample = u16le\nrate_hz = 1\n"
        "[grid]\nrows = 4\ncols = 8\nhead = left\nleft = left\n"
        "[cells]\npitch_mm = 200 200\nfull_scale = 1000\ntouch = 20\n"
        "row_gains = 1 0.5 1 1.25\ncol_gains = 1 1 2 1 1 1 1 1\n";
    static const double rows[] = {1, 0.5, 1, 1.25}, cols[] = {1, 1, 2, 1, 1, 1, 1, 1};
    struct pad *pad;
    struct error error = {0};
    static struct pressure_map map;
    uint16_t counts[4 * 8];
    if (pad_parse(&pad, text, sizeof text - 1, "toy.pad", &error) < 0)
        fail_msg("%s", error.text);
    for (size_t row = 0; row < 4; row++)
        for (size_t col = 0; col < 8; col++)
            counts[pad->cell_of[row * 8 + col]] = (uint16_t)(300 * rows[row] * cols[col]);
    struct surface *surface;
    assert_int_equal(surface_new(&surface, pad), 0);
    struct frame frame = {.rows = 8, .cols = 4, .counts = counts};
    assert_int_equal(surface_read(surface, &frame, &map), 0);
    for (size_t i = 0; i < MAP_CELLS; i++)
        if (map.covered[i] > 0)
            assert_true(fabsf(map.cells[i] - 0.3F) < 1e-5F);
    // A cell of the weak line reads all it should, and could read more.
    counts[pad->cell_of[8]] = 600;
    assert_int_equal(surface_read(surface, &frame, &map), 0);
    assert_true(map.saturated == 0);
    counts[pad->cell_of[8]] = 1000;
    assert_int_equal(surface_read(surface, &frame, &map), 0);
    assert_true(fabs(map.saturated - 1 / 32.0) < 1e-9);
    surface_free(surface);
    pad_free(pad);
}

// What cells of a matrix with free lines read beside one another, over what they read untouched.
static void test_crosstalk_is_undone(void **state)
{
    (void)state;
    static struct bench bench;
    static float readings[16 * 8];
    bench_init(&bench, 16, 8, 100, 100);
    surface_free(bench.surface);
    bench.pad.floating = bench.pad.own_baselines = true;
    struct crosstalk *crosstalk;
    assert_int_equal(crosstalk_new(&crosstalk, 16, 8), 0);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < 16 * 8; i++)
            readings[i] =
                pass == 1 && i / 8 >= 4 && i / 8 < 10 && i % 8 >= 2 && i % 8 < 5 ? 0.31F : 0.01F;
        crosstalk_add(crosstalk, readings);
        for (size_t i = 0; i < 16 * 8; i++)
            (pass == 0 ? bench.pad.baselines : bench.counts)[i] =
                (uint16_t)(readings[i] * 1000 + 0.5F);
    }
    crosstalk_free(crosstalk);
    bench.pad.baseline = bench.pad.baselines[0];
    assert_int_equal(surface_new(&bench.surface, &bench.pad), 0);
    assert_int_equal(bench_read(&bench), 0);
    double share = 0.3 * 1000 / (1000 - bench.pad.baseline);
    double expected = 6 * 3 * share * 100 * 100 / MAP_PITCH_MM / MAP_PITCH_MM;
    assert_true(fabs(bench.map.load - expected) < 0.1 * expected);
    assert_near(bench.map.area_m2, 6 * 3 * 0.01);
    bench_free(&bench);
}

// The same on any machine.
static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

static void test_noise(void **state)
{
    (void)state;
    struct bench bench;
    uint64_t seed = 1;
    // Readings beyond the full scale, in stretches, as PmatData's second lines.
    bench_init(&bench, MAP_ROWS, MAP_COLS, MAP_PITCH_MM, MAP_PITCH_MM);
    for (unsigned i = 0; i < MAP_CELLS; i++)
        bench.counts[i] = (uint16_t)(i / 100 % 2 ? next_random(&seed) % 4096 : 0);
    assert_int_equal(bench_read(&bench), SURFACE_NOISE);
    // Not so: a body with a few of them.
    memset(bench.counts, 0, sizeof bench.counts);
    press(&bench, 10, 8, 40, 14, 150);
    for (unsigned i = 0; i < 40; i++)
        bench.counts[(10 + i) * MAP_COLS + 8 + i % 14] = 3841;
    assert_int_equal(bench_read(&bench), 0);
    // Not so either: hot cells on an empty pad.
    memset(bench.counts, 0, sizeof bench.counts);
    for (unsigned i = 0; i < 25; i++)
        bench.counts[next_random(&seed) % MAP_CELLS] = 3841;
    assert_int_equal(bench_read(&bench), 0);
    assert_false(bench.map.occupied);
    bench_free(&bench);

    // All within the range of the samples, all over the place.
    bench_init(&bench, 32, 32, 50, 25);
    bench.pad.full_scale = 255;
    for (unsigned i = 0; i < 32 * 32; i++)
        bench.counts[i] = (uint16_t)(next_random(&seed) % 256);
    assert_int_equal(bench_read(&bench), SURFACE_NOISE);
    // Not so: the noise of a pad that nobody lies on, even where it exceeds the touch.
    bench.pad.touch = 2;
    for (unsigned i = 0; i < 32 * 32; i++)
        bench.counts[i] = (uint16_t)(next_random(&seed) % 5);
    assert_int_equal(bench_read(&bench), 0);
    // Nor somebody heavy on a pad that saturates.
    memset(bench.counts, 0, sizeof bench.counts);
    press(&bench, 4, 8, 24, 16, 255);
    assert_int_equal(bench_read(&bench), 0);
    assert_true(bench.map.occupied);
    bench_free(&bench);
}

static void test_movement(void **state)
{
    (void)state;
    static struct pressure_map a, b, empty;
    assert_near(surface_movement(&empty, &empty), 0.0);
    for (int i = 100; i < 200; i++)
        a.cells[i] = 0.5f;
    for (int i = 150; i < 250; i++)
        b.cells[i] = 0.5f;
    assert_near(surface_movement(&a, &a), 0.0);
    assert_near(surface_movement(&a, &b), 0.5);
    assert_near(surface_movement(&b, &a), 0.5);
    assert_near(surface_movement(&a, &empty), 0.5);
    for (int i = 0; i < MAP_CELLS; i++)
        b.cells[i] = i >= 200 && i < 300 ? 0.5f : 0.0f;
    assert_near(surface_movement(&a, &b), 1.0);
}

// What became of a recording's frames.
struct recording {
    struct surface *surface;
    struct pressure_map map;
    uint64_t noise, occupied, last_noise, seen;
};

static int look(const struct deframed *deframed, void *userdata)
{
    struct recording *recording = userdata;
    uint64_t line = recording->seen++;
    assert_int_equal(deframed->drop, DROP_NONE);
    if (surface_read(recording->surface, &deframed->frame, &recording->map) == SURFACE_NOISE) {
        recording->noise++;
        recording->last_noise = line;
        return 0;
    }
    if (line == 1)
        fail_msg("a second line was taken for a frame");
    recording->occupied += recording->map.occupied;
    return 0;
}

static void read_recording(const struct pad *pad, const char *path, struct recording *recording)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct deframer *deframer;
    assert_int_equal(surface_new(&recording->surface, pad), 0);
    assert_int_equal(deframer_new(&deframer, pad), 0);
    char bytes[16384];
    size_t length;
    while ((length = fread(bytes, 1, sizeof bytes, file)) > 0)
        assert_int_equal(deframer_push(deframer, bytes, length, look, recording), 0);
    assert_int_equal(deframer_finish(deframer, look, recording), 0);
    fclose(file);
    deframer_free(deframer);
    surface_free(recording->surface);
}

// Every second line of PmatData is start-up noise, and the noise lasts for one or two lines more
// in three files. Everything else is a frame.
static void test_real_noise(void **state)
{
    (void)state;
    static const int people[] = {1, 2, 3, 4, 5, 7, 8, 9, 10};
    const char *recordings = getenv("PSOASMON_RECORDINGS"), *pads = getenv("PSOASMON_PADS");
    char path[4096];
    snprintf(path, sizeof path, "%s/pmat/S1/1.txt", recordings ? recordings : "");
    if (access(path, R_OK) < 0 || !pads) {
        print_message("skipped: no recordings (shared/data/pmat) beside the source\n");
        skip();
    }
    struct pad *pad;
    snprintf(path, sizeof path, "%s/pmat.pad", pads);
    assert_int_equal(pad_load(&pad, path, NULL), 0);
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        for (int file = 1; file <= 17; file++) {
            static struct recording recording;
            memset(&recording, 0, sizeof recording);
            snprintf(path, sizeof path, "%s/pmat/S%d/%d.txt", recordings, people[i], file);
            read_recording(pad, path, &recording);
            bool longer = (people[i] == 4 && file == 6) || (people[i] == 1 && file == 8);
            bool longest = people[i] == 7 && file == 9;
            assert_int_equal(recording.noise, longest ? 3 : longer ? 2 : 1);
            assert_int_equal(recording.last_noise, recording.noise);
            bool late = people[i] == 7 && file == 1; // lies down after 16 s
            if (late)
                assert_in_range(recording.occupied, 143, 145);
            else
                assert_in_range(recording.seen - recording.occupied, 1, 4);
        }
    }
    pad_free(pad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_grid_passes_through),
        cmocka_unit_test(test_other_grids),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_somebody_on_pads_of_all_sizes),
        cmocka_unit_test(test_deaf_and_coarse_pads),
        cmocka_unit_test(test_one_column_is_no_noise),
        cmocka_unit_test(test_large_cells_beyond_the_full_scale),
        cmocka_unit_test(test_each_cell_its_baseline),
        cmocka_unit_test(test_nobody_on_pads_of_all_sizes),
        cmocka_unit_test(test_touch_is_enough),
        cmocka_unit_test(test_baseline_and_full_scale),
        cmocka_unit_test(test_occupied),
        cmocka_unit_test(test_hot_cells),
        cmocka_unit_test(test_line_gains_are_put_right),
        cmocka_unit_test(test_crosstalk_is_undone),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_movement),
        cmocka_unit_test(test_real_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
