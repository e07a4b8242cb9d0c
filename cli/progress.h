// SPDX-License-Identifier: GPL-3.0-or-later
// A line on the terminal for what takes longer than a moment. Quiet where standard error is no
// terminal.
#ifndef PSOASMON_PROGRESS_H
#define PSOASMON_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;
    uint64_t total; // 0: not known
    bool shown;
    int64_t next_ms; // when to draw again
};

struct progress progress_begin(const char *what, uint64_t total);
void progress_show(struct progress *progress, uint64_t done);
// Where the amount done is no number of bytes: says it in words.
void progress_tell(struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void progress_end(struct progress *progress); // takes the line away

#endif
