// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/ini_text.h"
#include "base/text.h"

static int take_text(const struct ini_field *field, const struct ini_entry *entry, char *target,
                     struct error *error)
{
    size_t length = strlen(entry->value);
    if (length >= field->size)
        return ini_refuse(entry, error, "longer than %zu bytes", field->size - 1);
    memcpy(target, entry->value, length + 1);
    return 0;
}

static int take_word(const struct ini_field *field, const struct ini_entry *entry, int *target,
                     struct error *error)
{
    char choices[160] = "";
    for (const struct ini_word *word = field->words; word->text; word++) {
        if (strcmp(word->text, entry->value) == 0) {
            *target = word->value;
            return 0;
        }
        size_t used = strlen(choices);
        snprintf(choices + used, sizeof choices - used, " %s", word->text);
    }
    return ini_refuse(entry, error, "'%s' is none of:%s", entry->value, choices);
}

static int take_whole(const struct ini_field *field, const struct ini_entry *entry,
                      unsigned long *target, struct error *error)
{
    if (!text_unsigned(entry->value, (unsigned long)field->min, (unsigned long)field->max, target))
        return ini_refuse(entry, error, "'%s' is no whole number from %.0f to %.0f", entry->value,
                          field->min, field->max);
    return 0;
}

static int take_value(const struct ini_field *field, const struct ini_entry *entry, void *target,
                      struct error *error)
{
    unsigned long whole = 0;
    int r;
    switch (field->kind) {
    case INI_TEXT:
        return take_text(field, entry, target, error);
    case INI_WORD:
        return take_word(field, entry, target, error);
    case INI_NUMBER:
        r = take_whole(field, entry, &whole, error);
        if (r == 0)
            *(unsigned *)target = (unsigned)whole;
        return r;
    case INI_LONG:
        r = take_whole(field, entry, &whole, error);
        if (r == 0)
            *(int64_t *)target = (int64_t)whole;
        return r;
    case INI_REAL:
        if (!text_double(entry->value, field->min, field->max, target))
            return ini_refuse(entry, error, "'%s' is no number from %g to %g", entry->value,
                              field->min, field->max);
        return 0;
    case INI_YES_NO:
        if (!text_bool(entry->value, target))
            return ini_refuse(entry, error, "'%s' is neither yes nor no", entry->value);
        return 0;
    case INI_OTHER:
        return field->take(entry, target, error);
    }
    return -EINVAL;
}

int ini_take(const struct ini_field *fields, size_t n, const struct ini_entry *entry, void *base,
             uint64_t *seen, struct error *error)
{
    bool section_known = false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(fields[i].section, entry->section) != 0)
            continue;
        section_known = true;
        if (strcmp(fields[i].name, entry->key) != 0)
            continue;
        bool goes_on = entry->indented && fields[i].goes_on;
        if (*seen & UINT64_C(1) << i && !goes_on)
            return ini_refuse(entry, error, "given twice");
        *seen |= UINT64_C(1) << i;
        return take_value(&fields[i], entry, (char *)base + fields[i].offset, error);
    }
    if (section_known)
        return ini_refuse(entry, error, "unknown key in [%s]", entry->section);
    return ini_refuse(entry, error, "unknown section [%s]", entry->section);
}
