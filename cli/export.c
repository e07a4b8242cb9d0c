// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon export: everything there is, for other programs.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "export_rows.h"
#include "interrupt.h"
#include "paths.h"
#include "target.h"
#include "words.h"

#define EXPORT_VERSION 1

static const char help[] =
    N_("Usage: psoasmon export [OPTION]...\n"
       "\n"
       "Everything there is, for other programs: nights, bouts, readings (labels and\n"
       "what newer models said), gaps, epochs (a minute each), clock_steps, the diary,\n"
       "and stretch_sessions with their stretch_holds. Times are seconds since 1970 UTC\n"
       "and, beside them, local times. docs/export.md has every field; none changes its\n"
       "meaning.\n"
       "\n"
       "  --format jsonl    a line of JSON a record, the table's name in it (default)\n"
       "  --format csv      a table a file\n"
       "  --table NAME      one table alone\n"
       "  --since DAY       nights from DAY on (2026-01-05)\n"
       "  --until DAY       nights up to DAY\n"
       "  --snapshots       the bouts' pressure maps as well, in base64\n"
       "  --output PATH     not to standard output but to a file (csv without --table:\n"
       "                    into a directory), which is replaced once it is whole, and\n"
       "                    which only its owner may read\n"
       "@options@\n"
       "\n"
       "Exit status: 0 done, 1 failed, 2 bad usage, 3 nothing from that time.\n");

enum {
    OPTION_FORMAT = CLI_OPTION_OWN,
    OPTION_TABLE,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_SNAPSHOTS,
    OPTION_OUTPUT,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"table", required_argument, NULL, OPTION_TABLE},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"snapshots", no_argument, NULL, OPTION_SNAPSHOTS},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {0},
};

struct request {
    struct cli_files files;
    bool csv, snapshots;
    int table; // -1: all
    bool until_given;
    day_number since, until;
    const char *output; // null: standard output
};

// ---- the command line ----

static bool take_format(struct request *request, const char *name)
{
    request->csv = strcmp(name, "csv") == 0;
    if (request->csv || strcmp(name, "jsonl") == 0)
        return true;
    cli_fail(CLI_USAGE, _("there is no format '%.40s', but jsonl and csv"), name);
    return false;
}

static bool take_table(struct request *request, const char *name)
{
    char names[200] = "";
    for (int t = 0; t < STORE_TABLE_N; t++) {
        const char *table = store_table_name((enum store_table)t);
        if (strcmp(name, table) == 0) {
            request->table = t;
            return true;
        }
        strcat(names, t ? ", " : "");
        strcat(names, table);
    }
    cli_fail(CLI_USAGE, _("there is no table '%.40s', but %s"), name, names);
    return false;
}

static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    switch (option) {
    case OPTION_FORMAT:
        return take_format(request, optarg);
    case OPTION_TABLE:
        return take_table(request, optarg);
    case OPTION_SINCE:
        return cli_day(optarg, &request->since);
    case OPTION_UNTIL:
        request->until_given = true;
        return cli_day(optarg, &request->until);
    case OPTION_SNAPSHOTS:
        request->snapshots = true;
        return true;
    case OPTION_OUTPUT:
        request->output = optarg;
        return true;
    default:
        return cli_option(option, &request->files, help, status);
    }
}

static bool parse_request(int argc, char **argv, struct request *request, int *status)
{
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(request, option, status))
            return false;
    *status = CLI_USAGE;
    if (!cli_no_arguments(argc, argv, status))
        return false;
    if (request->until_given && request->until < request->since)
        cli_fail(CLI_USAGE, _("--until lies before --since"));
    else if (request->csv && request->table < 0 && !request->output)
        cli_fail(CLI_USAGE,
                 _("csv is a file a table: name a directory with --output, or one --table"));
    else
        return true;
    return false;
}

// ---- doing it ----

