// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"

size_t utf8_decode(const char *bytes, uint32_t *ret)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least; // a smaller code has a shorter form: not allowed
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    const unsigned char *in = (const unsigned char *)bytes;
    for (size_t more = 0; more < sizeof forms / sizeof forms[0]; more++) {
        if ((in[0] & forms[more].mask) != forms[more].lead)
            continue;
        uint32_t code = in[0] & (unsigned char)~forms[more].mask;
        for (size_t i = 1; i <= more; i++) {
            if ((in[i] & 0xc0) != 0x80) // the final zero, too
                return 0;
            code = code << 6 | (in[i] & 0x3f);
        }
        *ret = code;
        return code >= forms[more].least && code <= 0x10ffff ? more + 1 : 0;
    }
    return 0;
}

bool utf8_is_fit(uint32_t code)
{
    return code >= 0x20 && !(code >= 0x7f && code < 0xa0) &&                             // controls
           !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069) && // order
           !(code >= 0xd800 && code < 0xe000) && !(code >= 0xfdd0 && code < 0xfdf0) &&
           (code & 0xfffe) != 0xfffe;
}
