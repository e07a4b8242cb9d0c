// SPDX-License-Identifier: GPL-3.0-or-later
// CSV as RFC 4180 has it, with line feeds or CRLF, and with what spreadsheets add: a byte order
// mark in front is passed over.
//
// A spreadsheet takes a text that begins with = + - or @ for a formula, and runs it: an apostrophe
// in front keeps it text. One that has such an apostrophe already gets another, so that reading,
// which takes one away, gives back what was written, whatever that was.
#ifndef PSOASMON_BASE_CSV_H
#define PSOASMON_BASE_CSV_H

#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

// Writes a field.
void csv_put(FILE *stream, const char *text);

// All zero but for the first three: a text that is written to as it is read, a zero behind it, and
// what to call it in messages.
struct csv {
    char *text;
    size_t length;
    const char *file;
    size_t at;
    int line; // where the record read last begins, from 1
    int next_line;
};

// Reads a record into fields[max], which then point into the text. Lines with nothing on them are
// passed over. 1, 0 at the end; -EINVAL with a message that names the line where it is no CSV or
// has more fields.
int csv_next(struct csv *csv, char *fields[], unsigned max, unsigned *ret_n, struct error *error);

// "FILE:LINE: REASON", of the record read last. Returns -EINVAL.
int csv_refuse(const struct csv *csv, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
