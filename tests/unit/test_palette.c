// SPDX-License-Identifier: GPL-3.0-or-later
// The colours: seen on their paper, and told apart by people who see no red or no green.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/palette.h"

struct linear {
    double r, g, b;
};

static double linear_of(unsigned byte)
{
    double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static struct linear light_of(uint32_t rgb)
{
    return (struct linear){linear_of(rgb >> 16), linear_of(rgb >> 8 & 255), linear_of(rgb & 255)};
}

// WCAG 2.1, "contrast ratio".
static double contrast(uint32_t a, uint32_t b)
{
    struct linear x = light_of(a), y = light_of(b);
    double p = 0.2126 * x.r + 0.7152 * x.g + 0.0722 * x.b + 0.05;
    double q = 0.2126 * y.r + 0.7152 * y.g + 0.0722 * y.b + 0.05;
    return p > q ? p / q : q / p;
}

static uint32_t on_paper(enum ink ink, bool dark)
{
    struct colour colour = palette_colour(ink);
    return dark ? colour.dark : colour.light;
}

static void everything_is_seen_on_either_paper(void **state)
{
    (void)state;
    for (int dark = 0; dark < 2; dark++) {
        uint32_t paper = on_paper(INK_PAPER, dark);
        for (int ink = 0; ink < INK_N; ink++) {
            if (ink == INK_PAPER || ink == INK_GRID)
                continue;
            // Text 4.5 to 1, graphics 3 to 1.
            double least = ink == INK_TEXT || ink == INK_DIM ? 4.5 : 3;
            double found = contrast(on_paper((enum ink)ink, dark), paper);
            if (found < least)
                fail_msg("%s: %.2f to 1 on %s paper", palette_name((enum ink)ink), found,
                         dark ? "dark" : "light");
        }
    }
}

// What eyes without red (protan) or green (deutan) cones make of it: Vienot, Brettel & Mollon,
// Color Research and Application 24, 1999, 243-252.
static struct linear as_seen(uint32_t rgb, int eyes)
{
    struct linear c = light_of(rgb);
    if (eyes == 0)
        return c;
    double m = eyes == 1 ? 0.11238 : 0.29275, n = eyes == 1 ? 0.88762 : 0.70725;
    double k = eyes == 1 ? 0.00401 : -0.02234;
    double rg = m * c.r + n * c.g;
    return (struct linear){rg, rg, k * c.r - k * c.g + c.b};
}

static double lab(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

// CIE 1976, in L*a*b* under D65.
static double difference(uint32_t one, uint32_t other, int eyes)
{
    double lab_of[2][3];
    for (int i = 0; i < 2; i++) {
        struct linear c = as_seen(i ? other : one, eyes);
        double x = lab((0.4124 * c.r + 0.3576 * c.g + 0.1805 * c.b) / 0.9505);
        double y = lab(0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b);
        double z = lab((0.0193 * c.r + 0.1192 * c.g + 0.9505 * c.b) / 1.089);
        lab_of[i][0] = 116 * y - 16;
        lab_of[i][1] = 500 * (x - y);
        lab_of[i][2] = 200 * (y - z);
    }
    return sqrt(pow(lab_of[0][0] - lab_of[1][0], 2) + pow(lab_of[0][1] - lab_of[1][1], 2) +
                pow(lab_of[0][2] - lab_of[1][2], 2));
}

static void assert_told_apart(int a, int b, double least)
{
    for (int dark = 0; dark < 2; dark++)
        for (int eyes = 0; eyes < 3; eyes++) {
            double found =
                difference(on_paper((enum ink)a, dark), on_paper((enum ink)b, dark), eyes);
            if (found < least)
                fail_msg("%s and %s: %.1f on %s paper (eyes %d)", palette_name((enum ink)a),
                         palette_name((enum ink)b), found, dark ? "dark" : "light", eyes);
        }
}

static void friendly_and_other_positions_are_told_apart_by_all_eyes(void **state)
{
    (void)state;
    position_set friendly = position_friendly_default();
    for (int a = 0; a < POSITION_BODY_N; a++)
        for (int b = 0; b < POSITION_BODY_N; b++)
            if ((friendly & POSITION_BIT(a)) && !(friendly & POSITION_BIT(b)))
                assert_told_apart(a, b, 20);
    assert_told_apart(INK_FRIENDLY, INK_OTHER, 40);
}

static void no_two_positions_look_the_same_to_anybody(void **state)
{
    (void)state;
    for (int a = 0; a < POSITION_BODY_N; a++)
        for (int b = 0; b < a; b++)
            assert_told_apart(a, b, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_seen_on_either_paper),
        cmocka_unit_test(friendly_and_other_positions_are_told_apart_by_all_eyes),
        cmocka_unit_test(no_two_positions_look_the_same_to_anybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
