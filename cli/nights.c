// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon nights: every night there is, a line each.
#include <errno.h>
#include <string.h>

#include "cli.h"
#include "delete.h"
#include "local.h"
#include "screen.h"
#include "summary.h"
#include "table.h"

static const char help[] =
    "Usage: psoasmon nights [OPTION]...\n"
    "       psoasmon nights --delete DAY [--start TIME] [--yes]\n"
    "\n"
    "Every night there is, a line each: when, where, with which pad and which\n"
    "model. psoasmon report --night=DAY tells more about one of them.\n"
    "\n"
    "  --delete DAY      deletes the night of DAY (2026-01-05) and all that was kept\n"
    "                    of it, for good: the file is rewritten, so that no trace is\n"
    "                    left in it. Backups and exports are yours to delete. While\n"
    "                    psoasmond runs, it does this, for its own user and root\n"
    "                    alone; a night being recorded must be over first\n"
    "  --start TIME      of the nights of that day, the one that begins at TIME\n"
    "                    (22:30 or 22:30:25 by the clock beside the bed)\n"
    "  --yes             does not ask\n" CLI_OPTIONS_HELP "\n"
    "Exit status: 0 done, 1 failed, 2 bad usage, 3 there is no such night.\n";

enum {
    OPTION_DELETE = CLI_OPTION_OWN,
    OPTION_START,
    OPTION_YES,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"delete", required_argument, NULL, OPTION_DELETE},
    {"start", required_argument, NULL, OPTION_START},
    {"yes", no_argument, NULL, OPTION_YES},
    {0},
};

struct request {
    struct cli_files files;
    bool deletes;
    struct delete_request delete;
};

enum column {
    COLUMN_NIGHT,
    COLUMN_IN_BED,
    COLUMN_KIND,
    COLUMN_HOURS,
    COLUMN_FRIENDLY,
    COLUMN_RECORDED,
    COLUMN_ZONE,
    COLUMN_PAD,
    COLUMN_MODEL,
    COLUMN_N
};

// A name from the database, which may hold anything, in as many columns as it has bytes.
#define NAME_SIZE 64
static void printable(const char *name, char shown[NAME_SIZE])
{
    snprintf(shown, NAME_SIZE, "%s", name);
    for (char *c = shown; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

static const char *mark_of(const struct night_summary *summary)
{
    return summary->nap ? "nap" : summary->doubtful ? "?" : "";
}

static void put_night(struct table *table, const struct night_summary *summary)
{
    const struct store_night *night = &summary->night;
    char day[DAY_TEXT_SIZE], start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
    char hours[DURATION_SIZE], friendly[PERCENT_SIZE], recorded[PERCENT_SIZE];
    char zone[LOCAL_ZONE_SIZE], pad[NAME_SIZE], model[NAME_SIZE];
    day_format(night->night.day, day);
    local_clock(night, night->night.start_s, start);
    local_clock(night, night->night.end_s, end);
    local_zone_name(night, zone);
    printable(night->pad, pad);
    printable(night->model, model);
    duration_clock(summary->in_bed_s, hours);
    percent_text(share_of(summary->friendly_s, summary->recorded_s), friendly);
    percent_text(share_of(summary->recorded_s, summary->in_bed_s), recorded);

    table_row(table);
    table_cell(table, COLUMN_NIGHT, TABLE_PLAIN, "%s", day);
    // An open night has no end yet, or its recording broke off.
    table_cell(table, COLUMN_IN_BED, TABLE_PLAIN, "%s-%s", start, night->open ? "..." : end);
    table_cell(table, COLUMN_KIND, TABLE_PLAIN, "%s", mark_of(summary));
    table_cell(table, COLUMN_HOURS, TABLE_PLAIN, "%s", hours);
    table_cell(table, COLUMN_FRIENDLY, TABLE_PLAIN, "%s", friendly);
    table_cell(table, COLUMN_RECORDED, TABLE_PLAIN, "%s", recorded);
    table_cell(table, COLUMN_ZONE, TABLE_PLAIN, "%s", zone);
    table_cell(table, COLUMN_PAD, TABLE_PLAIN, "%s", pad);
    table_cell(table, COLUMN_MODEL, TABLE_PLAIN, "%s", model);
}

static unsigned at_least(unsigned width, const char *name)
{
    unsigned length = (unsigned)strlen(name);
    return length > width ? length : width;
}

static int print_nights(const struct nights *nights)
{
    struct table_column columns[COLUMN_N] = {
        [COLUMN_NIGHT] = {.heading = "NIGHT", .width = 10},
        [COLUMN_IN_BED] = {.heading = "IN BED", .width = 11},
        [COLUMN_KIND] = {.heading = "", .width = 3},
        [COLUMN_HOURS] = {.heading = "HOURS", .width = 5, .right = true},
        [COLUMN_FRIENDLY] = {.heading = "FRIENDLY", .width = 8, .right = true},
        [COLUMN_RECORDED] = {.heading = "RECORDED", .width = 8, .right = true, .drop = 1},
        [COLUMN_ZONE] = {.heading = "ZONE", .width = 4, .drop = 3},
        [COLUMN_PAD] = {.heading = "PAD", .width = 3, .drop = 2},
        [COLUMN_MODEL] = {.heading = "MODEL", .width = 5, .drop = 4},
    };
    bool marked = false;
    for (size_t i = 0; i < nights->n; i++) {
        const struct store_night *night = &nights->entries[i].summary.night;
        marked = marked || *mark_of(&nights->entries[i].summary);
        columns[COLUMN_ZONE].width = at_least(columns[COLUMN_ZONE].width, night->timezone);
        columns[COLUMN_PAD].width = at_least(columns[COLUMN_PAD].width, night->pad);
        columns[COLUMN_MODEL].width = at_least(columns[COLUMN_MODEL].width, night->model);
    }
    if (!marked)
        columns[COLUMN_KIND].width = 0; // and the column is not there
    struct screen screen = screen_of_stdout();
    struct table table;
    table_begin(&table, &screen, columns, COLUMN_N);
    for (size_t i = 0; i < nights->n; i++)
        put_night(&table, &nights->entries[i].summary);
    int r = table_print(&table, stdout);
    table_end(&table);
    return r < 0 ? cli_fail(CLI_FAILED, "%s", strerror(-r)) : CLI_DONE;
}

static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    switch (option) {
    case OPTION_DELETE:
        request->deletes = true;
        return cli_day(optarg, &request->delete.day);
    case OPTION_START:
        request->delete.start = optarg;
        return true;
    case OPTION_YES:
        request->delete.yes = true;
        return true;
    default:
        return cli_option(option, &request->files, help, status);
    }
}

static int list_all(const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    struct period period = {.kind = PERIOD_DATES, .from = 0};
    int r = store_newest_day(store, &period.to);
    if (r < 0)
        return cli_store_failed(store, r);
    if (r == 0)
        return cli_fail(CLI_NO_DATA, "%s: no night has been recorded yet", config->database);
    struct nights nights;
    r = nights_read(&nights, store, &period, config->friendly);
    status = r < 0 ? cli_store_failed(store, r) : print_nights(&nights);
    nights_free(&nights);
    return status;
}

int verb_nights(int argc, char **argv)
{
    int status;
    struct request request = {0};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(&request, option, &status))
            return status;
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    if (!request.deletes && (request.delete.start || request.delete.yes))
        return cli_fail(CLI_USAGE, "--start and --yes go with --delete");
    struct config config;
    status = cli_load(&request.files, &config);
    if (status != CLI_DONE)
        return status;
    return request.deletes ? delete_night(&request.delete, &config) : list_all(&config);
}
