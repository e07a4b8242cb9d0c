// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of the database that stands alone.
//
// VACUUM INTO rather than SQLite's online backup: it reads one moment of a database that is being
// written, needs no permission to write it, and the copy holds what is in the tables and nothing
// else: no pages that were freed, no remains of what was deleted, no -wal to carry along.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_private.h"

// SQLite asks after so many of its instructions whether to go on: three or so a row, and many more
// where it checks.
#define ASK_EVERY 500

struct copy {
    struct store *store;
    const char *path; // as it was named
    char *target;     // where it goes, symbolic links followed
    char *directory;  // that of the target
    char *partial;    // beside it, until it is whole
    int fd;           // of partial; locked while it is ours
    uint64_t total;
    store_progress progress;
    void *userdata;
};

// Two that cleared the same remains away at once: only one of them has the name.
static bool still_ours(const struct copy *copy)
{
    struct stat ours, named;
    return fstat(copy->fd, &ours) == 0 && lstat(copy->partial, &named) == 0 &&
           ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

// With the journal that SQLite keeps of a file it fills: left behind, it would be played into the
// next one of that name.
static int clear_away(const struct copy *copy)
{
    _cleanup_(freep) char *journal = NULL;
    if (asprintf(&journal, "%s-journal", copy->partial) < 0)
        return -ENOMEM;
    if ((unlink(journal) < 0 && errno != ENOENT) || (unlink(copy->partial) < 0 && errno != ENOENT))
        return -errno;
    return 0;
}

static void copy_done(struct copy *copy)
{
    if (copy->fd >= 0) {
        if (still_ours(copy))
            clear_away(copy);
        close(copy->fd);
    }
    free(copy->target);
    free(copy->directory);
    free(copy->partial);
}

static int out_of_memory(struct error *error)
{
    return error_set(error, -ENOMEM, "out of memory");
}

static int cannot_write(const char *path, struct error *error)
{
    int code = errno ? -errno : -EIO;
    return error_set(error, code, "%s: %s", path, strerror(-code));
}

// ---- where it goes ----

// The directory must exist; the file need not.
static int resolve(struct copy *copy, const char *path, struct error *error)
{
    char *real = realpath(path, NULL);
    if (!real) {
        _cleanup_(freep) char *copied = strdup(path);
        char *slash = copied ? strrchr(copied, '/') : NULL;
        const char *name = slash ? slash + 1 : copied;
        if (!copied)
            return out_of_memory(error);
        if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            return error_set(error, -EISDIR, "%s: is not a file", path);
        if (slash)
            *slash = '\0';
        _cleanup_(freep) char *directory = realpath(slash == copied ? "/"
                                                    : slash         ? copied
                                                                    : ".",
                                                    NULL);
        if (!directory)
            return cannot_write(path, error);
        if (asprintf(&real, "%s/%s", strcmp(directory, "/") == 0 ? "" : directory, name) < 0)
            return out_of_memory(error);
    }
    copy->target = real;
    const char *slash = strrchr(real, '/');
    copy->directory = strndup(real, slash == real ? 1 : (size_t)(slash - real));
    if (!copy->directory || asprintf(&copy->partial, "%s.partial", real) < 0)
        return out_of_memory(error);
    return 0;
}

// The database, or one of the files that belong to it.
static bool is_source(const struct copy *copy)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal", "-bus", "-calibration"};
    const char *database = sqlite3_db_filename(copy->store->database, "main");
    _cleanup_(freep) char *real = database ? realpath(database, NULL) : NULL;
    struct stat ours, theirs;
    if (!real || (stat(real, &ours) == 0 && stat(copy->target, &theirs) == 0 &&
                  ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino))
        return true;
    size_t length = strlen(real);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strncmp(copy->target, real, length) == 0 &&
            strcmp(copy->target + length, parts[i]) == 0)
            return true;
    return false;
}

