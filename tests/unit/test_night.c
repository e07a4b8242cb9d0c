// SPDX-License-Identifier: GPL-3.0-or-later
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "night/night.h"
#include "night/sums.h"

#define START 1767648600 // 2026-01-05 22:30:00 in Berlin

static int32_t berlin_winter(int64_t time_s, void *userdata)
{
    (void)time_s;
    (void)userdata;
    return 3600;
}

static const struct zone zone = {.name = "Europe/Berlin", .offset_s = berlin_winter};

// What the tracker tells, as text; times are seconds since START.
struct told {
    char text[4096];
    int64_t epoch_seconds, epochs;
    struct epoch epoch; // the last
    int64_t moves, moved_s;
    struct night_tracker *tracker;
};

static void tell(struct told *told, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct told *told, const char *format, ...)
{
    size_t used = strlen(told->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(told->text + used, sizeof told->text - used, format, arguments);
    va_end(arguments);
}

static int on_opened(const struct night *night, void *userdata)
{
    char day[DAY_TEXT_SIZE];
    day_format(night->day, day);
    tell(userdata, "night %s %" PRId64 "\n", day, night->start_s - START);
    return 0;
}

static int on_bout(const struct bout *bout, void *userdata)
{
    tell(userdata, "%s %" PRId64 "-%" PRId64 "\n", position_identifier(bout->position),
         bout->start_s - START, bout->end_s - START);
    return 0;
}

static int on_open_bout(const struct bout *bout, void *userdata)
{
    tell(userdata, "(%s %" PRId64 "-%" PRId64 ")\n", position_identifier(bout->position),
         bout->start_s - START, bout->end_s - START);
    return 0;
}

static int on_gap(const struct gap *gap, void *userdata)
{
    tell(userdata, "gap %s %" PRId64 "-%" PRId64 "\n", gap_reason_name(gap->reason),
         gap->start_s - START, gap->end_s - START);
    return 0;
}

static int on_epoch(const struct epoch *epoch, void *userdata)
{
    struct told *told = userdata;
    assert_int_equal(epoch->start_s % 60, 0);
    assert_in_range(epoch->seconds, 1, 60);
    told->epochs++;
    told->epoch = *epoch;
    told->epoch_seconds += epoch->seconds;
    told->moves += epoch->moves;
    told->moved_s += epoch->moved_s;
    return 0;
}

static int on_taken_back(int64_t since_s, void *userdata)
{
    tell(userdata, "taken back from %" PRId64 "\n", since_s - START);
    return 0;
}

static int on_closed(const struct night *night, void *userdata)
{
    tell(userdata, "closed %" PRId64 "-%" PRId64 "\n", night->start_s - START,
         night->end_s - START);
    return 0;
}

static int on_dropped(const struct night *night, void *userdata)
{
    tell(userdata, "dropped %" PRId64 "-%" PRId64 "\n", night->start_s - START,
         night->end_s - START);
    return 0;
}

static void begin_by(struct told *told, const struct night_rules *rules)
{
    const struct night_sink sink = {
        .opened = on_opened,
        .bout_open = on_open_bout,
        .bout_closed = on_bout,
        .gap = on_gap,
        .taken_back = on_taken_back,
        .epoch = on_epoch,
        .closed = on_closed,
        .dropped = on_dropped,
        .userdata = told,
    };
    assert_int_equal(night_tracker_new(&told->tracker, rules, &zone, &sink), 0);
}

// However short a stay is: what is too short has tests of its own.
static void begin(struct told *told)
{
    *told = (struct told){0};
    struct night_rules rules = night_rules_default();
    rules.night_min_s = 0;
    begin_by(told, &rules);
}

// [from, to) in one position.
static void lie(struct told *told, int64_t from, int64_t to, enum position position)
{
    for (int64_t s = from; s < to; s++) {
        struct tick tick = {.time_s = START + s, .position = position, .confidence = 0.9f};
        tick.area_m2 = position == POSITION_EMPTY ? 0 : 0.4f;
        tick.movement = position == POSITION_UNKNOWN ? 0.5f : 0;
        tick.probabilities[position] = 1;
        assert_int_equal(night_tick(told->tracker, &tick), 0);
    }
}

// What is none of the positions has its share of a minute, like any of them.
static void a_minute_keeps_what_is_unknown(void **state)
{
    (void)state;
    static struct told told;
    begin(&told);
    lie(&told, -60, 0, POSITION_PRONE);
    for (int64_t s = 0; s < 60; s++) {
        struct tick tick = {.time_s = START + s, .position = POSITION_UNKNOWN, .confidence = 0.6f};
        tick.probabilities[POSITION_UNKNOWN] = 0.6f;
        tick.probabilities[POSITION_PRONE] = 0.4f;
        assert_int_equal(night_tick(told.tracker, &tick), 0);
    }
    assert_int_equal(night_flush(told.tracker), 0);
    float sum = 0.0f;
    for (int i = 0; i < POSITION_N; i++)
        sum += told.epoch.probabilities[i];
    assert_true(fabsf(sum - 1.0f) < 1e-5f);
    assert_true(fabsf(told.epoch.probabilities[POSITION_UNKNOWN] - 0.6f) < 1e-5f);
    assert_true(fabsf(told.epoch.probabilities[POSITION_PRONE] - 0.4f) < 1e-5f);
    assert_int_equal(night_finish(told.tracker), 0);
    night_tracker_free(told.tracker);
}

static void gap(struct told *told, int64_t from, int64_t to, enum gap_reason reason)
{
    const struct gap gap = {.start_s = START + from, .end_s = START + to, .reason = reason};
    assert_int_equal(night_gap(told->tracker, &gap), 0);
}

static void end(struct told *told, const char *expected)
{
    assert_int_equal(night_finish(told->tracker), 0);
    assert_string_equal(told->text, expected);
    night_tracker_free(told->tracker);
}

static void a_night_from_lying_down_to_getting_up(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 100, POSITION_EMPTY);
    lie(&told, 100, 700, POSITION_SUPINE);
    lie(&told, 700, 1000, POSITION_LEFT_FETAL);
    lie(&told, 1000, 4000, POSITION_EMPTY);
    assert_string_equal(told.text, "night 2026-01-05 100\nsupine 100-700\nleft_fetal 700-1000\n"
                                   "closed 100-1000\n");
    assert_int_equal(told.epoch_seconds, 900);
    end(&told, told.text);
}

