// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "paths.h"

int cli_fail(int status, const char *format, ...)
{
    char text[sizeof((struct error *)0)->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct error line; // takes the control characters out
    error_set(&line, 0, "%s", text);
    fprintf(stderr, "psoasmon: %s\n", line.text);
    return status;
}

bool cli_option(int option, struct cli_files *files, const char *help, int *status)
{
    switch (option) {
    case CLI_OPTION_CONFIG:
        files->config = optarg;
        return true;
    case CLI_OPTION_DATABASE:
        files->database = optarg;
        return true;
    case CLI_OPTION_HELP:
        fputs(help, stdout);
        *status = CLI_DONE;
        return false;
    default: // getopt has said what is wrong
        *status = CLI_USAGE;
        return false;
    }
}

bool cli_no_arguments(int argc, char **argv, int *status)
{
    if (optind >= argc)
        return true;
    *status = cli_fail(CLI_USAGE, "unexpected argument '%s'", argv[optind]);
    return false;
}

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

const char *const *cli_pads_directories(const char *directories[CLI_PADS_DIRECTORIES_MAX])
{
    unsigned n = 0;
    directories[n++] = PSOASMON_LOCAL_PADS_DIR;
    directories[n++] = PSOASMON_PADS_DIR;
    if (runs_from_build_tree())
        directories[n++] = PSOASMON_SOURCE_PADS_DIR;
    directories[n] = NULL;
    return directories;
}
