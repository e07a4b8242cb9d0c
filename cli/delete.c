// SPDX-License-Identifier: GPL-3.0-or-later
#include "delete.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "live/live_call.h"
#include "local.h"
#include "screen.h"
#include "summary.h"
#include "words.h"

// "2026-01-05, 22:30:00 to 06:40:00"
#define NAME_SIZE (DAY_TEXT_SIZE + 2 * LOCAL_CLOCK_SIZE + 8)
static void describe(const struct store_night *night, char name[NAME_SIZE])
{
    char day[DAY_TEXT_SIZE], start[LOCAL_CLOCK_SIZE], end[LOCAL_CLOCK_SIZE];
    day_format(night->night.day, day);
    local_clock_s(night, night->night.start_s, start);
    local_clock_s(night, night->night.end_s, end);
    snprintf(name, NAME_SIZE, _("%s, %s to %s"), day, start, end);
}

static bool begins_at(const struct store_night *night, const char *start)
{
    char clock[LOCAL_CLOCK_SIZE];
    local_clock_s(night, night->night.start_s, clock);
    return !start || (strlen(start) >= 5 && strncmp(clock, start, strlen(start)) == 0);
}

// The one night that is meant; else says why there is none, or which there are.
static int choose(const struct delete_request *request, const struct nights *nights,
                  struct store_night *ret)
{
    unsigned meant = 0;
    char name[NAME_SIZE], names[400] = "";
    for (size_t i = 0; i < nights->n; i++) {
        const struct store_night *night = &nights->entries[i].summary.night;
        describe(night, name);
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used ? "; " : "", name);
        if (!begins_at(night, request->start))
            continue;
        *ret = *night;
        meant++;
    }
    if (meant == 1)
        return CLI_DONE;
    if (meant == 0)
        return cli_fail(CLI_NO_DATA, _("no night begins at '%s'; there is: %s"), request->start,
                        names);
    return cli_fail(CLI_USAGE, _("several nights begin then: name one with --start (%s)"), names);
}

static int find(const struct delete_request *request, const struct config *config,
                struct store_night *ret)
{
    _cleanup_(store_freep) struct store *store = NULL;
    day_number newest;
    int status = cli_open_nights(config, &store, &newest);
    if (status != CLI_DONE)
        return status;
    const struct period period = {.kind = PERIOD_NIGHT, .from = request->day, .to = request->day};
    struct nights nights;
    int r = nights_read(&nights, store, &period, config->friendly);
    if (r < 0)
        status = cli_store_failed(store, r);
    else if (nights.n == 0)
        status = cli_no_nights(request->day, request->day, newest);
    else
        status = choose(request, &nights, ret);
    nights_free(&nights);
    return status;
}

// Whoever is not asked must have said so.
static int confirm(const struct store_night *night)
{
    char name[NAME_SIZE], answer[16] = "";
    describe(night, name);
    if (!isatty(STDIN_FILENO))
        return cli_fail(CLI_USAGE, _("deleting the night of %s takes --yes, or a terminal"), name);
    fprintf(stderr, _("Delete the night of %s for good? [y/N] "), name);
    if (fgets(answer, sizeof answer, stdin) &&
        (strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0))
        return CLI_DONE;
    return cli_fail(CLI_FAILED, _("nothing was deleted"));
}

// 1: it is gone, 0: nobody records here, -1: it failed, and that was told.
static int delete_there(const struct store_night *night, const struct config *config)
{
    struct error error = {0};
    int r = live_call(NULL, config->database, &error, "DeleteNight", "xx", night->id,
                      night->night.start_s);
    if (r == 0)
        return 1;
    if (r == -ENOENT || r == -ECONNREFUSED)
        return 0;
    cli_fail(CLI_FAILED, "%s", error.text);
    return -1;
}

static int delete_here(const struct store_night *night, const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int status = cli_open_store_to_write(config, &store);
    if (status != CLI_DONE)
        return status;
    int r = store_delete(store, night->id, night->night.start_s, true);
    if (r < 0)
        return cli_store_failed(store, r);
    if (r > 0)
        return cli_fail(CLI_FAILED, _("the night was changed meanwhile"));
    r = store_scrub(store);
    if (r < 0)
        return cli_fail(CLI_FAILED,
                        _("the night is deleted, but the file may still hold traces of it: %s"),
                        store_message(store));
    return CLI_DONE;
}

int delete_night(const struct delete_request *request, const struct config *config)
{
    struct store_night night;
    int status = find(request, config, &night);
    if (status == CLI_DONE && !request->yes)
        status = confirm(&night);
    if (status != CLI_DONE)
        return status;
    char name[NAME_SIZE];
    describe(&night, name);
    int there = delete_there(&night, config);
    if (there < 0)
        return CLI_FAILED;
    if (there == 0)
        status = delete_here(&night, config);
    if (status == CLI_DONE)
        printf(_("deleted the night of %s%s\n"), name,
               there ? _("; psoasmond overwrites its traces in the file when nobody is in bed")
                     : "");
    return status;
}
