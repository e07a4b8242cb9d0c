// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a capture (capture.h), for its reader and its writer. Private to core/capture.
#ifndef PSOASMON_CAPTURE_FORMAT_H
#define PSOASMON_CAPTURE_FORMAT_H

#include "capture/capture.h"

#define CAPTURE_CHECK_SIZE       4
#define CAPTURE_RECORD_HEAD_SIZE 6
_Static_assert(CAPTURE_RECORD_EXTRA == CAPTURE_RECORD_HEAD_SIZE + CAPTURE_CHECK_SIZE, "a record");

// 9999-12-31T23:59:59Z: what comes later has no year of four digits.
#define CAPTURE_LAST_US  INT64_C(253402300799000000)
#define CAPTURE_BAUD_MAX 12000000

void capture_put_number(uint8_t *bytes, uint64_t number, size_t size);
uint64_t capture_get_number(const uint8_t *bytes, size_t size);

void capture_put_head(uint8_t bytes[CAPTURE_HEAD_SIZE], const struct capture_head *head);

// -EBADMSG with a message.
int capture_get_head(struct capture_head *head, const uint8_t bytes[CAPTURE_HEAD_SIZE],
                     const char *file, struct error *error);

// Seals a record of so many bytes: `chain` has the four bytes before it, its head and its bytes;
// the checksum comes behind them.
void capture_seal(uint8_t *chain, size_t length);
bool capture_sealed(const uint8_t *chain, size_t length);

#endif