static void a_moment_is_no_night_and_no_end_of_one(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 50, POSITION_EMPTY);
    lie(&told, 50, 54, POSITION_SITTING); // a suitcase, a cat: 4 s
    lie(&told, 54, 100, POSITION_EMPTY);
    lie(&told, 100, 200, POSITION_SUPINE);
    lie(&told, 200, 209, POSITION_EMPTY); // the pad lost sight of the sleeper
    lie(&told, 209, 300, POSITION_SUPINE);
    lie(&told, 300, 310, POSITION_EMPTY); // got up
    end(&told, "night 2026-01-05 100\nsupine 100-200\nunknown 200-209\nsupine 209-300\n"
               "closed 100-300\n");
}

static void the_bathroom_is_inside_the_night(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 1000, POSITION_SUPINE);
    lie(&told, 1000, 1300, POSITION_EMPTY);
    lie(&told, 1300, 2000, POSITION_RIGHT_SIDE);
    lie(&told, 2000, 3799, POSITION_EMPTY); // a second short of half an hour
    lie(&told, 3799, 4000, POSITION_PRONE);
    lie(&told, 4000, 5800, POSITION_EMPTY);
    lie(&told, 5800, 5900, POSITION_SUPINE); // another stay
    end(&told, "night 2026-01-05 0\nsupine 0-1000\nempty 1000-1300\nright_side 1300-2000\n"
               "empty 2000-3799\nprone 3799-4000\nclosed 0-4000\n"
               "night 2026-01-05 5800\nsupine 5800-5900\nclosed 5800-5900\n");
}

