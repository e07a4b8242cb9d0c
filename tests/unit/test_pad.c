// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pad/pad.h"

// A whole description of a 2 x 3 pad; a test changes one thing in it.
#define WIRE  "[wire]\nframing = delimited\nsync = AA 55\nsample = u8\nrate_hz = 10\n"
#define GRID  "[grid]\nrows = 2\ncols = 3\nhead = top\nleft = left\n"
#define CELLS "[cells]\npitch_mm = 30 20\nfull_scale = 255\ntouch = 5\n"
#define PAD   "[pad]\nname = toy\ntitle = Toy\nstatus = untested\n"

static struct pad *parse(const char *text, struct error *error)
{
    struct pad *pad = NULL;
    *error = (struct error){0};
    int r = pad_parse(&pad, text, strlen(text), "toy.pad", error);
    assert_true(r == 0 || (r == -EINVAL && !pad));
    return pad;
}

static void expect_refusal(const char *text, const char *message)
{
    struct error error;
    assert_null(parse(text, &error));
    assert_string_equal(error.text, message);
}

static void expect_cells(const char *grid, const uint16_t *cells, size_t n)
{
    char text[1024];
    struct error error;
    snprintf(text, sizeof text, PAD WIRE "%s" CELLS, grid);
    struct pad *pad = parse(text, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(pad_cells(pad), n);
    assert_memory_equal(pad->cell_of, cells, n * sizeof *cells);
    pad_free(pad);
}

static void a_description_says_what_it_says(void **state)
{
    (void)state;
    struct error error;
    struct pad *pad = parse(PAD WIRE GRID CELLS, &error);
    assert_string_equal(error.text, "");
    assert_string_equal(pad->name, "toy");
    assert_int_equal(pad->framing, FRAMING_DELIMITED);
    assert_int_equal(pad->sync.length, 2);
    assert_int_equal(pad->rows, 2);
    assert_int_equal(pad->cols, 3);
    assert_true(pad->pitch_rows_mm == 30 && pad->pitch_cols_mm == 20);
    assert_true(pad->rate_hz == 10);
    assert_false(pad->counted);
    pad_free(pad);
    pad = parse(PAD WIRE "time = count\n" GRID CELLS, &error);
    assert_true(pad->counted);
    pad_free(pad);
}

static void each_cell_may_have_its_baseline(void **state)
{
    (void)state;
    struct error error;
    // Head at the left edge: the wire's d a / e b / f c.
    struct pad *pad = parse(PAD WIRE "[grid]\nrows = 2\ncols = 3\nhead = left\nleft = left\n" CELLS
                                     "baselines = 10 11\n  12\n; a comment\n\t20 21 22 ; one\n",
                            &error);
    assert_string_equal(error.text, "");
    static const uint16_t expected[] = {20, 10, 21, 11, 22, 12};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pad_baseline(pad, i), expected[i]);
    assert_int_equal(pad->baseline, 16);
    pad_free(pad);
    pad = parse(PAD WIRE GRID CELLS "baseline = 7\n", &error);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pad_baseline(pad, i), 7);
    pad_free(pad);

    expect_refusal(PAD WIRE GRID CELLS "baselines = 1 2 3 4 5\n",
                   "toy.pad: [cells] baselines has 5 numbers, not 6");
    expect_refusal(PAD WIRE GRID CELLS "baselines =\n",
                   "toy.pad: [cells] baselines has 0 numbers, not 6");
    expect_refusal(PAD WIRE GRID CELLS "baselines = 1 2 3 4 5 6\n 7\n",
                   "toy.pad: [cells] baselines has 7 numbers, not 6");
    expect_refusal(PAD WIRE GRID CELLS "baselines = 1 2 3 4 255 6\n",
                   "toy.pad: [cells] baselines: number 5 is not below full_scale");
    expect_refusal(PAD WIRE GRID CELLS "baseline = 3\nbaselines = 1 2 3 4 5 6\n",
                   "toy.pad: [cells] has both baseline and baselines");
    expect_refusal(PAD WIRE GRID CELLS "baselines = 1 2 3\nbaselines = 4 5 6\n",
                   "toy.pad:20: baselines: given twice");
    expect_refusal(PAD WIRE GRID CELLS "baselines = 1 2 3\n 4 -5 6\n",
                   "toy.pad:20: baselines: '-5' is no whole number from 0 to 65535");
    expect_refusal(PAD WIRE GRID CELLS "baselines = 1 2 3\n touch = 6\n",
                   "toy.pad:20: baselines: 'touch' is no whole number from 0 to 65535");
    // What cannot go on does not.
    expect_refusal(PAD WIRE GRID CELLS "baseline = 1\n 2\n", "toy.pad:20: baseline: given twice");
}

