// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/fitting.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "calibration/calibration.h"
#include "cli.h"
#include "live/live_call.h"
#include "calibrate/rehearsal.h"
#include "screen.h"
#include "table.h"
#include "words.h"

int fitting_begin(struct fitting *fitting, const char *pad_name)
{
    struct error error = {0};
    int status = cli_find_pad(&fitting->pad, pad_name);
    if (status != CLI_DONE)
        return status;
    // What is in force is what a new calibration has to be better than.
    int r = calibration_use(fitting->model, fitting->pad->name, fitting->path, &error);
    if (r != 0 && r != -ENOENT)
        cli_fail(CLI_FAILED, _("not used: %s"), error.text);
    if (surface_new(&fitting->surface, fitting->pad) < 0 ||
        session_new(&fitting->session, fitting->model) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    return CLI_DONE;
}

void fitting_end(struct fitting *fitting)
{
    if (fitting->session)
        session_free(fitting->session);
    if (fitting->surface)
        surface_free(fitting->surface);
    if (fitting->pad)
        pad_free(fitting->pad);
}

// ---- the verdict ----

enum column {
    COLUMN_POSITION,
    COLUMN_FRAMES,
    COLUMN_BEFORE,
    COLUMN_AFTER,
    COLUMN_LOSS_BEFORE,
    COLUMN_LOSS_AFTER,
    COLUMN_N
};

static void put_scores(struct table *table, enum table_style style, const char *name,
                       const struct trial_score *before, const struct trial_score *after)
{
    if (after->frames == 0)
        return;
    table_row(table);
    table_cell(table, COLUMN_POSITION, style, "%s", name);
    table_cell(table, COLUMN_FRAMES, style, "%u", after->frames);
    table_cell(table, COLUMN_BEFORE, style, "%u", before->right);
    table_cell(table, COLUMN_AFTER, style, "%u", after->right);
    table_cell(table, COLUMN_LOSS_BEFORE, style, "%.3f", before->loss / before->frames);
    table_cell(table, COLUMN_LOSS_AFTER, style, "%.3f", after->loss / after->frames);
}

static int print_trial(const struct trial *trial)
{
    static const struct table_column columns[COLUMN_N] = {
        [COLUMN_POSITION] = {.heading = N_("HELD BACK"), .width = 22},
        [COLUMN_FRAMES] = {.heading = N_("FRAMES"), .width = 6, .right = true},
        [COLUMN_BEFORE] = {.heading = N_("RIGHT BEFORE"), .width = 12, .right = true},
        [COLUMN_AFTER] = {.heading = N_("AFTER"), .width = 5, .right = true},
        [COLUMN_LOSS_BEFORE] = {.heading = N_("LOSS BEFORE"),
                                .width = 11,
                                .right = true,
                                .drop = 1},
        [COLUMN_LOSS_AFTER] = {.heading = N_("AFTER"), .width = 5, .right = true, .drop = 2},
    };
    struct screen screen = screen_of_stdout();
    struct table table;
    table_begin(&table, &screen, columns, COLUMN_N);
    for (int i = 0; i < POSITION_BODY_N; i++)
        put_scores(&table, TABLE_PLAIN, position_identifier((enum position)i), &trial->before[i],
                   &trial->after[i]);
    struct trial_score before = trial_sum(trial->before), after = trial_sum(trial->after);
    put_scores(&table, TABLE_BOLD, "all", &before, &after);
    put_scores(&table, TABLE_DIM, "simulated sleepers", &trial->others_before,
               &trial->others_after);
    int r = table_print(&table, stdout);
    table_end(&table);
    return r;
}

static void print_reason(const struct trial *trial)
{
    struct trial_score before = trial_sum(trial->before), after = trial_sum(trial->after);
    if (after.right > before.right)
        printf(_("\nIt helps: of %u frames held back, %u were right before, %u are now.\n"),
               after.frames, before.right, after.right);
    else
        printf(_("\nIt helps: %u of %u frames held back are right, as before, and it is surer of "
                 "them.\n"),
               after.right, after.frames);
}

void fitting_tell_psoasmond(const char *database)
{
    struct error error = {0};
    int r = live_call(NULL, database, &error, "Reload", "");
    if (r == 0)
        puts(_("psoasmond has read it again."));
    else if (r != -ENOENT && r != -ECONNREFUSED)
        cli_fail(CLI_FAILED, _("%s; it reads it again at its next start or reload"), error.text);
}

static int keep(const struct fitting *fitting, const struct trial *trial,
                const struct model_correction *correction)
{
    struct calibration calibration;
    struct error error = {0};
    calibration_make(&calibration, fitting->model, fitting->pad->name,
                     session_held(fitting->session), trial, correction, (int64_t)time(NULL));
    if (calibration_save(&calibration, fitting->path, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    print_reason(trial);
    printf(_("Used from now on: %s\n"), fitting->path);
    if (fitting->database)
        fitting_tell_psoasmond(fitting->database);
    return CLI_DONE;
}

int fitting_conclude(struct fitting *fitting)
{
    struct error error = {0};
    struct model_correction correction;
    struct trial trial;
    if (rehearse(fitting->session, fitting->pad) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (session_learn(fitting->session, &correction, &trial, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    int r = print_trial(&trial);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", strerror(-r));
    struct trial_score before = trial_sum(trial.before);
    switch (trial_verdict(&trial)) {
    case TRIAL_NO_BETTER:
        return cli_fail(CLI_FAILED,
                        _("not used: it does not help on the frames held back (%u of %u "
                          "were right before)"),
                        before.right, before.frames);
    case TRIAL_FORGETS:
        return cli_fail(CLI_FAILED, _("not used: the model would forget other sleepers; was each "
                                      "position held as it is called?"));
    case TRIAL_HELPS:
        break;
    }
    return keep(fitting, &trial, &correction);
}
