// SPDX-License-Identifier: GPL-3.0-or-later
#include "csv.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/csv.h"
#include "plain.h"

#define REAL_DIGITS 9

int csv_text(FILE *stream, const char *text)
{
    _cleanup_(freep) char *plain = strdup(text);
    if (!plain)
        return -ENOMEM;
    plain_text(plain);
    csv_put(stream, plain);
    return 0;
}

void csv_real(FILE *stream, double value)
{
    if (isfinite(value))
        fprintf(stream, "%.*g", REAL_DIGITS, value);
}