// The wire sends cells a..f; a 2 x 3 pad in row order is
//     a b c
//     d e f
static void the_grid_is_turned_onto_the_body(void **state)
{
    (void)state;
    static const uint16_t top[] = {0, 1, 2, 3, 4, 5}, mirrored[] = {2, 1, 0, 5, 4, 3},
                          bottom[] = {5, 4, 3, 2, 1, 0},
                          // head at the left edge: a quarter turn clockwise, d a / e b / f c
        left[] = {1, 3, 5, 0, 2, 4},
                          // head at the right edge: anticlockwise, c f / b e / a d
        right[] = {4, 2, 0, 5, 3, 1};
    expect_cells("[grid]\nrows = 2\ncols = 3\nhead = top\nleft = left\n", top, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\nhead = top\nleft = right\n", mirrored, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\nhead = bottom\nleft = left\n", bottom, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\nhead = left\nleft = left\n", left, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\nhead = right\nleft = left\n", right, 6);
}

static void maps_major_and_serpentine(void **state)
{
    (void)state;
    static const uint16_t column_major[] = {0, 3, 1, 4, 2, 5}, serpentine[] = {0, 1, 2, 5, 4, 3},
                          rows_swapped[] = {3, 4, 5, 0, 1, 2},
                          // the pad's columns from the left are the wire's 1, 2, 0
        columns_moved[] = {2, 0, 1, 5, 3, 4};
    expect_cells("[grid]\nrows = 2\ncols = 3\nmajor = column\nhead = top\nleft = left\n",
                 column_major, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\nserpentine = yes\nhead = top\nleft = left\n",
                 serpentine, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\nrow_map = 1..0\nhead = top\nleft = left\n",
                 rows_swapped, 6);
    expect_cells("[grid]\nrows = 2\ncols = 3\ncol_map = 1 2 0\nhead = top\nleft = left\n",
                 columns_moved, 6);
}

static void mistakes_name_file_line_and_key(void **state)
{
    (void)state;
    expect_refusal("[pad]\nname = toy\ncolour = red\n", "toy.pad:3: colour: unknown key in [pad]");
    expect_refusal("[pad]\n[bed]\nsize = 2\n", "toy.pad:3: size: unknown section [bed]");
    expect_refusal("[pad]\nname = toy\nname = toy\n", "toy.pad:3: name: given twice");
    expect_refusal("[pad]\n\nname = Toy!\n",
                   "toy.pad:3: name: a name is up to 31 of a-z, 0-9 and -");
    expect_refusal("[grid]\nrows = 129\n",
                   "toy.pad:2: rows: '129' is no whole number from 1 to 128");
    expect_refusal(
        "[wire]\nframing = smoke\n",
        "toy.pad:2: framing: 'smoke' is none of: lines delimited polled sparse rle0 chunked");
    expect_refusal("[wire]\nbaud = 9600 fast\n",
                   "toy.pad:2: baud: 'fast' is no speed from 50 to 12000000");
    expect_refusal("[wire]\nsync = AA 5\n",
                   "toy.pad:2: sync: 'AA 5' is not up to 32 bytes, as AA 0F ?? or \"text\\n\"");
    expect_refusal("[cells]\npitch_mm = 30\n",
                   "toy.pad:2: pitch_mm: '30' is not two lengths from 1 to 1000");
    expect_refusal("[pad]\nwhat is this\n", "toy.pad:2: neither a [section] nor a key = value");
    char line[400] = "[pad]\ntitle = ";
    memset(line + strlen(line), 'x', 300);
    expect_refusal(line, "toy.pad:2: line too long");
}

