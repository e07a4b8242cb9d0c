// SPDX-License-Identifier: GPL-3.0-or-later
// What is written to a terminal, and what is not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <locale.h>

#include "canvas.h"

static char *drawn(const struct canvas *canvas, const struct canvas *shown, enum canvas_depth depth)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    canvas_draw(stream, canvas, shown, depth);
    fclose(stream);
    return text;
}

static void assert_drawn(const struct canvas *canvas, const struct canvas *shown,
                         enum canvas_depth depth, const char *expected)
{
    _cleanup_(freep) char *text = drawn(canvas, shown, depth);
    assert_string_equal(text, expected);
}

static void test_depth(void **state)
{
    (void)state;
    assert_int_equal(canvas_depth("xterm", NULL, NULL), CANVAS_GREY);
    assert_int_equal(canvas_depth("xterm-256color", NULL, NULL), CANVAS_256);
    assert_int_equal(canvas_depth("screen", "1", NULL), CANVAS_256);
    assert_int_equal(canvas_depth("xterm-256color", "truecolor", NULL), CANVAS_TRUE);
    assert_int_equal(canvas_depth("xterm-256color", "24bit", ""), CANVAS_TRUE);
    assert_int_equal(canvas_depth("xterm-direct", NULL, NULL), CANVAS_TRUE);
    assert_int_equal(canvas_depth("xterm-256color", "truecolor", "1"), CANVAS_GREY);
    assert_int_equal(canvas_depth("dumb", "truecolor", NULL), CANVAS_GREY);
    assert_int_equal(canvas_depth(NULL, "truecolor", NULL), CANVAS_GREY);
}

static void test_only_what_differs_is_written(void **state)
{
    (void)state;
    struct canvas before, after;
    assert_int_equal(canvas_make(&before, 2, 5), 0);
    assert_int_equal(canvas_make(&after, 2, 5), 0);
    canvas_text(&before, 0, 0, 5, CANVAS_PLAIN, "abcde");
    canvas_text(&after, 0, 0, 5, CANVAS_PLAIN, "abXde");
    canvas_text(&after, 1, 1, 5, CANVAS_BOLD, "hi");
    assert_drawn(&after, &before, CANVAS_GREY, "\033[0m\033[1;3HX\033[2;2H\033[0;1mhi\033[0m");
    assert_drawn(&after, &after, CANVAS_GREY, "\033[0m");
    // Who knows nothing of the terminal writes everything.
    _cleanup_(freep) char *all = drawn(&after, NULL, CANVAS_GREY);
    assert_string_equal(all, "\033[0m\033[2J\033[1;1HabXde\033[2;1H \033[0;1mhi\033[0m  ");
    canvas_free(&before);
    canvas_free(&after);
}

static void test_colours(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 1, 1), 0);
    struct canvas_cell *cell = canvas_at(&canvas, 0, 0);
    cell->ink = 0xff8000;
    cell->ground = 0x808080;
    assert_drawn(&canvas, NULL, CANVAS_TRUE,
                 "\033[0m\033[2J\033[1;1H\033[0;38;2;255;128;0;48;2;128;128;128m \033[0m");
    assert_drawn(&canvas, NULL, CANVAS_256,
                 "\033[0m\033[2J\033[1;1H\033[0;38;5;208;48;5;244m \033[0m");
    assert_drawn(&canvas, NULL, CANVAS_GREY, "\033[0m\033[2J\033[1;1H\033[0m \033[0m");
    cell->ground = 0;
    cell->ink = 0xffffff;
    assert_drawn(&canvas, NULL, CANVAS_256,
                 "\033[0m\033[2J\033[1;1H\033[0;38;5;231;48;5;16m \033[0m");
    canvas_free(&canvas);
}

static void test_text_stays_within(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 1, 4), 0);
    assert_int_equal(canvas_text(&canvas, 0, 2, 9, CANVAS_PLAIN, "abc"), 2);
    assert_int_equal(canvas_text(&canvas, 1, 0, 9, CANVAS_PLAIN, "abc"), 0);
    assert_int_equal(canvas_text(&canvas, 0, 4, 9, CANVAS_PLAIN, "abc"), 0);
    assert_null(canvas_at(&canvas, 0, 4));
    assert_null(canvas_at(&canvas, 1, 0));
    // Neither bytes that are no character nor control characters reach a terminal.
    canvas_text(&canvas, 0, 0, 4, CANVAS_PLAIN, "\033\xff\nx");
    assert_drawn(&canvas, NULL, CANVAS_GREY, "\033[0m\033[2J\033[1;1H???x");
    canvas_free(&canvas);
}

static void test_characters_of_all_widths(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 1, 4), 0);
    assert_int_equal(canvas_width("aü床e\xcc\x81"), 5);
    assert_int_equal(canvas_text(&canvas, 0, 0, 4, CANVAS_PLAIN, "ü床b床"), 4);
    assert_drawn(&canvas, NULL, CANVAS_GREY, "\033[0m\033[2J\033[1;1Hü床b");
    // Half of a wide one is not written.
    assert_int_equal(canvas_text(&canvas, 0, 3, 1, CANVAS_PLAIN, "床"), 0);
    canvas_free(&canvas);
}

static void test_paragraphs(void **state)
{
    (void)state;
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, 3, 8), 0);
    assert_int_equal(canvas_paragraph(&canvas, 0, 1, 6, 3, CANVAS_PLAIN, "one two three"), 3);
    assert_drawn(&canvas, NULL, CANVAS_GREY,
                 "\033[0m\033[2J\033[1;1H one    \033[2;1H two    \033[3;1H three  ");
    canvas_clear(&canvas);
    assert_int_equal(canvas_paragraph(&canvas, 0, 0, 8, 1, CANVAS_PLAIN, "one two three"), 1);
    assert_int_equal(canvas_paragraph(&canvas, 0, 0, 8, 1, CANVAS_PLAIN, ""), 0);
    canvas_free(&canvas);
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77; // skipped
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_only_what_differs_is_written),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_text_stays_within),
        cmocka_unit_test(test_characters_of_all_widths),
        cmocka_unit_test(test_paragraphs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
