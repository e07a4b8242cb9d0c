// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon label: corrects what a stretch of a night is called, beside what was recorded.
#include <errno.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "live/live_label.h"
#include "local.h"
#include "moment.h"
#include "screen.h"
#include "summary.h"
#include "table.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon label [--night DAY] --at TIME POSITION\n"
       "       psoasmon label [--night DAY] --at TIME --undo\n"
       "       psoasmon label [--night DAY] --list\n"
       "\n"
       "Corrects the bout (a stretch of time in one position) that TIME lies in: it was\n"
       "slept in POSITION. Reports go by the newest label of a bout; what was recorded\n"
       "is kept. While psoasmond runs, it writes the label.\n"
       "\n"
       "POSITION is one of those that psoasmon positions explains (left_fetal, supine,\n"
       "...), empty for nobody on the pad, or unknown.\n"
       "\n"
       "  --night DAY       the night of DAY (2026-01-05; default: the newest)\n"
       "  --at TIME         23:10 or 23:10:30 by the clock beside the bed, or\n"
       "                    YYYY-MM-DDTHH:MM:SS, then Z, +HH:MM or nothing for local\n"
       "                    time, in any night\n"
       "  --undo            takes the newest label of the bout back\n"
       "  --list            the night's bouts\n"
       "@options@\n");

enum {
    OPTION_NIGHT = CLI_OPTION_OWN,
    OPTION_AT,
    OPTION_UNDO,
    OPTION_LIST,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"night", required_argument, NULL, OPTION_NIGHT},
    {"at", required_argument, NULL, OPTION_AT},
    {"undo", no_argument, NULL, OPTION_UNDO},
    {"list", no_argument, NULL, OPTION_LIST},
    {0},
};

// What the command line asks for.
struct request {
    struct cli_files files;
    bool night_given;
    day_number day;
    const char *at;       // as it was written
    bool at_clock;        // it is a time of day, clock_s
    int32_t clock_s;      // since midnight
    int64_t time_s;       // else
    const char *position; // null: --undo
    bool undo, list;
};

// ---- the command line ----

static bool two_digits(const char *text, int max, int *ret)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *ret = (text[0] - '0') * 10 + text[1] - '0';
    return *ret <= max;
}

// "23:10", "23:10:30"
static bool parse_clock(const char *text, int32_t *ret_s)
{
    size_t length = strlen(text);
    int hours, minutes, seconds = 0;
    if ((length != 5 && length != 8) || text[2] != ':' || !two_digits(text, 23, &hours) ||
        !two_digits(text + 3, 59, &minutes))
        return false;
    if (length == 8 && (text[5] != ':' || !two_digits(text + 6, 59, &seconds)))
        return false;
    *ret_s = (hours * 60 + minutes) * 60 + seconds;
    return true;
}

static bool take_time(struct request *request, const char *text)
{
    request->at = text;
    request->at_clock = parse_clock(text, &request->clock_s);
    if (request->at_clock || moment_parse(text, &request->time_s))
        return true;
    cli_fail(CLI_USAGE, _("'%s' is no time like 23:10, 23:10:30 or 2026-01-05T23:10:30"), text);
    return false;
}

static bool take_position(struct request *request, const char *name)
{
    request->position = name;
    if (position_from_identifier(name) >= 0)
        return true;
    char names[400] = "";
    for (int p = 0; p < POSITION_N; p++) {
        strcat(names, p ? ", " : "");
        strcat(names, position_identifier((enum position)p));
    }
    cli_fail(CLI_USAGE, _("there is no position '%.40s', but %s"), name, names);
    return false;
}

static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    switch (option) {
    case OPTION_NIGHT:
        request->night_given = true;
        return cli_day(optarg, &request->day);
    case OPTION_AT:
        return take_time(request, optarg);
    case OPTION_UNDO:
        request->undo = true;
        return true;
    case OPTION_LIST:
        request->list = true;
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
    bool labels = !request->undo && !request->list;
    const char *wrong = NULL;
    if (request->list && (request->undo || request->at))
        wrong = "--list shows the whole night: it takes neither --at nor --undo";
    else if (labels && optind == argc)
        wrong = "label needs a POSITION; psoasmon positions explains them";
    else if (!request->list && !request->at)
        wrong = "label needs --at TIME; psoasmon label --list shows the bouts there are";
    if (wrong) {
        cli_fail(CLI_USAGE, "%s", wrong);
        return false;
    }
    if (labels && !take_position(request, argv[optind++]))
        return false;
    return cli_no_arguments(argc, argv, status);
}

