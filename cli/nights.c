// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon nights: every night there is, a line each.
#include <errno.h>
#include <string.h>

#include "clock_text.h"
#include "cli.h"
#include "delete.h"
#include "base/text.h"
#include "local.h"
#include "period_options.h"
#include "report/report_words.h"
#include "screen.h"
#include "summary.h"
#include "table.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon nights [OPTION]...\n"
       "       psoasmon nights --delete DAY [--start TIME] [--yes]\n"
       "\n"
       "Every night there is, a line each: when, where, with which pad and which\n"
       "model. psoasmon report --night=DAY tells more about one of them.\n"
       "\n"
       "Not all of them:\n"
       "  --night[=DAY]     the newest night, or that of DAY (2026-01-05)\n"
       "  --week[=DAY]      the week of the newest night, or that with DAY\n"
       "  --month[=DAY]     the month\n"
       "  --year[=DAY]      the year\n"
       "  --since DAY       from DAY on\n"
       "  --until DAY       up to DAY\n"
       "  --naps            naps alone\n"
       "  --no-naps         all but naps\n"
       "  --longer TIME     in bed for TIME or longer (90min, 4h)\n"
       "  --shorter TIME    in bed for less than TIME\n"
       "\n"
       "  --plain           in sentences, to be read aloud\n"
       "\n"
       "  --delete DAY      deletes the night of DAY (2026-01-05) and all that was kept\n"
       "                    of it, for good: the file is rewritten, so that no trace is\n"
       "                    left in it. Backups and exports are yours to delete. While\n"
       "                    psoasmond runs, it does this, for its own user and root\n"
       "                    alone; a night being recorded must be over first\n"
       "  --start TIME      of the nights of that day, the one that begins at TIME\n"
       "                    (22:30 or 22:30:25 by the clock beside the bed)\n"
       "  --yes             does not ask\n"
       "@options@\n"
       "\n"
       "Exit status: 0 done, 1 failed, 2 bad usage, 3 there is no such night.\n");

enum {
    OPTION_NAPS = CLI_OPTION_OWN,
    OPTION_NO_NAPS,
    OPTION_LONGER,
    OPTION_SHORTER,
    OPTION_PLAIN,
    OPTION_DELETE,
    OPTION_START,
    OPTION_YES,
};

static const struct option options[] = {
    CLI_OPTIONS,
    PERIOD_OPTIONS,
    {"naps", no_argument, NULL, OPTION_NAPS},
    {"no-naps", no_argument, NULL, OPTION_NO_NAPS},
    {"longer", required_argument, NULL, OPTION_LONGER},
    {"shorter", required_argument, NULL, OPTION_SHORTER},
    {"plain", no_argument, NULL, OPTION_PLAIN},
    {"delete", required_argument, NULL, OPTION_DELETE},
    {"start", required_argument, NULL, OPTION_START},
    {"yes", no_argument, NULL, OPTION_YES},
    {0},
};

#define LENGTH_MAX_S (7 * 86400)

// Which nights are listed.
struct filter {
    struct period_request period;
    bool naps, no_naps;
    double longer_s, shorter_s; // shorter_s 0: however long
};

