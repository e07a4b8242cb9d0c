// SPDX-License-Identifier: GPL-3.0-or-later
// What goes along with pain: of which nights, which changes, beside what, and in which words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "awake/helps.h"
#include "base/utf8.h"
#include "draws.h"

#define FIRST 20089 // 2025-01-01
#define DAYS  365
#define YEARS 1000

#define HOUR_S 3600

// So many nights from FIRST on, the entry of the morning after each, and a report of them.
struct diary {
    struct night_entry nights[DAYS];
    struct awake_day days[DAYS];
    struct report report;
};

// Nights differ, and pain differs from its mean by a point up and down, neither with the other.
static struct diary *diary_of(int n)
{
    struct diary *diary = calloc(1, sizeof *diary);
    for (int i = 0; i < n; i++) {
        struct night_summary *night = &diary->nights[i].summary;
        night->night.night.day = FIRST + i;
        strcpy(night->night.pad, "virtual");
        night->in_bed_s = night->recorded_s = 8 * HOUR_S;
        night->friendly_s = HOUR_S * (1 + i * 5 % 7);
        diary->days[i] = (struct awake_day){.day = FIRST + i, .told = true};
        diary_begin(&diary->days[i].entry, FIRST + i + 1, 0);
        diary->days[i].entry.numbers[DIARY_PAIN] = 4 + i % 3;
    }
    diary->report = (struct report){
        .period = {PERIOD_DATES, FIRST, FIRST + n - 1},
        .window = {PERIOD_DATES, FIRST, FIRST + n - 1},
        .nights = {diary->nights, (size_t)n},
        .awake = {diary->days, (size_t)n},
    };
    return diary;
}

static struct helps helps_found(const struct diary *diary)
{
    struct helps helps;
    assert_int_equal(helps_of(&helps, &diary->report), 0);
    return helps;
}

// ---- friendly time ----

static void nothing_is_claimed_under_fourteen_nights(void **state)
{
    (void)state;
    for (int n = 1; n <= 14; n++) {
        struct diary *diary = diary_of(n);
        for (int i = 0; i < n; i++) {
            diary->nights[i].summary.friendly_s = 60 * i;
            diary->days[i].entry.numbers[DIARY_PAIN] = 10 - i * 10 / 14;
        }
        struct helps helps = helps_found(diary);
        assert_int_equal(helps.friendly.n, n);
        assert_int_equal(helps.friendly.claimed, n == 14);
        assert_true(helps.friendly.value <= 0);
        helps_free(&helps);
        free(diary);
    }
}

static void nights_that_say_too_little_do_not_take_part(void **state)
{
    (void)state;
    struct diary *diary = diary_of(20);
    diary->nights[3].summary.night.open = true;
    diary->nights[4].summary.nap = true;
    diary->nights[5].summary.recorded_s = 8 * HOUR_S * 9 / 10 - 1;
    diary->nights[6].summary.recorded_s = 8 * HOUR_S * 9 / 10;
    diary->days[7].entry.numbers[DIARY_PAIN] = -1;
    diary->days[8].told = false;
    diary->nights[9].summary.night.night.day =
        FIRST + 10; // two stays of one evening, and none before
    struct helps helps = helps_found(diary);
    assert_int_equal(helps.friendly.n, 20 - 6);
    assert_true(helps.told);
    helps_free(&helps);
    for (int i = 0; i < 20; i++)
        diary->days[i].entry.numbers[DIARY_PAIN] = -1;
    helps = helps_found(diary);
    assert_false(helps.told);
    helps_free(&helps);
    free(diary);
}

// ---- changes ----

static void tag(struct diary *diary, int i, const char *tag)
{
    struct diary_entry *entry = &diary->days[i].entry;
    entry->tags[entry->n_tags++] = (char *)tag;
}

// From that night on, each `every`th.
static void tag_from(struct diary *diary, int n, const char *name, int first, int every)
{
    for (int i = first; i < n; i += every)
        tag(diary, i, name);
}

static void assert_effects(const struct diary *diary, size_t n)
{
    struct helps helps = helps_found(diary);
    assert_int_equal(helps.n, n);
    helps_free(&helps);
}

