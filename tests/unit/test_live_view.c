// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <locale.h>

#include "live/live_keys.h"
#include "live/live_view.h"

#define NOW_S INT64_C(1767652200) // 2026-01-05 22:30 UTC

static struct live_seen seen; // too large for a stack
static struct live_view view;

static int set_up(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    seen.up = seen.answered = seen.mapped = true;
    struct live_state *told = &seen.state;
    strcpy(told->pad, "virtual");
    strcpy(told->port, "/dev/ttyUSB0");
    strcpy(told->pad_state, "connected");
    strcpy(told->position, "left_fetal");
    strcpy(told->night_day, "2026-01-05");
    told->rate_hz = 10;
    told->confidence = 0.97;
    told->position_since_s = NOW_S - 25 * 60;
    told->in_bed = true;
    told->night_start_s = NOW_S - 3600;
    told->in_bed_s = told->recorded_s = 3600;
    told->friendly_s = 1500;
    told->turns = 3;
    for (unsigned i = 0; i < MAP_CELLS; i++)
        seen.map.covered[i] = 1;
    seen.map.cells[0] = 0.5F;
    seen.map.load = 71.8;
    seen.map.area_m2 = 0.22;
    seen.map.occupied = true;
    view = (struct live_view){
        .seen = &seen,
        .age_ms = 100,
        .friendly = POSITION_BIT(POSITION_LEFT_FETAL),
        .scale = 0.5,
        .depth = CANVAS_GREY,
    };
    view.place.night.start_s = NOW_S;
    strcpy(view.place.timezone, "UTC");
    return 0;
}

// What is on the screen, each row ended by a newline.
static char *shown(unsigned rows, unsigned cols)
{
    struct canvas canvas;
    assert_int_equal(canvas_make(&canvas, rows, cols), 0);
    live_view_draw(&view, &canvas);
    char *text = malloc((size_t)rows * (cols * sizeof canvas.cells->glyph + 1) + 1), *end = text;
    for (unsigned row = 0; row < rows; row++) {
        for (unsigned col = 0; col < cols; col++)
            end = stpcpy(end, canvas_at(&canvas, row, col)->glyph);
        end = stpcpy(end, "\n");
    }
    *end = '\0';
    canvas_free(&canvas);
    return text;
}

static void assert_shown(const char *part)
{
    _cleanup_(freep) char *text = shown(24, 80);
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

static void test_what_is_shown(void **state)
{
    (void)state;
    _cleanup_(freep) char *text = shown(24, 80);
    static const char *const parts[] = {
        "+left----head----right+",
        "position   On the left side, knees drawn up (97%),",
        "psoas-friendly",
        "since      22:05, for 25 min",
        "last frame now",
        "load       71.8 on 0.22 m2",
        "brightest  50% of what the pad can tell",
        "frames     10.0 a second",
        "night      since 21:30: 1 h 00 min in bed, 25 min",
        "3 turns",
        "pad        virtual, connected, on /dev/ttyUSB0",
        "q quits",
        "|=",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(text, parts[i]))
            fail_msg("no '%s' in:\n%s", parts[i], text);
}

static void test_what_is_old_is_told(void **state)
{
    (void)state;
    assert_false(live_view_stale(&view));
    view.age_ms = 12345;
    assert_true(live_view_stale(&view));
    assert_shown("last frame 12 s ago");
    // A slow pad has more time.
    seen.state.rate_hz = 0.2;
    assert_false(live_view_stale(&view));
    view.age_ms = 15001;
    assert_true(live_view_stale(&view));
    view.age_ms = -1;
    assert_shown("no frame yet");
}

static void test_a_pad_at_its_limit_is_told(void **state)
{
    (void)state;
    seen.state.saturated = 0.09;
    _cleanup_(freep) char *text = shown(24, 80);
    assert_null(strstr(text, "at limit"));
    seen.state.saturated = 0.124;
    assert_shown("at limit   12% of the pressed cells");
}

static void test_what_is_wrong_is_told(void **state)
{
    (void)state;
    char text[LIVE_WARNING_SIZE];
    live_view_warning(&view, text);
    assert_string_equal(text, "");
    strcpy(seen.refused.text, "as many programs as may are watching already");
    assert_shown("no picture: as many programs");
    strcpy(seen.state.pad_problem, "cannot open /dev/ttyUSB0: No such file or directory");
    view.age_ms = 5000;
    assert_shown("the pad is not there (cannot open /dev/ttyUSB0:");
    seen.up = false;
    strcpy(seen.trouble.text, "psoasmond does not run for nights.db");
    live_view_warning(&view, text);
    assert_string_equal(text, "psoasmond does not run for nights.db: last frame 5 s ago");
    assert_true(live_view_stale(&view));
    seen.answered = seen.mapped = false;
    assert_shown("psoasmond does not run for nights.db");
}

static void test_every_size(void **state)
{
    (void)state;
    memset(seen.state.port, 'x', sizeof seen.state.port - 1);
    for (unsigned rows = 1; rows < 70; rows += 3)
        for (unsigned cols = 1; cols < 210; cols += 5)
            free(shown(rows, cols)); // the sanitizers look
    view.depth = CANVAS_TRUE;
    view.utf8 = true;
    free(shown(1000, 1000));
}

static void test_it_grows(void **state)
{
    (void)state;
    _cleanup_(freep) char *large = shown(60, 200);
    assert_non_null(strstr(large, "left"));
    const char *edge = strchr(large, '+');
    assert_non_null(edge);
    assert_int_equal(strcspn(edge + 1, "+"), 57); // 60, less the title and the frame
}

static enum live_key type(struct live_keys *keys, const char *bytes)
{
    enum live_key key = LIVE_KEY_NONE;
    for (; *bytes; bytes++)
        key = live_keys_take(keys, *bytes);
    return key;
}

static void test_keys(void **state)
{
    (void)state;
    struct live_keys keys = {0};
    assert_int_equal(type(&keys, "q"), LIVE_KEY_QUIT);
    assert_int_equal(type(&keys, "\004"), LIVE_KEY_QUIT);
    assert_int_equal(type(&keys, "\f"), LIVE_KEY_REDRAW);
    assert_int_equal(type(&keys, "x"), LIVE_KEY_NONE);
    assert_int_equal(type(&keys, "\033[24;80R"), LIVE_KEY_ANSWER);
    // Keys that send sequences of their own (up, F1, Alt-q, a mouse) are none of ours.
    assert_int_equal(type(&keys, "\033[A"), LIVE_KEY_NONE);
    assert_int_equal(type(&keys, "\033OP"), LIVE_KEY_NONE);
    assert_int_equal(type(&keys, "\033q"), LIVE_KEY_NONE);
    assert_int_equal(type(&keys, "\033[<0;1;1M"), LIVE_KEY_NONE);
    assert_int_equal(type(&keys, "q"), LIVE_KEY_QUIT);
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77; // skipped
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_what_is_shown, set_up),
        cmocka_unit_test_setup(test_what_is_old_is_told, set_up),
        cmocka_unit_test_setup(test_a_pad_at_its_limit_is_told, set_up),
        cmocka_unit_test_setup(test_what_is_wrong_is_told, set_up),
        cmocka_unit_test_setup(test_every_size, set_up),
        cmocka_unit_test_setup(test_it_grows, set_up),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
