// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_keys.h"

#include <stdbool.h>

enum live_key live_keys_take(struct live_keys *keys, char byte)
{
    bool last = byte >= '@' && byte <= '~'; // of a control sequence (ECMA-48, 5.4)
    switch (keys->state) {
    case KEYS_ESCAPED:
        // CSI, or SS3, which application keys begin with; a key with Alt is none of ours.
        keys->state = byte == '[' || byte == 'O' ? KEYS_CONTROL : KEYS_PLAIN;
        return LIVE_KEY_NONE;
    case KEYS_CONTROL:
        if (last)
            keys->state = KEYS_PLAIN;
        return byte == 'R' ? LIVE_KEY_ANSWER : LIVE_KEY_NONE;
    case KEYS_PLAIN:
        break;
    }
    switch (byte) {
    case '\033':
        keys->state = KEYS_ESCAPED;
        return LIVE_KEY_NONE;
    case 'q':
    case 'Q':
    case 'D' - '@':
        return LIVE_KEY_QUIT;
    case 'L' - '@':
        return LIVE_KEY_REDRAW;
    default:
        return LIVE_KEY_NONE;
    }
}
