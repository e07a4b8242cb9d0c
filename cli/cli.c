// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"

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