// "SQLite format 3" at byte 0, the application's number, most significant byte first, at 68.
static bool is_ours(const char *path)
{
    _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    unsigned char head[72];
    return fd >= 0 && pread(fd, head, sizeof head, 0) == sizeof head &&
           memcmp(head, "SQLite format 3", 16) == 0 &&
           ((unsigned)head[68] << 24 | (unsigned)head[69] << 16 | (unsigned)head[70] << 8 |
            head[71]) == STORE_APPLICATION_ID;
}

// A journal that lies beside a database is played into it when it is next opened: into the copy,
// were that put in the database's place.
static bool has_journal(const char *path, const char *suffix)
{
    _cleanup_(freep) char *journal = NULL;
    struct stat status;
    if (asprintf(&journal, "%s%s", path, suffix) < 0)
        return true;
    return stat(journal, &status) == 0 && status.st_size > 0;
}

static int may_replace(const struct copy *copy, struct error *error)
{
    struct stat status;
    const char *target = copy->target, *path = copy->path;
    if (is_source(copy))
        return error_set(error, -EEXIST, "%s: is the database itself, or belongs to it", path);
    if (has_journal(target, "-wal") || has_journal(target, "-journal"))
        return error_set(error, -EBUSY,
                         "%s: a journal (-wal or -journal) lies beside it: a database in use is "
                         "not replaced",
                         path);
    if (stat(target, &status) < 0)
        return errno == ENOENT ? 0 : cannot_write(path, error);
    if (!S_ISREG(status.st_mode))
        return error_set(error, -EISDIR, "%s: is not a file", path);
    if (status.st_size > 0 && !is_ours(target))
        return error_set(error, -EEXIST, "%s: exists and is no psoasmon database: left alone",
                         path);
    return 0;
}

// ---- the partial file ----

static int open_partial(struct copy *copy, struct error *error)
{
    static const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    // One that is locked is being written; any other was left behind by a kill or a power cut.
    _cleanup_(closep) int old = open(copy->partial, flags);
    if (old >= 0 && flock(old, LOCK_EX | LOCK_NB) < 0)
        return error_set(error, -EBUSY, "%s: another backup is being written there", copy->partial);
    if (clear_away(copy) < 0)
        return cannot_write(copy->partial, error);
    copy->fd = open(copy->partial, flags | O_CREAT | O_EXCL, 0600); // it is about somebody's body
    if (copy->fd < 0)
        return cannot_write(copy->partial, error);
    if (flock(copy->fd, LOCK_EX | LOCK_NB) < 0)
        return cannot_write(copy->partial, error);
    return 0;
}

// Nonzero stops SQLite.
static int ask(void *userdata)
{
    const struct copy *copy = userdata;
    struct stat status = {0};
    fstat(copy->fd, &status);
    return !copy->progress((uint64_t)status.st_size, copy->total, copy->userdata);
}

static int interrupted(const struct copy *copy, struct error *error)
{
    return error_set(error, -EINTR, "interrupted; %s is as it was", copy->path);
}

static int copy_failed(const struct copy *copy, struct error *error)
{
    sqlite3 *database = copy->store->database;
    int result = sqlite3_extended_errcode(database), code = store_code(result);
    int system = sqlite3_system_errno(database);
    if (code == -EINTR)
        return interrupted(copy, error);
    if (code == -EBADMSG)
        return error_set(error, code, "%s: is damaged, and was not copied: %s",
                         sqlite3_db_filename(database, "main"), sqlite3_errmsg(database));
    if ((result & 0xFF) == SQLITE_IOERR && system != 0)
        return error_set(error, -system, "%s: %s", copy->path, strerror(system));
    return error_set(error, code ? code : -EIO, "%s: %s", copy->path, sqlite3_errmsg(database));
}

static void let_ask(struct copy *copy, struct store *store)
{
    if (copy->progress)
        sqlite3_progress_handler(store->database, ASK_EVERY, ask, copy);
}

