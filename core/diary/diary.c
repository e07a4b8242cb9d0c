// SPDX-License-Identifier: GPL-3.0-or-later
#include "diary/diary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#define SCALE_MAX 10
#define DAY_S     86400

static const struct diary_spec specs[DIARY_FIELD_N] = {
    [DIARY_PAIN] = {.name = "pain", .kind = DIARY_SCALE},
    [DIARY_PLACE] = {.name = "place", .kind = DIARY_TEXT, .size_max = DIARY_TEXT_MAX},
    [DIARY_SIDE] = {.name = "side", .kind = DIARY_WORD, .size_max = DIARY_TEXT_MAX},
    [DIARY_STIFFNESS] = {.name = "stiffness", .kind = DIARY_SCALE},
    [DIARY_SITTING] = {.name = "sitting_s", .kind = DIARY_SPAN, .unit_s = 3600},
    [DIARY_SPORT] = {.name = "sport_s", .kind = DIARY_SPAN, .unit_s = 60},
    [DIARY_STRAIN] = {.name = "strain", .kind = DIARY_SCALE},
    [DIARY_MASSAGE] = {.name = "massage", .kind = DIARY_YES_NO},
    [DIARY_NEW_PILLOW] = {.name = "new_pillow", .kind = DIARY_YES_NO},
    [DIARY_NEW_MATTRESS] = {.name = "new_mattress", .kind = DIARY_YES_NO},
    [DIARY_NOTE] = {.name = "note", .kind = DIARY_PROSE, .size_max = DIARY_NOTE_MAX},
};

static const char *const sides[] = {"left", "right", "both", "middle"};
#define SIDE_N (sizeof sides / sizeof *sides)

const struct diary_spec *diary_spec(enum diary_field field)
{
    return &specs[field];
}

int diary_field_from_name(const char *name)
{
    for (int field = 0; field < DIARY_FIELD_N; field++)
        if (strcmp(name, specs[field].name) == 0)
            return field;
    return -1;
}

bool diary_is_text(enum diary_field field)
{
    return specs[field].kind >= DIARY_WORD;
}

// ---- an entry ----

void diary_begin(struct diary_entry *entry, day_number day, int64_t made_s)
{
    *entry = (struct diary_entry){.day = day, .made_s = made_s};
    for (int field = 0; field < DIARY_FIELD_N; field++)
        entry->numbers[field] = -1;
}

void diary_done(struct diary_entry *entry)
{
    for (int field = 0; field < DIARY_FIELD_N; field++)
        free(entry->texts[field]);
    for (unsigned i = 0; i < entry->n_tags; i++)
        free(entry->tags[i]);
    memset(entry, 0, sizeof *entry);
}

int diary_copy(struct diary_entry *ret, const struct diary_entry *entry)
{
    *ret = *entry;
    bool short_of_memory = false;
    for (int field = 0; field < DIARY_FIELD_N; field++) {
        ret->texts[field] = entry->texts[field] ? strdup(entry->texts[field]) : NULL;
        short_of_memory |= entry->texts[field] && !ret->texts[field];
    }
    for (unsigned i = 0; i < entry->n_tags; i++) {
        ret->tags[i] = strdup(entry->tags[i]);
        short_of_memory |= !ret->tags[i];
    }
    if (!short_of_memory)
        return 0;
    diary_done(ret);
    return -ENOMEM;
}

bool diary_is_answered(const struct diary_entry *entry, enum diary_field field)
{
    return diary_is_text(field) ? entry->texts[field] != NULL : entry->numbers[field] >= 0;
}

void diary_clear(struct diary_entry *entry, enum diary_field field)
{
    free(entry->texts[field]);
    entry->texts[field] = NULL;
    entry->numbers[field] = -1;
}

