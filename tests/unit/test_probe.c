// SPDX-License-Identifier: GPL-3.0-or-later
// Which pad sends these bytes? Asked of the descriptions that are shipped, with what a simulated
// sleeper on each of them sends.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pad/probe.h"
#include "player.h"
#include "random.h"

#define PADS_MAX 32

static struct pad *pads[PADS_MAX];
static size_t n_pads;

static void load(const char *name)
{
    char path[256];
    struct error error = {0};
    snprintf(path, sizeof path, "%s/%s.pad", getenv("PSOASMON_PADS"), name);
    if (pad_load(&pads[n_pads], path, &error) < 0)
        fail_msg("%s", error.text);
    n_pads++;
}

static int load_all(void **state)
{
    (void)state;
    static const char *const names[] = {
        "jq-bed-16",
        "jq-bed-32",
        "jq-bed-64",
        "jq-bed-32-extra-first",
        "jq-bed-32-extra-last",
        "jq-small-12bit",
        "m1616",
        "bb-aa-16",
        "diy-16x16",
        "wax-arr-i",
        "fsr-4x4",
        "mattress-32ch",
        "pmat",
        "sensitronics-32",
        "wiresens-32",
        "virtual",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        load(names[i]);
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_pads; i++)
        pad_free(pads[i]);
    return 0;
}

static const struct pad *named(const char *name)
{
    for (size_t i = 0; i < n_pads; i++)
        if (strcmp(pads[i]->name, name) == 0)
            return pads[i];
    fail_msg("no pad '%s'", name);
    return NULL;
}

// ---- what is heard ----

static struct probe *begin(void)
{
    struct probe *probe;
    assert_int_equal(probe_new(&probe, (const struct pad *const *)pads, n_pads), 0);
    return probe;
}

// So many frames of somebody on this pad, joined in the middle of the first one.
static void hear_pad(struct probe *probe, const struct pad *pad, unsigned frames)
{
    _cleanup_(player_freep) struct player *player = NULL;
    struct sleeper_options options = sleeper_options_default();
    const struct sleep_step step = {POSITION_SUPINE, frames};
    assert_int_equal(player_new(&player, pad, &options, &step, 1), 0);
    for (struct played_frame frame; player_next(player, &frame);) {
        size_t from = frame.number == 0 ? frame.length / 3 : 0;
        probe_hear(probe, frame.bytes + from, frame.length - from);
    }
}

struct answer {
    enum probe_verdict verdict;
    struct probe_score scores[PADS_MAX];
    size_t n;
};

static struct answer judge(struct probe *probe)
{
    struct answer answer;
    probe_scores(probe, 115200, answer.scores);
    answer.verdict = probe_judge(answer.scores, n_pads, probe_bytes(probe), &answer.n);
    probe_free(probe);
    return answer;
}

static void expect_found(const char *name, unsigned frames)
{
    struct probe *probe = begin();
    hear_pad(probe, named(name), frames);
    struct answer answer = judge(probe);
    if (answer.verdict != PROBE_FOUND || strcmp(answer.scores[0].pad->name, name) != 0)
        fail_msg("%s: verdict %d, best is %s (%.2f, %llu frames)", name, answer.verdict,
                 answer.scores[0].pad->name, answer.scores[0].confidence,
                 (unsigned long long)answer.scores[0].frames);
    assert_int_equal(answer.scores[0].baud, 115200);
    assert_int_equal(answer.scores[0].dropped, 0);
}

// ---- the tests ----

static void pads_are_known_by_what_they_send(void **state)
{
    (void)state;
    expect_found("jq-bed-16", 8);
    expect_found("jq-bed-32", 8);
    expect_found("jq-bed-64", 8);
    expect_found("jq-small-12bit", 8);
    expect_found("m1616", 8);
    expect_found("bb-aa-16", 8);
    expect_found("diy-16x16", 8);
    expect_found("wax-arr-i", 8);
    expect_found("fsr-4x4", 12);
    expect_found("mattress-32ch", 12);
    expect_found("pmat", 12);
    expect_found("sensitronics-32", 12);
    expect_found("wiresens-32", 8);
    expect_found("virtual", 4);
}