static void short_changes_are_no_bouts(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 100, POSITION_SUPINE);
    lie(&told, 100, 104, POSITION_PRONE);
    lie(&told, 104, 200, POSITION_SUPINE);
    lie(&told, 200, 203, POSITION_UNKNOWN); // turning over
    lie(&told, 203, 300, POSITION_LEFT_SIDE);
    lie(&told, 300, 305, POSITION_UNKNOWN);
    lie(&told, 305, 400, POSITION_LEFT_SIDE);
    end(&told, "night 2026-01-05 0\nsupine 0-203\nleft_side 203-300\nunknown 300-305\n"
               "left_side 305-400\nclosed 0-400\n");
}

// The seconds it takes to lie down belong to the position they lead to.
static void lying_down_is_no_bout(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 100, POSITION_SUPINE);
    lie(&told, 100, 200, POSITION_EMPTY);
    lie(&told, 200, 204, POSITION_UNKNOWN);
    lie(&told, 204, 300, POSITION_PRONE);
    lie(&told, 300, 400, POSITION_EMPTY);
    lie(&told, 400, 405, POSITION_UNKNOWN);
    lie(&told, 405, 500, POSITION_PRONE);
    end(&told, "night 2026-01-05 0\nsupine 0-100\nempty 100-200\nprone 200-300\nempty 300-400\n"
               "unknown 400-405\nprone 405-500\nclosed 0-500\n");
}

// Whoever sits for longer is not in bed yet.
static void sitting_down_is_part_of_lying_down(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 8, POSITION_SITTING);
    lie(&told, 8, 100, POSITION_SUPINE);
    end(&told, "night 2026-01-05 0\nunknown 0-8\nsupine 8-100\nclosed 0-100\n");
    begin(&told);
    lie(&told, 0, 60, POSITION_SITTING);
    lie(&told, 60, 160, POSITION_SUPINE);
    end(&told, "night 2026-01-05 60\nsupine 60-160\nclosed 60-160\n");
}

static void a_gap_is_not_slept_in_a_position(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 100, POSITION_SUPINE);
    gap(&told, 100, 400, GAP_PAD_UNPLUGGED);
    lie(&told, 400, 500, POSITION_SUPINE);
    gap(&told, 500, 520, GAP_PAD_SILENT);
    lie(&told, 520, 600, POSITION_EMPTY); // got up while it was not seen
    lie(&told, 600, 700, POSITION_SUPINE);
    end(&told, "night 2026-01-05 0\nsupine 0-100\ngap pad_unplugged 100-400\nsupine 400-500\n"
               "gap pad_silent 500-520\nempty 520-600\nsupine 600-700\nclosed 0-700\n");
}

static void a_long_gap_ends_the_night_where_it_began(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 100, POSITION_SUPINE);
    gap(&told, 100, 2000, GAP_PAD_UNPLUGGED);
    lie(&told, 2000, 2100, POSITION_SUPINE);
    end(&told, "night 2026-01-05 0\nsupine 0-100\ngap pad_unplugged 100-2000\nclosed 0-100\n"
               "night 2026-01-05 2000\nsupine 2000-2100\nclosed 2000-2100\n");
}

// Up, and then the pad is switched off: nothing of the night comes after its end.
static void a_long_gap_after_getting_up(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 400, POSITION_SUPINE);
    lie(&told, 400, 500, POSITION_EMPTY);
    gap(&told, 500, 2300, GAP_PAD_UNPLUGGED);
    lie(&told, 2300, 2400, POSITION_EMPTY);
    end(&told, "night 2026-01-05 0\nsupine 0-400\ngap pad_unplugged 500-2300\nclosed 0-400\n");
}

static void a_gap_while_out_of_bed(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    lie(&told, 0, 100, POSITION_SUPINE);
    lie(&told, 100, 200, POSITION_EMPTY);
    gap(&told, 200, 300, GAP_DAEMON_DOWN);
    lie(&told, 300, 400, POSITION_SUPINE);
    lie(&told, 400, 500, POSITION_EMPTY);
    gap(&told, 500, 600, GAP_DAEMON_DOWN);
    lie(&told, 600, 3000, POSITION_EMPTY);
    assert_string_equal(told.text, "night 2026-01-05 0\nsupine 0-100\nempty 100-200\n"
                                   "gap daemon_down 200-300\nsupine 300-400\nempty 400-500\n"
                                   "gap daemon_down 500-600\ntaken back from 400\n"
                                   "closed 0-400\n");
    end(&told, told.text);
}