static void a_tag_is_a_change_where_it_lasts(void **state)
{
    (void)state;
    struct diary *diary = diary_of(40);
    tag_from(diary, 40, "pillow", 20, 2); // half of the mornings
    tag_from(diary, 40, "coffee", 10, 3); // a third
    tag_from(diary, 40, "always", 0, 1);  // nothing before it
    tag_from(diary, 40, "new", 38, 1);    // twice
    struct helps helps = helps_found(diary);
    assert_int_equal(helps.n, 1);
    const struct helps_effect *effect = &helps.effects[0];
    assert_int_equal(effect->change.kind, HELPS_TAG);
    assert_string_equal(effect->change.tag, "pillow");
    assert_int_equal(effect->change.since, FIRST + 20);
    assert_int_equal(effect->n_before, 20);
    assert_int_equal(effect->n_since, 20);
    assert_int_equal(effect->n_beside, 0);
    assert_false(effect->pain.claimed);
    helps_free(&helps);
    free(diary);
}

static void a_difference_takes_a_week_of_either_side(void **state)
{
    (void)state;
    for (int since = 6; since <= 7; since++) {
        struct diary *diary = diary_of(20 + since);
        tag_from(diary, 20 + since, "pillow", 20, 1);
        for (int i = 20; i < 20 + since; i++)
            diary->days[i].entry.numbers[DIARY_PAIN] = i % 2;
        struct helps helps = helps_found(diary);
        assert_int_equal(helps.n, 1);
        assert_int_equal(helps.effects[0].pain.claimed, since == 7);
        assert_true(helps.effects[0].pain.high < 0);
        helps_free(&helps);
        free(diary);
    }
}

static void what_is_new_counts_once(void **state)
{
    (void)state;
    struct diary *diary = diary_of(60);
    for (int i = 10; i < 13; i++)
        diary->days[i].entry.numbers[DIARY_NEW_PILLOW] = 1;
    diary->days[20].entry.numbers[DIARY_NEW_MATTRESS] = 0;
    assert_effects(diary, 1);
    diary->days[12 + HELPS_NEAR_DAYS].entry.numbers[DIARY_NEW_PILLOW] = 1; // still the same one
    assert_effects(diary, 1);
    diary->days[50].entry.numbers[DIARY_NEW_PILLOW] = 1;
    assert_effects(diary, 2);
    diary->days[55].entry.numbers[DIARY_NEW_MATTRESS] = 1;
    assert_effects(diary, 3);
    free(diary);
}

static void stretching_is_a_habit_on_two_days_a_week(void **state)
{
    (void)state;
    for (int every = 3; every <= 4; every++) {
        struct diary *diary = diary_of(60);
        for (int i = 30; i < 60; i += every)
            diary->days[i].sessions = 1;
        assert_effects(diary, every == 3);
        free(diary);
    }
}

// ---- beside ----

static bool is_beside(const struct helps_effect *effect, enum helps_kind kind, bool less)
{
    for (unsigned i = 0; i < effect->n_beside; i++)
        if (effect->beside[i].kind == kind && effect->beside[i].less == less)
            return true;
    return false;
}

static void what_else_changed_is_told(void **state)
{
    (void)state;
    for (int apart = HELPS_NEAR_DAYS; apart <= HELPS_NEAR_DAYS + 1; apart++) {
        bool near = apart == HELPS_NEAR_DAYS;
        struct diary *diary = diary_of(80);
        tag_from(diary, 80, "pillow", 30, 1);
        diary->days[30 + apart].entry.numbers[DIARY_NEW_MATTRESS] = 1;
        for (int i = 30 - apart; i < 80; i++)
            strcpy(diary->nights[i].summary.night.pad, "another");
        struct helps helps = helps_found(diary);
        assert_int_equal(helps.n, 2); // a pad is no change of the sleeper's
        assert_int_equal(is_beside(&helps.effects[0], HELPS_MATTRESS, false), near);
        assert_int_equal(is_beside(&helps.effects[0], HELPS_PAD, false), near);
        assert_int_equal(is_beside(&helps.effects[1], HELPS_TAG, false), near);
        assert_int_equal(helps.effects[0].n_beside, near ? 2 : 0);
        helps_free(&helps);
        free(diary);
    }
}

