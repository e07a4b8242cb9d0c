// SPDX-License-Identifier: GPL-3.0-or-later
// Opening: one writer at a time, schema and version, and a journal mode.
//
// The journal mode is WAL with synchronous=FULL: each commit is on the disk when it returns, and
// costs one fsync and the changed pages only, which an SD card thanks for. Its price, and what
// is done about it:
//  - before SQLite 3.51.3 two connections that write or checkpoint at once can corrupt the file.
//    So exactly one process may open it for writing, enforced by a lock; readers open read-only
//    and therefore never checkpoint.
//  - a reader without write permission needs the -wal and -shm files to exist. So the writer
//    leaves them behind when it closes (SQLITE_FCNTL_PERSIST_WAL); where somebody took them away
//    (a copied file), there is nothing in them to miss and the file is read as immutable.
// A rollback journal would need write permission to read after a crash, and writes every page
// twice. Pages are 1 KiB: a commit changes three or four, so small ones wear the card less.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_private.h"

#define BUSY_TIMEOUT_MS 5000

extern const unsigned char store_schema[], store_migrate_2[], store_migrate_3[], store_migrate_4[];

// migrations[n] makes version n + 1 out of version n; version 0 is an empty file.
static const unsigned char *const migrations[STORE_SCHEMA_VERSION] = {
    store_schema,
    store_migrate_2,
    store_migrate_3,
    store_migrate_4,
};

// What an older version had not, empty: a reader may not migrate the file. missing[n] is what
// version n + 1 added to version n. A temporary view of a table's name stands before the table.
static const char *const missing[STORE_SCHEMA_VERSION] = {
    [1] = "CREATE TEMP TABLE readings (id INTEGER PRIMARY KEY, night_id, start_s, source, "
          "position, confidence, model, made_s)",
    [2] = "CREATE TEMP VIEW nights AS SELECT *, NULL AS boot, NULL AS boot_s FROM main.nights;"
          "CREATE TEMP VIEW epochs AS SELECT *, 0 AS moves, NULL AS moved_s, NULL AS "
          "breaths_per_min, "
          "NULL AS breath_steadiness FROM main.epochs;"
          "CREATE TEMP TABLE clock_steps (id INTEGER PRIMARY KEY, at_s, by_s, night_id)",
    [3] = "CREATE TEMP TABLE diary (id INTEGER PRIMARY KEY, day, made_s, pain, place, side, "
          "stiffness, sitting_s, sport_s, strain, massage, new_pillow, new_mattress, note);"
          "CREATE TEMP TABLE diary_tags (diary_id, tag);"
          "CREATE TEMP TABLE stretch_sessions (id INTEGER PRIMARY KEY, day, timezone, "
          "start_utc_offset_s, start_s, end_s, pad, model, finished);"
          "CREATE TEMP TABLE stretch_holds (session_id, number, position, start_s, end_s, asked_s, "
          "held_s, wrong_side_s)",
};

static int refuse(struct error *error, int code, const char *path, const char *reason)
{
    return error_set(error, code, "%s: %s", path, reason);
}

static int failed(struct store *store, struct error *error, const char *path)
{
    int code = store_code(sqlite3_extended_errcode(store->database));
    if (code == -EBADMSG && store_is_ours(path))
        return refuse(error, -EUCLEAN, path, "is damaged");
    if (code == -EBADMSG)
        return refuse(error, code, path, "is not a psoasmon database, or it is damaged");
    return error_set(error, code ? code : -EIO, "%s: %s", path, sqlite3_errmsg(store->database));
}