bool diary_is_empty(const struct diary_entry *entry)
{
    for (int field = 0; field < DIARY_FIELD_N; field++)
        if (diary_is_answered(entry, (enum diary_field)field))
            return false;
    return entry->n_tags == 0;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool diary_is_same(const struct diary_entry *a, const struct diary_entry *b)
{
    if (a->day != b->day || a->n_tags != b->n_tags)
        return false;
    for (int field = 0; field < DIARY_FIELD_N; field++)
        if (a->numbers[field] != b->numbers[field] || !same_text(a->texts[field], b->texts[field]))
            return false;
    for (unsigned i = 0; i < a->n_tags; i++)
        if (strcmp(a->tags[i], b->tags[i]) != 0)
            return false;
    return true;
}

// ---- what is taken ----

int diary_set_number(struct diary_entry *entry, enum diary_field field, int64_t number,
                     struct error *error)
{
    const struct diary_spec *spec = &specs[field];
    int64_t max = spec->kind == DIARY_SCALE ? SCALE_MAX : spec->kind == DIARY_SPAN ? DAY_S : 1;
    if (diary_is_text(field))
        return error_set(error, -EINVAL, "%s: is no number", spec->name);
    if (number < 0 || number > max)
        return error_set(error, -EINVAL, "%s: must be 0 to %d", spec->name, (int)max);
    entry->numbers[field] = number;
    return 0;
}

static int check_text(const char *name, const char *text, enum diary_kind kind, size_t size_max,
                      struct error *error)
{
    size_t size = strnlen(text, size_max + 1);
    if (size == 0)
        return error_set(error, -EINVAL, "%s: is empty", name);
    if (size > size_max)
        return error_set(error, -EINVAL, "%s: is longer than %zu bytes", name, size_max);
    for (size_t at = 0; at < size;) {
        uint32_t code;
        size_t length = utf8_decode(text + at, &code);
        if (length == 0)
            return error_set(error, -EINVAL, "%s: byte %zu is no UTF-8", name, at);
        bool layout = kind == DIARY_PROSE && (code == '\n' || code == '\t');
        if (!layout && !utf8_is_fit(code))
            return error_set(error, -EINVAL, "%s: byte %zu is a control character", name, at);
        at += length;
    }
    return 0;
}

static int check_side(const char *text, struct error *error)
{
    for (size_t i = 0; i < SIDE_N; i++)
        if (strcmp(text, sides[i]) == 0)
            return 0;
    return error_set(error, -EINVAL, "side: must be left, right, both or middle");
}

int diary_set_text(struct diary_entry *entry, enum diary_field field, const char *text,
                   struct error *error)
{
    const struct diary_spec *spec = &specs[field];
    if (!diary_is_text(field))
        return error_set(error, -EINVAL, "%s: is no text", spec->name);
    int r = check_text(spec->name, text, spec->kind, spec->size_max, error);
    if (r == 0 && spec->kind == DIARY_WORD)
        r = check_side(text, error);
    if (r < 0)
        return r;
    char *copy = strdup(text);
    if (!copy)
        return error_set(error, -ENOMEM, "out of memory");
    free(entry->texts[field]);
    entry->texts[field] = copy;
    return 0;
}

int diary_add_tag(struct diary_entry *entry, const char *tag, struct error *error)
{
    int r = check_text("tag", tag, DIARY_TEXT, DIARY_TEXT_MAX, error);
    if (r < 0)
        return r;
    if (strchr(tag, DIARY_TAG_END))
        return error_set(error, -EINVAL, "tag: holds a %c, which separates tags", DIARY_TAG_END);
    unsigned at = 0;
    while (at < entry->n_tags && strcmp(entry->tags[at], tag) < 0)
        at++;
    if (at < entry->n_tags && strcmp(entry->tags[at], tag) == 0)
        return 0;
    if (entry->n_tags == DIARY_TAGS_MAX)
        return error_set(error, -EINVAL, "tag: a day has %d at most", DIARY_TAGS_MAX);
    char *copy = strdup(tag);
    if (!copy)
        return error_set(error, -ENOMEM, "out of memory");
    memmove(&entry->tags[at + 1], &entry->tags[at], (entry->n_tags - at) * sizeof *entry->tags);
    entry->tags[at] = copy;
    entry->n_tags++;
    return 0;
}

bool diary_remove_tag(struct diary_entry *entry, const char *tag)
{
    for (unsigned i = 0; i < entry->n_tags; i++) {
        if (strcmp(entry->tags[i], tag) != 0)
            continue;
        free(entry->tags[i]);
        entry->n_tags--;
        memmove(&entry->tags[i], &entry->tags[i + 1], (entry->n_tags - i) * sizeof *entry->tags);
        return true;
    }
    return false;
}

// ---- as people write it ----

// Moves *text behind the word, if it begins with it.
static bool pass(const char **text, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool pass_any(const char **text, const char *const words[], size_t n)
{
    while (**text == ' ')
        (*text)++;
    for (size_t i = 0; i < n; i++)
        if (pass(text, words[i]))
            return true;
    return false;
}

// Digits, of which four are more than any span needs.
static bool pass_number(const char **text, int64_t *ret)
{
    char digits[8];
    while (**text == ' ')
        (*text)++;
    size_t n = strspn(*text, "0123456789");
    unsigned long number;
    if (n == 0 || n > 5)
        return false;
    memcpy(digits, *text, n);
    digits[n] = '\0';
    *text += n;
    *ret = text_unsigned(digits, 0, 99999, &number) ? (int64_t)number : 0;
    return true;
}

// "8h", "7h30", "7 h 30 min", "45min", "1800s", "7:30", "7.5h"; a number alone has the unit.
static bool read_span(const char *text, int64_t unit_s, int64_t *ret_s)
{
    static const char *const hours[] = {"hours", "hour", "h"};
    static const char *const minutes[] = {"minutes", "minute", "min", "m"};
    static const char *const seconds[] = {"s"};
    int64_t first, second = 0;
    if (!pass_number(&text, &first))
        return false;
    *ret_s = first * unit_s;
    if (*text == '\0')
        return true;
    if (*text == ':') {
        const char *colon = text++;
        *ret_s = first * 3600;
        if (!pass_number(&text, &second) || text - colon != 3 || second > 59)
            return false;
    } else if (*text == '.' && text[1] >= '0' && text[1] <= '9') {
        *ret_s = first * 3600 + (text[1] - '0') * 360;
        text += 2;
        return pass_any(&text, hours, 3) && *text == '\0';
    } else if (pass_any(&text, seconds, 1)) {
        *ret_s = first;
    } else if (pass_any(&text, minutes, 4)) {
        *ret_s = first * 60;
    } else if (pass_any(&text, hours, 3)) {
        *ret_s = first * 3600;
        if (pass_number(&text, &second)) {
            pass_any(&text, minutes, 4);
            if (second > 59)
                return false;
        }
    }
    *ret_s += second * 60;
    return *text == '\0';
}

static int read_number(struct diary_entry *entry, enum diary_field field, const char *text,
                       struct error *error)
{
    unsigned long number;
    if (!text_unsigned(text, 0, SCALE_MAX, &number))
        return error_set(error, -EINVAL, "%s: '%.20s' is no whole number from 0 to %d",
                         specs[field].name, text, SCALE_MAX);
    return diary_set_number(entry, field, (int64_t)number, error);
}

int diary_read(struct diary_entry *entry, enum diary_field field, const char *text,
               struct error *error)
{
    const struct diary_spec *spec = &specs[field];
    int64_t seconds;
    bool yes;
    switch (spec->kind) {
    case DIARY_SCALE:
        return read_number(entry, field, text, error);
    case DIARY_SPAN:
        if (!read_span(text, spec->unit_s, &seconds) || seconds > DAY_S)
            return error_set(error, -EINVAL,
                             "%s: '%.20s' is no time like 8h, 7h30, 7:30 or 45min, a day at most",
                             spec->name, text);
        return diary_set_number(entry, field, seconds, error);
    case DIARY_YES_NO:
        if (!text_bool(text, &yes))
            return error_set(error, -EINVAL, "%s: must be yes or no", spec->name);
        return diary_set_number(entry, field, yes, error);
    case DIARY_WORD:
    case DIARY_TEXT:
    case DIARY_PROSE:
        return diary_set_text(entry, field, text, error);
    }
    return -EINVAL;
}
