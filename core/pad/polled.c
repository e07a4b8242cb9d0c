// SPDX-License-Identifier: GPL-3.0-or-later
// `polled`: so many bytes an answer, with nothing to tell where one begins. Where the stream's
// pauses are known (deframer_pause), an answer is what stands between two of them, and has exactly
// its length or is none; in a file, where nobody knows them, answers are counted off.
#include <string.h>

#include "pad/framing.h"

static size_t answer_size(const struct pad *pad)
{
    return pad->skip_bytes + pad_cells(pad) * sample_size(pad->sample) + pad->extra_bytes;
}

static int emit(struct deframer *deframer, enum drop drop)
{
    struct window *window = &deframer->window;
    const struct pad *pad = deframer->pad;
    if (drop == DROP_NONE)
        deframer_put_bytes(deframer, 0, window->bytes + pad->skip_bytes, pad_cells(pad));
    else
        deframer->counts.stray_bytes += window->end;
    int r = deframer_emit(deframer, drop, window->offset);
    window->offset += window->end;
    window->end = 0;
    return r;
}

// Lines of text in front of the first answer: they end with the last newline before the first byte
// that is no text.
static size_t banner_length(const struct window *window)
{
    size_t length = 0;
    for (size_t i = 0; i < window->end; i++) {
        uint8_t byte = window->bytes[i];
        if (byte == '\n')
            length = i + 1;
        else if ((byte < ' ' || byte > '~') && byte != '\r' && byte != '\t')
            break;
    }
    return length;
}

static void cut_banner(struct deframer *deframer)
{
    struct window *window = &deframer->window;
    size_t length = banner_length(window);
    deframer->polled.begun = length == 0;
    deframer->counts.stray_bytes += length;
    window->offset += length;
    window->end -= length;
    memmove(window->bytes, window->bytes + length, window->end);
}

static int polled_push(struct deframer *deframer, const uint8_t *bytes, size_t length)
{
    struct window *window = &deframer->window;
    size_t size = answer_size(deframer->pad);
    int result = 0;
    while (length > 0) {
        size_t space = size - window->end, n = length < space ? length : space;
        memcpy(window->bytes + window->end, bytes, n);
        window->end += n;
        bytes += n;
        length -= n;
        if (window->end < size)
            break;
        if (deframer->pad->banner && !deframer->polled.begun)
            cut_banner(deframer);
        if (window->end < size)
            continue;
        if (deframer->paced) {
            deframer->polled.too_long = deframer->polled.too_long || length > 0;
            deframer->counts.stray_bytes += length;
            window->offset += length;
            break;
        }
        int r = emit(deframer, DROP_NONE);
        if (result == 0)
            result = r;
    }
    return result;
}

static int polled_finish(struct deframer *deframer)
{
    struct window *window = &deframer->window;
    int r = 0;
    if (deframer->pad->banner && !deframer->polled.begun)
        cut_banner(deframer);
    if (deframer->polled.too_long)
        r = emit(deframer, DROP_LONG);
    else if (window->end > 0)
        r = emit(deframer, window->end == answer_size(deframer->pad) ? DROP_NONE : DROP_SHORT);
    deframer->polled.too_long = false;
    return r;
}

static int polled_start(struct deframer *deframer)
{
    return window_start(deframer, NULL, answer_size(deframer->pad), 0, true);
}

const struct framing_code framing_polled = {
    .start = polled_start, .push = polled_push, .finish = polled_finish};
