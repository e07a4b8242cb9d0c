// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain.h"

#include <string.h>

#include "base/utf8.h"

void plain_text(char *text)
{
    char *in = text, *out = text;
    while (*in) {
        uint32_t code;
        size_t length = utf8_decode(in, &code);
        if (length == 0 || !utf8_is_fit(code))
            *out++ = '?';
        else {
            memmove(out, in, length);
            out += length;
        }
        in += length ? length : 1;
    }
    *out = '\0';
}
