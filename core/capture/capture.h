// SPDX-License-Identifier: GPL-3.0-or-later
// A capture: a port's bytes with their times, in a file that only ever grows, so that whatever
// cuts it off costs the record that was being written and nothing else. For users:
// docs/capture-files.md.
//
// All numbers are little endian. The head, 64 bytes:
//    0  "PSOASCAP"
//    8  u32 version
//   12  u32 baud; 0: the port has no speed, or it was left as it was
//   16  i64 start, microseconds since 1970 UTC
//   24  the pad's name, 32 bytes filled up with zeros; all zeros: not known
//   56  u32 0
//   60  u32 CRC-32 of the 60 bytes before
// Then records until the end:
//    0  u32 microseconds since the record before, or since the start
//    4  u16 length, at most CAPTURE_PIECE_MAX; 0: nothing came, time went by
//    6  the bytes
//       u32 CRC-32 of the four bytes before the record (the checksum of what is before it, so that
//       a record that is missing shows) and of all of the record
#ifndef PSOASMON_CAPTURE_H
#define PSOASMON_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

#define CAPTURE_VERSION    1
#define CAPTURE_MAGIC      "PSOASCAP"
#define CAPTURE_MAGIC_SIZE 8
#define CAPTURE_HEAD_SIZE  64
#define CAPTURE_PIECE_MAX  16384
// What a record takes besides its bytes.
#define CAPTURE_RECORD_EXTRA 10

struct capture_head {
    char pad[32];  // as in struct pad; empty: not known
    uint32_t baud; // 0: none
    int64_t start_us;
};

// Whether a file that begins so is a capture.
bool capture_begins(const void *bytes, size_t length);

// ---- writing ----

struct capture_writer;

// Makes the file, for its owner alone. -EEXIST, with a message, where there is one already: nothing
// is ever overwritten. -errno with a message.
int capture_writer_new(struct capture_writer **ret, const char *path,
                       const struct capture_head *head, struct error *error);

// Bytes that came at time_us, any number of them; none: time went by. A time before the last one
// is taken to be the last one. On failure the file is cut back to its last whole record. -errno
// with a message.
int capture_writer_add(struct capture_writer *writer, int64_t time_us, const void *bytes,
                       size_t length, struct error *error);

// All of it is on the disk when this returns 0. -errno with a message.
int capture_writer_finish(struct capture_writer *writer, struct error *error);

uint64_t capture_writer_size(const struct capture_writer *writer); // of the file, in bytes

void capture_writer_free(struct capture_writer *writer);
DEFINE_CLEANUP(struct capture_writer *, capture_writer_free)

// ---- reading ----

struct capture_reader;

// Takes a record's bytes, none of them perhaps. A negative return stops and is forwarded.
typedef int (*capture_sink)(const void *bytes, size_t length, int64_t time_us, void *userdata);

// `file` is only used in messages, and must outlive the reader. -ENOMEM.
int capture_reader_new(struct capture_reader **ret, const char *file);
void capture_reader_free(struct capture_reader *reader);
DEFINE_CLEANUP(struct capture_reader *, capture_reader_free)

// Any number of the file's bytes, cut anywhere; records are handed on as they are complete and
// right. -EBADMSG, with a message that names the byte, where one is damaged: nothing after it can
// be trusted, and nothing is taken any more.
int capture_reader_push(struct capture_reader *reader, const void *bytes, size_t length,
                        capture_sink sink, void *userdata, struct error *error);

// The file has ended. CAPTURE_CUT, with a message that names the byte, where it ends within a
// record; all before it is good. -EBADMSG where it ends within the head.
#define CAPTURE_CUT 1
int capture_reader_finish(const struct capture_reader *reader, struct error *error);

// Null until it is read.
const struct capture_head *capture_reader_head(const struct capture_reader *reader);

#endif