static void sitting_and_sport_are_compared(void **state)
{
    (void)state;
    struct diary *diary = diary_of(60);
    tag_from(diary, 60, "pillow", 30, 1);
    for (int i = 0; i < 60; i++) {
        int64_t *numbers = diary->days[i].entry.numbers;
        numbers[DIARY_SITTING] = (7 + i % 3) * HOUR_S + (i >= 30 ? HOUR_S : 0);
        numbers[DIARY_SPORT] = i < 30 && i % 3 == 0 ? HOUR_S : -1; // and none since
    }
    struct helps helps = helps_found(diary);
    assert_true(is_beside(&helps.effects[0], HELPS_SITTING, false));
    assert_true(is_beside(&helps.effects[0], HELPS_SPORT, true));
    assert_int_equal(helps.effects[0].n_beside, 2);
    helps_free(&helps);
    for (int i = 30; i < 60; i++) {
        diary->days[i].entry.numbers[DIARY_SITTING] -= HOUR_S;
        diary->days[i].entry.numbers[DIARY_SPORT] = i % 3 == 0 ? HOUR_S : -1;
    }
    helps = helps_found(diary);
    assert_int_equal(helps.effects[0].n_beside, 0);
    helps_free(&helps);
    free(diary);
}

// ---- words ----

static void hear(const char *sentence, void *userdata)
{
    char *heard = userdata;
    assert_true(sentence[strlen(sentence) - 1] == '.');
    for (const char *at = sentence; *at;) {
        uint32_t code;
        size_t length = utf8_decode(at, &code);
        assert_true(length > 0 && utf8_is_fit(code));
        at += length;
    }
    strcat(strcat(heard, sentence), "\n");
}

static void assert_heard(const struct diary *diary, const char *words)
{
    char heard[16384] = "";
    struct helps helps = helps_found(diary);
    helps_words(&helps, &diary->report, hear, heard);
    if (!strstr(heard, words))
        fail_msg("no '%s' in\n%s", words, heard);
    assert_null(strstr(heard, "because"));
    helps_free(&helps);
}

static void words_for_each_case(void **state)
{
    (void)state;
    struct diary *diary = diary_of(1);
    assert_heard(diary, "known of 1 night. Nothing is said of fewer than 14.");
    free(diary);
    diary = diary_of(40);
    assert_heard(diary, "no connection that could be told from chance (rank correlation ");
    tag_from(diary, 40, "pillow", 35, 1);
    assert_heard(diary,
                 "Since Wednesday 5 February 2025, 'pillow': too few mornings to compare (35 "
                 "before, 5 since; it takes 7 of each).");
    free(diary);
    diary = diary_of(40);
    tag_from(diary, 40, "pillow", 20, 1);
    assert_heard(diary, "'pillow': no difference of pain that could be told from chance (");
    for (int i = 20; i < 40; i++)
        diary->days[i].entry.numbers[DIARY_PAIN] -= 2;
    diary->days[22].entry.numbers[DIARY_NEW_MATTRESS] = 1;
    assert_heard(diary,
                 "'pillow': goes along with less pain (-2.0 points, 95% from -2.5 to -1.4; 20 "
                 "mornings before, 20 since). Careful: at about the same time there was a new "
                 "mattress, and which of them it goes along with cannot be told.");
    for (int i = 0; i < 40; i++)
        diary->days[i].entry.numbers[DIARY_PAIN] = 3;
    assert_heard(diary, "one of them was always the same, so nothing can be said (40 nights).");
    assert_heard(diary, "pain was the same on all mornings of either side, so nothing can be said");
    for (int i = 0; i < 40; i++)
        diary->nights[i].summary.friendly_s = 60 * i;
    for (int i = 0; i < 40; i++)
        diary->days[i].entry.numbers[DIARY_PAIN] = 10 - i / 4;
    assert_heard(diary,
                 "More psoas-friendly time goes along with less pain the morning after (rank "
                 "correlation -1.00, ");
    for (int i = 0; i < 40; i++)
        diary->days[i].entry.numbers[DIARY_PAIN] = i / 4;
    assert_heard(diary, "More psoas-friendly time goes along with more pain");
    assert_heard(diary, "'pillow': goes along with more pain (+5.0 points");
    free(diary);
}

