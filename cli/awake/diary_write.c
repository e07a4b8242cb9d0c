// SPDX-License-Identifier: GPL-3.0-or-later
// One entry, found and written.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "awake/diary.h"
#include "awake/keep.h"
#include "words.h"

bool diary_change_says(const struct diary_change *change)
{
    return !diary_is_empty(&change->given) || change->cleared || change->n_untag > 0;
}

static int keep_found(const struct diary_entry *entry, void *userdata)
{
    struct diary_entry *found = userdata;
    return diary_copy(found, entry) < 0 ? -ENOMEM : 0;
}

int diary_find(const struct config *config, day_number day, int64_t now_s, struct diary_entry *ret,
               bool *ret_found)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    struct diary_entry found = {.day = -1};
    int r = store_diary(store, day, day, keep_found, &found);
    if (r < 0)
        return cli_store_failed(store, r);
    *ret_found = found.day == day;
    if (*ret_found)
        *ret = found;
    else
        diary_begin(ret, day, now_s);
    return CLI_DONE;
}

// What is given, beside or instead of what the entry says.
static int answer(struct diary_entry *entry, const struct diary_change *change)
{
    const struct diary_entry *given = &change->given;
    struct error error = {0};
    int r = 0;
    for (int i = 0; r == 0 && i < DIARY_FIELD_N; i++) {
        enum diary_field field = (enum diary_field)i;
        if (change->cleared & 1u << i)
            diary_clear(entry, field);
        if (!diary_is_answered(given, field))
            continue;
        r = diary_is_text(field) ? diary_set_text(entry, field, given->texts[field], &error)
                                 : diary_set_number(entry, field, given->numbers[field], &error);
    }
    for (unsigned i = 0; i < change->n_untag; i++)
        diary_remove_tag(entry, change->untag[i]);
    for (unsigned i = 0; r == 0 && i < given->n_tags; i++)
        r = diary_add_tag(entry, given->tags[i], &error);
    return r < 0 ? cli_fail(CLI_USAGE, "%s", error.text) : CLI_DONE;
}

// An answer that is there already is changed by who says so alone.
static int check_unchanged(const struct diary_entry *before, const struct diary_entry *after)
{
    char day[DAY_TEXT_SIZE];
    day_format(before->day, day);
    for (int i = 0; i < DIARY_FIELD_N; i++) {
        enum diary_field field = (enum diary_field)i;
        const char *text = before->texts[field];
        bool same = before->numbers[field] == after->numbers[field] &&
                    (!text || (after->texts[field] && strcmp(text, after->texts[field]) == 0));
        if (diary_is_answered(before, field) && !same)
            return cli_fail(CLI_USAGE,
                            _("the entry of %s has another answer to %s; --edit changes it"), day,
                            diary_spec(field)->name);
    }
    return CLI_DONE;
}

static int fill_in(const struct diary_change *change, struct diary_entry *entry)
{
    if (diary_change_says(change))
        return answer(entry, change);
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return cli_fail(CLI_USAGE, _("nothing to write: name an answer, or use a terminal; "
                                     "psoasmon diary --help has the answers"));
    return diary_ask(entry) ? CLI_DONE : cli_fail(CLI_FAILED, _("nothing was written"));
}

static int check_changes(const struct diary_change *change, const struct diary_entry *before,
                         const struct diary_entry *after)
{
    bool asked = diary_is_empty(&change->given);
    if (diary_is_empty(after))
        return cli_fail(CLI_USAGE, _("nothing is answered: there is nothing to write%s"),
                        change->edit ? _("; --delete takes the entry away") : "");
    return change->edit || asked ? CLI_DONE : check_unchanged(before, after);
}

static int change_entry(const struct diary_change *change, const struct config *config,
                        const struct diary_entry *before, struct diary_entry *entry, int64_t now_s)
{
    int status = fill_in(change, entry);
    if (status == CLI_DONE)
        status = check_changes(change, before, entry);
    if (status == CLI_DONE && !diary_is_same(before, entry)) {
        entry->made_s = now_s;
        status = keep_diary(config, entry, 1);
    }
    if (status == CLI_DONE)
        diary_print(entry);
    return status;
}

int diary_write(const struct diary_change *change, const struct config *config, int64_t now_s,
                day_number today)
{
    struct diary_entry before, entry;
    bool found;
    // Who writes at night what the morning is to hear has it of tomorrow.
    if (change->day > today + 1)
        return cli_fail(CLI_USAGE, _("that day is still to come"));
    int status = diary_find(config, change->day, now_s, &before, &found);
    if (status != CLI_DONE)
        return status;
    if (diary_copy(&entry, &before) < 0)
        status = cli_fail(CLI_FAILED, _("out of memory"));
    else {
        status = change_entry(change, config, &before, &entry, now_s);
        diary_done(&entry);
    }
    diary_done(&before);
    return status;
}