static int put_table(const struct request *request, struct store *store, enum store_table table,
                     FILE *stream)
{
    struct export_rows rows = {
        .stream = stream,
        .table = table,
        .csv = request->csv,
        .snapshots = request->snapshots,
    };
    export_head(&rows);
    int r = store_export(store, table, request->since, request->until, export_row, &rows);
    if (r == -EINTR)
        return cli_fail(CLI_FAILED, _("interrupted; nothing was replaced by half a table"));
    // What the stream has against it is told where it is closed.
    return r < 0 && !ferror(stream) ? cli_store_failed(store, r) : CLI_DONE;
}

static int put_tables(const struct request *request, struct store *store, FILE *stream)
{
    int status = CLI_DONE;
    if (!request->csv)
        fprintf(stream, "{\"table\":\"export\",\"version\":%d,\"psoasmon\":\"%s\"}\n",
                EXPORT_VERSION, PSOASMON_VERSION);
    for (int t = 0; status == CLI_DONE && t < STORE_TABLE_N; t++)
        if (request->table < 0 || request->table == t)
            status = put_table(request, store, (enum store_table)t, stream);
    return status;
}

static int put_file(const struct request *request, struct store *store, const char *path, int table)
{
    _cleanup_(target_done) struct target target = {0};
    struct request one = *request;
    one.table = table;
    int status = target_open(&target, path);
    if (status == CLI_DONE)
        status = put_tables(&one, store, target.stream);
    return status == CLI_DONE ? target_close(&target) : status;
}

static int put_directory(const struct request *request, struct store *store)
{
    if (mkdir(request->output, 0700) < 0 && errno != EEXIST)
        return cli_fail(CLI_FAILED, "%s: %s", request->output, strerror(errno));
    int status = CLI_DONE;
    for (int t = 0; status == CLI_DONE && t < STORE_TABLE_N; t++) {
        _cleanup_(freep) char *path = NULL;
        if (asprintf(&path, "%s/%s.csv", request->output, store_table_name((enum store_table)t)) <
            0) {
            path = NULL;
            return cli_fail(CLI_FAILED, "%s", strerror(ENOMEM));
        }
        status = put_file(request, store, path, t);
    }
    return status;
}

static int put_all(const struct request *request, struct store *store)
{
    if (!request->output)
        return put_tables(request, store, stdout);
    interrupt_begin();
    int status = request->csv && request->table < 0
                     ? put_directory(request, store)
                     : put_file(request, store, request->output, request->table);
    interrupt_end();
    return status;
}

static int found(const struct store_night *night, const struct store_value *values, void *userdata)
{
    (void)night;
    (void)values;
    (void)userdata;
    return -ECANCELED; // one is enough
}

// 1: there is something from those days to write, 0: nothing, negative.
static int has_something(const struct request *request, struct store *store)
{
    static const enum store_table tables[] = {STORE_NIGHTS, STORE_DIARY, STORE_STRETCHES};
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof tables / sizeof *tables; i++)
        r = store_export(store, tables[i], request->since, request->until, found, NULL);
    return r == -ECANCELED ? 1 : r;
}

// All that is written is of one moment.
static int export(struct request *request, const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    day_number newest;
    int r = store_hold(store);
    if (r == 0)
        r = store_newest_record(store, &newest);
    if (r < 0)
        return cli_store_failed(store, r);
    if (r == 0)
        return cli_no_night_yet(config);
    if (!request->until_given)
        request->until = newest > request->since ? newest : request->since;
    r = has_something(request, store);
    if (r < 0)
        return cli_store_failed(store, r);
    if (r == 0)
        return cli_no_nights(request->since, request->until, newest);
    return put_all(request, store);
}

int verb_export(int argc, char **argv)
{
    struct request request = {.table = -1};
    struct config config;
    int status;
    if (!parse_request(argc, argv, &request, &status))
        return status;
    status = cli_load(&request.files, &config);
    return status == CLI_DONE ? export(&request, &config) : status;
}