// A pad that falls silent again and again makes no stay longer, and no exit of getting up for good.
static void what_is_taken_back_counts_for_nothing(void **state)
{
    (void)state;
    struct told told = {0};
    struct night_rules rules = night_rules_default();
    begin_by(&told, &rules);
    lie(&told, 0, 290, POSITION_SUPINE);
    lie(&told, 290, 350, POSITION_EMPTY);
    gap(&told, 350, 400, GAP_PAD_SILENT);
    lie(&told, 400, 2000, POSITION_EMPTY);
    gap(&told, 2000, 2050, GAP_PAD_SILENT);
    lie(&told, 2050, 2200, POSITION_EMPTY);
    end(&told, "night 2026-01-05 0\nsupine 0-290\nempty 290-350\ngap pad_silent 350-400\n"
               "empty 400-2000\ngap pad_silent 2000-2050\ntaken back from 290\ndropped 0-290\n");

    struct night_sums sums = night_sums_none();
    night_sums_add(&sums, POSITION_SUPINE, 290);
    const struct night_sums in_bed = sums;
    night_sums_add(&sums, POSITION_EMPTY, 60);
    night_sums_add(&sums, POSITION_EMPTY, 1600);
    night_sums_take_back_out(&sums);
    assert_int_equal(sums.exits, in_bed.exits);
    assert_int_equal(sums.position_s[POSITION_EMPTY], 0);
    assert_int_equal(sums.recorded_s, 290);
    night_sums_take_back_out(&sums); // nothing is left to take back
    assert_int_equal(sums.exits, 0);
    assert_int_equal(sums.position_s[POSITION_EMPTY], 0);
}

static void a_night_can_be_taken_up_again(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    const struct night night = {.day = 20458, .start_s = START - 3600, .end_s = START};
    night_resume(told.tracker, &night);
    gap(&told, 0, 60, GAP_DAEMON_DOWN);
    lie(&told, 60, 100, POSITION_SUPINE);
    end(&told, "gap daemon_down 0-60\nsupine 60-100\nclosed -3600-100\n");
}

static void a_flush_tells_how_far_it_is(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    assert_int_equal(night_flush(told.tracker), 0);
    lie(&told, 0, 30, POSITION_SUPINE);
    assert_int_equal(night_flush(told.tracker), 0);
    lie(&told, 30, 100, POSITION_SUPINE);
    lie(&told, 100, 102, POSITION_PRONE);
    assert_int_equal(night_flush(told.tracker), 0);
    struct night now;
    struct bout bout;
    assert_true(night_now(told.tracker, &now, &bout));
    assert_int_equal(bout.end_s - START, 102);
    assert_int_equal(now.end_s - START, 102);
    assert_int_equal(told.epochs, 3); // one minute is over, the one being filled was told twice
    end(&told, "night 2026-01-05 0\n(supine 0-30)\n(supine 0-102)\nsupine 0-102\nclosed 0-102\n");
}

