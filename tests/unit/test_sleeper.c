// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pad/pad.h"
#include "player.h"
#include "sleeper.h"

// A pad as large as the bed, so that no arm or foot is beside it.
#define ROWS    96
#define COLS    80
#define CELLS   (ROWS * COLS)
#define PITCH_M 0.025
#define TOUCH   20

static struct pad *pad;

static int parse_pad(void **state)
{
    (void)state;
    static const char text[] = "[pad]\nname = bed\ntitle = Bed\nstatus = untested\n"
                               "[wire]\nframing = delimited\nsync = AA 55\nsample = u16le\n"
                               "check = crc16-modbus\nrate_hz = 1\n"
                               "[grid]\nrows = 96\ncols = 80\nhead = top\nleft = left\n"
                               "[cells]\npitch_mm = 25 25\nfull_scale = 4000\ntouch = 20\n";
    struct error error = {0};
    return pad_parse(&pad, text, sizeof text - 1, "bed.pad", &error);
}

static int free_pad(void **state)
{
    (void)state;
    pad_free(pad);
    return 0;
}

static struct sleeper_options options_of(uint64_t seed)
{
    struct sleeper_options options = sleeper_options_default();
    options.seed = seed;
    options.mass_kg = 75;
    options.stature_mm = 1750;
    return options;
}

static struct sleeper *make(const struct sleeper_options *options)
{
    struct sleeper *sleeper = NULL;
    assert_int_equal(sleeper_new(&sleeper, pad, options), 0);
    return sleeper;
}

// Turns and lets `seconds` pass at 1 Hz; the last frame is left in `counts`.
static void lie(struct sleeper *sleeper, enum position position, int seconds, uint16_t *counts)
{
    sleeper_turn(sleeper, position);
    for (int i = 0; i < seconds; i++)
        sleeper_frame(sleeper, counts);
    assert_int_equal(sleeper_truth(sleeper), position);
}

static void print_of(uint64_t seed, enum position position, uint16_t *counts)
{
    struct sleeper_options options = options_of(seed);
    struct sleeper *sleeper = make(&options);
    lie(sleeper, position, 60, counts);
    sleeper_free(sleeper);
}

static double sum(const uint16_t *counts)
{
    double sum = 0;
    for (size_t i = 0; i < CELLS; i++)
        sum += counts[i];
    return sum;
}

static size_t pressed(const uint16_t *counts, unsigned first_row, unsigned end_row)
{
    size_t n = 0;
    for (size_t i = first_row * COLS; i < end_row * COLS; i++)
        n += counts[i] >= TOUCH;
    return n;
}

// The centre of the pressure in some rows: a column, the pad's middle being 0.
static double balance(const uint16_t *counts, unsigned first_row, unsigned end_row)
{
    double weight = 0, moment = 0;
    for (unsigned row = first_row; row < end_row; row++)
        for (unsigned col = 0; col < COLS; col++) {
            double count = counts[row * COLS + col] >= TOUCH ? counts[row * COLS + col] : 0;
            weight += count;
            moment += count * (col - (COLS - 1) / 2.0);
        }
    return weight > 0 ? moment / weight : 0;
}

// ---- the same again ----

static void the_same_seed_gives_the_same_frames(void **state)
{
    (void)state;
    const enum position turns[] = {POSITION_SUPINE, POSITION_LEFT_FETAL, POSITION_EMPTY};
    struct sleeper_options options = options_of(3);
    options.noise_counts = 2;
    options.dead_cells = 5;
    struct sleeper *one = make(&options), *same = make(&options);
    options.seed = 4;
    struct sleeper *other = make(&options);
    static uint16_t a[CELLS], b[CELLS], c[CELLS];
    for (int i = 0; i < 90; i++) {
        if (i % 30 == 0) {
            sleeper_turn(one, turns[i / 30]);
            sleeper_turn(same, turns[i / 30]);
            sleeper_turn(other, turns[i / 30]);
        }
        sleeper_frame(one, a);
        sleeper_frame(same, b);
        sleeper_frame(other, c);
        assert_memory_equal(a, b, sizeof a);
        assert_memory_not_equal(a, c, sizeof a);
        assert_int_equal(sleeper_truth(one), sleeper_truth(same));
    }
    sleeper_free(one);
    sleeper_free(same);
    sleeper_free(other);
}

