// SPDX-License-Identifier: GPL-3.0-or-later
// What the file is like, and whether it is sound.
#include <stdio.h>
#include <string.h>

#include "store/store_private.h"

// SQLite stops looking after so many faults.
#define FAULTS_MAX 20

static const char *column_words(sqlite3_stmt *row, int column)
{
    const unsigned char *words = sqlite3_column_text(row, column);
    return words ? (const char *)words : "";
}

static int tell_integrity(sqlite3_stmt *row, store_fault_sink sink, void *userdata)
{
    const char *words = column_words(row, 0);
    return strcmp(words, "ok") == 0 ? 0 : sink(words, userdata);
}

// Of a row whose parent is not there: its table, its rowid (none in most of ours), the parent.
static int tell_orphan(sqlite3_stmt *row, store_fault_sink sink, void *userdata)
{
    char words[200];
    snprintf(words, sizeof words, "a row of %s belongs to a row of %s that is not there",
             column_words(row, 0), column_words(row, 2));
    return sink(words, userdata);
}

static int check(struct store *store, const char *sql,
                 int (*tell)(sqlite3_stmt *row, store_fault_sink sink, void *userdata),
                 store_fault_sink sink, void *userdata)
{
    sqlite3_stmt *statement = NULL;
    int r = 0, faults = 0;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK)
        r = store_failed(store, "check");
    while (r == 0 && faults++ < FAULTS_MAX && (r = store_step(store, statement, "check")) == 1)
        r = tell(statement, sink, userdata);
    sqlite3_finalize(statement);
    return r < 0 ? r : 0;
}

int store_check(struct store *store, store_fault_sink sink, void *userdata)
{
    char integrity[64];
    snprintf(integrity, sizeof integrity, "PRAGMA main.integrity_check(%d)", FAULTS_MAX);
    int r = check(store, integrity, tell_integrity, sink, userdata);
    return r < 0 ? r : check(store, "PRAGMA main.foreign_key_check", tell_orphan, sink, userdata);
}

int store_facts(struct store *store, struct store_facts *ret)
{
    static const char sql[] =
        "SELECT user_version, (SELECT count(*) FROM main.nights), (SELECT count(*) FROM diary), "
        "(SELECT count(*) FROM stretch_sessions), page_count * page_size, "
        "freelist_count * page_size FROM pragma_user_version, pragma_page_count, "
        "pragma_freelist_count, pragma_page_size";
    sqlite3_stmt *statement = NULL;
    int r = 0;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        r = store_failed(store, "size");
    *ret = (struct store_facts){
        .version = sqlite3_column_int64(statement, 0),
        .newest_version = STORE_SCHEMA_VERSION,
        .nights = (uint64_t)sqlite3_column_int64(statement, 1),
        .diary_entries = (uint64_t)sqlite3_column_int64(statement, 2),
        .stretch_sessions = (uint64_t)sqlite3_column_int64(statement, 3),
        .file_bytes = (uint64_t)sqlite3_column_int64(statement, 4),
        .free_bytes = (uint64_t)sqlite3_column_int64(statement, 5),
    };
    sqlite3_finalize(statement);
    return r;
}