// The same night, with the clock set at a moment of every kind: what is told from then on is the
// night that would have been told by a clock that was right all along.
static void a_night_moves_along_with_the_clock(void **state)
{
    (void)state;
    static const int64_t moments[] = {3, 10, 100, 103, 205, 215, 330};
    static const int64_t steps[] = {3600, -3600, 61, -59, 1, -1, 56 * INT64_C(31557600)};
    for (size_t m = 0; m < sizeof moments / sizeof *moments; m++)
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            static struct told told;
            int64_t by = steps[s], at = moments[m];
            begin(&told);
            const struct {
                int64_t from, to;
                enum position position;
            } parts[] = {
                {0, 100, POSITION_SUPINE},      {100, 200, POSITION_PRONE},
                {200, 210, POSITION_EMPTY},     {210, 220, POSITION_EMPTY},
                {220, 330, POSITION_LEFT_SIDE}, {330, 400, POSITION_SUPINE},
            };
            bool moved = false;
            for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
                for (int64_t t = parts[i].from; t < parts[i].to; t++) {
                    if (t == at) {
                        night_move(told.tracker, INT64_MIN, by);
                        told.text[0] = '\0';
                        moved = true;
                    }
                    lie(&told, t + (moved ? by : 0), t + 1 + (moved ? by : 0), parts[i].position);
                }
            char *last = strstr(told.text, "left_side");
            assert_non_null(last);
            char expected[128];
            snprintf(expected, sizeof expected, "left_side %" PRId64 "-%" PRId64 "\n", 220 + by,
                     330 + by);
            assert_string_equal(last, expected);
            struct night now;
            struct bout bout;
            assert_true(night_now(told.tracker, &now, &bout));
            assert_int_equal(now.start_s - START, by);
            assert_int_equal(now.day, night_day(START + by, &zone, 12));
            told.text[0] = '\0';
            assert_int_equal(night_finish(told.tracker), 0);
            snprintf(expected, sizeof expected,
                     "supine %" PRId64 "-%" PRId64 "\nclosed %" PRId64 "-%" PRId64 "\n", 330 + by,
                     400 + by, by, 400 + by);
            assert_string_equal(told.text, expected);
            assert_int_equal(told.epoch_seconds, 380); // 20 s out of bed; no second twice
            night_tracker_free(told.tracker);
        }
}

// A night taken up from another boot: what that one recorded stays where it was.
static void only_what_this_boot_saw_moves(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    const struct night night = {.day = 20458, .start_s = START - 3600, .end_s = START};
    night_resume(told.tracker, &night);
    gap(&told, 0, 60, GAP_DAEMON_DOWN);
    night_move(told.tracker, START + 60, 600);
    lie(&told, 660, 700, POSITION_SUPINE);
    night_move(told.tracker, START + 660, -60);
    lie(&told, 640, 700, POSITION_PRONE);
    end(&told, "gap daemon_down 0-60\nsupine 600-640\nprone 640-700\nclosed -3600-700\n");
}

static void minutes_move_by_whole_ones(void **state)
{
    (void)state;
    assert_int_equal(epoch_move_s(0), 0);
    assert_int_equal(epoch_move_s(59), 0);
    assert_int_equal(epoch_move_s(60), 60);
    assert_int_equal(epoch_move_s(-1), -60);
    assert_int_equal(epoch_move_s(-60), -60);
    assert_int_equal(epoch_move_s(-61), -120);
}

// Just booted, without a clock: before noon by local time, it is still the last day of 1969.
static void a_night_of_1970_has_a_day(void **state)
{
    (void)state;
    struct told told;
    begin(&told);
    for (int64_t s = 0; s < 20; s++) {
        struct tick tick = {
            .time_s = 60 + s, .position = POSITION_SUPINE, .confidence = 0.9f, .area_m2 = 0.4f};
        assert_int_equal(night_tick(told.tracker, &tick), 0);
    }
    struct night now;
    struct bout bout;
    assert_true(night_now(told.tracker, &now, &bout));
    assert_int_equal(now.day, 0);
    night_tracker_free(told.tracker);
}

static void a_stay_that_is_too_short_is_no_night(void **state)
{
    (void)state;
    struct told told = {0};
    const struct night_rules rules = night_rules_default();
    begin_by(&told, &rules);
    lie(&told, 0, 299, POSITION_SUPINE);
    lie(&told, 299, 4000, POSITION_EMPTY);
    assert_string_equal(told.text, "night 2026-01-05 0\nsupine 0-299\ndropped 0-299\n");
    lie(&told, 4000, 4300, POSITION_SUPINE);
    lie(&told, 4300, 8000, POSITION_EMPTY);
    end(&told, "night 2026-01-05 0\nsupine 0-299\ndropped 0-299\n"
               "night 2026-01-05 4000\nsupine 4000-4300\nclosed 4000-4300\n");
}

