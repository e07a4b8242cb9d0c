// SPDX-License-Identifier: GPL-3.0-or-later
// Not by libcsv: its last release is of 2013, and it does not know in which line it is.
#include "base/csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

static const char formula[] = "=+-@\t\r";

// Apostrophes, and then what begins a formula.
static bool like_a_formula(const char *text)
{
    text += strspn(text, "'");
    return *text && strchr(formula, *text);
}

void csv_put(FILE *stream, const char *text)
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

int csv_refuse(const struct csv *csv, struct error *error, const char *format, ...)
{
    char reason[sizeof error->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return error_set(error, -EINVAL, "%s:%d: %s", csv->file, csv->line, reason);
}

static char peek(const struct csv *csv)
{
    return csv->at < csv->length ? csv->text[csv->at] : '\0';
}

// A line's end at this place: its length, else 0.
static size_t line_end(const struct csv *csv)
{
    if (peek(csv) == '\n')
        return 1;
    bool crlf = csv->at + 1 < csv->length && memcmp(csv->text + csv->at, "\r\n", 2) == 0;
    return crlf ? 2 : 0;
}

static bool at_end_of_field(const struct csv *csv)
{
    return csv->at >= csv->length || csv->text[csv->at] == ',' || line_end(csv) > 0;
}

// Behind the opening quotation mark; of two within the field one stays.
static int read_quoted(struct csv *csv, char **end, struct error *error)
{
    for (;; csv->at++) {
        char c = peek(csv);
        if (c == '\0')
            return csv_refuse(csv, error, "%s",
                              csv->at < csv->length ? "a zero byte"
                                                    : "a quotation mark that is not closed");
        if (c == '"') {
            csv->at++;
            if (peek(csv) != '"')
                break;
        }
        csv->next_line += c == '\n';
        *(*end)++ = c;
    }
    return at_end_of_field(csv) ? 0 : csv_refuse(csv, error, "text behind a quotation mark");
}

static int read_bare(struct csv *csv, char **end, struct error *error)
{
    for (; !at_end_of_field(csv); csv->at++) {
        char c = peek(csv);
        if (c == '\0' || c == '"' || c == '\r')
            return csv_refuse(csv, error, "%s within a line",
                              c == '"' ? "a quotation mark"
                              : c      ? "a carriage return"
                                       : "a zero byte");
        *(*end)++ = c;
    }
    return 0;
}

// The field at this place, from *ret to *ret_end: its own last byte, or what is behind it.
static int read_field(struct csv *csv, char **ret, char **ret_end, struct error *error)
{
    *ret = *ret_end = csv->text + csv->at;
    if (peek(csv) != '"')
        return read_bare(csv, ret_end, error);
    csv->at++;
    return read_quoted(csv, ret_end, error);
}

static void begin(struct csv *csv)
{
    static const char mark[] = "\xef\xbb\xbf";
    csv->next_line = 1;
    if (csv->length >= 3 && memcmp(csv->text, mark, 3) == 0)
        csv->at = 3;
}

// True if another field follows. The field's end may be the byte that says so.
static bool pass_separator(struct csv *csv, char *end)
{
    bool more = csv->at < csv->length && csv->text[csv->at] == ',';
    csv->at += more ? 1 : line_end(csv);
    csv->next_line += !more;
    *end = '\0';
    return more;
}

int csv_next(struct csv *csv, char *fields[], unsigned max, unsigned *ret_n, struct error *error)
{
    unsigned n = 0;
    if (csv->at == 0)
        begin(csv);
    for (size_t blank; (blank = line_end(csv)) > 0; csv->at += blank)
        csv->next_line++;
    csv->line = csv->next_line;
    if (csv->at >= csv->length)
        return 0;
    for (bool more = true; more; n++) {
        char *end;
        if (n == max)
            return csv_refuse(csv, error, "more than %u fields", max);
        int r = read_field(csv, &fields[n], &end, error);
        if (r < 0)
            return r;
        more = pass_separator(csv, end);
        if (like_a_formula(fields[n]) && *fields[n] == '\'')
            fields[n]++;
    }
    *ret_n = n;
    return 1;
}
