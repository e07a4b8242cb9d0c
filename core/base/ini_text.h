// SPDX-License-Identifier: GPL-3.0-or-later
// Ini files (pad descriptions, the configuration), read by libinih, with strictness added:
// every mistake is told with its file, line and key, and nothing is skipped in silence.
#ifndef PSOASMON_INI_TEXT_H
#define PSOASMON_INI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ini_entry {
    const char *file;
    int line;
    const char *section, *key, *value;
    bool indented; // the line is: it goes on with the value before it, if there is one
};

// Takes one entry: 0, or what ini_refuse returned.
typedef int (*ini_taker)(const struct ini_entry *entry, void *userdata, struct error *error);

// "FILE:LINE: KEY: REASON". Returns -EINVAL.
int ini_refuse(const struct ini_entry *entry, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Hands every entry of the text to `take`, until it refuses one. -EINVAL with a message.
int ini_read(const char *text, size_t length, const char *file, ini_taker take, void *userdata,
             struct error *error);

// A whole small file (at most 64 KiB) in memory, with a zero behind it; the caller frees *ret.
// -errno with a message; -EFBIG, -EISDIR.
int ini_load(char **ret, size_t *ret_length, const char *path, struct error *error);

// A table of fields describes a file: which keys there are, what each may hold, and where in a
// struct it goes.
enum ini_kind {
    INI_TEXT,   // char[size]
    INI_WORD,   // int (or an enum), one of `words`
    INI_NUMBER, // unsigned, min..max
    INI_LONG,   // int64_t, min..max
    INI_REAL,   // double, min..max
    INI_YES_NO, // bool
    INI_OTHER,  // whatever `take` makes of it
};

struct ini_word {
    const char *text;
    int value;
};

struct ini_field {
    const char *section, *name;
    enum ini_kind kind;
    size_t offset; // of the target in the struct
    size_t size;   // INI_TEXT: room, the final zero included
    double min, max;
    const struct ini_word *words; // ends with a null text
    int (*take)(const struct ini_entry *entry, void *target, struct error *error);
    bool goes_on; // INI_OTHER: indented lines that follow are taken as well, one by one
};

#define INI_FIELDS_MAX 64

// Puts an entry where its field says. An unknown section or key, a value that does not fit and,
// by the bits in *seen, a key given twice are refused.
int ini_take(const struct ini_field *fields, size_t n, const struct ini_entry *entry, void *base,
             uint64_t *seen, struct error *error);

#endif
