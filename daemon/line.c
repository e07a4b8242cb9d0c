// SPDX-License-Identifier: GPL-3.0-or-later
#include "line.h"

#include <errno.h>
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

static const char *reason(int failure)
{
    switch (-failure) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "no_room";
    case EACCES:
    case EPERM:
    case EROFS:
        return "no_permission";
    case EBUSY:
        return "busy";
    case EIO:
        return "io_error";
    case ENOENT:
    case ENODEV:
    case ENXIO:
        return "missing";
    case ENOTTY:
        return "no_port";
    case EBADMSG:
    case EUCLEAN:
        return "damaged";
    default:
        return "other";
    }
}

void line_reason(struct line *line, int failure)
{
    line_field(line, "PSOASMON_REASON=%s", reason(failure));
}
