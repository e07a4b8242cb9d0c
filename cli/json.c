// SPDX-License-Identifier: GPL-3.0-or-later
#include "json.h"

#include <errno.h>

#define REAL_DIGITS 4 // of shares and confidences: all there is to say

void json_put(json_t **object, const char *key, json_t *value)
{
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

void json_append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value) == 0)
        return;
    json_decref(*array);
    *array = NULL;
}

json_t *json_day(day_number day)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    return json_string(text);
}

json_t *json_position_set(position_set set)
{
    json_t *array = json_array();
    for (int p = 0; p < POSITION_N; p++)
        if (set & POSITION_BIT(p))
            json_append(&array, json_string(position_identifier((enum position)p)));
    return array;
}

static int print(FILE *stream, json_t *root, size_t layout)
{
    if (!root)
        return -ENOMEM;
    // A write that fails is noticed where standard output is flushed.
    json_dumpf(root, stream, layout | JSON_REAL_PRECISION(REAL_DIGITS));
    fputc('\n', stream);
    json_decref(root);
    return 0;
}

int json_print(FILE *stream, json_t *root)
{
    return print(stream, root, JSON_INDENT(1));
}

int json_print_line(FILE *stream, json_t *root)
{
    int r = print(stream, root, JSON_COMPACT);
    return r == 0 && fflush(stream) != 0 ? -errno : r;
}
