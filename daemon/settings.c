// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "places.h"
#include "plain.h"
#include "position/acuity.h"

static int override(char value[CONFIG_PATH_MAX], struct config_place *place, const char *option,
                    const char *what, struct error *error)
{
    if (!option)
        return 0;
    if (strlen(option) >= CONFIG_PATH_MAX)
        return error_set(error, -ENAMETOOLONG, "%s is too long", what);
    strcpy(value, option);
    if (place)
        *place = (struct config_place){0};
    return 0;
}

static int require(const char *value, const char *option, const char *key, const char *file,
                   struct error *error)
{
    if (*value)
        return 0;
    return error_set(error, -EINVAL, "no %s: name one with --%s, or as [pad] %s in %s", option,
                     option, key, file);
}

int settings_load(struct settings **ret, const struct options *options, struct error *error)
{
    _cleanup_(settings_freep) struct settings *settings = calloc(1, sizeof *settings);
    if (!settings)
        return error_set(error, -ENOMEM, "out of memory");
    struct config *config = &settings->config;
    const char *file = options->config ? options->config : PSOASMON_CONFIG;
    config_default(config);
    int r = config_load(config, file, options->config != NULL, error);
    if (r == 0)
        r = override(config->port, &config->port_at, options->port, "--port", error);
    if (r == 0)
        r = override(config->pad, NULL, options->pad, "--pad", error);
    if (r == 0)
        r = override(config->database, &config->database_at, options->database, "--database",
                     error);
    if (r == 0 && !*config->database)
        strcpy(config->database, PSOASMON_DATABASE);
    if (r == 0)
        r = require(config->pad, "pad", "name", file, error);
    if (r == 0)
        r = require(config->port, "port", "port", file, error);
    if (r < 0)
        return r;

    const char *directories[PADS_DIRECTORIES_MAX];
    r = pad_find(&settings->pad, config->pad, pads_directories(directories), error);
    if (r == 0)
        r = acuity_check(settings->pad, error);
    if (r < 0)
        return r;
    strcpy(settings->port_text, config->port);
    strcpy(settings->database_text, config->database);
    plain_text(settings->port_text);
    plain_text(settings->database_text);
    *ret = settings;
    settings = NULL;
    return 0;
}

bool settings_configured(const struct options *options, struct error *error)
{
    _cleanup_(freep) struct config *config = malloc(sizeof *config);
    if (!config || options->port || options->pad)
        return true;
    const char *file = options->config ? options->config : PSOASMON_CONFIG;
    config_default(config);
    if (config_load(config, file, options->config != NULL, error) < 0 || *config->port ||
        *config->pad)
        return true;
    error_set(error, -ENOENT,
              "nothing to record yet: name a pad and its port in %s, then start psoasmond", file);
    return false;
}

void settings_free(struct settings *settings)
{
    if (settings->pad)
        pad_free(settings->pad);
    free(settings);
}