// So that figures published for a seed mean the same night everywhere. Changes whenever the
// simulation does, and only then.
static void every_machine_gives_the_same_frames(void **state)
{
    (void)state;
    if (FLT_EVAL_METHOD != 0) {
        print_message("skipped: this machine computes with excess precision\n");
        skip();
    }
    const enum position turns[] = {POSITION_PRONE, POSITION_RIGHT_FETAL, POSITION_SITTING};
    struct sleeper_options options = sleeper_options_default();
    options.blur_mm = 20;
    struct sleeper *sleeper = make(&options);
    static uint16_t counts[CELLS];
    uint64_t digest = UINT64_C(0xCBF29CE484222325); // FNV-1a
    for (int i = 0; i < 90; i++) {
        if (i % 30 == 0)
            sleeper_turn(sleeper, turns[i / 30]);
        sleeper_frame(sleeper, counts);
        for (size_t cell = 0; cell < CELLS; cell++)
            digest = (digest ^ counts[cell]) * UINT64_C(0x100000001B3);
    }
    assert_int_equal(digest, UINT64_C(0x7231e582018e46e8));
    sleeper_free(sleeper);
}

static void no_turn_is_like_the_last(void **state)
{
    (void)state;
    static uint16_t first[CELLS], second[CELLS];
    struct sleeper_options options = options_of(5);
    struct sleeper *sleeper = make(&options);
    lie(sleeper, POSITION_SUPINE, 60, first);
    lie(sleeper, POSITION_LEFT_SIDE, 60, second);
    lie(sleeper, POSITION_SUPINE, 60, second);
    double difference = 0;
    for (size_t i = 0; i < CELLS; i++)
        difference += abs(first[i] - second[i]);
    assert_true(difference > 0.1 * sum(first));
    sleeper_free(sleeper);
}

static void implausible_bodies_are_refused(void **state)
{
    (void)state;
    struct sleeper *sleeper = NULL;
    struct sleeper_options options = options_of(1);
    options.rate_hz = 0;
    assert_int_equal(sleeper_new(&sleeper, pad, &options), -EINVAL);
    options = options_of(1);
    options.mass_kg = NAN;
    assert_int_equal(sleeper_new(&sleeper, pad, &options), -EINVAL);
    options = options_of(1);
    options.blur_mm = -1;
    assert_int_equal(sleeper_new(&sleeper, pad, &options), -EINVAL);
}

// ---- weight ----

static void the_bed_carries_the_whole_body(void **state)
{
    (void)state;
    const enum position positions[] = {
        POSITION_SUPINE,      POSITION_SUPINE_KNEES_RAISED, POSITION_SUPINE_LEFT_KNEE,
        POSITION_RECLINED,    POSITION_SUPINE_RIGHT_KNEE,   POSITION_LEFT_FETAL,
        POSITION_RIGHT_FETAL, POSITION_LEFT_SIDE,           POSITION_RIGHT_SIDE,
        POSITION_PRONE,
    };
    // 100 mmHg is full scale.
    double expected = 75 * 9.80665 / (PITCH_M * PITCH_M) / 13332 * 4000;
    static uint16_t counts[CELLS];
    for (uint64_t seed = 1; seed <= 3; seed++)
        for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
            print_of(seed, positions[i], counts);
            double share = sum(counts) / expected;
            if (share < 0.93 || share > 1.1)
                fail_msg("%s, seed %d: %.3f of the weight", position_identifier(positions[i]),
                         (int)seed, share);
        }
}

static void half_the_body_prints_half_as_much(void **state)
{
    (void)state;
    static uint16_t counts[CELLS];
    double sums[2];
    for (int i = 0; i < 2; i++) {
        struct sleeper_options options = options_of(2);
        options.mass_kg = i == 0 ? 50 : 100;
        struct sleeper *sleeper = make(&options);
        lie(sleeper, POSITION_SUPINE, 60, counts);
        sums[i] = sum(counts);
        sleeper_free(sleeper);
    }
    assert_true(fabs(sums[1] / sums[0] - 2) < 0.1);
}

