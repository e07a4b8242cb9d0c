// SPDX-License-Identifier: GPL-3.0-or-later
// What comes from the terminal of `psoasmon live`: keys, and its answers among them.
#ifndef PSOASMON_LIVE_KEYS_H
#define PSOASMON_LIVE_KEYS_H

enum live_key {
    LIVE_KEY_NONE,
    LIVE_KEY_QUIT,   // q, Q, or the end of the input (Ctrl-D)
    LIVE_KEY_REDRAW, // Ctrl-L
    LIVE_KEY_ANSWER, // where the cursor is: "\033[24;80R"
};

// All zero is the beginning.
struct live_keys {
    enum {
        KEYS_PLAIN,
        KEYS_ESCAPED, // after ESC
        KEYS_CONTROL, // within a control sequence; the last byte says what it is
    } state;
};

enum live_key live_keys_take(struct live_keys *keys, char byte);

#endif
