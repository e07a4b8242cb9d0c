// SPDX-License-Identifier: GPL-3.0-or-later
// CRC-32 as in zip and PNG: finds damage, not malice.
#ifndef PSOASMON_CRC32_H
#define PSOASMON_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const uint8_t *bytes, size_t length);

#endif