// As long as tags may be, as many as have room beside one, and none of it steers a terminal.
static void hostile_tags_are_shown_harmless(void **state)
{
    (void)state;
    static char tags[10][DIARY_TEXT_MAX + 1];
    struct diary *diary = diary_of(40);
    for (int t = 0; t < 10; t++) {
        memset(tags[t], 'x', DIARY_TEXT_MAX);
        memcpy(tags[t], t % 2 ? "\033[2J\n\xe2\x80\xae" : "</li><script>\xff%s%n", 8);
        tags[t][DIARY_TEXT_MAX - 1] = (char)('0' + t);
        tag_from(diary, 40, tags[t], 20, 1);
    }
    assert_heard(diary, "'?[2J??x");
    assert_heard(diary, "'</li><sc");
    struct helps helps = helps_found(diary);
    assert_int_equal(helps.n, 10);
    assert_int_equal(helps.effects[0].n_beside, HELPS_BESIDE_MAX);
    helps_free(&helps);
    free(diary);
}

// ---- a thousand years of diaries ----

// Four of five mornings are written. Pain is whole, 0 to 10; with the pillow its mean is ten times
// `since` rather than 5, whatever the night was like.
static void a_year(struct diary *diary, int change, double since)
{
    for (int i = 0; i < DAYS; i++) {
        struct awake_day *day = &diary->days[i];
        bool written = uniform() < 0.8;
        diary->nights[i].summary.friendly_s = (int64_t)(fmax(0, 4 + 1.3 * normal()) * HOUR_S);
        day->told = written;
        day->entry.n_tags = 0;
        day->entry.numbers[DIARY_PAIN] = (int64_t)binomial(i < change ? 0.5 : since);
        if (i >= change && written)
            tag(diary, i, "pillow");
    }
}

static void years_with_and_without_an_effect(void **state)
{
    (void)state;
    static const double since[] = {0.5, 0.45, 0.3};
    random_state = 7;
    for (size_t e = 0; e < sizeof since / sizeof *since; e++) {
        struct diary *diary = diary_of(DAYS);
        double truth = 10 * (since[e] - 0.5);
        int covered = 0, claims = 0, friendly_covered = 0, friendly_claims = 0;
        for (int year = 0; year < YEARS; year++) {
            a_year(diary, 30 + (int)(uniform() * (DAYS - 60)), since[e]);
            struct helps helps = helps_found(diary);
            assert_int_equal(helps.n, 1);
            const struct estimate *pain = &helps.effects[0].pain, *friendly = &helps.friendly;
            covered += pain->low <= truth && truth <= pain->high;
            claims += pain->claimed;
            friendly_covered += friendly->low <= 0 && 0 <= friendly->high;
            friendly_claims += friendly->claimed;
            helps_free(&helps);
        }
        print_message(
            "'pillow' %+.1f points: covered in %d of %d years, claimed in %d; friendly time, "
            "without any effect: covered in %d, claimed in %d\n",
            truth, covered, YEARS, claims, friendly_covered, friendly_claims);
        assert_in_range(covered, COVERED_MIN, COVERED_MAX);
        assert_in_range(friendly_covered, COVERED_MIN, COVERED_MAX);
        assert_true(friendly_claims <= CLAIMS_MAX);
        assert_true(truth < -1 ? claims > YEARS * 9 / 10 : truth < 0 || claims <= CLAIMS_MAX);
        free(diary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_claimed_under_fourteen_nights),
        cmocka_unit_test(nights_that_say_too_little_do_not_take_part),
        cmocka_unit_test(a_tag_is_a_change_where_it_lasts),
        cmocka_unit_test(a_difference_takes_a_week_of_either_side),
        cmocka_unit_test(what_is_new_counts_once),
        cmocka_unit_test(stretching_is_a_habit_on_two_days_a_week),
        cmocka_unit_test(what_else_changed_is_told),
        cmocka_unit_test(sitting_and_sport_are_compared),
        cmocka_unit_test(words_for_each_case),
        cmocka_unit_test(hostile_tags_are_shown_harmless),
        cmocka_unit_test(years_with_and_without_an_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