static void a_chair_carries_raised_legs(void **state)
{
    (void)state;
    static uint16_t flat[CELLS], raised[CELLS], planted[CELLS];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        print_of(seed, POSITION_SUPINE, flat);
        print_of(seed, POSITION_SUPINE_LEGS_RAISED, raised);
        print_of(seed, POSITION_SUPINE_KNEES_RAISED, planted);
        // Trunk and pelvis end well above row 61, 33 cm below the middle; no foot prints there.
        assert_true(pressed(raised, 61, ROWS) == 0);
        assert_true(pressed(flat, 61, ROWS) > 40);
        assert_true(pressed(planted, 55, ROWS) > 20);
        assert_true(sum(raised) < 0.85 * sum(flat));
    }
}

// ---- left and right ----

static void column_0_is_the_sleepers_left(void **state)
{
    (void)state;
    static uint16_t counts[CELLS];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        // On the left side the knees point to low columns, away from the back.
        print_of(seed, POSITION_LEFT_FETAL, counts);
        assert_true(balance(counts, 50, ROWS) < balance(counts, 20, 40) - 4);
        print_of(seed, POSITION_RIGHT_FETAL, counts);
        assert_true(balance(counts, 50, ROWS) > balance(counts, 20, 40) + 4);
    }
    // The left knee is drawn up: what still prints at the bed's foot is the right leg.
    double left_knee = 0, right_knee = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        print_of(seed, POSITION_SUPINE_LEFT_KNEE, counts);
        left_knee += balance(counts, 68, ROWS) / 12;
        print_of(seed, POSITION_SUPINE_RIGHT_KNEE, counts);
        right_knee += balance(counts, 68, ROWS) / 12;
    }
    assert_true(left_knee > 4 && left_knee < 14);
    assert_true(right_knee < -4 && right_knee > -14);
}

// ---- time ----

static void the_body_moves_before_it_lies(void **state)
{
    (void)state;
    static uint16_t counts[CELLS];
    struct sleeper_options options = options_of(6);
    options.rate_hz = 10;
    struct sleeper *sleeper = make(&options);
    sleeper_frame(sleeper, counts);
    assert_int_equal(sleeper_truth(sleeper), POSITION_EMPTY);
    assert_int_equal(pressed(counts, 0, ROWS), 0);
    const enum position turns[] = {POSITION_LEFT_SIDE, POSITION_RIGHT_SIDE, POSITION_PRONE,
                                   POSITION_SITTING, POSITION_EMPTY};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        sleeper_turn(sleeper, turns[i]);
        int moving = 0;
        for (sleeper_frame(sleeper, counts); sleeper_truth(sleeper) == POSITION_UNKNOWN; moving++) {
            assert_true(moving < 150);
            sleeper_frame(sleeper, counts);
        }
        assert_true(moving > 10);
        assert_int_equal(sleeper_truth(sleeper), turns[i]);
    }
    sleeper_free(sleeper);
}

static void what_was_pressed_clears_slowly(void **state)
{
    (void)state;
    static uint16_t counts[CELLS];
    struct sleeper_options options = options_of(7);
    options.noise_counts = 0;
    struct sleeper *sleeper = make(&options);
    lie(sleeper, POSITION_SUPINE, 600, counts);
    double full = sum(counts);
    lie(sleeper, POSITION_EMPTY, 15, counts);
    double left = sum(counts);
    assert_true(left > 0.01 * full && left < 0.1 * full);
    lie(sleeper, POSITION_EMPTY, 600, counts);
    assert_true(sum(counts) < 0.001 * full);
    sleeper_free(sleeper);
}

