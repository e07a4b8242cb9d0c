// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake_message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// ---- the diary: a dictionary an entry, with "day", "made_s", "tags" and the fields answered ----

static int append_field(sd_bus_message *message, const struct diary_entry *entry,
                        enum diary_field field)
{
    const char *name = diary_spec(field)->name;
    if (!diary_is_answered(entry, field))
        return 0;
    if (diary_is_text(field))
        return sd_bus_message_append(message, "{sv}", name, "s", entry->texts[field]);
    return sd_bus_message_append(message, "{sv}", name, "x", entry->numbers[field]);
}

static int append_tags(sd_bus_message *message, const struct diary_entry *entry)
{
    int r = sd_bus_message_open_container(message, 'e', "sv");
    if (r >= 0)
        r = sd_bus_message_append(message, "s", "tags");
    if (r >= 0)
        r = sd_bus_message_open_container(message, 'v', "as");
    if (r >= 0)
        r = sd_bus_message_open_container(message, 'a', "s");
    for (unsigned i = 0; r >= 0 && i < entry->n_tags; i++)
        r = sd_bus_message_append(message, "s", entry->tags[i]);
    for (int i = 0; r >= 0 && i < 3; i++)
        r = sd_bus_message_close_container(message);
    return r;
}

static int append_entry(sd_bus_message *message, const struct diary_entry *entry)
{
    char day[DAY_TEXT_SIZE];
    day_format(entry->day, day);
    int r = sd_bus_message_open_container(message, 'a', "{sv}");
    if (r >= 0)
        r = sd_bus_message_append(message, "{sv}{sv}", "day", "s", day, "made_s", "x",
                                  entry->made_s);
    for (int field = 0; r >= 0 && field < DIARY_FIELD_N; field++)
        r = append_field(message, entry, (enum diary_field)field);
    if (r >= 0 && entry->n_tags > 0)
        r = append_tags(message, entry);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

int diary_message_append(sd_bus_message *message, const struct diary_entry *entries, unsigned n)
{
    int r = sd_bus_message_open_container(message, 'a', "a{sv}");
    for (unsigned i = 0; r >= 0 && i < n; i++)
        r = append_entry(message, &entries[i]);
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int read_tags(sd_bus_message *message, struct diary_entry *entry, struct error *error)
{
    const char *tag;
    int r = sd_bus_message_enter_container(message, 'v', "as");
    if (r >= 0)
        r = sd_bus_message_enter_container(message, 'a', "s");
    while (r >= 0 && (r = sd_bus_message_read(message, "s", &tag)) > 0)
        r = diary_add_tag(entry, tag, error);
    if (r >= 0)
        r = sd_bus_message_exit_container(message);
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int read_day(sd_bus_message *message, struct diary_entry *entry, struct error *error)
{
    const char *day;
    int r = sd_bus_message_read(message, "v", "s", &day);
    if (r >= 0 && !day_parse(day, &entry->day))
        r = error_set(error, -EINVAL, "day: is not a date: YYYY-MM-DD, and one that exists");
    return r;
}

static int read_made(sd_bus_message *message, struct diary_entry *entry, struct error *error)
{
    int r = sd_bus_message_read(message, "v", "x", &entry->made_s);
    if (r >= 0 && entry->made_s < 0)
        r = error_set(error, -EINVAL, "made_s: lies before 1970");
    return r;
}

static int read_field(sd_bus_message *message, struct diary_entry *entry, const char *name,
                      struct error *error)
{
    int field = diary_field_from_name(name);
    const char *text;
    int64_t number;
    if (field < 0)
        return error_set(error, -EINVAL, "there is no field '%.40s'", name);
    if (diary_is_text((enum diary_field)field)) {
        int r = sd_bus_message_read(message, "v", "s", &text);
        return r < 0 ? r : diary_set_text(entry, (enum diary_field)field, text, error);
    }
    int r = sd_bus_message_read(message, "v", "x", &number);
    return r < 0 ? r : diary_set_number(entry, (enum diary_field)field, number, error);
}

static int read_item(sd_bus_message *message, struct diary_entry *entry, bool *has_day,
                     struct error *error)
{
    const char *name;
    int r = sd_bus_message_read(message, "s", &name);
    if (r < 0)
        return r;
    if (strcmp(name, "day") == 0) {
        *has_day = true;
        return read_day(message, entry, error);
    }
    if (strcmp(name, "made_s") == 0)
        return read_made(message, entry, error);
    if (strcmp(name, "tags") == 0)
        return read_tags(message, entry, error);
    return read_field(message, entry, name, error);
}

// Inside the entry's dictionary.
static int read_entry(sd_bus_message *message, struct diary_entry *entry, struct error *error)
{
    bool has_day = false;
    int r;
    while ((r = sd_bus_message_enter_container(message, 'e', "sv")) > 0) {
        r = read_item(message, entry, &has_day, error);
        if (r >= 0)
            r = sd_bus_message_exit_container(message);
        if (r < 0)
            return r;
    }
    if (r == 0 && !has_day)
        r = error_set(error, -EINVAL, "day: is missing");
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

int diary_message_read(sd_bus_message *message, struct diary_entry *entries, unsigned *ret_n,
                       struct error *error)
{
    *ret_n = 0;
    int r = sd_bus_message_enter_container(message, 'a', "a{sv}");
    if (r < 0)
        return r;
    while ((r = sd_bus_message_enter_container(message, 'a', "{sv}")) > 0) {
        if (*ret_n == DIARY_MESSAGE_MAX)
            return error_set(error, -EINVAL, "more than %d entries at once", DIARY_MESSAGE_MAX);
        struct diary_entry *entry = &entries[(*ret_n)++];
        diary_begin(entry, 0, 0);
        r = read_entry(message, entry, error);
        if (r < 0)
            return r;
    }
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

// ---- a session ----

int stretch_message_append(sd_bus_message *message, const struct stretch_session *session)
{
    char day[DAY_TEXT_SIZE];
    day_format(session->day, day);
    int r = sd_bus_message_append(message, "ssixxssb", day, session->timezone,
                                  session->start_utc_offset_s, session->start_s, session->end_s,
                                  session->pad, session->model, (int)session->finished);
    if (r >= 0)
        r = sd_bus_message_open_container(message, 'a', "(sxxxxx)");
    for (unsigned i = 0; r >= 0 && i < session->n_holds; i++) {
        const struct stretch_hold *hold = &session->holds[i];
        r = sd_bus_message_append(message, "(sxxxxx)", position_identifier(hold->position),
                                  hold->start_s, hold->end_s, hold->asked_s, hold->held_s,
                                  hold->wrong_side_s);
    }
    return r < 0 ? r : sd_bus_message_close_container(message);
}

static int read_holds(sd_bus_message *message, struct stretch_session *session, struct error *error)
{
    struct stretch_hold hold;
    const char *name;
    int r = sd_bus_message_enter_container(message, 'a', "(sxxxxx)");
    while (r >= 0 &&
           (r = sd_bus_message_read(message, "(sxxxxx)", &name, &hold.start_s, &hold.end_s,
                                    &hold.asked_s, &hold.held_s, &hold.wrong_side_s)) > 0) {
        int position = position_from_identifier(name);
        if (position < 0)
            return error_set(error, -EINVAL, "there is no such position");
        if (session->n_holds == STRETCH_HOLDS_MAX)
            return error_set(error, -EINVAL, "more than %d holds", STRETCH_HOLDS_MAX);
        hold.position = (enum position)position;
        session->holds[session->n_holds++] = hold;
    }
    return r < 0 ? r : sd_bus_message_exit_container(message);
}

static bool keep(char *kept, size_t size, const char *text)
{
    return snprintf(kept, size, "%s", text) < (int)size;
}

int stretch_message_read(sd_bus_message *message, struct stretch_session *ret, struct error *error)
{
    *ret = (struct stretch_session){0};
    const char *day, *timezone, *pad, *model;
    int finished;
    int r = sd_bus_message_read(message, "ssixxssb", &day, &timezone, &ret->start_utc_offset_s,
                                &ret->start_s, &ret->end_s, &pad, &model, &finished);
    if (r < 0)
        return r;
    ret->finished = finished;
    if (!day_parse(day, &ret->day))
        return error_set(error, -EINVAL, "day: is not a date: YYYY-MM-DD, and one that exists");
    if (!keep(ret->timezone, sizeof ret->timezone, timezone) ||
        !keep(ret->pad, sizeof ret->pad, pad) || !keep(ret->model, sizeof ret->model, model))
        return error_set(error, -EINVAL, "a name is too long");
    if (ret->start_utc_offset_s < -86400 || ret->start_utc_offset_s > 86400)
        return error_set(error, -EINVAL, "the offset is longer than a day");
    r = read_holds(message, ret, error);
    return r < 0 ? r : stretch_session_check(ret, error);
}
