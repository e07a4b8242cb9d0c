// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "csv.h"
#include "interrupt.h"
#include "json.h"
#include "local.h"
#include "plain.h"

// Single precision, which is what was measured, comes back the same.
#define REAL_DIGITS 9

#define NAME_SIZE 64

// A row of no night has no place: its times are told in UTC.
static void iso(const struct store_night *night, int64_t time_s, char text[LOCAL_ISO_SIZE])
{
    static const struct store_night nowhere = {.timezone = "UTC"};
    local_iso(night ? night : &nowhere, time_s, text);
}

// "start" of "start_s"
static void time_name(const char *name, char text[NAME_SIZE])
{
    snprintf(text, NAME_SIZE, "%.*s", (int)strlen(name) - 2, name);
}

static bool left_out(const struct export_rows *rows, const struct store_column *column)
{
    return column->kind == STORE_BYTES && !rows->snapshots;
}

// Of a value that need not be what the schema says.
static double probability(const struct store_value *value, int position)
{
    const unsigned char *bytes = value->bytes;
    return (size_t)position < value->size ? round(bytes[position] / 255.0 * 1000) / 1000 : 0;
}

static char *base64(const struct store_value *value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = value->bytes;
    char *text = malloc((value->size + 2) / 3 * 4 + 1), *end = text;
    if (!text)
        return NULL;
    for (size_t i = 0; i < value->size; i += 3) {
        size_t n = value->size - i < 3 ? value->size - i : 3;
        unsigned word = (unsigned)bytes[i] << 16;
        word |= n > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        word |= n > 2 ? bytes[i + 2] : 0;
        for (size_t k = 0; k < 4; k++)
            *end++ = k <= n ? digits[word >> (18 - 6 * k) & 63] : '=';
    }
    *end = '\0';
    return text;
}

// ---- CSV ----

static int csv_value(const struct export_rows *rows, const struct store_night *night,
                     const struct store_column *column, const struct store_value *value)
{
    FILE *stream = rows->stream;
    char text[LOCAL_ISO_SIZE];
    _cleanup_(freep) char *digits = NULL;
    // As many fields as the head has names, empty where there is nothing.
    switch (column->kind) {
    case STORE_INTEGER:
        if (!value->null)
            fprintf(stream, "%" PRId64, value->integer);
        return 0;
    case STORE_TIME:
        if (value->null) {
            fputc(',', stream);
            return 0;
        }
        iso(night, value->integer, text);
        fprintf(stream, "%" PRId64 ",%s", value->integer, text);
        return 0;
    case STORE_REAL:
        if (!value->null)
            csv_real(stream, value->real);
        return 0;
    case STORE_TEXT:
        return value->null ? 0 : csv_text(rows->stream, value->text);
    case STORE_PROBABILITIES:
        for (int p = 0; p < POSITION_N; p++) {
            fputs(p ? "," : "", stream);
            csv_real(stream, probability(value, p));
        }
        return 0;
    case STORE_BYTES:
        digits = value->null ? NULL : base64(value);
        fputs(digits ? digits : "", stream);
        return value->null || digits ? 0 : -ENOMEM;
    }
    return 0;
}

void export_head(const struct export_rows *rows)
{
    if (!rows->csv)
        return;
    const char *comma = "";
    for (const struct store_column *c = store_table_columns(rows->table); c->name; c++) {
        char name[NAME_SIZE];
        if (left_out(rows, c))
            continue;
        for (int p = 0; c->kind == STORE_PROBABILITIES && p < POSITION_N; p++) {
            fprintf(rows->stream, "%sp_%s", comma, position_identifier((enum position)p));
            comma = ",";
        }
        if (c->kind != STORE_PROBABILITIES)
            fprintf(rows->stream, "%s%s", comma, c->name);
        comma = ",";
        if (c->kind == STORE_TIME) {
            time_name(c->name, name);
            fprintf(rows->stream, ",%s", name);
        }
    }
    fputc('\n', rows->stream);
}

static int csv_row(const struct export_rows *rows, const struct store_night *night,
                   const struct store_value *values)
{
    const struct store_column *columns = store_table_columns(rows->table);
    int r = 0;
    for (int i = 0; r == 0 && columns[i].name; i++) {
        if (left_out(rows, &columns[i]))
            continue;
        fputs(i ? "," : "", rows->stream);
        r = csv_value(rows, night, &columns[i], &values[i]);
    }
    fputc('\n', rows->stream);
    return r;
}

// ---- JSON ----

static json_t *json_text(const struct store_value *value)
{
    _cleanup_(freep) char *text = strdup(value->text);
    if (!text)
        return NULL;
    plain_text(text);
    return json_string(text);
}

static json_t *json_probabilities(const struct store_value *value)
{
    json_t *object = json_object();
    for (int p = 0; p < POSITION_N; p++)
        json_put(&object, position_identifier((enum position)p), json_real(probability(value, p)));
    return object;
}

static json_t *json_bytes(const struct store_value *value)
{
    _cleanup_(freep) char *text = base64(value);
    return text ? json_string(text) : NULL;
}

static void json_value(json_t **object, const struct store_night *night,
                       const struct store_column *column, const struct store_value *value)
{
    char name[NAME_SIZE], text[LOCAL_ISO_SIZE];
    json_t *json = NULL;
    switch (column->kind) {
    case STORE_INTEGER:
    case STORE_TIME:
        json = json_integer(value->integer);
        break;
    case STORE_REAL:
        json = isfinite(value->real) ? json_real(value->real) : json_null();
        break;
    case STORE_TEXT:
        json = value->null ? NULL : json_text(value);
        break;
    case STORE_PROBABILITIES:
        json = json_probabilities(value);
        break;
    case STORE_BYTES:
        json = value->null ? NULL : json_bytes(value);
        break;
    }
    if (value->null) {
        json_decref(json);
        json = json_null();
    }
    json_put(object, column->name, json);
    if (column->kind != STORE_TIME)
        return;
    time_name(column->name, name);
    iso(night, value->integer, text);
    json_put(object, name, value->null ? json_null() : json_string(text));
}

static int json_row(const struct export_rows *rows, const struct store_night *night,
                    const struct store_value *values)
{
    const struct store_column *columns = store_table_columns(rows->table);
    json_t *object = json_object();
    json_put(&object, "table", json_string(store_table_name(rows->table)));
    for (int i = 0; columns[i].name; i++)
        if (!left_out(rows, &columns[i]))
            json_value(&object, night, &columns[i], &values[i]);
    if (!object)
        return -ENOMEM;
    json_dumpf(object, rows->stream, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
    fputc('\n', rows->stream);
    json_decref(object);
    return 0;
}

int export_row(const struct store_night *night, const struct store_value *values, void *userdata)
{
    struct export_rows *rows = userdata;
    rows->n++;
    int r = rows->csv ? csv_row(rows, night, values) : json_row(rows, night, values);
    if (r == 0 && interrupt_came())
        return -EINTR;
    // No use to read on for a full disk.
    return r == 0 && ferror(rows->stream) ? -EIO : r;
}
