// SPDX-License-Identifier: GPL-3.0-or-later
// Errors with words. A function that can refuse its input takes a struct error
// and leaves in it one line that names the file, line, key or byte offset.
#ifndef PSOASMON_ERROR_H
#define PSOASMON_ERROR_H

struct error {
    char text[512]; // one line, no newline; empty while nothing went wrong
};

// Writes the message (a longer one is cut) and returns code, so that a caller can
// `return error_set(error, -EINVAL, ...)`. A null error drops the words.
int error_set(struct error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