// Half an hour of coming and going is not half an hour in bed.
static void time_out_of_bed_makes_no_stay_longer(void **state)
{
    (void)state;
    struct told told = {0};
    const struct night_rules rules = night_rules_default();
    begin_by(&told, &rules);
    lie(&told, 0, 100, POSITION_SUPINE);
    lie(&told, 100, 1500, POSITION_EMPTY);
    lie(&told, 1500, 1600, POSITION_SUPINE);
    end(&told, "night 2026-01-05 0\nsupine 0-100\nempty 100-1500\nsupine 1500-1600\n"
               "dropped 0-1600\n");
}

static void naps_are_short_and_in_the_daytime(void **state)
{
    (void)state;
    const int64_t noon_s = START - 10 * 3600 - 1800 + 3600 - 3600; // 12:00 in Berlin
    struct night nap = {.day = 20457, .start_s = noon_s, .end_s = noon_s + 3 * 3600 - 1};
    assert_true(night_is_nap(&nap, 3 * 3600 - 1, 3600));
    nap.end_s++;
    assert_false(night_is_nap(&nap, 3 * 3600, 3600));
    assert_true(night_is_nap(&nap, 2 * 3600, 3600)); // out of bed for an hour of it
    // Its middle must lie from 09:00 to before 21:00, by the clock of that place.
    const struct night early = {.start_s = noon_s - 4 * 3600, .end_s = noon_s - 2 * 3600};
    assert_true(night_is_nap(&early, 7200, 3600));
    assert_false(night_is_nap(&early, 7200, 3599));
    const struct night late = {.start_s = noon_s + 8 * 3600, .end_s = noon_s + 10 * 3600};
    assert_false(night_is_nap(&late, 7200, 3600));
    assert_true(night_is_nap(&late, 7200, 3599));
}

static void nobody_is_in_bed_for_more_than_a_day(void **state)
{
    (void)state;
    struct night night = {.start_s = START, .end_s = START + 86400};
    assert_false(night_is_doubtful(&night));
    night.end_s++;
    assert_true(night_is_doubtful(&night));
}

static void rules_out_of_range_are_refused(void **state)
{
    (void)state;
    struct night_tracker *tracker = NULL;
    const struct night_sink sink = {0};
    struct night_rules rules = night_rules_default();
    rules.settle_out_s = 121;
    assert_true(night_tracker_new(&tracker, &rules, &zone, &sink) < 0);
    rules = night_rules_default();
    rules.settle_in_s = 0;
    assert_true(night_tracker_new(&tracker, &rules, &zone, &sink) < 0);
}

static void sums_count_turns_between_known_positions(void **state)
{
    (void)state;
    struct night_sums sums = night_sums_none();
    night_sums_add(&sums, POSITION_SUPINE, 100);
    night_sums_add(&sums, POSITION_UNKNOWN, 10);
    night_sums_add(&sums, POSITION_SUPINE, 50); // moved, did not turn
    night_sums_add(&sums, POSITION_LEFT_FETAL, 300);
    night_sums_add(&sums, POSITION_EMPTY, 60);
    night_sums_add(&sums, POSITION_RIGHT_SIDE, 40); // came back in another position
    night_sums_add(&sums, POSITION_UNKNOWN, 5);
    night_sums_add(&sums, POSITION_PRONE, 20);
    assert_int_equal(sums.turns, 2);
    assert_int_equal(sums.recorded_s, 525);
    assert_int_equal(sums.longest_bout_s, 300);
    assert_int_equal(sums.position_s[POSITION_EMPTY], 60);
    assert_int_equal(sums.exits, 1);
    night_sums_add(&sums, POSITION_EMPTY, 60);
    night_sums_add(&sums, POSITION_EMPTY, 60); // with a gap between
    assert_int_equal(sums.exits, 2);
    assert_int_equal(sums.position_s[POSITION_UNKNOWN], 15);
    assert_int_equal(
        night_sums_in(&sums, POSITION_BIT(POSITION_SUPINE) | POSITION_BIT(POSITION_PRONE)), 170);
}

