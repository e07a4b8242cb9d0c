// SPDX-License-Identifier: GPL-3.0-or-later
#include "diary/diary_csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

// Columns that are no field, behind those that are.
enum {
    COLUMN_DAY = DIARY_FIELD_N,
    COLUMN_TAGS,
    COLUMN_MADE,
};

// 9999-12-31T23:59:59Z, the last second that a date can name, and its digits.
#define MADE_MAX_S  INT64_C(253402300799)
#define MADE_DIGITS 12

void diary_csv_head(FILE *stream)
{
    fputs("day", stream);
    for (int field = 0; field < DIARY_FIELD_N; field++)
        fprintf(stream, ",%s", diary_spec((enum diary_field)field)->name);
    fputs(",tags,made_s\n", stream);
}

static void put_field(FILE *stream, const struct diary_entry *entry, enum diary_field field)
{
    int64_t number = entry->numbers[field];
    if (!diary_is_answered(entry, field))
        return;
    if (diary_is_text(field))
        csv_put(stream, entry->texts[field]);
    else if (diary_spec(field)->kind == DIARY_YES_NO)
        fputs(number ? "yes" : "no", stream);
    else
        fprintf(stream, "%" PRId64, number);
}

static void put_tags(FILE *stream, const struct diary_entry *entry)
{
    char tags[DIARY_TAGS_MAX * (DIARY_TEXT_MAX + 1) + 1], *end = tags;
    for (unsigned i = 0; i < entry->n_tags; i++)
        end += snprintf(end, DIARY_TEXT_MAX + 2, "%s%s", i ? ";" : "", entry->tags[i]);
    *end = '\0';
    csv_put(stream, tags);
}

void diary_csv_put(FILE *stream, const struct diary_entry *entry)
{
    char day[DAY_TEXT_SIZE];
    day_format(entry->day, day);
    fputs(day, stream);
    for (int field = 0; field < DIARY_FIELD_N; field++) {
        fputc(',', stream);
        put_field(stream, entry, (enum diary_field)field);
    }
    fputc(',', stream);
    put_tags(stream, entry);
    fprintf(stream, ",%" PRId64 "\n", entry->made_s);
}

// ---- reading ----

static int column_from_name(const char *name)
{
    static const char *const others[] = {"day", "tags", "made_s"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, others[i]) == 0)
            return DIARY_FIELD_N + i;
    return diary_field_from_name(name);
}

int diary_reader_begin(struct diary_reader *reader, char *text, size_t length, const char *file,
                       int64_t now_s, struct error *error)
{
    *reader = (struct diary_reader){.csv = {.text = text, .length = length, .file = file},
                                    .now_s = now_s};
    char *names[DIARY_COLUMNS_MAX];
    unsigned seen = 0;
    int r = csv_next(&reader->csv, names, DIARY_COLUMNS_MAX, &reader->n, error);
    if (r == 0)
        return error_set(error, -EINVAL, "%s: is empty; its first line names the columns", file);
    for (unsigned i = 0; r == 1 && i < reader->n; i++) {
        int column = column_from_name(names[i]);
        if (column < 0)
            r = csv_refuse(&reader->csv, error, "there is no column '%.40s'", names[i]);
        else if (seen & 1u << column)
            r = csv_refuse(&reader->csv, error, "the column %s is there twice", names[i]);
        else
            seen |= 1u << column;
        reader->columns[i] = column;
    }
    if (r == 1 && !(seen & 1u << COLUMN_DAY))
        r = csv_refuse(&reader->csv, error, "no column is named day");
    return r < 0 ? r : 0;
}

static int take_number(struct diary_entry *entry, enum diary_field field, const char *text,
                       struct error *error)
{
    unsigned long number;
    if (!text_unsigned(text, 0, INT32_MAX, &number))
        return error_set(error, -EINVAL, "%s: '%.20s' is no whole number", diary_spec(field)->name,
                         text);
    return diary_set_number(entry, field, (int64_t)number, error);
}

static int take_tags(struct diary_entry *entry, char *text, struct error *error)
{
    static const char end[] = {DIARY_TAG_END, '\0'};
    int r = 0;
    for (char *tag; r == 0 && (tag = strsep(&text, end));)
        r = diary_add_tag(entry, tag, error);
    return r;
}

static int take_made(struct diary_entry *entry, const char *text, struct error *error)
{
    size_t digits = strspn(text, "0123456789");
    bool number = digits > 0 && digits <= MADE_DIGITS && text[digits] == '\0';
    int64_t made_s = number ? strtoll(text, NULL, 10) : -1;
    if (made_s < 0 || made_s > MADE_MAX_S)
        return error_set(error, -EINVAL, "made_s: '%.20s' is no time in seconds", text);
    entry->made_s = made_s;
    return 0;
}

static int take(struct diary_entry *entry, int column, char *text, struct error *error)
{
    enum diary_field field = (enum diary_field)column;
    if (column == COLUMN_DAY)
        return day_parse(text, &entry->day)
                   ? 0
                   : error_set(error, -EINVAL,
                               "day: '%.20s' is not a date: YYYY-MM-DD, and one that exists", text);
    if (*text == '\0')
        return 0; // not answered
    if (column == COLUMN_TAGS)
        return take_tags(entry, text, error);
    if (column == COLUMN_MADE)
        return take_made(entry, text, error);
    if (diary_is_text(field) || diary_spec(field)->kind == DIARY_YES_NO)
        return diary_read(entry, field, text, error);
    return take_number(entry, field, text, error);
}

int diary_reader_next(struct diary_reader *reader, struct diary_entry *ret, struct error *error)
{
    struct csv *csv = &reader->csv;
    char *fields[DIARY_COLUMNS_MAX];
    unsigned n;
    int r = csv_next(csv, fields, DIARY_COLUMNS_MAX, &n, error);
    if (r != 1)
        return r;
    if (n != reader->n)
        return csv_refuse(csv, error, "%u fields, where the first line names %u", n, reader->n);
    diary_begin(ret, 0, reader->now_s);
    struct error why = {0};
    r = 0;
    for (unsigned i = 0; r == 0 && i < n; i++)
        r = take(ret, reader->columns[i], fields[i], &why);
    if (r == 0)
        return 1;
    diary_done(ret);
    return r == -EINVAL ? csv_refuse(csv, error, "%s", why.text)
                        : error_set(error, r, "%s", why.text);
}
