// SPDX-License-Identifier: GPL-3.0-or-later
// What report --json says of the time awake: docs/report.schema.json.
#ifndef PSOASMON_JSON_AWAKE_H
#define PSOASMON_JSON_AWAKE_H

#include <jansson.h>

#include "report/report.h"

// The fields of sums: of a period's nights. Null for what nobody told.
void json_put_awake(json_t **object, const struct report *report, const struct period *period);

// The values of "awake", "helps" and "advice".
json_t *json_awake(const struct report *report);
json_t *json_helps(const struct report *report);
json_t *json_advice(const struct report *report);

#endif