static int read_number(struct store *store, const char *pragma, int64_t *ret)
{
    sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(store->database, pragma, -1, &statement, NULL);
    if (r == SQLITE_OK) {
        r = sqlite3_step(statement);
        *ret = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return r == SQLITE_ROW ? 0 : -EIO;
}

static bool run(struct store *store, const char *sql)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static int migrate(struct store *store, int64_t version, const char *path, struct error *error)
{
    char stamp_id[64], stamp_version[64];
    snprintf(stamp_id, sizeof stamp_id, "PRAGMA application_id=%d;", STORE_APPLICATION_ID);
    snprintf(stamp_version, sizeof stamp_version, "PRAGMA user_version=%d;", STORE_SCHEMA_VERSION);
    // The id comes before the journal, so that it is in the file itself from the beginning: however
    // damaged, it is known as ours.
    if (version == 0 && (!run(store, "PRAGMA page_size=1024;") || !run(store, stamp_id) ||
                         !run(store, "PRAGMA journal_mode=WAL;")))
        return failed(store, error, path);
    bool done = run(store, "BEGIN IMMEDIATE");
    for (; done && version < STORE_SCHEMA_VERSION; version++)
        done = run(store, (const char *)migrations[version]);
    if (done && run(store, stamp_version) && run(store, "COMMIT"))
        return 0;
    int r = failed(store, error, path);
    run(store, "ROLLBACK");
    return r;
}

// Makes sure that the file is ours and of a version we know, or makes it one.
static int check_version(struct store *store, const char *path, enum store_mode mode,
                         struct error *error)
{
    int64_t application_id = 0, version = 0, tables = 0;
    if (read_number(store, "PRAGMA application_id", &application_id) < 0 ||
        read_number(store, "PRAGMA user_version", &version) < 0 ||
        read_number(store, "SELECT count(*) FROM sqlite_schema", &tables) < 0)
        return failed(store, error, path);
    bool ours = application_id == STORE_APPLICATION_ID;
    if ((application_id == 0 || ours) && version == 0 && tables == 0) {
        if (mode == STORE_WRITE)
            return migrate(store, 0, path, error);
        return refuse(error, -ENOENT, path, "is an empty database, nothing was recorded");
    }
    if (!ours)
        return refuse(error, -EBADMSG, path, "is a database of another program");
    if (version > STORE_SCHEMA_VERSION)
        return refuse(error, -ENOTSUP, path, "was made by a newer psoasmon");
    if (version < 1)
        return refuse(error, -EBADMSG, path, "has no psoasmon schema version");
    if (version == STORE_SCHEMA_VERSION)
        return 0;
    if (mode == STORE_WRITE)
        return migrate(store, version, path, error);
    bool done = run(store, "PRAGMA temp_store=MEMORY");
    for (; done && version < STORE_SCHEMA_VERSION; version++)
        done = run(store, missing[version]);
    return done ? 0 : failed(store, error, path);
}

// SQLite never closes the descriptor that holds this lock, so its own locks are safe from it;
// flock() and SQLite's fcntl() locks do not see each other.
static int lock_for_writing(struct store *store, const char *path, struct error *error)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    bool fresh = false;
    store->lock_fd = open(path, flags);
    if (store->lock_fd < 0 && errno == ENOENT) {
        store->lock_fd = open(path, flags | O_CREAT, 0640);
        fresh = true;
    }
    if (store->lock_fd < 0)
        return error_set(error, -errno, "%s: %s", path, strerror(errno));
    // SQLite makes sure of its journals' names in the directory, but not of the database's.
    int r = fresh ? store_sync_directory(path) : 0;
    if (r < 0)
        return error_set(error, r, "%s: %s", path, strerror(-r));
    struct stat status;
    if (fstat(store->lock_fd, &status) < 0 || !S_ISREG(status.st_mode))
        return refuse(error, -EBADMSG, path, "is not a file");
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return refuse(error, -EBUSY, path, "another process writes to it (is psoasmond running?)");
    return 0;
}

static int open_for_writing(struct store *store, const char *path, struct error *error)
{
    int r = lock_for_writing(store, path, error);
    if (r < 0)
        return r;
    if (sqlite3_open_v2(path, &store->database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return failed(store, error, path);
    sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
    int persist = 1;
    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    r = check_version(store, path, STORE_WRITE, error);
    if (r < 0)
        return r;
    if (!run(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;"))
        return failed(store, error, path);
    return 0;
}

// A file: URI of the path, with the characters escaped that mean something in one.
static char *immutable_uri(const char *path)
{
    static const char prefix[] = "file:", suffix[] = "?immutable=1";
    char *uri = malloc(strlen(path) * 3 + sizeof prefix + sizeof suffix);
    if (!uri)
        return NULL;
    char *end = stpcpy(uri, prefix);
    for (; *path; path++)
        if (strchr("%?#", *path))
            end += sprintf(end, "%%%02X", (unsigned char)*path);
        else
            *end++ = *path;
    strcpy(end, suffix);
    return uri;
}

static bool has_wal(const char *path)
{
    _cleanup_(freep) char *wal = NULL;
    struct stat status;
    if (asprintf(&wal, "%s-wal", path) < 0)
        return true;
    return stat(wal, &status) == 0 && status.st_size > 0;
}

static int open_for_reading(struct store *store, const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return error_set(error, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return refuse(error, -EBADMSG, path, "is not a file");
    if (access(path, R_OK) < 0)
        return error_set(error, -errno, "%s: %s", path, strerror(errno));
    // One thread has it: SQLite need not lock itself at every column that is read.
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->database, flags, NULL) != SQLITE_OK)
        return failed(store, error, path);
    sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
    int64_t version = 0;
    if (read_number(store, "PRAGMA user_version", &version) < 0 &&
        store_code(sqlite3_errcode(store->database)) == -EACCES && !has_wal(path)) {
        _cleanup_(freep) char *uri = immutable_uri(path);
        if (!uri)
            return -ENOMEM;
        sqlite3_close(store->database);
        store->database = NULL;
        if (sqlite3_open_v2(uri, &store->database, flags | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
            return failed(store, error, path);
    }
    return check_version(store, path, STORE_READ, error);
}

int store_open(struct store **ret, const char *path, enum store_mode mode, struct error *error)
{
    _cleanup_(store_freep) struct store *store = calloc(1, sizeof *store);
    if (!store)
        return -ENOMEM;
    store->lock_fd = -1;
    int r = mode == STORE_WRITE ? open_for_writing(store, path, error)
                                : open_for_reading(store, path, error);
    if (r < 0)
        return r;
    *ret = store;
    store = NULL;
    return 0;
}
