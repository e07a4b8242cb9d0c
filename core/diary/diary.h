// SPDX-License-Identifier: GPL-3.0-or-later
// What only the sleeper knows: an entry a morning, as answers of which any may be left out.
//
// Pain and stiffness are those of the entry's own day, the rest is about the day and the night
// before: the entry of 2026-01-06 belongs to the night of 2026-01-05, and to what came before it.
#ifndef PSOASMON_DIARY_H
#define PSOASMON_DIARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "night/night.h"

// The names are those of the database, the CSV, the JSON and the bus.
enum diary_field {
    DIARY_PAIN,
    DIARY_PLACE,
    DIARY_SIDE,
    DIARY_STIFFNESS,
    DIARY_SITTING,
    DIARY_SPORT,
    DIARY_STRAIN,
    DIARY_MASSAGE,
    DIARY_NEW_PILLOW,
    DIARY_NEW_MATTRESS,
    DIARY_NOTE,
    DIARY_FIELD_N
};

enum diary_kind {
    DIARY_SCALE,  // 0, none, to 10, the worst imaginable: the numerical rating scale
    DIARY_SPAN,   // whole seconds, a day at most
    DIARY_YES_NO, // 1 or 0
    DIARY_WORD,   // "left", "right", "both", "middle"
    DIARY_TEXT,   // one line
    DIARY_PROSE,  // with line feeds and tabs
};

struct diary_spec {
    const char *name;
    enum diary_kind kind;
    int64_t unit_s;  // DIARY_SPAN: of a number without one
    size_t size_max; // of a text, in bytes
};
const struct diary_spec *diary_spec(enum diary_field field);
// -1 where there is none of that name.
int diary_field_from_name(const char *name);
// True of words and texts, which are in `texts`; the others are in `numbers`.
bool diary_is_text(enum diary_field field);

#define DIARY_TEXT_MAX 64   // bytes of a place or a tag
#define DIARY_NOTE_MAX 4000 // bytes
#define DIARY_TAGS_MAX 16
#define DIARY_TAG_END  ';' // is in no tag: it separates them in CSV

struct diary_entry {
    day_number day;
    int64_t made_s;                 // when it was written last
    int64_t numbers[DIARY_FIELD_N]; // -1: not answered
    char *texts[DIARY_FIELD_N];     // null: not answered; else UTF-8, ours
    char *tags[DIARY_TAGS_MAX];     // in order, each once
    unsigned n_tags;
};

void diary_begin(struct diary_entry *entry, day_number day, int64_t made_s);
void diary_done(struct diary_entry *entry);
int diary_copy(struct diary_entry *ret, const struct diary_entry *entry); // -ENOMEM

bool diary_is_answered(const struct diary_entry *entry, enum diary_field field);
void diary_clear(struct diary_entry *entry, enum diary_field field);
// Nothing is answered, and there is no tag.
bool diary_is_empty(const struct diary_entry *entry);
// Same day, answers and tags; when they were written is of no account.
bool diary_is_same(const struct diary_entry *a, const struct diary_entry *b);

// Take what comes from outside, and refuse what is not what the field holds: -EINVAL with a message
// that names the field, -ENOMEM. What is taken is kept as it was given. A text is valid UTF-8 of at
// least one and at most size_max bytes without control characters, but for the line feeds and tabs
// of a note.
int diary_set_number(struct diary_entry *entry, enum diary_field field, int64_t number,
                     struct error *error);
int diary_set_text(struct diary_entry *entry, enum diary_field field, const char *text,
                   struct error *error);
// A tag that is there already is no other one.
int diary_add_tag(struct diary_entry *entry, const char *tag, struct error *error);
bool diary_remove_tag(struct diary_entry *entry, const char *tag);

// Any field, as people write it: "3", "8h", "7h30", "45min", "7:30", "yes", "left".
int diary_read(struct diary_entry *entry, enum diary_field field, const char *text,
               struct error *error);

#endif
