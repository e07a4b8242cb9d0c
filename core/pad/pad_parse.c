// SPDX-License-Identifier: GPL-3.0-or-later
// A pad description as a whole: what has to be there, and what goes together.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pad/pad_draft.h"

#define SILENCE_MS 30   // an USB chip may hold bytes back for 16 ms
#define TIMEOUT_MS 1000 // a pad that has not answered by then will not

#define IN(framing) (1U << FRAMING_##framing)

static const struct {
    const char *section, *key;
    unsigned framings;
} belongs[] = {
    {"wire", "sync", IN(DELIMITED) | IN(SPARSE) | IN(CHUNKED)},
    {"wire", "tail", IN(DELIMITED) | IN(CHUNKED)},
    {"wire", "check", IN(DELIMITED)},
    {"wire", "check_covers", IN(DELIMITED)},
    {"wire", "counter", IN(DELIMITED)},
    {"wire", "skip_bytes", IN(DELIMITED) | IN(POLLED) | IN(SPARSE)},
    {"wire", "extra_bytes", IN(DELIMITED) | IN(POLLED)},
    {"wire", "line", IN(LINES)},
    {"wire", "skip_columns", IN(LINES)},
    {"wire", "extra_columns", IN(LINES)},
    {"wire", "marker", IN(LINES)},
    {"wire", "config_word", IN(LINES)},
    {"wire", "headings", IN(LINES)},
    {"wire", "banner", IN(POLLED)},
    {"wire", "entries", IN(SPARSE)},
    {"wire", "chunk", IN(CHUNKED)},
    {"wire", "chunk_values", IN(CHUNKED)},
    {"wire", "chunk_id", IN(CHUNKED)},
};

static const struct {
    const char *section, *key;
    unsigned framings;
} needed[] = {
    {"pad", "name", ~0U},
    {"pad", "title", ~0U},
    {"pad", "status", ~0U},
    {"wire", "framing", ~0U},
    {"wire", "sample", ~0U},
    {"wire", "sync", IN(SPARSE)},
    {"wire", "entries", IN(SPARSE)},
    {"wire", "chunk", IN(CHUNKED)},
    {"wire", "rate_hz", ~0U},
    {"grid", "rows", ~0U},
    {"grid", "cols", ~0U},
    {"grid", "head", ~0U},
    {"grid", "left", ~0U},
    {"cells", "pitch_mm", ~0U},
    {"cells", "full_scale", ~0U},
    {"cells", "touch", ~0U},
};

// "lines, delimited"
static const char *name_framings(unsigned framings, char *text, size_t size)
{
    *text = '\0';
    for (enum framing framing = 0; framing < FRAMING_N; framing++)
        if (framings >> framing & 1) {
            size_t used = strlen(text);
            snprintf(text + used, size - used, "%s%s", used ? " or " : "", framing_name(framing));
        }
    return text;
}

static int check_keys(const struct draft *draft, const char *file, struct error *error)
{
    char names[96];
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (needed[i].framings >> draft->pad.framing & 1 &&
            !draft_has(draft, needed[i].section, needed[i].key))
            return error_set(error, -EINVAL, "%s: [%s] %s is missing", file, needed[i].section,
                             needed[i].key);
    for (size_t i = 0; i < sizeof belongs / sizeof *belongs; i++)
        if (!(belongs[i].framings >> draft->pad.framing & 1) &&
            draft_has(draft, belongs[i].section, belongs[i].key))
            return error_set(error, -EINVAL, "%s: [%s] %s goes with framing = %s", file,
                             belongs[i].section, belongs[i].key,
                             name_framings(belongs[i].framings, names, sizeof names));
    return 0;
}

static bool chunk_has(const struct pad *pad, enum chunk_part part)
{
    for (size_t i = 0; i < pad->n_chunk; i++)
        if (pad->chunk[i].part == part)
            return true;
    return false;
}

