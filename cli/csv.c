// SPDX-License-Identifier: GPL-3.0-or-later
#include "csv.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "plain.h"

#define REAL_DIGITS 9

static bool like_a_formula(const char *text)
{
    return *text && strchr("=+-@", *text);
}

static void put_quoted(FILE *stream, const char *text)
{
    bool quote = strpbrk(text, ",\"\r\n") != NULL;
    if (quote)
        fputc('"', stream);
    if (like_a_formula(text))
        fputc('\'', stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    if (quote)
        fputc('"', stream);
}

int csv_text(FILE *stream, const char *text)
{
    _cleanup_(freep) char *plain = strdup(text);
    if (!plain)
        return -ENOMEM;
    plain_text(plain);
    put_quoted(stream, plain);
    return 0;
}

void csv_real(FILE *stream, double value)
{
    if (isfinite(value))
        fprintf(stream, "%.*g", REAL_DIGITS, value);
}
