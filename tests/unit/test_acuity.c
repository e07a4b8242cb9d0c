// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "position/acuity.h"

static void test_pads_of_all_sizes(void **state)
{
    (void)state;
    static const struct {
        struct grid grid;
        enum acuity acuity;
    } pads[] = {
        {{64, 32, 25.4, 25.4}, ACUITY_FINE}, {{32, 32, 50, 25}, ACUITY_FINE},
        {{16, 16, 100, 50}, ACUITY_FINE},    {{12, 6, 136, 136}, ACUITY_FINE},
        {{10, 5, 120, 100}, ACUITY_FINE},    {{128, 128, 10, 10}, ACUITY_FINE},
        {{9, 9, 150, 90}, ACUITY_COARSE},   // a row too few
        {{16, 4, 100, 150}, ACUITY_COARSE}, // a column too few
        {{10, 5, 151, 100}, ACUITY_COARSE}, // too large a cell
        {{10, 5, 119, 100}, ACUITY_COARSE}, // too short
        {{10, 5, 120, 99}, ACUITY_COARSE},  // too narrow
        {{4, 8, 400, 100}, ACUITY_COARSE},   {{4, 4, 400, 200}, ACUITY_COARSE},
        {{4, 4, 250, 100}, ACUITY_COARSE},   {{4, 4, 249, 100}, ACUITY_NONE},
        {{4, 4, 250, 99}, ACUITY_NONE},      {{3, 4, 400, 200}, ACUITY_NONE},
        {{4, 3, 400, 200}, ACUITY_NONE},     {{2, 2, 800, 400}, ACUITY_NONE},
        {{32, 32, 10, 10}, ACUITY_NONE}, // a chair's
        {{0, 0, 0, 0}, ACUITY_NONE},
    };
    for (size_t i = 0; i < sizeof pads / sizeof *pads; i++)
        if (acuity_of(&pads[i].grid) != pads[i].acuity)
            fail_msg("%u x %u cells of %g x %g: %d", pads[i].grid.rows, pads[i].grid.cols,
                     pads[i].grid.pitch_rows_mm, pads[i].grid.pitch_cols_mm,
                     (int)acuity_of(&pads[i].grid));
}

// A length is a product: twelve rows of 0.1 m are as long as 1.2 m.
static void test_rounding(void **state)
{
    (void)state;
    const struct grid grid = {12, 7, 1200.0 / 12, 500.0 / 7};
    assert_int_equal(acuity_of(&grid), ACUITY_FINE);
}

static void test_what_positions_are_told_as(void **state)
{
    (void)state;
    for (int i = 0; i < POSITION_BODY_N; i++) {
        enum position position = (enum position)i;
        assert_int_equal(acuity_tell(ACUITY_FINE, position), position);
        assert_int_equal(acuity_tell(ACUITY_NONE, position), POSITION_UNKNOWN);
        // What a coarse pad tells it can tell.
        enum position told = acuity_tell(ACUITY_COARSE, position);
        assert_int_equal(acuity_tell(ACUITY_COARSE, told), told);
    }
    assert_int_equal(acuity_tell(ACUITY_COARSE, POSITION_SUPINE_RIGHT_KNEE), POSITION_SUPINE);
    assert_int_equal(acuity_tell(ACUITY_COARSE, POSITION_RECLINED), POSITION_SUPINE);
    assert_int_equal(acuity_tell(ACUITY_COARSE, POSITION_RIGHT_FETAL), POSITION_RIGHT_SIDE);
    assert_int_equal(acuity_tell(ACUITY_COARSE, POSITION_SITTING), POSITION_SITTING);
    // No pad makes a position friendly that it is not.
    for (int i = 0; i < POSITION_BODY_N; i++)
        if (acuity_tell(ACUITY_COARSE, (enum position)i) != (enum position)i)
            assert_false(position_fact(acuity_tell(ACUITY_COARSE, (enum position)i))->friendly);
}

static void test_folding(void **state)
{
    (void)state;
    float even[POSITION_BODY_N], folded[POSITION_BODY_N];
    for (int i = 0; i < POSITION_BODY_N; i++)
        even[i] = 1.0f / 16;
    memcpy(folded, even, sizeof even);
    acuity_fold(ACUITY_FINE, folded);
    assert_memory_equal(folded, even, sizeof even);

    acuity_fold(ACUITY_COARSE, folded);
    for (int i = 0; i < POSITION_BODY_N; i++) {
        float expected = i == POSITION_SUPINE                                  ? 6.0f / 16
                         : i == POSITION_LEFT_SIDE || i == POSITION_RIGHT_SIDE ? 2.0f / 16
                         : i == POSITION_PRONE || i == POSITION_SITTING        ? 1.0f / 16
                                                                               : 0.0f;
        assert_true(folded[i] == expected);
    }
    assert_true(position_unknown(folded) == 0.25f);
    acuity_fold(ACUITY_NONE, folded);
    assert_true(position_unknown(folded) == 1.0f);
}

static void test_explanations(void **state)
{
    (void)state;
    char text[ACUITY_TEXT_SIZE];
    acuity_explain(ACUITY_FINE, text);
    assert_string_equal(text, "");
    acuity_explain(ACUITY_COARSE, text);
    assert_string_equal(text, "supine_knees_raised, supine_left_knee, supine_right_knee, "
                              "supine_legs_raised, reclined are reported as supine; left_fetal as "
                              "left_side; right_fetal as right_side");
    acuity_explain(ACUITY_NONE, text);
    assert_non_null(strstr(text, "prone, sitting are reported as unknown"));
}

static void test_refusals(void **state)
{
    (void)state;
    struct error error = {0};
    struct pad pad = {
        .name = "tiny", .rows = 2, .cols = 2, .pitch_rows_mm = 800, .pitch_cols_mm = 400};
    assert_int_equal(acuity_check(&pad, &error), -ERANGE);
    assert_string_equal(error.text, "pad 'tiny': 2 x 2 cells are too few to tell positions");
    pad.rows = pad.cols = 32;
    pad.pitch_rows_mm = pad.pitch_cols_mm = 12.5;
    assert_int_equal(acuity_check(&pad, &error), -ERANGE);
    assert_string_equal(error.text, "pad 'tiny': 0.40 m x 0.40 m is too small to tell positions");
    pad.pitch_rows_mm = pad.pitch_cols_mm = 50;
    assert_int_equal(acuity_check(&pad, &error), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pads_of_all_sizes),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_what_positions_are_told_as),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_explanations),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
