// SPDX-License-Identifier: GPL-3.0-or-later
#include "stretching/routine.h"

#include <errno.h>
#include <string.h>

#include "base/ini_text.h"
#include "base/text.h"

#define REST_MAX_S 300

void routine_usual(struct routine *routine)
{
    *routine = (struct routine){
        .rest_s = ROUTINE_REST_S,
        .n = 8,
        .items = {{POSITION_SUPINE_LEFT_KNEE, 30},
                  {POSITION_SUPINE_RIGHT_KNEE, 30},
                  {POSITION_SUPINE_LEFT_KNEE, 30},
                  {POSITION_SUPINE_RIGHT_KNEE, 30},
                  {POSITION_LEFT_FETAL, 60},
                  {POSITION_RIGHT_FETAL, 60},
                  {POSITION_SUPINE_LEGS_RAISED, 120},
                  {POSITION_SUPINE_KNEES_RAISED, 60}},
    };
}

int64_t routine_lasts_s(const struct routine *routine)
{
    int64_t lasts_s = 0;
    for (unsigned i = 0; i < routine->n; i++)
        lasts_s += routine->items[i].hold_s + (i > 0 ? routine->rest_s : 0);
    return lasts_s;
}

static int take_rest(struct routine *routine, const struct ini_entry *entry, struct error *error)
{
    unsigned long rest_s;
    if (strcmp(entry->key, "rest") != 0)
        return ini_refuse(entry, error, "there is no such key; rest is");
    if (!text_unsigned(entry->value, 0, REST_MAX_S, &rest_s))
        return ini_refuse(entry, error, "must be 0 to %d seconds", REST_MAX_S);
    routine->rest_s = (int64_t)rest_s;
    return 0;
}

static int take_hold(struct routine *routine, const struct ini_entry *entry, struct error *error)
{
    unsigned long hold_s;
    int position = position_from_identifier(entry->key);
    if (position < 0 || !stretch_of((enum position)position))
        return ini_refuse(entry, error, "is no stretch; psoasmon stretch --list has them");
    if (!text_unsigned(entry->value, STRETCH_HOLD_MIN_S, STRETCH_HOLD_MAX_S, &hold_s))
        return ini_refuse(entry, error, "must be %d to %d seconds", STRETCH_HOLD_MIN_S,
                          STRETCH_HOLD_MAX_S);
    if (routine->n == STRETCH_HOLDS_MAX)
        return ini_refuse(entry, error, "is one hold too many: %d at most", STRETCH_HOLDS_MAX);
    routine->items[routine->n++] = (struct routine_item){(enum position)position, (int64_t)hold_s};
    if (routine_lasts_s(routine) > ROUTINE_LASTS_S)
        return ini_refuse(entry, error, "makes it longer than an hour");
    return 0;
}

static int take(const struct ini_entry *entry, void *userdata, struct error *error)
{
    if (entry->indented)
        return ini_refuse(entry, error, "is indented");
    if (strcmp(entry->section, "stretch") == 0)
        return take_rest(userdata, entry, error);
    if (strcmp(entry->section, "holds") == 0)
        return take_hold(userdata, entry, error);
    return ini_refuse(entry, error,
                      "stands in no section that there is; [stretch] and [holds] are");
}

int routine_load(struct routine *ret, const char *path, struct error *error)
{
    _cleanup_(freep) char *text = NULL;
    size_t length;
    *ret = (struct routine){.rest_s = ROUTINE_REST_S};
    int r = ini_load(&text, &length, path, error);
    if (r == 0)
        r = ini_read(text, length, path, take, ret, error);
    if (r == 0 && ret->n == 0)
        r = error_set(error, -EINVAL, "%s: there is no hold in it", path);
    return r;
}
