// SPDX-License-Identifier: GPL-3.0-or-later
// A deframer under hostile bytes: it must say the same however they are cut, and nothing that the
// header of deframer.h does not promise.
#include "framing.h"

#include <string.h>

#include "fuzz.h"
#include "pad/deframer.h"

#define PADS_MAX 16

struct said {
    const struct pad *pad;
    uint64_t sum, frames, drops, next_offset;
};

static const struct pad *pad_number(size_t number)
{
    static struct pad *pads[PADS_MAX];
    static size_t n;
    for (; n == 0 || fuzz_pads[n]; n++) {
        struct error error = {0};
        if (pad_parse(&pads[n], fuzz_pads[n], strlen(fuzz_pads[n]), "fuzzed.pad", &error) < 0) {
            fprintf(stderr, "%s\n", error.text);
            abort();
        }
    }
    return pads[number % n];
}

static int hear(const struct deframed *deframed, void *userdata)
{
    struct said *said = userdata;
    EXPECT(deframed->number == said->frames + said->drops);
    EXPECT(deframed->offset >= said->next_offset);
    EXPECT(deframed->drop < DROP_N);
    said->next_offset = deframed->offset;
    sum_number(&said->sum, deframed->drop);
    sum_number(&said->sum, deframed->offset);
    if (deframed->drop != DROP_NONE) {
        said->drops++;
        return 0;
    }
    EXPECT(deframed->frame.rows == said->pad->rows && deframed->frame.cols == said->pad->cols);
    sum_add(&said->sum, deframed->frame.counts,
            pad_cells(said->pad) * sizeof *deframed->frame.counts);
    said->frames++;
    return 0;
}

// How an input is brought: in pieces (cuts not 0), and with a pause after each so many bytes (not
// 0).
struct manner {
    uint32_t cuts;
    size_t pause_after;
};

static void push(struct deframer *deframer, const uint8_t *bytes, size_t length, uint32_t *cuts,
                 struct said *said)
{
    for (size_t at = 0, n; at < length; at += n) {
        n = *cuts == 0 ? length : next_piece(cuts, length - at);
        EXPECT(deframer_push(deframer, bytes + at, n, hear, said) == 0);
    }
}

static void expect_counts(const struct deframer_counts *counts, const struct said *said,
                          size_t length)
{
    EXPECT(counts->bytes == length && counts->frames == said->frames);
    EXPECT(counts->stray_bytes <= length && said->next_offset <= length);
    uint64_t drops = 0;
    for (int i = 0; i < DROP_N; i++)
        drops += counts->drops[i];
    EXPECT(drops == said->drops);
}

static uint64_t listen_to(const struct pad *pad, const uint8_t *bytes, size_t length,
                          struct manner manner)
{
    struct said said = {.pad = pad, .sum = SUM_START};
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    EXPECT(deframer_new(&deframer, pad) == 0);
    for (size_t at = 0; at < length;) {
        size_t n = length - at;
        if (manner.pause_after > 0 && manner.pause_after < n)
            n = manner.pause_after;
        push(deframer, bytes + at, n, &manner.cuts, &said);
        at += n;
        if (manner.pause_after > 0)
            EXPECT(deframer_pause(deframer, hear, &said) == 0);
    }
    EXPECT(deframer_finish(deframer, hear, &said) == 0);
    const struct deframer_counts *counts = deframer_counts(deframer);
    expect_counts(counts, &said, length);
    sum_number(&said.sum, counts->stray_bytes);
    return said.sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const struct pad *pad = pad_number(data[0]);
    struct manner whole = {.pause_after = data[1] % 8 * 7U}, cut = whole;
    cut.cuts = data[1] + 1U;
    EXPECT(listen_to(pad, data + 2, size - 2, whole) == listen_to(pad, data + 2, size - 2, cut));
    return 0;
}
