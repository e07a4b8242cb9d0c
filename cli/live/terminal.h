// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal taken over for a while: its other screen, keys as they are pressed, no cursor; and
// given back as it was. Where it takes what is written is never waited for.
#ifndef PSOASMON_TERMINAL_H
#define PSOASMON_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct terminal {
    int fd; // not blocking, where that can be had without changing it for others
    struct termios before;
    bool taken;
    char *waiting; // what the terminal has not taken yet
    size_t n, room;
};

// Standard input and output are one, which can move its cursor.
bool terminal_there(void);

// -errno. terminal_end gives it back, too.
int terminal_begin(struct terminal *terminal);
void terminal_end(struct terminal *terminal);

// Takes it, gives it back: for a stop in between.
void terminal_take(struct terminal *terminal);
void terminal_give_back(struct terminal *terminal);

void terminal_size(const struct terminal *terminal, unsigned *rows, unsigned *cols);

// Writes, after what waits. -ENOMEM, -errno where the terminal is gone.
int terminal_write(struct terminal *terminal, const char *bytes, size_t n);

// Writes what waits as far as it is taken: 1 where some still waits, 0, -errno.
int terminal_flush(struct terminal *terminal);

#endif
