// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "random.h"

static const char banner[] = "\r\nPressure mat\r\nbooting... ready\r\n";

static const struct {
    const char *name;
    double share; // where none is given
} kinds[FAULT_N] = {
    [FAULT_CUT] = {"cut", 0.0001},     [FAULT_FLIP] = {"flip", 0.0001},
    [FAULT_NOISE] = {"noise", 0.0001}, [FAULT_STALL] = {"stall", 0.005},
    [FAULT_BAUD] = {"baud", 0.05},     [FAULT_BANNER] = {"banner", 1},
};

struct faults {
    struct random random;
    double shares[FAULT_N];
    unsigned stalled; // frames still to be left out
    bool greeted;
};

int faults_new(struct faults **ret)
{
    *ret = calloc(1, sizeof **ret);
    return *ret ? 0 : -ENOMEM;
}

void faults_seed(struct faults *faults, uint64_t seed)
{
    // A stream of its own: who sleeps on the pad does not change with its faults.
    faults->random = random_seeded(seed, 0xFA17);
}

void faults_free(struct faults *faults)
{
    free(faults);
}

int faults_add(struct faults *faults, const char *text, struct error *error)
{
    size_t length = strcspn(text, ":");
    for (enum fault fault = 0; fault < FAULT_N; fault++) {
        if (strlen(kinds[fault].name) != length || strncmp(text, kinds[fault].name, length) != 0)
            continue;
        faults->shares[fault] = kinds[fault].share;
        if (text[length] && !text_double(text + length + 1, 0, 1, &faults->shares[fault]))
            return error_set(error, -EINVAL, "'%s' is no share from 0 to 1", text + length + 1);
        return 0;
    }
    return error_set(error, -EINVAL, "'%s' is none of: cut flip noise stall baud banner", text);
}

size_t faults_most(size_t length)
{
    return 2 * length + sizeof banner;
}

static bool happens(struct faults *faults, enum fault fault)
{
    return faults->shares[fault] > 0 && random_chance(&faults->random, faults->shares[fault]);
}

// What a reader makes of bytes sent at another speed has long runs of equal bits.
static size_t at_another_speed(struct faults *faults, size_t length, uint8_t *arrived)
{
    static const uint8_t seen[] = {0x00, 0x80, 0xC0, 0xE0, 0xF0, 0xF8, 0xFE, 0xFF};
    for (size_t i = 0; i < length / 2; i++)
        arrived[i] = seen[random_below(&faults->random, sizeof seen)];
    return length / 2;
}

static size_t through_a_bad_line(struct faults *faults, const uint8_t *sent, size_t length,
                                 uint8_t *arrived)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (happens(faults, FAULT_NOISE))
            arrived[n++] = (uint8_t)random_below(&faults->random, 256);
        if (happens(faults, FAULT_CUT))
            continue;
        arrived[n] = sent[i];
        if (happens(faults, FAULT_FLIP))
            arrived[n] ^= (uint8_t)(1U << random_below(&faults->random, 8));
        n++;
    }
    return n;
}

size_t faults_apply(struct faults *faults, const uint8_t *sent, size_t length, uint8_t *arrived)
{
    size_t n = 0;
    if (!faults->greeted && happens(faults, FAULT_BANNER)) {
        n = sizeof banner - 1;
        memcpy(arrived, banner, n);
    }
    faults->greeted = true;
    if (faults->stalled > 0) {
        faults->stalled--;
        return n;
    }
    if (happens(faults, FAULT_STALL)) {
        faults->stalled = FAULT_STALL_FRAMES - 1;
        return n;
    }
    if (happens(faults, FAULT_BAUD))
        return n + at_another_speed(faults, length, arrived + n);
    return n + through_a_bad_line(faults, sent, length, arrived + n);
}
