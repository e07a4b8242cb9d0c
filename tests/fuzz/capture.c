// SPDX-License-Identifier: GPL-3.0-or-later
// A capture: says the same however it is cut, and hands on nothing that was not sealed. Every
// second input has its checksums put right first, or none would ever get past them.
#include "capture/capture_format.h"

#include <errno.h>
#include <string.h>

#include "base/crc32.h"
#include "fuzz.h"

struct said {
    uint64_t sum, bytes;
    int64_t time_us;
    int result;
};

static int hear(const void *bytes, size_t length, int64_t time_us, void *userdata)
{
    struct said *said = userdata;
    EXPECT(length <= CAPTURE_PIECE_MAX);
    EXPECT(time_us >= said->time_us && time_us <= CAPTURE_LAST_US);
    said->time_us = time_us;
    said->bytes += length;
    sum_add(&said->sum, bytes, length);
    sum_number(&said->sum, (uint64_t)time_us);
    return 0;
}

static struct said play(const uint8_t *bytes, size_t length, uint32_t cuts)
{
    struct said said = {.sum = SUM_START};
    struct error error = {0};
    _cleanup_(capture_reader_freep) struct capture_reader *reader = NULL;
    EXPECT(capture_reader_new(&reader, "fuzzed.capture") == 0);
    for (size_t at = 0, n; said.result == 0 && at < length; at += n) {
        n = cuts == 0 ? length : next_piece(&cuts, length - at);
        said.result = capture_reader_push(reader, bytes + at, n, hear, &said, &error);
    }
    if (said.result == 0)
        said.result = capture_reader_finish(reader, &error);
    EXPECT(said.result == 0 || said.result == CAPTURE_CUT || said.result == -EBADMSG);
    EXPECT((said.result != 0) == (*error.text != '\0'));
    EXPECT(said.bytes <= length);
    sum_add(&said.sum, error.text, strlen(error.text));
    return said;
}

static void seal(uint8_t *bytes, size_t length)
{
    if (length < CAPTURE_HEAD_SIZE)
        return;
    memcpy(bytes, CAPTURE_MAGIC, CAPTURE_MAGIC_SIZE);
    const size_t check_at = CAPTURE_HEAD_SIZE - CAPTURE_CHECK_SIZE;
    capture_put_number(bytes + check_at, crc32_of(bytes, check_at), CAPTURE_CHECK_SIZE);
    for (size_t at = CAPTURE_HEAD_SIZE; at + CAPTURE_RECORD_EXTRA <= length;) {
        size_t n = (size_t)capture_get_number(bytes + at + 4, 2);
        if (n > length - at - CAPTURE_RECORD_EXTRA)
            break;
        capture_seal(bytes + at - CAPTURE_CHECK_SIZE, n);
        at += CAPTURE_RECORD_EXTRA + n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[1 << 16];
    if (size < 1 || size > sizeof bytes)
        return 0;
    size--;
    memcpy(bytes, data + 1, size);
    if (data[0] & 1)
        seal(bytes, size);
    struct said whole = play(bytes, size, 0), cut = play(bytes, size, data[0] + 1U);
    EXPECT(whole.result == cut.result && whole.sum == cut.sum);
    return 0;
}