static void what_bytes_cannot_tell_is_said_to_be_so(void **state)
{
    (void)state;
    struct probe *probe = begin();
    hear_pad(probe, named("jq-bed-32-extra-last"), 10);
    struct answer answer = judge(probe);
    assert_int_equal(answer.verdict, PROBE_AMBIGUOUS);
    assert_int_equal(answer.n, 2);
    assert_string_equal(answer.scores[0].pad->name, "jq-bed-32-extra-first");
    assert_string_equal(answer.scores[1].pad->name, "jq-bed-32-extra-last");
    assert_true(probe_same_wire(answer.scores[0].pad, answer.scores[1].pad));
    assert_false(probe_same_wire(named("jq-bed-32"), named("virtual")));
}

static void silence_is_silence(void **state)
{
    (void)state;
    struct answer answer = judge(begin());
    assert_int_equal(answer.verdict, PROBE_SILENT);
    assert_int_equal(answer.n, 0);
}

// Noise, as a wrong line speed makes it, and texts of other devices.
static void what_no_pad_sends_is_unknown(void **state)
{
    (void)state;
    struct random random = random_seeded(4, 0);
    struct probe *probe = begin();
    for (unsigned i = 0; i < 200000; i++)
        probe_hear(probe, &(uint8_t){(uint8_t)random_below(&random, 256)}, 1);
    assert_int_equal(judge(probe).verdict, PROBE_UNKNOWN);

    probe = begin();
    static const char report[] = "ok T:21.5 /0.0 B:20.9 /0.0 @:0\n";
    static const char position[] =
        "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n";
    for (unsigned i = 0; i < 300; i++) {
        probe_hear(probe, report, sizeof report - 1);
        probe_hear(probe, position, sizeof position - 1);
    }
    assert_int_equal(judge(probe).verdict, PROBE_UNKNOWN);

    probe = begin();
    for (unsigned i = 0; i < 100000; i++)
        probe_hear(probe, "", 1); // zeros
    assert_int_equal(judge(probe).verdict, PROBE_UNKNOWN);
}

// One frame proves little where nothing but its length speaks for it.
static void little_evidence_is_little_confidence(void **state)
{
    (void)state;
    struct probe *probe = begin();
    probe_hear(probe,
               "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 "
               "29 30 31 32 33 34\n",
               94);
    assert_int_equal(judge(probe).verdict, PROBE_UNKNOWN);
}

static void a_bad_line_lowers_the_confidence(void **state)
{
    (void)state;
    struct random random = random_seeded(5, 0);
    const struct pad *pad = named("virtual");
    struct probe *clean = begin(), *bad = begin();
    hear_pad(clean, pad, 20);
    assert_true(probe_is_sure(clean));
    _cleanup_(player_freep) struct player *player = NULL;
    struct sleeper_options options = sleeper_options_default();
    const struct sleep_step step = {POSITION_SUPINE, 20};
    assert_int_equal(player_new(&player, pad, &options, &step, 1), 0);
    for (struct played_frame frame; player_next(player, &frame);) {
        size_t cut = frame.number % 4 == 1 ? 1 + random_below(&random, 100) : 0;
        probe_hear(bad, frame.bytes, frame.length - cut);
    }
    struct answer of_clean = judge(clean), of_bad = judge(bad);
    assert_int_equal(of_bad.verdict, PROBE_FOUND);
    assert_string_equal(of_bad.scores[0].pad->name, "virtual");
    assert_true(of_bad.scores[0].confidence < of_clean.scores[0].confidence);
    assert_true(of_bad.scores[0].dropped > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pads_are_known_by_what_they_send),
        cmocka_unit_test(what_bytes_cannot_tell_is_said_to_be_so),
        cmocka_unit_test(silence_is_silence),
        cmocka_unit_test(what_no_pad_sends_is_unknown),
        cmocka_unit_test(little_evidence_is_little_confidence),
        cmocka_unit_test(a_bad_line_lowers_the_confidence),
    };
    return cmocka_run_group_tests(tests, load_all, free_all);
}
