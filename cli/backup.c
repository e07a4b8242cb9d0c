// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon backup: a copy of the database that stands alone.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calibration/calibration.h"
#include "cli.h"
#include "interrupt.h"
#include "progress.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon backup [OPTION]... FILE\n"
       "\n"
       "Copies everything recorded so far to FILE, whether psoasmond runs, is stopped or\n"
       "crashed. FILE is a database that stands alone: psoasmon report --database FILE\n"
       "reads it, and put in the place of a lost one it is the database again.\n"
       "\n"
       "A backup that is there already is replaced once the new one is whole, checked\n"
       "and on the disk; if that fails, it stays as it was. Only its owner may read it.\n"
       "Anything else that has this name is left alone. The calibration, where there is\n"
       "one, is copied to FILE-calibration.\n"
       "\n"
       "Options:\n"
       "@options@\n");

static const struct option options[] = {CLI_OPTIONS, {0}};

static bool show(uint64_t done, uint64_t total, void *userdata)
{
    struct progress *progress = userdata;
    progress->total = total;
    progress_show(progress, done < total ? done : total);
    return !interrupt_came();
}

static int print_copy(const char *path)
{
    _cleanup_(store_freep) struct store *copy = NULL;
    struct error error = {0};
    struct store_facts facts;
    int r = store_open(&copy, path, STORE_READ, &error);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    r = store_facts(copy, &facts);
    if (r < 0)
        return cli_store_failed(copy, r);
    printf(ngettext("%" PRIu64 " night, %.1f MB\n", "%" PRIu64 " nights, %.1f MB\n",
                    (unsigned long)facts.nights),
           facts.nights, (double)facts.file_bytes / 1e6);
    return CLI_DONE;
}

// A calibration that was undone since the last backup is out of force in the copy as well.
static int copy_calibration(const char *database, const char *copy)
{
    _cleanup_(freep) char *from = NULL, *to = NULL;
    struct error error = {0};
    if (calibration_beside(&from, database) < 0 || calibration_beside(&to, copy) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    int r = calibration_copy(from, to, &error);
    if (r == -ENOENT) {
        r = calibration_undo(to, &error);
        return r == 0 || r == -ENOENT ? CLI_DONE : cli_fail(CLI_FAILED, "%s", error.text);
    }
    if (r < 0)
        return cli_fail(CLI_FAILED, _("the database is copied; the calibration is not: %s"),
                        error.text);
    printf(_("and the calibration: %s\n"), to);
    return CLI_DONE;
}

static int back_up(struct store *store, const char *path)
{
    struct error error = {0};
    struct progress progress = progress_begin("copying", 0);
    interrupt_begin();
    int r = store_backup(store, path, show, &progress, &error);
    progress_end(&progress);
    int status = r < 0 ? cli_fail(CLI_FAILED, "%s", error.text) : print_copy(path);
    interrupt_end();
    return status;
}

int verb_backup(int argc, char **argv)
{
    int status;
    struct cli_files files = {0};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!cli_option(option, &files, help, &status))
            return status;
    if (optind >= argc)
        return cli_fail(CLI_USAGE, _("name the FILE to copy the database to"));
    const char *path = argv[optind++];
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    struct config config;
    status = cli_load(&files, &config);
    if (status != CLI_DONE)
        return status;
    _cleanup_(store_freep) struct store *store = NULL;
    status = cli_open_store(&config, &store);
    if (status == CLI_DONE)
        status = back_up(store, path);
    return status == CLI_DONE ? copy_calibration(config.database, path) : status;
}
