// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "live/heatmap.h"

static const struct heatmap ascii = {CANVAS_GREY, false, 1, false};
static const struct heatmap blocks = {CANVAS_GREY, true, 1, false};
static const struct heatmap colours = {CANVAS_TRUE, true, 1, false};

static struct pressure_map map; // too large for a stack

static void cover(float covered)
{
    memset(&map, 0, sizeof map);
    for (unsigned i = 0; i < MAP_CELLS; i++)
        map.covered[i] = covered;
}

// A rectangle of cells.
static void press(unsigned row, unsigned rows, unsigned col, unsigned cols, float pressure)
{
    for (unsigned r = row; r < row + rows; r++)
        for (unsigned c = col; c < col + cols; c++)
            map.cells[r * MAP_COLS + c] = pressure;
}

// The glyphs, a row behind the other.
static void glyphs(const struct heatmap *heatmap, unsigned rows, unsigned cols, char *text)
{
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, rows, cols), 0);
    heatmap_draw(&canvas, 0, 0, rows, cols, &map, heatmap);
    *text = '\0';
    for (unsigned i = 0; i < rows * cols; i++)
        strcat(text, canvas.cells[i].glyph);
    canvas_free(&canvas);
}

static void test_proportions(void **state)
{
    (void)state;
    // Twice as long as wide, of characters twice as high as wide.
    const unsigned given[][2] = {{20, 78}, {50, 198}, {20, 10}, {0, 10}, {10, 0}};
    const unsigned fits[][2] = {{20, 20}, {50, 50}, {10, 10}, {0, 0}, {0, 0}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        unsigned rows = given[i][0], cols = given[i][1];
        heatmap_fit(&rows, &cols);
        assert_int_equal(rows, fits[i][0]);
        assert_int_equal(cols, fits[i][1]);
    }
}

static void test_head_is_up_and_left_is_left(void **state)
{
    (void)state;
    char text[64];
    cover(1);
    press(0, 16, 0, 8, 1); // the head's end, the sleeper's left
    glyphs(&ascii, 4, 4, text);
    assert_string_equal(text, "@               ");
    press(48, 16, 24, 8, 0.25F);
    glyphs(&ascii, 4, 4, text);
    assert_string_equal(text, "@              +");
    glyphs(&blocks, 4, 4, text);
    assert_string_equal(text, "█              ▒");
}

// Whatever the size, each part of the map has its part in the picture.
static void test_nothing_is_lost_on_the_way(void **state)
{
    (void)state;
    for (unsigned rows = 1; rows <= 70; rows += 3) {
        cover(1);
        press(20, 1, 10, 1, 1); // one cell
        struct canvas canvas;
        assert_int_equal(canvas_make(&canvas, rows, rows), 0);
        struct heatmap sensitive = ascii;
        sensitive.scale = 0.001;
        heatmap_draw(&canvas, 0, 0, rows, rows, &map, &sensitive);
        unsigned seen = 0;
        for (unsigned i = 0; i < rows * rows; i++)
            seen += *canvas.cells[i].glyph != ' ';
        assert_true(seen >= 1);
        canvas_free(&canvas);
    }
}

static void test_colours(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 1, 2), 0);
    cover(1);
    press(0, 32, 0, 16, 1); // above, left
    heatmap_draw(&canvas, 0, 0, 1, 2, &map, &colours);
    assert_string_equal(canvas.cells[0].glyph, "▀");
    assert_int_equal(canvas.cells[0].ink, 0xffffe1);
    assert_int_equal(canvas.cells[0].ground, 0);
    assert_string_equal(canvas.cells[1].glyph, " ");
    assert_int_equal(canvas.cells[1].ground, 0);
    // Old: no colour is left, and the shape is.
    struct heatmap old = colours;
    old.stale = true;
    heatmap_draw(&canvas, 0, 0, 1, 2, &map, &old);
    assert_int_equal(canvas.cells[0].ink, 0xc8c8c8);
    old = ascii;
    old.stale = true;
    heatmap_draw(&canvas, 0, 0, 1, 2, &map, &old);
    assert_int_equal(canvas.cells[0].style, CANVAS_DIM);
    canvas_free(&canvas);
}

static unsigned lightness(uint32_t colour)
{
    return 299 * (colour >> 16) + 587 * (colour >> 8 & 0xff) + 114 * (colour & 0xff);
}

// More pressure is lighter, whoever looks: colours that rise and fall would not do.
static void test_lightness_rises(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 1, 1), 0);
    unsigned before = 0;
    for (unsigned i = 1; i <= 100; i++) {
        cover(1);
        press(0, MAP_ROWS, 0, MAP_COLS, (float)i / 100);
        heatmap_draw(&canvas, 0, 0, 1, 1, &map, &colours);
        unsigned now = lightness(canvas.cells[0].ground);
        assert_true(now > before);
        before = now;
    }
    canvas_free(&canvas);
}

static void test_what_is_not_covered_stays(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 1, 1), 0);
    cover(0);
    for (unsigned i = MAP_CELLS / 2; i < MAP_CELLS; i++)
        map.covered[i] = 1;
    heatmap_draw(&canvas, 0, 0, 1, 1, &map, &colours);
    assert_string_equal(canvas.cells[0].glyph, "▄");
    assert_int_equal(canvas.cells[0].ink, 0);
    assert_true(canvas.cells[0].ground == CANVAS_DEFAULT);
    cover(0);
    heatmap_draw(&canvas, 0, 0, 1, 1, &map, &colours);
    assert_true(canvas.cells[0].ground == CANVAS_DEFAULT);
    canvas_free(&canvas);
}

static void test_the_scale_follows_the_peak(void **state)
{
    (void)state;
    cover(1);
    assert_true(heatmap_scale(0, &map) == 0.05); // noise stays dark
    press(3, 1, 3, 1, 0.5F);
    double scale = heatmap_scale(0, &map);
    assert_true(scale == 0.5);
    cover(1);
    assert_true(heatmap_scale(scale, &map) < 0.5 && heatmap_scale(scale, &map) > 0.45);
    for (unsigned i = 0; i < 200; i++)
        scale = heatmap_scale(scale, &map);
    assert_true(scale == 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proportions),
        cmocka_unit_test(test_head_is_up_and_left_is_left),
        cmocka_unit_test(test_nothing_is_lost_on_the_way),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_lightness_rises),
        cmocka_unit_test(test_what_is_not_covered_stays),
        cmocka_unit_test(test_the_scale_follows_the_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
