// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon doctor: is everything as it should be, and if not, what to do.
#include "doctor/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "plain.h"
#include "words.h"

#define JSON_VERSION 1

static const char help[] =
    N_("Usage: psoasmon doctor [OPTION]...\n"
       "\n"
       "Looks whether everything is as it should be: configuration, pad, port,\n"
       "calibration, database (a whole integrity check), room on the disk, psoasmond,\n"
       "clock. A line each, and what to do where something is not. Changes nothing.\n"
       "\n"
       "  --json            for programs\n"
       "@options@\n"
       "\n"
       "Exit status: 0 nothing failed (there may be warnings), 1 something did, 2 bad\n"
       "usage.\n");

enum {
    OPTION_JSON = CLI_OPTION_OWN,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"json", no_argument, NULL, OPTION_JSON},
    {0},
};

static const char *const verdicts[] = {
    [VERDICT_OK] = "ok",
    [VERDICT_WARNING] = "warning",
    [VERDICT_FAILED] = "failed",
};

void doctor_find(struct doctor *doctor, const char *check, enum verdict verdict, const char *format,
                 ...)
{
    if (doctor->n == FINDINGS_MAX)
        return;
    struct finding *finding = &doctor->findings[doctor->n++];
    *finding = (struct finding){.check = check, .verdict = verdict};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->words, sizeof finding->words, format, arguments);
    va_end(arguments);
    plain_text(finding->words);
}

void doctor_advise(struct doctor *doctor, const char *format, ...)
{
    struct finding *finding = &doctor->findings[doctor->n - 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->advice, sizeof finding->advice, format, arguments);
    va_end(arguments);
    plain_text(finding->advice);
}

static unsigned count(const struct doctor *doctor, enum verdict verdict)
{
    unsigned n = 0;
    for (unsigned i = 0; i < doctor->n; i++)
        n += doctor->findings[i].verdict == verdict;
    return n;
}

static void print_text(const struct doctor *doctor)
{
    for (unsigned i = 0; i < doctor->n; i++) {
        const struct finding *finding = &doctor->findings[i];
        printf("%-8s %-14s %s\n", verdicts[finding->verdict], finding->check, finding->words);
        if (*finding->advice)
            printf("%-23s -> %s\n", "", finding->advice);
    }
}

static int print_json(const struct doctor *doctor)
{
    json_t *root = json_object(), *checks = json_array();
    for (unsigned i = 0; i < doctor->n; i++) {
        const struct finding *finding = &doctor->findings[i];
        json_t *object = json_object();
        json_put(&object, "check", json_string(finding->check));
        json_put(&object, "verdict", json_string(verdicts[finding->verdict]));
        json_put(&object, "found", json_string(finding->words));
        json_put(&object, "advice", *finding->advice ? json_string(finding->advice) : json_null());
        json_append(&checks, object);
    }
    json_put(&root, "version", json_integer(JSON_VERSION));
    json_put(&root, "failed", json_integer(count(doctor, VERDICT_FAILED)));
    json_put(&root, "warnings", json_integer(count(doctor, VERDICT_WARNING)));
    json_put(&root, "checks", checks);
    return json_print(stdout, root);
}

int verb_doctor(int argc, char **argv)
{
    static struct doctor doctor; // too large for a stack
    bool json = false;
    int status;
    doctor = (struct doctor){.now_s = (int64_t)time(NULL)};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == OPTION_JSON)
            json = true;
        else if (!cli_option(option, &doctor.files, help, &status))
            return status;
    }
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    doctor_look_at_setup(&doctor);
    doctor_look_at_store(&doctor);
    doctor_look_at_daemon(&doctor);
    doctor_look_at_clock(&doctor);
    if (!json)
        print_text(&doctor);
    else if (print_json(&doctor) < 0)
        return cli_fail(CLI_FAILED, "%s", strerror(ENOMEM));
    return count(&doctor, VERDICT_FAILED) > 0 ? CLI_FAILED : CLI_DONE;
}
