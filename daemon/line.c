// SPDX-License-Identifier: GPL-3.0-or-later
#include "line.h"

#include <stdarg.h>
#include <stdio.h>

#include "plain.h"

void line_say(struct line *line, enum event event, const char *format, ...)
{
    line->event = event;
    line->n_fields = 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line->message, sizeof line->message, format, arguments);
    va_end(arguments);
    plain_text(line->message);
}

void line_field(struct line *line, const char *format, ...)
{
    if (line->n_fields == LINE_FIELDS_MAX)
        return;
    char *field = line->fields[line->n_fields++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(field, sizeof line->fields[0], format, arguments);
    va_end(arguments);
    plain_text(field);
}
