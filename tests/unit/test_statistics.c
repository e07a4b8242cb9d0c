// SPDX-License-Identifier: GPL-3.0-or-later
// Against what R 4 says (its call stands above each number), and a thousand years of diaries.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "draws.h"
#include "statistics/statistics.h"

#define N(array) (sizeof(array) / sizeof *(array))

static void expect_near(double found, double expected, double within)
{
    if (!(fabs(found - expected) <= within))
        fail_msg("%.15g, not %.15g", found, expected);
}

static struct estimate correlate(const double *x, const double *y, size_t n)
{
    struct estimate estimate;
    assert_int_equal(rank_correlation(x, y, n, &estimate), 0);
    assert_int_equal(estimate.n, n);
    return estimate;
}

static void ranks_that_correlate(void **state)
{
    (void)state;
    // The worked example of Wikipedia's "Spearman's rank correlation coefficient": IQ and hours of
    // television, -29/165.
    static const double iq[] = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
    static const double hours[] = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
    struct estimate found = correlate(iq, hours, 10);
    expect_near(found.value, -29.0 / 165, 1e-12);
    assert_false(found.claimed); // of ten nothing is
    // Ties. r <- cor(a, b, method = "spearman")
    // tanh(atanh(r) + c(-1, 1) * qnorm(.975) * sqrt((1 + r^2 / 2) / (15 - 3)))
    static const double a[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9};
    static const double b[] = {2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4};
    found = correlate(a, b, 15);
    expect_near(found.value, 0.179161743911147, 1e-12);
    expect_near(found.low, -0.370669170042176, 1e-12);
    expect_near(found.high, 0.636002265551244, 1e-12);
    assert_true(found.known);
    assert_false(found.claimed);
}

static void ranks_that_do_not(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    static const double same[14] = {0};
    struct estimate found = correlate(a, same, 14);
    assert_false(found.known || found.claimed);
    assert_false(correlate(a, a, 3).known);
    assert_false(correlate(a, a, 0).known);
    assert_false(correlate(a, a, 13).claimed); // a night too few
    found = correlate(a, a, 14);
    assert_true(found.claimed);
    expect_near(found.value, 1, 1e-12);
    assert_true(found.low > 0.99 && found.high <= 1);
}

static void quantiles_of_student(void **state)
{
    (void)state;
    // qt(.975, c(1, 2, 3, 4.5, 10, 17.776, 100, 1e6))
    static const double degrees[] = {1, 2, 3, 4.5, 10, 17.776, 100, 1e6};
    static const double expected[] = {12.70620473617469, 4.30265272974946, 3.18244630528371,
                                      2.65891234720440,  2.22813885198627, 2.10282131038022,
                                      1.98397151852355,  1.95996635681411};
    for (size_t i = 0; i < N(degrees); i++)
        expect_near(student_quantile(degrees[i]), expected[i], 1e-9);
}

