// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "capture/capture_format.h"

#define LARGEST (CAPTURE_RECORD_EXTRA + CAPTURE_PIECE_MAX)

struct capture_reader {
    const char *file;
    struct capture_head head;
    bool begun;      // the head is read
    bool damaged;    // for good
    uint64_t offset; // in the file, of what is being gathered
    int64_t time_us; // of the record before
    size_t have, need;
    // The checksum before it, then the record (or the head) as far as it has come.
    uint8_t chain[CAPTURE_CHECK_SIZE + LARGEST];
};

int capture_reader_new(struct capture_reader **ret, const char *file)
{
    struct capture_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return -ENOMEM;
    reader->file = file;
    reader->need = CAPTURE_HEAD_SIZE;
    *ret = reader;
    return 0;
}

void capture_reader_free(struct capture_reader *reader)
{
    free(reader);
}

const struct capture_head *capture_reader_head(const struct capture_reader *reader)
{
    return reader->begun ? &reader->head : NULL;
}

static uint8_t *gathered(struct capture_reader *reader)
{
    return reader->chain + CAPTURE_CHECK_SIZE;
}

// What was gathered is done with; the next is a record, whose head is read first.
static void go_on(struct capture_reader *reader)
{
    memcpy(reader->chain, gathered(reader) + reader->need - CAPTURE_CHECK_SIZE, CAPTURE_CHECK_SIZE);
    reader->offset += reader->need;
    reader->have = 0;
    reader->need = CAPTURE_RECORD_HEAD_SIZE;
}

static int take_head(struct capture_reader *reader, struct error *error)
{
    int r = capture_get_head(&reader->head, gathered(reader), reader->file, error);
    if (r < 0)
        return r;
    reader->begun = true;
    reader->time_us = reader->head.start_us;
    go_on(reader);
    return 0;
}

static size_t record_length(struct capture_reader *reader)
{
    return (size_t)capture_get_number(gathered(reader) + 4, 2);
}

static int take_record_head(struct capture_reader *reader, struct error *error)
{
    size_t length = record_length(reader);
    if (length > CAPTURE_PIECE_MAX)
        return error_set(error, -EBADMSG, "%s: byte %" PRIu64 ": a record of %zu bytes is none",
                         reader->file, reader->offset, length);
    reader->need = CAPTURE_RECORD_EXTRA + length;
    return 0;
}

static int take_record(struct capture_reader *reader, capture_sink sink, void *userdata,
                       struct error *error)
{
    size_t length = record_length(reader);
    if (!capture_sealed(reader->chain, length))
        return error_set(error, -EBADMSG,
                         "%s: byte %" PRIu64 ": the record that begins here is damaged",
                         reader->file, reader->offset);
    int64_t time_us = reader->time_us + (int64_t)capture_get_number(gathered(reader), 4);
    if (time_us > CAPTURE_LAST_US)
        return error_set(error, -EBADMSG, "%s: byte %" PRIu64 ": a time after the year 9999",
                         reader->file, reader->offset);
    reader->time_us = time_us;
    int r = sink(gathered(reader) + CAPTURE_RECORD_HEAD_SIZE, length, time_us, userdata);
    go_on(reader);
    return r;
}

// As many bytes are there as were needed.
static int take(struct capture_reader *reader, capture_sink sink, void *userdata,
                struct error *error)
{
    if (!reader->begun)
        return take_head(reader, error);
    if (reader->need == CAPTURE_RECORD_HEAD_SIZE)
        return take_record_head(reader, error);
    return take_record(reader, sink, userdata, error);
}

int capture_reader_push(struct capture_reader *reader, const void *bytes, size_t length,
                        capture_sink sink, void *userdata, struct error *error)
{
    const uint8_t *next = bytes;
    while (length > 0) {
        if (reader->damaged)
            return error_set(error, -EBADMSG, "%s is damaged", reader->file);
        size_t missing = reader->need - reader->have;
        size_t n = length < missing ? length : missing;
        memcpy(gathered(reader) + reader->have, next, n);
        reader->have += n;
        next += n;
        length -= n;
        if (reader->have < reader->need)
            break;
        int r = take(reader, sink, userdata, error);
        reader->damaged = r == -EBADMSG;
        if (r < 0)
            return r;
    }
    return 0;
}

int capture_reader_finish(const struct capture_reader *reader, struct error *error)
{
    if (!reader->begun)
        return error_set(error, -EBADMSG, "%s is no capture: it ends within the head, at byte %zu",
                         reader->file, reader->have);
    if (reader->have > 0)
        return error_set(error, CAPTURE_CUT,
                         "%s ends within the record that begins at byte %" PRIu64
                         ": its %zu bytes are left out",
                         reader->file, reader->offset, reader->have);
    return 0;
}