static void the_sleeper_breathes(void **state)
{
    (void)state;
    static uint16_t counts[CELLS];
    struct sleeper_options options = options_of(8);
    options.rate_hz = 10;
    options.noise_counts = 0;
    struct sleeper *sleeper = make(&options);
    sleeper_turn(sleeper, POSITION_SUPINE);
    do
        sleeper_frame(sleeper, counts);
    while (sleeper_truth(sleeper) != POSITION_SUPINE);
    // What presses where the ribs end.
    double ribs[190], mean = 0, least = INFINITY, most = 0;
    for (int i = 0; i < 190; i++) {
        sleeper_frame(sleeper, counts);
        ribs[i] = 0;
        for (size_t cell = 36 * COLS; cell < 41 * COLS; cell++)
            ribs[i] += counts[cell];
        mean += ribs[i] / 190;
        least = fmin(least, ribs[i]);
        most = fmax(most, ribs[i]);
    }
    assert_true(most - least > 0.02 * mean && most - least < 0.3 * mean);
    int crossings = 0; // of the middle, noise taken out by a distance kept from it
    double side = 0, guard = (most - least) / 5, middle = (most + least) / 2;
    for (int i = 0; i < 190; i++) {
        double now = ribs[i] > middle + guard ? 1 : ribs[i] < middle - guard ? -1 : side;
        crossings += side * now < 0;
        side = now;
    }
    // 12 to 18 breaths a minute are 3.8 to 5.7 in 19 s, and two crossings each.
    assert_in_range(crossings, 6, 12);
    sleeper_free(sleeper);
}

static void broken_cells_stay_broken(void **state)
{
    (void)state;
    static uint16_t empty[CELLS], full[CELLS];
    struct sleeper_options options = options_of(9);
    options.noise_counts = 0;
    options.hot_cells = 7;
    struct sleeper *sleeper = make(&options);
    lie(sleeper, POSITION_EMPTY, 1, empty);
    lie(sleeper, POSITION_SUPINE, 60, full);
    int hot = 0;
    for (size_t i = 0; i < CELLS; i++)
        if (empty[i] > 0) {
            hot++;
            assert_true(empty[i] > 2000);
            assert_int_equal(empty[i], full[i]);
        }
    assert_int_equal(hot, 7);
    sleeper_free(sleeper);

    options.hot_cells = 0;
    options.dead_cells = CELLS;
    sleeper = make(&options);
    lie(sleeper, POSITION_SUPINE, 60, full);
    assert_true(sum(full) == 0);
    sleeper_free(sleeper);
}

static void a_mattress_between_blurs(void **state)
{
    (void)state;
    static uint16_t sharp[CELLS], blurred[CELLS];
    struct sleeper_options options = options_of(10);
    print_of(10, POSITION_SUPINE, sharp);
    options.blur_mm = 60;
    struct sleeper *sleeper = make(&options);
    lie(sleeper, POSITION_SUPINE, 60, blurred);
    sleeper_free(sleeper);
    uint16_t sharpest = 0, flattest = 0;
    for (size_t i = 0; i < CELLS; i++) {
        sharpest = sharp[i] > sharpest ? sharp[i] : sharpest;
        flattest = blurred[i] > flattest ? blurred[i] : flattest;
    }
    assert_true(flattest < 0.7 * sharpest);
    assert_true(fabs(sum(blurred) / sum(sharp) - 1) < 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_frames),
        cmocka_unit_test(every_machine_gives_the_same_frames),
        cmocka_unit_test(no_turn_is_like_the_last),
        cmocka_unit_test(implausible_bodies_are_refused),
        cmocka_unit_test(the_bed_carries_the_whole_body),
        cmocka_unit_test(half_the_body_prints_half_as_much),
        cmocka_unit_test(a_chair_carries_raised_legs),
        cmocka_unit_test(column_0_is_the_sleepers_left),
        cmocka_unit_test(the_body_moves_before_it_lies),
        cmocka_unit_test(what_was_pressed_clears_slowly),
        cmocka_unit_test(the_sleeper_breathes),
        cmocka_unit_test(broken_cells_stay_broken),
        cmocka_unit_test(a_mattress_between_blurs),
    };
    return cmocka_run_group_tests(tests, parse_pad, free_pad);
}
