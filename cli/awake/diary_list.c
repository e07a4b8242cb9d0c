// SPDX-License-Identifier: GPL-3.0-or-later
// Entries for people, and as JSON.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "awake/diary.h"
#include "json.h"
#include "plain.h"
#include "screen.h"
#include "words.h"

#define DIARY_VERSION 1

// ---- in words ----

// What is kept is fit for a terminal but for the layout of a note, and for what somebody else put
// into the database.
static void put_text(FILE *words, const char *text)
{
    char shown[DIARY_NOTE_MAX + 1];
    snprintf(shown, sizeof shown, "%s", text);
    for (char *c = shown; *c; c++)
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    plain_text(shown);
    fputs(shown, words);
}

static void put_span(FILE *words, const char *what, int64_t seconds)
{
    char text[DURATION_SIZE];
    if (seconds < 0)
        return;
    duration_words(seconds, text);
    fprintf(words, "; %s %s", what, text);
}

static void put_scale(FILE *words, const char *what, int64_t number)
{
    if (number >= 0)
        fprintf(words, "; %s %d", what, (int)number);
}

static void put_yes(FILE *words, const char *yes, const char *no, int64_t number)
{
    if (number >= 0)
        fprintf(words, "; %s", number ? yes : no);
}

static void put_pain(FILE *words, const struct diary_entry *entry)
{
    const char *place = entry->texts[DIARY_PLACE], *side = entry->texts[DIARY_SIDE];
    put_scale(words, _("pain"), entry->numbers[DIARY_PAIN]);
    if (!place && !side)
        return;
    fputs(" (", words);
    if (place)
        put_text(words, place);
    fprintf(words, "%s%s)", place && side ? ", " : "", side ? side : "");
}

static void put_tags(FILE *words, const struct diary_entry *entry)
{
    for (unsigned i = 0; i < entry->n_tags; i++) {
        fputs(i ? ", " : _("; tags: "), words);
        put_text(words, entry->tags[i]);
    }
}

static void put_words(FILE *words, const struct diary_entry *entry)
{
    put_pain(words, entry);
    put_scale(words, _("stiffness"), entry->numbers[DIARY_STIFFNESS]);
    put_span(words, _("sat"), entry->numbers[DIARY_SITTING]);
    put_span(words, _("sport"), entry->numbers[DIARY_SPORT]);
    put_scale(words, _("strain"), entry->numbers[DIARY_STRAIN]);
    put_yes(words, _("massage"), _("no massage"), entry->numbers[DIARY_MASSAGE]);
    put_yes(words, _("a new pillow"), _("no new pillow"), entry->numbers[DIARY_NEW_PILLOW]);
    put_yes(words, _("a new mattress"), _("no new mattress"), entry->numbers[DIARY_NEW_MATTRESS]);
    put_tags(words, entry);
    if (entry->texts[DIARY_NOTE]) {
        fputs(_("; note: "), words);
        put_text(words, entry->texts[DIARY_NOTE]);
    }
}

void diary_print(const struct diary_entry *entry)
{
    _cleanup_(freep) char *text = NULL;
    char day[DAY_TEXT_SIZE];
    size_t size;
    FILE *words = open_memstream(&text, &size);
    if (!words)
        return;
    put_words(words, entry);
    fclose(words);
    day_format(entry->day, day);
    const struct screen screen = screen_of_stdout();
    printf("%s\n", day);
    screen_paragraph(stdout, &screen, 2, size > 2 ? text + 2 : _("nothing is answered"));
}

static int print_entry(const struct diary_entry *entry, void *userdata)
{
    ++*(unsigned *)userdata;
    diary_print(entry);
    return 0;
}

// ---- as JSON ----

static json_t *json_field(const struct diary_entry *entry, enum diary_field field)
{
    if (!diary_is_answered(entry, field))
        return json_null();
    if (diary_is_text(field))
        return json_string(entry->texts[field]);
    if (diary_spec(field)->kind == DIARY_YES_NO)
        return json_boolean(entry->numbers[field]);
    return json_integer(entry->numbers[field]);
}

static int append_entry(const struct diary_entry *entry, void *userdata)
{
    json_t **entries = userdata, *object = json_object(), *tags = json_array();
    char day[DAY_TEXT_SIZE];
    day_format(entry->day, day);
    json_put(&object, "day", json_string(day));
    json_put(&object, "made_s", json_integer(entry->made_s));
    for (int field = 0; field < DIARY_FIELD_N; field++)
        json_put(&object, diary_spec((enum diary_field)field)->name,
                 json_field(entry, (enum diary_field)field));
    for (unsigned i = 0; i < entry->n_tags; i++)
        json_append(&tags, json_string(entry->tags[i]));
    json_put(&object, "tags", tags);
    json_append(entries, object);
    return *entries ? 0 : -ENOMEM;
}

static int list_json(struct store *store, day_number from, day_number to)
{
    json_t *entries = json_array(), *root = json_object();
    int r = store_diary(store, from, to, append_entry, &entries);
    json_put(&root, "version", json_integer(DIARY_VERSION));
    json_put(&root, "entries", entries);
    if (r < 0) {
        json_decref(root);
        return cli_store_failed(store, r);
    }
    return json_print(stdout, root) < 0 ? cli_fail(CLI_FAILED, _("out of memory")) : CLI_DONE;
}

int diary_list(const struct config *config, day_number from, day_number to, bool json)
{
    _cleanup_(store_freep) struct store *store = NULL;
    unsigned n = 0;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    if (json)
        return list_json(store, from, to);
    int r = store_diary(store, from, to, print_entry, &n);
    if (r < 0)
        return cli_store_failed(store, r);
    return n > 0 ? CLI_DONE : cli_fail(CLI_NO_DATA, _("the diary has no entry of that time"));
}