static void means_that_differ(void **state)
{
    (void)state;
    // Student's own sleep data: t.test(extra ~ group, data = sleep)$conf.int, signs turned
    static const double first[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2};
    static const double second[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    struct estimate found;
    mean_difference(first, 10, second, 10, &found);
    expect_near(found.value, 1.58, 1e-12);
    expect_near(found.low, -0.20548323071171, 1e-9);
    expect_near(found.high, 3.36548323071171, 1e-9);
    assert_true(found.known);
    assert_false(found.claimed);
    // t.test(q, p)$conf.int
    static const double p[] = {5, 6, 4, 7, 5, 6, 5, 8, 4};
    static const double q[] = {3, 4, 2, 5, 3, 4, 6, 2, 3, 4, 1};
    mean_difference(p, 9, q, 11, &found);
    expect_near(found.low, -3.496165670134487, 1e-9);
    expect_near(found.high, -0.887672713703897, 1e-9);
    assert_true(found.claimed);
    mean_difference(p, 9, q, 6, &found); // a week is missing on one side
    assert_true(found.known);
    assert_false(found.claimed);
    static const double same[] = {3, 3, 3, 3, 3, 3, 3, 3};
    mean_difference(same, 8, same, 8, &found);
    assert_false(found.known || found.claimed);
    mean_difference(p, 1, q, 11, &found);
    assert_false(found.known);
}

// ---- a thousand years of diaries ----

#define YEARS 1000
#define DAYS  365

// Hours of friendly time, and pain as people write it: whole numbers, 0 to 10, many of them alike.
static void a_morning(double effect, double *hours, double *pain)
{
    double rested = normal();
    *hours = fmax(0, 4 + 1.3 * rested);
    *pain = fmin(10, fmax(0, round(4 - effect * rested + 1.5 * normal())));
}

// What the correlation is of so many mornings that chance is of no account.
static double truth_of(double effect)
{
    enum {
        MORNINGS = 400000
    };
    double *hours = calloc(MORNINGS, sizeof *hours), *pain = calloc(MORNINGS, sizeof *pain);
    assert_true(hours && pain);
    for (size_t i = 0; i < MORNINGS; i++)
        a_morning(effect, &hours[i], &pain[i]);
    struct estimate estimate = correlate(hours, pain, MORNINGS);
    free(hours);
    free(pain);
    return estimate.value;
}

static void a_correlation_is_covered(void **state)
{
    (void)state;
    static const double effects[] = {0, 0.3, 0.8};
    random_state = 20261125;
    for (size_t e = 0; e < N(effects); e++) {
        double truth = effects[e] > 0 ? truth_of(effects[e]) : 0;
        int covered = 0, claims = 0;
        for (int year = 0; year < YEARS; year++) {
            double hours[DAYS], pain[DAYS];
            size_t n = 0;
            for (int day = 0; day < DAYS; day++) {
                a_morning(effects[e], &hours[n], &pain[n]);
                n += uniform() < 0.8; // nobody writes every day
            }
            struct estimate estimate = correlate(hours, pain, n);
            covered += estimate.low <= truth && truth <= estimate.high;
            claims += estimate.claimed;
        }
        print_message("correlation of %+.3f: covered in %d of %d years, claimed in %d\n", truth,
                      covered, YEARS, claims);
        assert_in_range(covered, COVERED_MIN, COVERED_MAX);
        if (effects[e] > 0.5)
            assert_int_equal(claims, YEARS);
        else if (effects[e] <= 0)
            assert_true(claims <= CLAIMS_MAX);
    }
}

static void a_difference_is_covered(void **state)
{
    (void)state;
    static const double after_p[] = {0.5, 0.45, 0.3};
    random_state = 5;
    for (size_t e = 0; e < N(after_p); e++) {
        double truth = 10 * (after_p[e] - 0.5);
        int covered = 0, claims = 0;
        for (int year = 0; year < YEARS; year++) {
            double before[DAYS], after[DAYS];
            size_t change = 20 + (size_t)(uniform() * (DAYS - 40));
            for (size_t day = 0; day < change; day++)
                before[day] = binomial(0.5);
            for (size_t day = change; day < DAYS; day++)
                after[day - change] = binomial(after_p[e]);
            struct estimate estimate;
            mean_difference(before, change, after, DAYS - change, &estimate);
            covered += estimate.low <= truth && truth <= estimate.high;
            claims += estimate.claimed;
        }
        print_message("difference of %+.2f: covered in %d of %d years, claimed in %d\n", truth,
                      covered, YEARS, claims);
        assert_in_range(covered, COVERED_MIN, COVERED_MAX);
        if (truth < -1)
            assert_true(claims > YEARS * 9 / 10);
        else if (truth > -0.1)
            assert_true(claims <= CLAIMS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_that_correlate),     cmocka_unit_test(ranks_that_do_not),
        cmocka_unit_test(quantiles_of_student),     cmocka_unit_test(means_that_differ),
        cmocka_unit_test(a_correlation_is_covered), cmocka_unit_test(a_difference_is_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
