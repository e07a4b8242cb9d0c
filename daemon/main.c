// SPDX-License-Identifier: GPL-3.0-or-later
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon.h"
#include "journal.h"

static int fail(enum event event, const struct error *error)
{
    _cleanup_(journal_freep) struct journal *journal = NULL;
    if (journal_new(&journal) < 0)
        fprintf(stderr, "psoasmond: %s\n", error->text);
    else
        journal_say(journal, event, "%s", error->text);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    struct options options;
    int status;
    if (!options_parse(&options, argc, argv, &status))
        return status;

    struct error error = {0};
    if (options.configured)
        return settings_configured(&options, &error) ? EXIT_SUCCESS
                                                     : fail(EVENT_UNCONFIGURED, &error);
    _cleanup_(settings_freep) struct settings *settings = NULL;
    if (settings_load(&settings, &options, &error) < 0)
        return fail(EVENT_FAILED, &error);
    int r = options.check_config ? settings_check(settings, &error)
                                 : settings_check_places(settings, &error);
    if (r < 0)
        return fail(EVENT_FAILED, &error);
    if (options.check_config) {
        printf("the configuration is right: pad %s on %s into %s\n", settings->pad->name,
               settings->port_text, settings->database_text);
        return EXIT_SUCCESS;
    }

    _cleanup_(daemon_freep) struct daemon *daemon = NULL;
    if (daemon_new(&daemon, &options, settings, &error) < 0)
        return fail(EVENT_FAILED, &error);
    settings = NULL; // the daemon's now
    return daemon_run(daemon) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
