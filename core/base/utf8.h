// SPDX-License-Identifier: GPL-3.0-or-later
// Characters of UTF-8, and which of them are fit to be shown.
#ifndef PSOASMON_UTF8_H
#define PSOASMON_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The length of the UTF-8 character that `bytes` (which end with a zero) begin with, and its code;
// 0 if they begin with none.
size_t utf8_decode(const char *bytes, uint32_t *ret);

// False for characters that steer a terminal or the order in which text is read, and for codes that
// are no characters: D-Bus refuses those.
bool utf8_is_fit(uint32_t code);

#endif
