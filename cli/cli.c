// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "plain.h"
#include "words.h"

static const char cli_options_help[] =
    N_("  --database FILE   the database, instead of the configured one\n"
       "  --config FILE     the configuration, instead of the installed one\n"
       "  --help            this text\n");

int cli_fail(int status, const char *format, ...)
{
    char text[sizeof((struct error *)0)->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct error line; // takes the control characters out
    error_set(&line, 0, "%s", text);
    plain_text(line.text);
    fprintf(stderr, "psoasmon: %s\n", line.text);
    return status;
}

// With what every verb takes in its place.
static void print_help(const char *help)
{
    static const char mark[] = "@options@\n";
    const char *at = strstr(help, mark);
    size_t length = at ? (size_t)(at - help) : strlen(help);
    fwrite(help, 1, length, stdout);
    if (at)
        printf("%s%s", _(cli_options_help), help + length + strlen(mark));
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
        print_help(_(help));
        *status = CLI_DONE;
        return false;
    default: // getopt has said what is wrong
        *status = CLI_USAGE;
        return false;
    }
}

bool cli_day(const char *text, day_number *day)
{
    if (day_parse(text, day))
        return true;
    cli_fail(CLI_USAGE, _("'%s' is not a date: YYYY-MM-DD, and one that exists"), text);
    return false;
}

int cli_no_nights(day_number from_day, day_number to_day, day_number newest)
{
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    day_format(from_day, from);
    day_format(to_day, to);
    day_format(newest, last);
    if (to_day < from_day)
        return cli_fail(CLI_NO_DATA, _("no night since %s; the newest is that of %s"), from, last);
    if (from_day == to_day)
        return cli_fail(CLI_NO_DATA, _("no night of %s; the newest is that of %s"), from, last);
    return cli_fail(CLI_NO_DATA, _("no night from %s to %s; the newest is that of %s"), from, to,
                    last);
}

bool cli_no_arguments(int argc, char **argv, int *status)
{
    if (optind >= argc)
        return true;
    *status = cli_fail(CLI_USAGE, _("unexpected argument '%s'"), argv[optind]);
    return false;
}
