// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of `diary` are core/diary's fields, in its order.
#include "store/store_awake.h"

#include <errno.h>

#include "store/store_private.h"

#define FIELD_COLUMNS                                                                              \
    "pain, place, side, stiffness, sitting_s, sport_s, strain, massage, new_pillow, "              \
    "new_mattress, note"

static void bind_day(sqlite3_stmt *statement, int at, day_number day)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

static int put_tag(struct store *store, const struct diary_entry *entry, const char *tag)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_DIARY_TAG_PUT,
                          "INSERT INTO diary_tags (diary_id, tag) "
                          "SELECT id, ?2 FROM diary WHERE day = ?1",
                          &statement);
    if (r < 0)
        return r;
    bind_day(statement, 1, entry->day);
    sqlite3_bind_text(statement, 2, tag, -1, SQLITE_STATIC);
    return store_run(store, statement, "diary");
}

static int put_entry(struct store *store, const struct diary_entry *entry)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_DIARY_PUT,
                          "INSERT INTO diary (day, made_s, " FIELD_COLUMNS ") "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                          &statement);
    if (r < 0)
        return r;
    bind_day(statement, 1, entry->day);
    sqlite3_bind_int64(statement, 2, entry->made_s);
    for (int field = 0; field < DIARY_FIELD_N; field++)
        if (diary_is_text((enum diary_field)field))
            sqlite3_bind_text(statement, 3 + field, entry->texts[field], -1, SQLITE_STATIC);
        else if (entry->numbers[field] >= 0)
            sqlite3_bind_int64(statement, 3 + field, entry->numbers[field]);
    return store_run(store, statement, "diary");
}

int store_diary_delete(struct store *store, day_number day)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_writing(store, STATEMENT_DIARY_DELETE, "DELETE FROM diary WHERE day = ?1",
                          &statement);
    if (r < 0)
        return r;
    bind_day(statement, 1, day);
    r = store_run(store, statement, "diary");
    return r == 0 && sqlite3_changes(store->database) == 0 ? STORE_NO_ENTRY : r;
}

int store_diary_put(struct store *store, const struct diary_entry *entry)
{
    int r = store_diary_delete(store, entry->day);
    if (r >= 0)
        r = put_entry(store, entry);
    for (unsigned i = 0; r == 0 && i < entry->n_tags; i++)
        r = put_tag(store, entry, entry->tags[i]);
    return r;
}

// ---- reading ----

static int nonsense(struct store *store, const char *what)
{
    return error_set(&store->error, -EBADMSG, "diary: the database holds an impossible entry: %s",
                     what);
}

static int read_tags(struct store *store, int64_t id, struct diary_entry *entry)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_DIARY_TAGS,
                            "SELECT tag FROM diary_tags WHERE diary_id = ?1", &statement);
    if (r < 0)
        return r;
    sqlite3_bind_int64(statement, 1, id);
    while ((r = store_step(store, statement, "diary")) == 1) {
        const char *tag = (const char *)sqlite3_column_text(statement, 0);
        struct error why = {0};
        if (!tag)
            return nonsense(store, "no tag");
        r = diary_add_tag(entry, tag, &why);
        if (r < 0)
            return nonsense(store, why.text);
    }
    return r;
}

static int read_field(struct store *store, sqlite3_stmt *row, int column, enum diary_field field,
                      struct diary_entry *entry)
{
    struct error why = {0};
    int r = 0;
    if (sqlite3_column_type(row, column) == SQLITE_NULL)
        return 0;
    if (!diary_is_text(field))
        r = diary_set_number(entry, field, sqlite3_column_int64(row, column), &why);
    else {
        const char *text = (const char *)sqlite3_column_text(row, column);
        r = text ? diary_set_text(entry, field, text, &why) : -ENOMEM;
    }
    return r == -EINVAL ? nonsense(store, why.text) : r;
}

static int read_entry(struct store *store, sqlite3_stmt *row, struct diary_entry *entry)
{
    day_number day;
    const char *text = (const char *)sqlite3_column_text(row, 1);
    if (!text || !day_parse(text, &day))
        return nonsense(store, "no day");
    diary_begin(entry, day, sqlite3_column_int64(row, 2));
    int r = 0;
    for (int field = 0; r == 0 && field < DIARY_FIELD_N; field++)
        r = read_field(store, row, 3 + field, (enum diary_field)field, entry);
    return r == 0 ? read_tags(store, sqlite3_column_int64(row, 0), entry) : r;
}

int store_diary(struct store *store, day_number from, day_number to, store_diary_sink sink,
                void *userdata)
{
    _cleanup_(statement_resetp) sqlite3_stmt *statement = NULL;
    int r = store_statement(store, STATEMENT_DIARY,
                            "SELECT id, day, made_s, " FIELD_COLUMNS " FROM diary "
                            "WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
                            &statement);
    if (r < 0)
        return r;
    bind_day(statement, 1, from);
    bind_day(statement, 2, to);
    while ((r = store_step(store, statement, "diary")) == 1) {
        struct diary_entry entry = {0};
        r = read_entry(store, statement, &entry);
        if (r == 0)
            r = sink(&entry, userdata);
        diary_done(&entry);
        if (r < 0)
            return r;
    }
    return r;
}
