// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>

#include "base/crc32.h"
#include "capture/capture_format.h"

enum {
    AT_VERSION = 8,
    AT_BAUD = 12,
    AT_START = 16,
    AT_PAD = 24,
    AT_NOTHING = 56,
    AT_CHECK = 60,
};

bool capture_begins(const void *bytes, size_t length)
{
    return length >= CAPTURE_MAGIC_SIZE && memcmp(bytes, CAPTURE_MAGIC, CAPTURE_MAGIC_SIZE) == 0;
}

void capture_put_number(uint8_t *bytes, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
}

uint64_t capture_get_number(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = size; i > 0; i--)
        number = number << 8 | bytes[i - 1];
    return number;
}

void capture_put_head(uint8_t bytes[CAPTURE_HEAD_SIZE], const struct capture_head *head)
{
    memset(bytes, 0, CAPTURE_HEAD_SIZE);
    memcpy(bytes, CAPTURE_MAGIC, CAPTURE_MAGIC_SIZE);
    capture_put_number(bytes + AT_VERSION, CAPTURE_VERSION, 4);
    capture_put_number(bytes + AT_BAUD, head->baud, 4);
    capture_put_number(bytes + AT_START, (uint64_t)head->start_us, 8);
    memcpy(bytes + AT_PAD, head->pad, strnlen(head->pad, sizeof head->pad - 1));
    capture_put_number(bytes + AT_CHECK, crc32_of(bytes, AT_CHECK), CAPTURE_CHECK_SIZE);
}

// Of the characters that a pad's name may have, filled up with zeros.
static bool is_name(const char name[static 32])
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    for (size_t i = length; i < 32; i++)
        if (name[i] != '\0')
            return false;
    return true;
}

int capture_get_head(struct capture_head *head, const uint8_t bytes[CAPTURE_HEAD_SIZE],
                     const char *file, struct error *error)
{
    if (!capture_begins(bytes, CAPTURE_HEAD_SIZE))
        return error_set(error, -EBADMSG, "%s is no capture: it does not begin with %s", file,
                         CAPTURE_MAGIC);
    uint64_t version = capture_get_number(bytes + AT_VERSION, 4);
    if (version != CAPTURE_VERSION)
        return error_set(error, -EBADMSG,
                         "%s: byte %d: a capture of version %u; this psoasmon "
                         "reads version %d",
                         file, AT_VERSION, (unsigned)version, CAPTURE_VERSION);
    if (capture_get_number(bytes + AT_CHECK, CAPTURE_CHECK_SIZE) != crc32_of(bytes, AT_CHECK))
        return error_set(error, -EBADMSG, "%s: byte %d: the head's checksum is wrong", file,
                         AT_CHECK);
    *head = (struct capture_head){
        .baud = (uint32_t)capture_get_number(bytes + AT_BAUD, 4),
        .start_us = (int64_t)capture_get_number(bytes + AT_START, 8),
    };
    if (head->baud > CAPTURE_BAUD_MAX)
        return error_set(error, -EBADMSG, "%s: byte %d: %u baud are too many", file, AT_BAUD,
                         (unsigned)head->baud);
    if (head->start_us < 0 || head->start_us > CAPTURE_LAST_US)
        return error_set(error, -EBADMSG, "%s: byte %d: the start is no time from 1970 to 9999",
                         file, AT_START);
    char name[sizeof head->pad + 1] = "";
    memcpy(name, bytes + AT_PAD, sizeof head->pad);
    if (!is_name(name) || strlen(name) >= sizeof head->pad)
        return error_set(error, -EBADMSG, "%s: byte %d: no pad's name", file, AT_PAD);
    memcpy(head->pad, name, sizeof head->pad);
    if (capture_get_number(bytes + AT_NOTHING, 4) != 0)
        return error_set(error, -EBADMSG, "%s: byte %d: not 0", file, AT_NOTHING);
    return 0;
}

void capture_seal(uint8_t *chain, size_t length)
{
    size_t covered = CAPTURE_CHECK_SIZE + CAPTURE_RECORD_HEAD_SIZE + length;
    capture_put_number(chain + covered, crc32_of(chain, covered), CAPTURE_CHECK_SIZE);
}

bool capture_sealed(const uint8_t *chain, size_t length)
{
    size_t covered = CAPTURE_CHECK_SIZE + CAPTURE_RECORD_HEAD_SIZE + length;
    return capture_get_number(chain + covered, CAPTURE_CHECK_SIZE) == crc32_of(chain, covered);
}