static int check_wire(const struct draft *draft, const char *file, struct error *error)
{
    const struct pad *pad = &draft->pad;
    if ((pad->framing == FRAMING_LINES) != (pad->sample == SAMPLE_ASCII))
        return error_set(error, -EINVAL, "%s: [wire] sample = ascii goes with framing = lines",
                         file);
    if (pad->framing == FRAMING_DELIMITED && pad->sync.length == 0 && pad->tail.length == 0)
        return error_set(error, -EINVAL, "%s: [wire] framing = delimited needs a sync or a tail",
                         file);
    // An answer follows a pause, and behind one nobody knows how many were never asked for.
    if (draft_has(draft, "wire", "counter") && pad->request.length > 0)
        return error_set(error, -EINVAL, "%s: [wire] counter goes without request", file);
    if (pad->framing == FRAMING_RLE0 && pad->sample != SAMPLE_U8)
        return error_set(error, -EINVAL, "%s: [wire] framing = rle0 goes with sample = u8", file);
    if (pad->framing == FRAMING_CHUNKED && pad->sync.length == 0 && pad->tail.length == 0)
        return error_set(error, -EINVAL, "%s: [wire] framing = chunked needs a sync or a tail",
                         file);
    if (pad->framing == FRAMING_CHUNKED && !chunk_has(pad, CHUNK_COUNT) && pad->tail.length == 0)
        return error_set(error, -EINVAL,
                         "%s: [wire] chunk has neither a field 'count' nor a tail behind it", file);
    if (draft_has(draft, "wire", "chunk_id") && !chunk_has(pad, CHUNK_ID))
        return error_set(error, -EINVAL, "%s: [wire] chunk_id goes with a field 'id'", file);
    if (pad->line == LINE_ANY && pad->skip_columns + pad->extra_columns > 0)
        return error_set(error, -EINVAL,
                         "%s: [wire] line = any goes without skip_columns and extra_columns", file);
    return 0;
}

static int check_cells(const struct draft *draft, const char *file, struct error *error)
{
    const struct pad *pad = &draft->pad;
    if (pad->baseline >= pad->full_scale)
        return error_set(error, -EINVAL, "%s: [cells] baseline is not below full_scale", file);
    if (draft->floating && draft->rows + draft->cols > PAD_FLOATING_LINES_MAX)
        return error_set(error, -EINVAL,
                         "%s: [cells] crosstalk = floating goes up to %d rows and columns together",
                         file, PAD_FLOATING_LINES_MAX);
    if (!draft_has(draft, "cells", "baselines"))
        return 0;
    if (draft_has(draft, "cells", "baseline"))
        return error_set(error, -EINVAL, "%s: [cells] has both baseline and baselines", file);
    const struct cell_list *baselines = &draft->baselines;
    size_t n = (size_t)draft->rows * draft->cols;
    if (baselines->n != n)
        return error_set(error, -EINVAL, "%s: [cells] baselines has %zu numbers, not %zu", file,
                         baselines->n, n);
    for (size_t i = 0; i < n; i++)
        if (baselines->numbers[i] >= pad->full_scale)
            return error_set(error, -EINVAL,
                             "%s: [cells] baselines: number %zu is not below full_scale", file,
                             i + 1);
    return 0;
}

int draft_check(struct draft *draft, const char *file, struct error *error)
{
    int r = check_keys(draft, file, error);
    if (r == 0)
        r = check_wire(draft, file, error);
    return r < 0 ? r : check_cells(draft, file, error);
}

static void settle(struct draft *draft)
{
    struct pad *pad = &draft->pad;
    pad->check_covers_sync = draft->check_covers_sync;
    pad->inverted = draft->inverted;
    pad->floating = draft->floating;
    pad->counted = draft->counted;
    if (pad->chunk_values == 0)
        pad->chunk_values = draft->rows * draft->cols;
}

int pad_parse(struct pad **ret, const char *text, size_t length, const char *file,
              struct error *error)
{
    _cleanup_(freep) struct draft *draft = calloc(1, sizeof *draft);
    _cleanup_(freep) struct pad *pad = malloc(sizeof *pad);
    if (!draft || !pad)
        return -ENOMEM;
    draft->pad.silence_ms = SILENCE_MS;
    draft->pad.timeout_ms = TIMEOUT_MS;
    draft->pad.mask = UINT32_MAX;
    draft->pad.counter = SAMPLE_ASCII;
    draft->pad.chunk_id = -1;
    int r = ini_read(text, length, file, draft_take, draft, error);
    if (r == 0)
        r = draft_check(draft, file, error);
    if (r == 0)
        r = draft_lay_out(draft, file, error);
    if (r < 0)
        return r;
    settle(draft);
    *pad = draft->pad;
    *ret = pad;
    pad = NULL;
    return 0;
}