struct request {
    struct cli_files files;
    struct filter filter;
    bool filters, plain;
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
        [COLUMN_NIGHT] = {.heading = N_("NIGHT"), .width = 10},
        [COLUMN_IN_BED] = {.heading = N_("IN BED"), .width = 2 * clock_width() + 1},
        [COLUMN_KIND] = {.heading = "", .width = 3},
        [COLUMN_HOURS] = {.heading = N_("HOURS"), .width = 5, .right = true},
        [COLUMN_FRIENDLY] = {.heading = N_("FRIENDLY"), .width = 8, .right = true},
        [COLUMN_RECORDED] = {.heading = N_("RECORDED"), .width = 8, .right = true, .drop = 1},
        [COLUMN_ZONE] = {.heading = N_("ZONE"), .width = 4, .drop = 3},
        [COLUMN_PAD] = {.heading = N_("PAD"), .width = 3, .drop = 2},
        [COLUMN_MODEL] = {.heading = N_("MODEL"), .width = 5, .drop = 4},
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

static void say_nights(const struct nights *nights)
{
    for (size_t i = 0; i < nights->n; i++) {
        const struct night_summary *summary = &nights->entries[i].summary;
        const struct store_night *night = &summary->night;
        char day[WORDS_SIZE], start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
        char hours[DURATION_SIZE], friendly[PERCENT_SIZE], recorded[PERCENT_SIZE];
        char zone[LOCAL_ZONE_SIZE], pad[NAME_SIZE], model[NAME_SIZE];
        words_day(night->night.day, day);
        local_clock(night, night->night.start_s, start);
        local_clock(night, night->night.end_s, end);
        local_zone_name(night, zone);
        printable(night->pad, pad);
        printable(night->model, model);
        duration_words(summary->in_bed_s, hours);
        percent_text(share_of(summary->friendly_s, summary->recorded_s), friendly);
        percent_text(share_of(summary->recorded_s, summary->in_bed_s), recorded);
        printf(summary->nap ? _("%s, a nap from %s to %s%s.") : _("%s, from %s to %s%s."), day,
               start, end, night->open ? _(", still open") : "");
        printf(_(" In bed %s, psoas-friendly %s, recorded %s. Zone %s, pad %s, model %s.\n"), hours,
               friendly, recorded, zone, pad, model);
    }
}

static bool take_length(const char *text, double *ret_s)
{
    if (text_duration(text, LENGTH_MAX_S, ret_s))
        return true;
    cli_fail(CLI_USAGE, _("'%s' is not a length of time, up to a week: 90min, 4h"), text);
    return false;
}

static bool take_filter(struct filter *filter, int option, bool *taken)
{
    *taken = true;
    switch (option) {
    case OPTION_NAPS:
        filter->naps = true;
        return true;
    case OPTION_NO_NAPS:
        filter->no_naps = true;
        return true;
    case OPTION_LONGER:
        return take_length(optarg, &filter->longer_s);
    case OPTION_SHORTER:
        return take_length(optarg, &filter->shorter_s);
    default:
        *taken = period_option_is(option);
        return !*taken || period_option_take(&filter->period, option);
    }
}

static bool take_option(struct request *request, int option, int *status)
{
    bool taken;
    *status = CLI_USAGE;
    if (!take_filter(&request->filter, option, &taken))
        return false;
    request->filters = request->filters || taken;
    if (taken)
        return true;
    switch (option) {
    case OPTION_PLAIN:
        request->plain = true;
        return true;
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

static bool check_request(struct request *request)
{
    const struct filter *filter = &request->filter;
    if (!request->deletes && (request->delete.start || request->delete.yes))
        cli_fail(CLI_USAGE, _("--start and --yes go with --delete"));
    else if (request->deletes && (request->filters || request->plain))
        cli_fail(CLI_USAGE, _("--delete DAY goes with --start and --yes alone"));
    else if (filter->naps && filter->no_naps)
        cli_fail(CLI_USAGE, _("--naps or --no-naps, not both"));
    else if (filter->shorter_s > 0 && filter->shorter_s <= filter->longer_s)
        cli_fail(CLI_USAGE, _("--shorter is to be more than --longer"));
    else
        return period_request_check(&request->filter.period);
    return false;
}

static bool wanted(const struct filter *filter, const struct night_summary *summary)
{
    double in_bed_s = (double)summary->in_bed_s;
    return !(filter->naps && !summary->nap) && !(filter->no_naps && summary->nap) &&
           in_bed_s >= filter->longer_s && (filter->shorter_s <= 0 || in_bed_s < filter->shorter_s);
}

static void keep_wanted(struct nights *nights, const struct filter *filter)
{
    size_t n = 0;
    for (size_t i = 0; i < nights->n; i++)
        if (wanted(filter, &nights->entries[i].summary))
            nights->entries[n++] = nights->entries[i];
    nights->n = n;
}

// All there are, unless a period is asked for.
static struct period listed_period(const struct period_request *request, day_number newest,
                                   enum config_week week)
{
    if (request->kind_given || request->kind == PERIOD_DATES)
        return period_requested(request, newest, week);
    return (struct period){.kind = PERIOD_DATES, .from = 0, .to = newest};
}

static int list_nights(const struct request *request, const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    day_number newest;
    int status = cli_open_nights(config, &store, &newest);
    if (status != CLI_DONE)
        return status;
    struct period period = listed_period(&request->filter.period, newest, config->week);
    struct nights nights;
    int r = nights_read(&nights, store, &period, config->friendly);
    bool any = nights.n > 0;
    keep_wanted(&nights, &request->filter);
    if (r < 0)
        status = cli_store_failed(store, r);
    else if (!any)
        status = cli_no_nights(period.from, period.to, newest);
    else if (nights.n == 0)
        status = cli_fail(CLI_NO_DATA, _("no night is like that"));
    else if (request->plain)
        say_nights(&nights);
    else
        status = print_nights(&nights);
    nights_free(&nights);
    return status;
}

int verb_nights(int argc, char **argv)
{
    int status;
    struct request request = {.filter.period = PERIOD_REQUEST_NONE};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(&request, option, &status))
            return status;
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    if (!check_request(&request))
        return CLI_USAGE;
    struct config config;
    status = cli_load(&request.files, &config);
    if (status != CLI_DONE)
        return status;
    return request.deletes ? delete_night(&request.delete, &config)
                           : list_nights(&request, &config);
}