// ---- showing ----

enum column {
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_POSITION,
    COLUMN_SURE,
    COLUMN_SOURCE,
    COLUMN_RECORDED,
    COLUMN_N
};

static const struct table_column columns[COLUMN_N] = {
    [COLUMN_FROM] = {.heading = N_("FROM"), .width = 8},
    [COLUMN_TO] = {.heading = N_("TO"), .width = 8},
    [COLUMN_POSITION] = {.heading = N_("POSITION"), .width = 19},
    [COLUMN_SURE] = {.heading = N_("SURE"), .width = 4, .right = true},
    [COLUMN_SOURCE] = {.heading = N_("SOURCE"), .width = 8},
    [COLUMN_RECORDED] = {.heading = N_("RECORDED"), .width = 19, .drop = 1},
};

static int list_night(const struct screen *screen, const struct night_entry *entry)
{
    const struct store_night *night = &entry->summary.night;
    struct table table;
    table_begin(&table, screen, columns, COLUMN_N);
    for (size_t i = 0; i < entry->n_bouts; i++) {
        const struct store_bout *bout = &entry->bouts[i];
        char from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE];
        local_clock_s(night, bout->bout.start_s, from);
        local_clock_s(night, bout->bout.end_s, to);
        table_row(&table);
        table_cell(&table, COLUMN_FROM, TABLE_PLAIN, "%s", from);
        table_cell(&table, COLUMN_TO, TABLE_PLAIN, "%s", to);
        table_cell(&table, COLUMN_POSITION, TABLE_PLAIN, "%s",
                   position_identifier(bout->bout.position));
        table_cell(&table, COLUMN_SURE, TABLE_PLAIN, "%u%%", percent(bout->bout.confidence));
        table_cell(&table, COLUMN_SOURCE, TABLE_PLAIN, "%s", bout_source_name(bout->source));
        if (bout->source != BOUT_RECORDED)
            table_cell(&table, COLUMN_RECORDED, TABLE_DIM, "%s",
                       position_identifier(bout->recorded));
    }
    int r = table_print(&table, stdout);
    table_end(&table);
    return r;
}

// A day may have several: who got up for long and came back.
static int list_nights(struct nights *nights, struct store *store)
{
    struct screen screen = screen_of_stdout();
    int r = nights_read_bouts(nights, store);
    if (r < 0)
        return cli_store_failed(store, r);
    for (size_t i = 0; r >= 0 && i < nights->n; i++) {
        char day[DAY_TEXT_SIZE], zone[LOCAL_ZONE_SIZE];
        const struct store_night *night = &nights->entries[i].summary.night;
        day_format(night->night.day, day);
        local_zone_name(night, zone);
        printf(_("%sNight of %s, %s\n\n"), i ? "\n" : "", day, zone);
        r = list_night(&screen, &nights->entries[i]);
    }
    return r < 0 ? cli_fail(CLI_FAILED, "%s", strerror(-r)) : CLI_DONE;
}

static int show_result(const struct config *config, int64_t time_s)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    struct store_night night;
    struct store_bout bout;
    int r = store_bout_at(store, time_s, &night, &bout);
    if (r != 1)
        return r < 0 ? cli_store_failed(store, r) : CLI_DONE;
    char day[DAY_TEXT_SIZE], from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE];
    day_format(night.night.day, day);
    local_clock_s(&night, bout.bout.start_s, from);
    local_clock_s(&night, bout.bout.end_s, to);
    printf(_("%s, %s to %s: %s"), day, from, to, position_identifier(bout.bout.position));
    if (bout.source == BOUT_RECORDED)
        printf(_(" (as recorded)\n"));
    else
        printf(_(" (%s; recorded: %s)\n"), bout_source_name(bout.source),
               position_identifier(bout.recorded));
    return CLI_DONE;
}

// ---- which bout ----

