// SPDX-License-Identifier: GPL-3.0-or-later
// Checksums of the wire.
#ifndef PSOASMON_CHECK_H
#define PSOASMON_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "pad/pad.h"

#define CHECK_SIZE_MAX 2

size_t check_size(enum check check); // bytes on the wire

// Writes the checksum of the bytes, as it stands on the wire.
void check_compute(enum check check, const uint8_t *bytes, size_t length, uint8_t *ret);

#endif
