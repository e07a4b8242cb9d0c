// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "calibration/calibration.h"
#include "doctor/doctor.h"
#include "paths.h"
#include "places.h"
#include "position/acuity.h"
#include "words.h"

static void look_at_configuration(struct doctor *doctor)
{
    struct error error = {0};
    struct config *config = &doctor->config;
    const char *path = doctor->files.config ? doctor->files.config : PSOASMON_CONFIG;
    config_default(config);
    if (config_load(config, path, doctor->files.config != NULL, &error) < 0) {
        doctor_find(doctor, "configuration", VERDICT_FAILED, "%s", error.text);
        doctor_advise(doctor, _("correct it; until then psoasmond does not start, or keeps the one "
                                "it has (docs/psoasmon.conf.md)"));
    } else {
        doctor_find(doctor, "configuration", VERDICT_OK, "%s%s", path,
                    access(path, F_OK) == 0 ? ""
                                            : _(": there is none, and what is not said is as "
                                                "built in"));
    }
    const char *database = doctor->files.database ? doctor->files.database : config->database;
    if (!*database)
        database = PSOASMON_DATABASE;
    size_t length = strnlen(database, sizeof config->database - 1);
    memmove(config->database, database, length);
    config->database[length] = '\0';
}

static void look_at_port(struct doctor *doctor)
{
    const char *port = doctor->config.port;
    struct stat status;
    if (!*port) {
        doctor_find(doctor, "port", VERDICT_WARNING, _("none is named"));
        doctor_advise(doctor,
                      _("name the pad's serial port as [pad] port, or give psoasmond --port"));
    } else if (stat(port, &status) < 0) {
        doctor_find(doctor, "port", VERDICT_FAILED, "%s: %s", port, strerror(errno));
        doctor_advise(doctor, _("is the pad plugged in? ls /dev/serial/by-id shows what is"));
    } else if (!S_ISCHR(status.st_mode)) {
        doctor_find(doctor, "port", VERDICT_FAILED, _("%s: is not a serial port"), port);
        doctor_advise(doctor, _("ls /dev/serial/by-id shows the ones there are"));
    } else {
        doctor_find(doctor, "port", VERDICT_OK, "%s", port);
    }
}

static void tell_pad(struct doctor *doctor, const struct pad *pad)
{
    char text[ACUITY_TEXT_SIZE];
    struct grid grid = surface_grid(pad);
    acuity_explain(acuity_of(&grid), text);
    doctor_find(doctor, "pad", VERDICT_OK, _("%s, %u x %u cells%s%s"), pad->name, pad->rows,
                pad->cols, *text ? _("; too coarse for every position: ") : "", text);
    if (pad->status == PAD_UNTESTED)
        doctor_advise(doctor, _("nobody has tried this description on the pad itself yet: look "
                                "whether psoasmon status follows you"));
}

// The calibration beside the database, for the pad in use.
static void look_at_calibration(struct doctor *doctor, const struct pad *pad)
{
    struct error error = {0};
    _cleanup_(model_freep) struct model *model = NULL;
    _cleanup_(freep) char *path = cli_calibration(&doctor->config, NULL);
    if (!path || model_builtin(&model, &error) < 0) {
        doctor_find(doctor, "calibration", VERDICT_FAILED, "%s",
                    *error.text ? error.text : strerror(ENOMEM));
        return;
    }
    int r = calibration_use(model, pad->name, path, &error);
    if (r == -ENOENT)
        doctor_find(doctor, "calibration", VERDICT_OK, _("none, weights %s"),
                    model_weights_name(model));
    else if (r == 0)
        doctor_find(doctor, "calibration", VERDICT_OK, _("%s, model %s"), path, model_name(model));
    else
        doctor_find(doctor, "calibration",
                    r == CALIBRATION_OTHER ? VERDICT_WARNING : VERDICT_FAILED, _("not used: %s"),
                    error.text);
    if (r != 0 && r != -ENOENT)
        doctor_advise(doctor, _("calibrate again (psoasmon calibrate), or do without (--undo)"));
}

static void look_at_pad(struct doctor *doctor)
{
    struct error error = {0};
    const char *directories[PADS_DIRECTORIES_MAX];
    _cleanup_(pad_freep) struct pad *pad = NULL;
    if (!*doctor->config.pad) {
        doctor_find(doctor, "pad", VERDICT_WARNING, _("none is named"));
        doctor_advise(doctor, _("name its description as [pad] name, or give psoasmond --pad"));
        return;
    }
    if (pad_find(&pad, doctor->config.pad, pads_directories(directories), &error) < 0 ||
        acuity_check(pad, &error) < 0) {
        doctor_find(doctor, "pad", VERDICT_FAILED, "%s", error.text);
        doctor_advise(doctor, _("docs/pad-files.md says what a description must have"));
        return;
    }
    tell_pad(doctor, pad);
    look_at_calibration(doctor, pad);
}

void doctor_look_at_setup(struct doctor *doctor)
{
    look_at_configuration(doctor);
    look_at_port(doctor);
    look_at_pad(doctor);
}

// A board without a clock of its own begins in 1970, or where its image was made.
#define BUILT_S INT64_C(1735689600) // 2025-01-01

void doctor_look_at_clock(struct doctor *doctor)
{
    struct tm now = {0};
    time_t now_s = (time_t)doctor->now_s;
    char text[32];
    gmtime_r(&now_s, &now);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &now);
    if (doctor->now_s < BUILT_S) {
        doctor_find(doctor, "clock", VERDICT_FAILED, _("%s: it was not set"), text);
        doctor_advise(doctor, _("set it, or wait for the network; timedatectl tells more"));
    } else if (doctor->now_s + 86400 < doctor->newest_end_s) {
        doctor_find(doctor, "clock", VERDICT_WARNING, _("%s: the newest night lies in the future"),
                    text);
        doctor_advise(doctor,
                      _("this clock is behind, or it was ahead when that night was recorded"));
    } else {
        doctor_find(doctor, "clock", VERDICT_OK, "%s", text);
    }
}