// [from, to) moving, without a change of position.
static void stir(struct told *told, int64_t from, int64_t to)
{
    for (int64_t s = from; s < to; s++) {
        struct tick tick = {.time_s = START + s, .position = POSITION_PRONE, .confidence = 0.9f};
        tick.area_m2 = 0.4f;
        tick.movement = 0.5f;
        assert_int_equal(night_tick(told->tracker, &tick), 0);
    }
}

static void movements_are_told_apart_by_rest(void **state)
{
    (void)state;
    static struct told told;
    begin(&told);
    stir(&told, 0, 20); // lying down: none
    lie(&told, 20, 100, POSITION_PRONE);
    assert_int_equal(told.moves, 0);
    stir(&told, 100, 103);
    lie(&told, 103, 107, POSITION_PRONE); // four seconds of rest: the same movement
    stir(&told, 107, 117);
    lie(&told, 117, 122, POSITION_PRONE);
    stir(&told, 122, 123); // five: another
    lie(&told, 123, 240, POSITION_PRONE);
    assert_int_equal(told.moves, 2);
    assert_int_equal(told.moved_s, 20 + 3 + 10 + 1);
    stir(&told, 240, 243); // getting up, and lying down again: none
    lie(&told, 243, 303, POSITION_EMPTY);
    stir(&told, 303, 310);
    lie(&told, 310, 400, POSITION_PRONE);
    stir(&told, 400, 401); // still under way when nobody is seen any more
    assert_int_equal(night_finish(told.tracker), 0);
    assert_int_equal(told.moves, 2);
    assert_int_equal(told.moved_s, 34 + 3 + 7 + 1);
    night_tracker_free(told.tracker);
}

static void a_movement_belongs_to_the_minute_it_comes_to_rest_in(void **state)
{
    (void)state;
    static struct told told;
    begin(&told);
    lie(&told, 0, 55, POSITION_PRONE);
    stir(&told, 55, 58);
    lie(&told, 58, 121, POSITION_PRONE); // the epoch of the second minute is told
    assert_int_equal(told.epoch.start_s, START + 60);
    assert_int_equal(told.epoch.moves, 1);
    assert_int_equal(told.epoch.moved_s, 0);
    assert_int_equal(told.moves, 1);
    assert_int_equal(told.moved_s, 3);
    assert_int_equal(night_finish(told.tracker), 0);
    night_tracker_free(told.tracker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(movements_are_told_apart_by_rest),
        cmocka_unit_test(a_movement_belongs_to_the_minute_it_comes_to_rest_in),
        cmocka_unit_test(a_minute_keeps_what_is_unknown),
        cmocka_unit_test(a_night_from_lying_down_to_getting_up),
        cmocka_unit_test(a_moment_is_no_night_and_no_end_of_one),
        cmocka_unit_test(the_bathroom_is_inside_the_night),
        cmocka_unit_test(short_changes_are_no_bouts),
        cmocka_unit_test(lying_down_is_no_bout),
        cmocka_unit_test(sitting_down_is_part_of_lying_down),
        cmocka_unit_test(a_gap_is_not_slept_in_a_position),
        cmocka_unit_test(a_long_gap_ends_the_night_where_it_began),
        cmocka_unit_test(a_long_gap_after_getting_up),
        cmocka_unit_test(a_gap_while_out_of_bed),
        cmocka_unit_test(what_is_taken_back_counts_for_nothing),
        cmocka_unit_test(a_night_can_be_taken_up_again),
        cmocka_unit_test(a_flush_tells_how_far_it_is),
        cmocka_unit_test(a_night_moves_along_with_the_clock),
        cmocka_unit_test(only_what_this_boot_saw_moves),
        cmocka_unit_test(minutes_move_by_whole_ones),
        cmocka_unit_test(a_night_of_1970_has_a_day),
        cmocka_unit_test(a_stay_that_is_too_short_is_no_night),
        cmocka_unit_test(time_out_of_bed_makes_no_stay_longer),
        cmocka_unit_test(naps_are_short_and_in_the_daytime),
        cmocka_unit_test(nobody_is_in_bed_for_more_than_a_day),
        cmocka_unit_test(rules_out_of_range_are_refused),
        cmocka_unit_test(sums_count_turns_between_known_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
