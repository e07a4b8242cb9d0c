// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"
#include "plain.h"
#include "port.h"
#include "settings.h"

// As ini_refuse tells of a wrong value; what the command line says has no place.
static int refuse(const struct config_place *place, const char *key, int code, const char *why,
                  struct error *error)
{
    if (*place->file)
        error_set(error, code, "%s:%d: %s: %s", place->file, place->line, key, why);
    else
        error_set(error, code, "%s", why);
    if (error)
        plain_text(error->text);
    return code;
}

int settings_check_port(const struct settings *settings, struct error *error)
{
    struct error why = {0};
    if (port_check(settings->config.port, &why) != -ENOTTY)
        return 0;
    return refuse(&settings->config.port_at, "port", -ENOTTY, why.text, error);
}

static int refuse_database(const struct settings *settings, int code, const char *reason,
                           struct error *error)
{
    struct error why = {0};
    error_set(&why, code, "%s %s", settings->config.database, reason);
    return refuse(&settings->config.database_at, "database", code, why.text, error);
}

// What no waiting mends. What may be different for psoasmond's own user, permissions, is not asked.
static int check_database(const struct settings *settings, struct error *error)
{
    struct stat status;
    if (stat(settings->config.database, &status) == 0)
        return S_ISREG(status.st_mode) ? 0
                                       : refuse_database(settings, -EINVAL, "is not a file", error);
    return errno == ENOTDIR ? refuse_database(settings, -ENOTDIR, "is below a file", error) : 0;
}

static int check_directory(const struct settings *settings, struct error *error)
{
    struct stat status;
    const char *path = settings->config.database, *slash = strrchr(path, '/');
    // The service's own directory is made when it starts.
    if (!slash || slash == path || strcmp(path, PSOASMON_DATABASE) == 0)
        return 0;
    _cleanup_(freep) char *directory = strndup(path, (size_t)(slash - path));
    if (directory && stat(directory, &status) < 0 && errno == ENOENT)
        return refuse_database(settings, -ENOENT, "is in a directory that is not there", error);
    return 0;
}

int settings_check_places(const struct settings *settings, struct error *error)
{
    int r = settings_check_port(settings, error);
    return r < 0 ? r : check_database(settings, error);
}

int settings_check(const struct settings *settings, struct error *error)
{
    int r = settings_check_places(settings, error);
    return r < 0 ? r : check_directory(settings, error);
}
