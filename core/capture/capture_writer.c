// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "capture/capture_format.h"

struct capture_writer {
    int fd;
    char *path;
    int64_t time_us; // of the last record
    uint64_t size;
    // The checksum of what was written last, then the record to be written.
    uint8_t chain[CAPTURE_CHECK_SIZE + CAPTURE_RECORD_EXTRA + CAPTURE_PIECE_MAX];
};

static int fail(const struct capture_writer *writer, int code, struct error *error)
{
    return error_set(error, code, "cannot write %s: %s", writer->path, strerror(-code));
}

// Writes all of it or, as far as that can be helped, nothing.
static int put(struct capture_writer *writer, const uint8_t *bytes, size_t length,
               struct error *error)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = write(writer->fd, bytes + done, length - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            int code = -errno;
            if (ftruncate(writer->fd, (off_t)writer->size) == 0)
                lseek(writer->fd, (off_t)writer->size, SEEK_SET);
            return fail(writer, code, error);
        }
    }
    writer->size += length;
    memcpy(writer->chain, bytes + length - CAPTURE_CHECK_SIZE, CAPTURE_CHECK_SIZE);
    return 0;
}

static int put_record(struct capture_writer *writer, uint32_t after_us, const void *bytes,
                      size_t length, struct error *error)
{
    uint8_t *record = writer->chain + CAPTURE_CHECK_SIZE;
    capture_put_number(record, after_us, 4);
    capture_put_number(record + 4, length, 2);
    if (length > 0)
        memcpy(record + CAPTURE_RECORD_HEAD_SIZE, bytes, length);
    capture_seal(writer->chain, length);
    int r = put(writer, record, CAPTURE_RECORD_EXTRA + length, error);
    if (r == 0)
        writer->time_us += after_us;
    return r;
}

int capture_writer_new(struct capture_writer **ret, const char *path,
                       const struct capture_head *head, struct error *error)
{
    _cleanup_(capture_writer_freep) struct capture_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_set(error, -ENOMEM, "out of memory");
    writer->fd = -1;
    writer->path = strdup(path);
    if (!writer->path)
        return error_set(error, -ENOMEM, "out of memory");
    writer->time_us = head->start_us;
    writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
    if (writer->fd < 0 && errno == EEXIST)
        return error_set(error, -EEXIST, "%s is there already, and captures overwrite nothing",
                         path);
    if (writer->fd < 0)
        return fail(writer, -errno, error);
    uint8_t bytes[CAPTURE_HEAD_SIZE];
    capture_put_head(bytes, head);
    int r = put(writer, bytes, sizeof bytes, error);
    if (r < 0) {
        unlink(path); // ours, and empty
        return r;
    }
    *ret = writer;
    writer = NULL;
    return 0;
}

int capture_writer_add(struct capture_writer *writer, int64_t time_us, const void *bytes,
                       size_t length, struct error *error)
{
    const uint8_t *next = bytes;
    int r = 0;
    while (r == 0 && time_us - writer->time_us > UINT32_MAX)
        r = put_record(writer, UINT32_MAX, NULL, 0, error);
    do {
        int64_t after_us = time_us > writer->time_us ? time_us - writer->time_us : 0;
        size_t n = length < CAPTURE_PIECE_MAX ? length : CAPTURE_PIECE_MAX;
        if (r == 0)
            r = put_record(writer, (uint32_t)after_us, next, n, error);
        next += n;
        length -= n;
    } while (r == 0 && length > 0);
    return r;
}

int capture_writer_finish(struct capture_writer *writer, struct error *error)
{
    // A pipe or a device has nothing to sync.
    if (fsync(writer->fd) < 0 && errno != EINVAL && errno != EROFS)
        return fail(writer, -errno, error);
    int fd = writer->fd;
    writer->fd = -1;
    return close(fd) < 0 ? fail(writer, -errno, error) : 0;
}

uint64_t capture_writer_size(const struct capture_writer *writer)
{
    return writer->size;
}

void capture_writer_free(struct capture_writer *writer)
{
    closep(&writer->fd);
    free(writer->path);
    free(writer);
}
