// SPDX-License-Identifier: GPL-3.0-or-later
// The model's file. A whole one is far too large to be found, or to be read a million times: the
// input says where a right one is changed, and how; it ends behind the last change, and its
// checksum is right. Most places are near the beginning, where the file has its shapes: a run takes
// as long as the file up to the last change. An input that begins with 0 is the file itself, to be
// sealed.
#include <errno.h>
#include <stdbool.h>

#include "../unit/weights_file.h"
#include "base/cleanup.h"
#include "fuzz.h"

#define CHANGE 4 // bytes: three of a place, one to put there
#define BEHIND 8 // bytes of the right file behind the last change
#define NEAR   1024

static void make_right(struct weights_file *file)
{
    static const float said[POSTURES];
    weights_begin(file, 1);
    weights_add(file, PADS_ALL, said);
    weights_end(file);
}

static size_t place_of(const uint8_t *change, size_t length)
{
    size_t place = change[0] | (size_t)change[1] << 8 | (size_t)change[2] << 16;
    bool far = change[2] == 0x9D; // seldom, and not what a fuzzer likes to put anywhere
    return place % (far ? length : NEAR);
}

static void change(struct weights_file *file, const uint8_t *data, size_t size)
{
    static struct weights_file right;
    if (right.length == 0)
        make_right(&right);
    EXPECT(right.length > NEAR && right.length <= sizeof right.bytes);
    size_t end = 0;
    for (size_t i = 0; i + CHANGE <= size; i += CHANGE) {
        size_t at = place_of(data + i, right.length);
        end = at + BEHIND > end ? at + BEHIND : end;
    }
    file->length = end < right.length ? end : right.length - 4;
    memcpy(file->bytes, right.bytes, file->length);
    for (size_t i = 0; i + CHANGE <= size; i += CHANGE) {
        size_t at = place_of(data + i, right.length);
        file->bytes[at] = data[i + 3];
    }
    weights_end(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct weights_file file;
    if (size < 1 || size > sizeof file.bytes / 2)
        return 0;
    if (data[0] == 0) {
        file.length = size - 1;
        memcpy(file.bytes, data + 1, file.length);
        weights_end(&file);
    } else {
        change(&file, data + 1, size - 1);
    }
    _cleanup_(freep) struct weights *weights = NULL;
    struct error error = {0};
    size_t n = 0;
    uint32_t checksum;
    int r = weights_parse(&weights, &n, file.bytes, file.length, &checksum, &error);
    EXPECT(r == 0 || r == -EBADMSG);
    EXPECT((r == 0) == (weights != NULL));
    EXPECT(r < 0 ? *error.text != '\0' : n >= 1 && n <= NETWORKS_MAX);
    return 0;
}
