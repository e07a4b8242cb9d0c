// SPDX-License-Identifier: GPL-3.0-or-later
// JSON objects put together with one check at the end.
#ifndef PSOASMON_JSON_H
#define PSOASMON_JSON_H

#include <stdio.h>

#include <jansson.h>

#include "night/night.h"
#include "position/position.h"

// Both take `value` over. A shortage of memory, here or where the value comes from, leaves
// *object or *array null, and with that everything it would have gone into.
void json_put(json_t **object, const char *key, json_t *value);
void json_append(json_t **array, json_t *value);

// "2026-01-05".
json_t *json_day(day_number day);

// The identifiers of a set.
json_t *json_position_set(position_set set);

// Prints and frees. -ENOMEM for null.
int json_print(FILE *stream, json_t *root);

// The same as one line, and flushed.
int json_print_line(FILE *stream, json_t *root);

#endif
