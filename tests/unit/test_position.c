// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "position/position.h"

// In the database, the JSON and the journal of everybody who ever ran psoasmon: written out here
// once more, so that changing one takes two hands.
static void test_identifiers_are_fixed(void **state)
{
    (void)state;
    static const char *const identifiers[] = {
        "supine",
        "supine_knees_raised",
        "supine_left_knee",
        "supine_right_knee",
        "supine_legs_raised",
        "reclined",
        "left_fetal",
        "right_fetal",
        "left_side",
        "right_side",
        "prone",
        "sitting",
        "empty",
        "unknown",
    };
    assert_int_equal(sizeof identifiers / sizeof *identifiers, POSITION_N);
    for (int i = 0; i < POSITION_N; i++) {
        assert_string_equal(position_identifier((enum position)i), identifiers[i]);
        assert_int_equal(position_from_identifier(identifiers[i]), i);
    }
    assert_int_equal(POSITION_BODY_N, 12);
}

static void test_unknown_identifiers(void **state)
{
    (void)state;
    assert_int_equal(position_from_identifier(""), -1);
    assert_int_equal(position_from_identifier("Supine"), -1);
    assert_int_equal(position_from_identifier("supine "), -1);
    assert_int_equal(position_from_identifier("supine_left"), -1);
}

static void test_titles_and_effects(void **state)
{
    (void)state;
    for (int i = 0; i < POSITION_N; i++) {
        const struct position_fact *fact = position_fact((enum position)i);
        assert_true(strlen(fact->title) > 5);
        assert_true(strlen(psoas_name(fact->psoas)) > 3);
        assert_int_equal(fact->psoas == PSOAS_NONE, i >= POSITION_BODY_N);
    }
    assert_string_equal(psoas_name(position_fact(POSITION_LEFT_FETAL)->psoas), "release");
    assert_string_equal(psoas_name(position_fact(POSITION_SUPINE)->psoas), "neutral");
    assert_string_equal(psoas_name(position_fact(POSITION_SITTING)->psoas), "shortened");
}

static void test_what_is_none_of_them(void **state)
{
    (void)state;
    float probabilities[POSITION_BODY_N] = {0};
    assert_true(position_unknown(probabilities) == 1.0f);
    probabilities[POSITION_SUPINE] = 0.5f;
    probabilities[POSITION_PRONE] = 0.25f;
    assert_true(position_unknown(probabilities) == 0.25f);
    // Their sum is a little less than 1, and a little more.
    for (int i = 0; i < POSITION_BODY_N; i++)
        probabilities[i] = 0.08333333f;
    assert_true(position_unknown(probabilities) == 0.0f);
    probabilities[POSITION_SITTING] += 1e-6f;
    assert_true(position_unknown(probabilities) == 0.0f);
}

static void test_friendly_by_default(void **state)
{
    (void)state;
    assert_int_equal(
        position_friendly_default(),
        POSITION_BIT(POSITION_SUPINE_KNEES_RAISED) | POSITION_BIT(POSITION_SUPINE_LEFT_KNEE) |
            POSITION_BIT(POSITION_SUPINE_RIGHT_KNEE) | POSITION_BIT(POSITION_SUPINE_LEGS_RAISED) |
            POSITION_BIT(POSITION_LEFT_FETAL) | POSITION_BIT(POSITION_RIGHT_FETAL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identifiers_are_fixed), cmocka_unit_test(test_unknown_identifiers),
        cmocka_unit_test(test_titles_and_effects),    cmocka_unit_test(test_what_is_none_of_them),
        cmocka_unit_test(test_friendly_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
