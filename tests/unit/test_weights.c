// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "weights_file.h"

extern const unsigned char psoasmon_weights[];
extern const size_t psoasmon_weights_size;

static const float said[POSTURES] = {1, -2, 3};

static struct weights_file file;

static void make(uint32_t pads_of_one, uint32_t pads_of_other)
{
    weights_begin(&file, 2);
    weights_add(&file, pads_of_one, said);
    weights_add(&file, pads_of_other, said);
    weights_end(&file);
}

static int parse(struct weights **weights, size_t *n, struct error *error)
{
    uint32_t checksum;
    // A copy of its own, so that reading beyond it is seen.
    _cleanup_(freep) uint8_t *bytes = malloc(file.length ? file.length : 1);
    assert_non_null(bytes);
    memcpy(bytes, file.bytes, file.length);
    return weights_parse(weights, n, bytes, file.length, &checksum, error);
}

static void assert_refused(const char *words)
{
    struct weights *weights = NULL;
    struct error error = {0};
    size_t n = 99;
    assert_int_equal(parse(&weights, &n, &error), -EBADMSG);
    assert_null(weights);
    assert_int_equal(n, 99);
    if (!strstr(error.text, words))
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static void test_reads_what_was_written(void **state)
{
    (void)state;
    struct error error = {0};
    _cleanup_(freep) struct weights *weights = NULL;
    size_t n;
    make(PADS_NEAR, PADS_OTHER | PADS_COARSE);
    // 2.5 times -3 for the second output, at the second row of the kernel.
    size_t at = KERNEL_1 * PLANES * CHANNELS_1 + 1;
    float scale = 2.5f;
    uint32_t bits;
    memcpy(&bits, &scale, sizeof bits);
    put_u32_at(file.bytes + AT_SCALES + 4, bits);
    file.bytes[AT_KERNEL + at] = (uint8_t)-3;
    weights_seal(&file);
    assert_int_equal(parse(&weights, &n, &error), 0);
    assert_int_equal(n, 2);
    assert_int_equal(weights[0].pads, PADS_NEAR);
    assert_int_equal(weights[1].pads, PADS_OTHER | PADS_COARSE);
    assert_true(weights[0].kernel_1[at] == -7.5f);
    assert_true(weights[0].kernel_1[at - 1] == 0 && weights[1].kernel_1[at] == 0);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(weights[i].out_bias, said, sizeof said);
}

static void test_the_built_in_ones(void **state)
{
    (void)state;
    struct error error = {0};
    _cleanup_(freep) struct weights *weights = NULL;
    size_t n;
    uint32_t checksum;
    if (weights_parse(&weights, &n, psoasmon_weights, psoasmon_weights_size, &checksum, &error) < 0)
        fail_msg("%s", error.text);
    assert_true(psoasmon_weights_size <= 512 * 1024);
}

// The lengths to try cutting at: everything between them is one kernel's numbers.
static bool is_telling(size_t cut, size_t length)
{
    return cut < 1024 || length - cut < 128 || cut % 1999 == 0;
}

static void make_one(void)
{
    weights_begin(&file, 1);
    weights_add(&file, PADS_ALL, said);
    weights_end(&file);
}

static void test_damaged(void **state)
{
    (void)state;
    make_one();
    size_t length = file.length;
    for (size_t cut = 0; cut < length; cut++) {
        if (!is_telling(cut, length))
            continue;
        file.length = cut;
        assert_refused(cut < 12 ? "byte 0: not a file of weights" : "checksum is wrong");
    }
    for (size_t at = 8; at < length; at += 3001) {
        file.length = length;
        file.bytes[at] ^= 0x10;
        assert_refused("checksum is wrong");
        file.bytes[at] ^= 0x10;
    }
    file.bytes[0] ^= 1;
    assert_refused("byte 0: not a file of weights");
}

// Whoever cuts a file can also make its checksum right.
static void test_cut(void **state)
{
    (void)state;
    make_one();
    size_t length = file.length;
    for (size_t cut = 8; cut < length - 4; cut++) {
        if (!is_telling(cut, length))
            continue;
        uint8_t kept[4];
        memcpy(kept, file.bytes + cut, sizeof kept);
        file.length = cut;
        weights_end(&file);
        assert_refused("the file ends too early");
        memcpy(file.bytes + cut, kept, sizeof kept);
    }
    file.length = length;
    weights_end(&file);
    assert_refused("more than the networks");
}

static void test_wrong_fields(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint32_t value;
        const char *words;
    } wrongs[] = {
        {AT_VERSION, 2, "byte 8: the version is 2 instead of 3"},
        {AT_NETWORKS, 0, "byte 12: 0 networks, not 1 to 8"},
        {AT_NETWORKS, 9, "byte 12: 9 networks, not 1 to 8"},
        {AT_NETWORKS, UINT32_MAX, "byte 12: 4294967295 networks"},
        {AT_NETWORKS, 1, "more than the networks"},
        {AT_NETWORKS, 3, "the file ends too early"},
        {AT_PADS, 0, "byte 16: no kind of pads is 0"},
        {AT_PADS, 8, "byte 16: no kind of pads is 8"},
        {AT_PADS, UINT32_MAX, "byte 16: no kind of pads"},
        {AT_LAYERS, 6, "byte 20: the number of layers is 6 instead of 5"},
        {AT_LAYERS, 0, "byte 20: the number of layers"},
        {AT_SHAPE, UINT32_MAX, "byte 24: a kernel's number of rows is 4294967295 instead of 5"},
        {AT_SHAPE + 4, 3, "byte 28: a kernel's number of columns"},
        {AT_SHAPE + 8, 0, "byte 32: a layer's number of inputs"},
        {AT_SHAPE + 12, 0x40000000, "byte 36: a layer's number of outputs"},
        {AT_SCALES, 0x7fc00000, "byte 40: not a finite number"},
        {AT_SCALES + 60, 0xff800000, "byte 100: not a finite number"},
        {AT_SCALES + 8, 0x7f000000, "byte 48: too large a scale"},
        {AT_KERNEL, 0x00000080, "byte 104: -128 is no weight"},
        {AT_BIASES + 4, 0x7fc00000, "byte 908: not a finite number"},
    };
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        make(PADS_NEAR, PADS_OTHER | PADS_COARSE);
        put_u32_at(file.bytes + wrongs[i].at, wrongs[i].value);
        weights_seal(&file);
        assert_refused(wrongs[i].words);
    }
}

static void test_a_network_for_every_pad(void **state)
{
    (void)state;
    make(PADS_NEAR, PADS_COARSE);
    assert_refused("byte 12: 0 networks for other pads, not 1 to 4");
    make(PADS_OTHER, PADS_COARSE);
    assert_refused("byte 12: 0 networks for pads like that of most recordings, not 1 to 4");
    make(PADS_NEAR, PADS_OTHER);
    assert_refused("byte 12: 0 networks for pads of large cells, not 1 to 4");
    weights_begin(&file, 6);
    for (int i = 0; i < 6; i++)
        weights_add(&file, i < 5 ? PADS_OTHER : PADS_NEAR | PADS_COARSE, said);
    weights_end(&file);
    assert_refused("byte 12: 5 networks for other pads, not 1 to 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_was_written),
        cmocka_unit_test(test_the_built_in_ones),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_wrong_fields),
        cmocka_unit_test(test_a_network_for_every_pad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