// What stands in for the tables that an older schema has not, and hides those it has, would be in
// the copy's way.
static int drop_stand_ins(sqlite3 *database)
{
    static const char sql[] = "SELECT 'DROP ' || type || ' temp.' || name FROM sqlite_temp_schema "
                              "WHERE type IN ('table', 'view') LIMIT 1";
    int r = SQLITE_ROW;
    while (r == SQLITE_ROW) {
        sqlite3_stmt *statement = NULL;
        char drop[128] = "";
        r = sqlite3_prepare_v2(database, sql, -1, &statement, NULL);
        if (r == SQLITE_OK)
            r = sqlite3_step(statement);
        if (r == SQLITE_ROW)
            snprintf(drop, sizeof drop, "%s", (const char *)sqlite3_column_text(statement, 0));
        sqlite3_finalize(statement);
        if (r == SQLITE_ROW && sqlite3_exec(database, drop, NULL, NULL, NULL) != SQLITE_OK)
            r = SQLITE_ERROR;
    }
    return r == SQLITE_DONE ? SQLITE_OK : r;
}

static int fill(struct copy *copy, struct error *error)
{
    sqlite3 *database = copy->store->database;
    sqlite3_stmt *statement = NULL;
    let_ask(copy, copy->store);
    int r = drop_stand_ins(database);
    if (r == SQLITE_OK)
        r = sqlite3_prepare_v2(database, "VACUUM main INTO ?1", -1, &statement, NULL);
    if (r == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, copy->partial, -1, SQLITE_STATIC);
        r = sqlite3_step(statement);
    }
    r = r == SQLITE_DONE ? 0 : copy_failed(copy, error);
    sqlite3_finalize(statement);
    sqlite3_progress_handler(database, 0, NULL, NULL);
    return r;
}

// What SQLite found wrong first.
static int keep_fault(const char *words, void *userdata)
{
    snprintf(userdata, 200, "%s", words);
    return -EBADMSG;
}

static int verify(struct copy *copy, struct error *error)
{
    _cleanup_(store_freep) struct store *store = NULL;
    char fault[200] = "";
    int r = store_open(&store, copy->partial, STORE_READ, error);
    if (r < 0)
        return r;
    let_ask(copy, store);
    r = store_check(store, keep_fault, fault);
    if (r == 0)
        return 0;
    if (r == -EINTR)
        return interrupted(copy, error);
    return error_set(error, -EBADMSG, "the copy is not sound, and %s is as it was: %s", copy->path,
                     *fault ? fault : store_message(store));
}

// On the disk before it takes the place of another, and the name behind it.
static int put_in_place(struct copy *copy, struct error *error)
{
    if (fsync(copy->fd) < 0)
        return cannot_write(copy->path, error);
    if (!still_ours(copy))
        return error_set(error, -EBUSY, "%s: another backup is being written there", copy->partial);
    if (rename(copy->partial, copy->target) < 0)
        return cannot_write(copy->path, error);
    close(copy->fd);
    copy->fd = -1;
    _cleanup_(closep) int directory = open(copy->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || fsync(directory) < 0)
        return cannot_write(copy->directory, error);
    return 0;
}

int store_backup(struct store *store, const char *path, store_progress progress, void *userdata,
                 struct error *error)
{
    _cleanup_(copy_done) struct copy copy = {
        .store = store, .path = path, .fd = -1, .progress = progress, .userdata = userdata};
    struct store_facts facts;
    int r = store_facts(store, &facts);
    if (r < 0)
        return error_set(error, r, "%s", store_message(store));
    copy.total = facts.file_bytes - facts.free_bytes;
    r = resolve(&copy, path, error);
    if (r == 0)
        r = may_replace(&copy, error);
    if (r == 0)
        r = open_partial(&copy, error);
    if (r == 0)
        r = fill(&copy, error);
    if (r == 0)
        r = verify(&copy, error);
    // It took a while: somebody may have put something else there.
    if (r == 0)
        r = may_replace(&copy, error);
    return r < 0 ? r : put_in_place(&copy, error);
}