static int no_bout(const struct request *request, const struct nights *nights)
{
    if (!request->at_clock)
        return cli_fail(CLI_USAGE,
                        _("nothing was recorded at %s; psoasmon nights shows the nights there are"),
                        request->at);
    const struct store_night *first = &nights->entries[0].summary.night;
    const struct store_night *last = &nights->entries[nights->n - 1].summary.night;
    char day[DAY_TEXT_SIZE], from[LOCAL_CLOCK_SIZE], to[LOCAL_CLOCK_SIZE];
    day_format(first->night.day, day);
    local_clock_s(first, first->night.start_s, from);
    local_clock_s(last, last->night.end_s, to);
    return cli_fail(CLI_USAGE,
                    _("nothing was recorded at %s in the night of %s (%s to %s); "
                      "psoasmon label --list --night=%s shows its bouts"),
                    request->at, day, from, to, day);
}

// Finds the bout that is meant; request->time_s lies in it then.
static int find_bout(struct request *request, const struct nights *nights, struct store *store)
{
    bool found = !request->at_clock;
    for (size_t i = 0; i < nights->n && !found; i++)
        found = local_moment(&nights->entries[i].summary.night, request->clock_s, &request->time_s);
    if (!found)
        return no_bout(request, nights);
    struct store_night night;
    struct store_bout bout;
    int r = store_bout_at(store, request->time_s, &night, &bout);
    if (r < 0)
        return cli_store_failed(store, r);
    if (r == 0)
        return no_bout(request, nights);
    bool wanted = night.night.day == request->day || (!request->at_clock && !request->night_given);
    char day[DAY_TEXT_SIZE];
    day_format(night.night.day, day);
    if (!wanted)
        return cli_fail(CLI_USAGE, _("%s is in the night of %s"), request->at, day);
    if (request->undo && bout.source != BOUT_LABELLED)
        return cli_fail(CLI_USAGE,
                        _("the bout at %s has no label to take back; "
                          "psoasmon label --list --night=%s shows which have"),
                        request->at, day);
    return CLI_DONE;
}

// ---- doing it ----

static int change_here(const struct request *request, const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store_to_write(config, &store);
    if (status != CLI_DONE)
        return status;
    int r;
    if (request->undo)
        r = store_unlabel(store, request->time_s);
    else
        r = store_label(store, request->time_s,
                        (enum position)position_from_identifier(request->position),
                        (int64_t)time(NULL));
    if (r == 0)
        r = store_commit(store);
    if (r < 0)
        return cli_store_failed(store, r);
    return r == 0 ? CLI_DONE : cli_fail(CLI_FAILED, _("the night was changed meanwhile"));
}

// Where a psoasmond runs, it alone may write.
static int change(const struct request *request, const struct config *config)
{
    struct error error = {0};
    int r = live_label(config->database, request->time_s, request->undo ? NULL : request->position,
                       &error);
    if (r == -ENOENT || r == -ECONNREFUSED)
        return change_here(request, config);
    return r < 0 ? cli_fail(CLI_FAILED, "%s", error.text) : CLI_DONE;
}

// Lists, or finds the bout and leaves the store to be written to.
static int look(struct request *request, const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    day_number newest;
    int status = cli_open_nights(config, &store, &newest);
    if (status != CLI_DONE)
        return status;
    if (!request->night_given)
        request->day = newest;
    struct period period = {.kind = PERIOD_NIGHT, .from = request->day, .to = request->day};
    struct nights nights;
    int r = nights_read(&nights, store, &period, config->friendly);
    if (r < 0)
        status = cli_store_failed(store, r);
    else if (nights.n == 0)
        status = cli_no_nights(request->day, request->day, newest);
    else if (request->list)
        status = list_nights(&nights, store);
    else
        status = find_bout(request, &nights, store);
    nights_free(&nights);
    return status;
}

int verb_label(int argc, char **argv)
{
    struct request request = {0};
    struct config config;
    int status;
    if (!parse_request(argc, argv, &request, &status))
        return status;
    status = cli_load(&request.files, &config);
    if (status == CLI_DONE)
        status = look(&request, &config);
    if (status != CLI_DONE || request.list)
        return status;
    status = change(&request, &config);
    return status == CLI_DONE ? show_result(&config, request.time_s) : status;
}
