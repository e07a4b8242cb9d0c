// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The length of the UTF-8 character that bytes begin with, 0 if they begin with none.
static size_t decode(const unsigned char *bytes, uint32_t *ret)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least; // a smaller code has a shorter form: not allowed
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t more = 0; more < sizeof forms / sizeof forms[0]; more++) {
        if ((bytes[0] & forms[more].mask) != forms[more].lead)
            continue;
        uint32_t code = bytes[0] & (unsigned char)~forms[more].mask;
        for (size_t i = 1; i <= more; i++) {
            if ((bytes[i] & 0xc0) != 0x80) // the final zero, too
                return 0;
            code = code << 6 | (bytes[i] & 0x3f);
        }
        *ret = code;
        return code >= forms[more].least && code <= 0x10ffff ? more + 1 : 0;
    }
    return 0;
}

// Characters that steer a terminal or the order in which text is read, and codes that are no
// characters: D-Bus refuses those.
static bool unfit(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ||                             // controls
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || // order
           (code >= 0xd800 && code < 0xe000) || (code >= 0xfdd0 && code < 0xfdf0) ||
           (code & 0xfffe) == 0xfffe;
}

void plain_text(char *text)
{
    unsigned char *in = (unsigned char *)text;
    char *out = text;
    while (*in) {
        uint32_t code;
        size_t length = decode(in, &code);
        if (length == 0 || unfit(code))
            *out++ = '?';
        else {
            memmove(out, in, length);
            out += length;
        }
        in += length ? length : 1;
    }
    *out = '\0';
}
