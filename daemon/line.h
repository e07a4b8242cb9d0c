// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of the journal in the making: an event, a message for people, fields for machines.
#ifndef PSOASMON_LINE_H
#define PSOASMON_LINE_H

#include "events.h"

#define LINE_FIELDS_MAX 12

struct line {
    enum event event;
    char message[768];
    char fields[LINE_FIELDS_MAX][256]; // "PSOASMON_POSITION=left_fetal"
    unsigned n_fields;
};

// Starts a line. Control characters and broken UTF-8 in the message become '?'.
void line_say(struct line *line, enum event event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Adds a field, "NAME=value"; a longer one is cut.
void line_field(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Adds PSOASMON_REASON: what an errno means here, in a word to filter by. docs/journal.md has them.
void line_reason(struct line *line, int failure);

#endif
