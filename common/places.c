// SPDX-License-Identifier: GPL-3.0-or-later
#include "places.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"

// A build tree has the generated paths.h above its programs; an installed program has not.
static bool runs_from_build_tree(void)
{
    char path[PATH_MAX + sizeof "/paths.h"];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    if (length < 0)
        return false;
    path[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(path, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    strcat(path, "/paths.h");
    return access(path, R_OK) == 0;
}

const char *const *pads_directories(const char *directories[PADS_DIRECTORIES_MAX])
{
    unsigned n = 0;
    directories[n++] = PSOASMON_LOCAL_PADS_DIR;
    directories[n++] = PSOASMON_PADS_DIR;
    if (runs_from_build_tree())
        directories[n++] = PSOASMON_SOURCE_PADS_DIR;
    directories[n] = NULL;
    return directories;
}

const char *words_directory(void)
{
    return runs_from_build_tree() ? PSOASMON_BUILD_LOCALE_DIR : PSOASMON_LOCALE_DIR;
}
