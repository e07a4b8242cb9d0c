// SPDX-License-Identifier: GPL-3.0-or-later
// Which configuration and which database a verb works with.
#include "cli.h"
#include "clock_text.h"
#include "habits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "calibration/calibration.h"
#include "paths.h"
#include "places.h"
#include "position/acuity.h"
#include "store/store_export.h"
#include "words.h"

int cli_load(const struct cli_files *files, struct config *config)
{
    struct error error = {0};
    config_default(config);
    const char *path = files->config ? files->config : PSOASMON_CONFIG;
    if (config_load(config, path, files->config != NULL, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);

    const char *database = files->database ? files->database : config->database;
    if (!*database)
        database = PSOASMON_DATABASE;
    if (strlen(database) >= sizeof config->database)
        return cli_fail(CLI_USAGE, _("the database's path is too long"));
    memmove(config->database, database, strlen(database) + 1);
    if (config->week == WEEK_LOCALE)
        config->week = habits_week();
    if (config->clock == CLOCK_LOCALE)
        config->clock = habits_clock();
    clock_use(config->clock);
    return CLI_DONE;
}

char *cli_calibration(const struct config *config, const char *given)
{
    char *path = NULL;
    if (given)
        return strdup(given);
    return calibration_beside(&path, config->database) < 0 ? NULL : path;
}

int cli_use_calibration(struct model *model, const char *pad_name, const char *path,
                        bool must_exist)
{
    struct error error = {0};
    int r = calibration_use(model, pad_name, path, &error);
    if (r == -ENOENT && must_exist)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (r != 0 && r != -ENOENT)
        cli_fail(CLI_DONE, _("calibration not used: %s"), error.text);
    return CLI_DONE;
}

int cli_find_pad(struct pad **ret, const char *name)
{
    _cleanup_(pad_freep) struct pad *pad = NULL;
    struct error error = {0};
    const char *directories[PADS_DIRECTORIES_MAX];
    if (pad_find(&pad, name, pads_directories(directories), &error) < 0 ||
        acuity_check(pad, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    char text[ACUITY_TEXT_SIZE];
    struct grid grid = surface_grid(pad);
    acuity_explain(acuity_of(&grid), text);
    if (*text)
        cli_fail(CLI_DONE, _("pad '%s' is too coarse for every position: %s"), pad->name, text);
    *ret = pad;
    pad = NULL;
    return CLI_DONE;
}

int cli_open_store(const struct config *config, struct store **ret)
{
    struct error error = {0};
    int r = store_open(ret, config->database, STORE_READ, &error);
    if (r == -ENOENT)
        return cli_fail(CLI_FAILED,
                        _("%s: there is no database yet; has psoasmond recorded anything?"),
                        config->database);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", *error.text ? error.text : strerror(-r));
    return CLI_DONE;
}

int cli_open_nights(const struct config *config, struct store **ret, day_number *ret_newest)
{
    int status = cli_open_store(config, ret);
    if (status != CLI_DONE)
        return status;
    int r = store_hold(*ret);
    if (r == 0)
        r = store_newest_day(*ret, ret_newest);
    if (r < 0)
        return cli_store_failed(*ret, r);
    return r > 0 ? CLI_DONE : cli_no_night_yet(config);
}

int cli_open_store_to_write(const struct config *config, struct store **ret)
{
    // Opened for writing at once, a database that is not there would be made.
    struct error error = {0};
    int status = cli_open_store(config, ret);
    if (status != CLI_DONE)
        return status;
    store_free(*ret);
    *ret = NULL;
    int r = store_open(ret, config->database, STORE_WRITE, &error);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", *error.text ? error.text : strerror(-r));
    return CLI_DONE;
}

int cli_no_night_yet(const struct config *config)
{
    return cli_fail(CLI_NO_DATA, _("%s: no night has been recorded yet"), config->database);
}

int cli_store_failed(const struct store *store, int r)
{
    const char *message = r == -ENOMEM ? strerror(ENOMEM) : store_message(store);
    return cli_fail(CLI_FAILED, "%s", message);
}
