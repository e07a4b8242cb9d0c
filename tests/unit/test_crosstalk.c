// SPDX-License-Identifier: GPL-3.0-or-later
// Against the whole circuit, solved by itself: every row and column a node, 5 V on one row, one
// column over a resistor to ground, all others free.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "surface/crosstalk.h"

#define ROWS  16
#define COLS  12
#define NODES (ROWS + COLS)

// Conductances in units of the resistor's.
typedef double mat[ROWS][COLS];

// The voltage at the resistor as a share of the supply: Kirchhoff's current law at each node but
// the row, by Gauss.
static double circuit(mat cells, size_t row, size_t col)
{
    static double a[NODES][NODES + 1];
    memset(a, 0, sizeof a);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLS; c++) {
            a[r][r] += cells[r][c];
            a[ROWS + c][ROWS + c] += cells[r][c];
            a[r][ROWS + c] -= cells[r][c];
            a[ROWS + c][r] -= cells[r][c];
        }
    a[ROWS + col][ROWS + col] += 1;
    for (size_t i = 0; i <= NODES; i++)
        a[row][i] = 0;
    a[row][row] = a[row][NODES] = 1;
    for (size_t p = 0; p < NODES; p++) {
        if (fabs(a[p][p]) < 1e-12)
            continue; // nothing touches it
        for (size_t i = 0; i < NODES; i++)
            for (size_t k = NODES + 1; i != p && k-- > p;)
                a[i][k] -= a[i][p] / a[p][p] * a[p][k];
    }
    size_t node = ROWS + col;
    return a[node][NODES] / a[node][node];
}

static void read_mat(mat cells, float *readings)
{
    for (size_t row = 0; row < ROWS; row++)
        for (size_t col = 0; col < COLS; col++)
            readings[row * COLS + col] = (float)circuit(cells, row, col);
}

static float alone(double conductance)
{
    return (float)(conductance / (1 + conductance));
}

static void lay_body(mat cells, double least)
{
    static const double parts[][5] = {// row, column, half its length, half its width, weight
                                      {2, 6, 1, 1.2, 0.25},    {4.5, 6, 1.5, 3, 0.45},
                                      {8, 6, 1.5, 2.5, 0.6},   {11, 4.5, 2, 0.8, 0.25},
                                      {11, 7.5, 2, 0.8, 0.25}, {14, 4, 0.6, 0.6, 0.2},
                                      {14, 8, 0.6, 0.6, 0.2}};
    for (size_t row = 0; row < ROWS; row++)
        for (size_t col = 0; col < COLS; col++) {
            cells[row][col] = least;
            for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
                double down = ((double)row - parts[i][0]) / parts[i][2];
                double across = ((double)col - parts[i][1]) / parts[i][3];
                cells[row][col] += parts[i][4] * exp(-down * down - across * across);
            }
        }
}

static struct crosstalk *make(void)
{
    struct crosstalk *crosstalk;
    assert_int_equal(crosstalk_new(&crosstalk, ROWS, COLS), 0);
    return crosstalk;
}

static void it_is_what_the_circuit_does(void **state)
{
    (void)state;
    static mat cells;
    static float readings[ROWS * COLS], expected[ROWS * COLS];
    lay_body(cells, 0.002);
    read_mat(cells, expected);
    for (size_t i = 0; i < ROWS * COLS; i++)
        readings[i] = alone(cells[i / COLS][i % COLS]);
    struct crosstalk *crosstalk = make();
    crosstalk_add(crosstalk, readings);
    for (size_t i = 0; i < ROWS * COLS; i++)
        assert_true(fabsf(readings[i] - expected[i]) < 1e-4F);
    crosstalk_free(crosstalk);
}

static void the_fourth_corner_is_no_cell(void **state)
{
    (void)state;
    static mat cells;
    static float readings[ROWS * COLS];
    static const size_t pressed[] = {3 * COLS + 2, 3 * COLS + 9, 12 * COLS + 2};
    const size_t fourth = 12 * COLS + 9;
    for (size_t i = 0; i < 3; i++)
        cells[pressed[i] / COLS][pressed[i] % COLS] = 0.5;
    read_mat(cells, readings);
    float ghost = readings[fourth];
    assert_true(ghost > 0.1F);
    struct crosstalk *crosstalk = make();
    crosstalk_undo(crosstalk, readings);
    print_message("the ghost: %.3f, undone %.4f\n", (double)ghost, (double)readings[fourth]);
    assert_true(readings[fourth] < ghost / 8);
    for (size_t i = 0; i < 3; i++)
        assert_true(fabsf(readings[pressed[i]] - alone(0.5)) < 0.03F);
    crosstalk_free(crosstalk);
}

static double error_of(const float *readings, mat cells)
{
    double error = 0, all = 0;
    for (size_t i = 0; i < ROWS * COLS; i++) {
        double expected = alone(cells[i / COLS][i % COLS]);
        error += fabs((double)readings[i] - expected);
        all += expected;
    }
    return error / all;
}

// As a converter of ten bits reads it.
static void a_body_comes_out_of_its_ghosts(void **state)
{
    (void)state;
    static mat cells;
    static float readings[ROWS * COLS];
    lay_body(cells, 0.002);
    read_mat(cells, readings);
    for (size_t i = 0; i < ROWS * COLS; i++)
        readings[i] = roundf(readings[i] * 1023) / 1023;
    double before = error_of(readings, cells);
    struct crosstalk *crosstalk = make();
    crosstalk_undo(crosstalk, readings);
    double after = error_of(readings, cells);
    print_message("error of the readings: %.3f, undone %.3f\n", before, after);
    assert_true(after < before / 8);
    crosstalk_free(crosstalk);
}

static void nothing_stays_nothing_and_all_stays_finite(void **state)
{
    (void)state;
    static float readings[ROWS * COLS];
    struct crosstalk *crosstalk = make();
    crosstalk_undo(crosstalk, readings);
    crosstalk_add(crosstalk, readings);
    for (size_t i = 0; i < ROWS * COLS; i++)
        assert_true(readings[i] == 0.0F);
    // A row that reads as much as it can, one cell alone, and readings that cannot be.
    for (size_t col = 0; col < COLS; col++)
        readings[5 * COLS + col] = 1;
    readings[9 * COLS + 3] = 0.5F;
    readings[0] = -1;
    readings[1] = 7;
    crosstalk_undo(crosstalk, readings);
    for (size_t i = 0; i < ROWS * COLS; i++)
        assert_true(readings[i] >= 0 && readings[i] <= 1);
    crosstalk_free(crosstalk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_the_circuit_does),
        cmocka_unit_test(the_fourth_corner_is_no_cell),
        cmocka_unit_test(a_body_comes_out_of_its_ghosts),
        cmocka_unit_test(nothing_stays_nothing_and_all_stays_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