static void what_is_missing_or_does_not_fit_is_named(void **state)
{
    (void)state;
    expect_refusal(PAD WIRE GRID, "toy.pad: [cells] pitch_mm is missing");
    expect_refusal(PAD "[wire]\nframing = lines\nsample = u8\nrate_hz = 1\n" GRID CELLS,
                   "toy.pad: [wire] sample = ascii goes with framing = lines");
    expect_refusal(PAD "[wire]\nframing = delimited\nsample = u8\nrate_hz = 1\n" GRID CELLS,
                   "toy.pad: [wire] framing = delimited needs a sync or a tail");
    expect_refusal(PAD WIRE "line = row\n" GRID CELLS,
                   "toy.pad: [wire] line goes with framing = lines");
    expect_refusal(PAD WIRE GRID "row_map = 0 0\n" CELLS,
                   "toy.pad: [grid] row_map does not name each of 0..1 once");
    expect_refusal(PAD WIRE GRID "col_map = 0..3\n" CELLS,
                   "toy.pad: [grid] col_map does not name each of 0..2 once");
    expect_refusal(PAD WIRE GRID CELLS "row_gains = 1 1 1\n",
                   "toy.pad: [cells] row_gains has 3 numbers, not 2");
    expect_refusal(PAD WIRE GRID CELLS "col_gains = 1 0 1\n",
                   "toy.pad:19: col_gains: '0' is no number from 0.1 to 10");
    expect_refusal(PAD WIRE "counter = u8\nrequest = \"R\"\n" GRID CELLS,
                   "toy.pad: [wire] counter goes without request");
    expect_refusal(
        PAD WIRE "[grid]\nrows = 100\ncols = 29\nhead = top\nleft = left\n" CELLS
                 "crosstalk = floating\n",
        "toy.pad: [cells] crosstalk = floating goes up to 128 rows and columns together");
}

static void a_zero_byte_is_no_text(void **state)
{
    (void)state;
    static const char text[] = "[pad]\nname = t\0y\n";
    struct pad *pad = NULL;
    struct error error = {0};
    assert_int_equal(pad_parse(&pad, text, sizeof text - 1, "toy.pad", &error), -EINVAL);
    assert_string_equal(error.text, "toy.pad:2: zero byte in text");
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void a_local_description_comes_first(void **state)
{
    (void)state;
    char directory[] = "/tmp/psoasmon-test-XXXXXX", local[64], shipped[64], path[96];
    assert_non_null(mkdtemp(directory));
    snprintf(local, sizeof local, "%s/local", directory);
    snprintf(shipped, sizeof shipped, "%s/shipped", directory);
    char command[256];
    snprintf(command, sizeof command, "mkdir %s %s", local, shipped);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/toy.pad", shipped);
    write_file(path, PAD WIRE GRID CELLS);
    const char *const directories[] = {local, shipped, NULL};

    struct pad *pad = NULL;
    struct error error = {0};
    assert_int_equal(pad_find(&pad, "toy", directories, &error), 0);
    assert_int_equal(pad->full_scale, 255);
    pad_free(pad);

    snprintf(path, sizeof path, "%s/toy.pad", local);
    write_file(path, "[pad]\nnonsense = 1\n");
    assert_int_equal(pad_find(&pad, "toy", directories, &error), -EINVAL);
    assert_non_null(strstr(error.text, "local/toy.pad:2: nonsense"));
    assert_int_equal(pad_find(&pad, "other", directories, &error), -ENOENT);
    assert_non_null(strstr(error.text, "no pad is called 'other'"));
    assert_int_equal(pad_find(&pad, directory, directories, &error), -EINVAL);

    snprintf(command, sizeof command, "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_description_says_what_it_says),
        cmocka_unit_test(each_cell_may_have_its_baseline),
        cmocka_unit_test(the_grid_is_turned_onto_the_body),
        cmocka_unit_test(maps_major_and_serpentine),
        cmocka_unit_test(mistakes_name_file_line_and_key),
        cmocka_unit_test(what_is_missing_or_does_not_fit_is_named),
        cmocka_unit_test(a_zero_byte_is_no_text),
        cmocka_unit_test(a_local_description_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
