// SPDX-License-Identifier: GPL-3.0-or-later
#include "database.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "paths.h"

bool database_may_come(int failure)
{
    switch (-failure) {
    case EACCES:
    case EBUSY:
    case EDQUOT:
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOSPC:
    case EPERM:
    case EROFS:
        return true;
    default:
        return false;
    }
}

// Where nothing but ours is kept: the service's state directory, or the path built in.
static bool is_at_home(const char *path)
{
    const char *home = getenv("STATE_DIRECTORY");
    size_t length = home ? strlen(home) : 0;
    if (length > 0 && strncmp(path, home, length) == 0 && path[length] == '/')
        return true;
    return strcmp(path, PSOASMON_DATABASE) == 0;
}

// A text or a picture given by mistake is refused, not moved. Only at home is a file whose very
// first bytes are destroyed taken for what was ours.
static bool is_our_damage(int failure, const char *path)
{
    return failure == -EUCLEAN ||
           (failure == -EBADMSG && is_at_home(path) && !store_is_sqlite(path));
}

int database_begin_anew(struct store **ret, const char *path, struct journal *journal,
                        struct error *error)
{
    char stamp[32];
    struct tm local;
    time_t now = time(NULL);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", localtime_r(&now, &local));
    _cleanup_(freep) char *name = NULL;
    int r = store_move_aside(path, stamp, &name, error);
    if (r < 0)
        return r;
    struct line line;
    line_say(&line, EVENT_STORE_DAMAGED, "%s is damaged: it is now %s, and a new one is begun",
             path, name);
    line_field(&line, "PSOASMON_ASIDE=%s", name);
    journal_write(journal, &line);
    return store_open(ret, path, STORE_WRITE, error);
}

int database_open(struct store **ret, const char *path, struct journal *journal,
                  struct error *error)
{
    int r = store_open(ret, path, STORE_WRITE, error);
    return is_our_damage(r, path) ? database_begin_anew(ret, path, journal, error) : r;
}
