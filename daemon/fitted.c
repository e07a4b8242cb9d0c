// SPDX-License-Identifier: GPL-3.0-or-later
#include "fitted.h"

#include <errno.h>

#include "calibration/calibration.h"
#include "position/acuity.h"

int fitted_model(struct model **ret, const struct pad *pad, const char *calibration,
                 struct journal *journal, struct error *error)
{
    _cleanup_(model_freep) struct model *model = NULL;
    int r = model_builtin(&model, error);
    if (r < 0)
        return r;
    struct error why = {0};
    r = calibration_use(model, pad->name, calibration, &why);
    if (r != 0 && r != -ENOENT)
        journal_say(journal, EVENT_UNCALIBRATED, "the calibration is not used: %s", why.text);
    *ret = model;
    model = NULL;
    return 0;
}

void fitted_tell(const struct model *model, struct journal *journal)
{
    struct line line;
    line_say(&line, EVENT_CALIBRATED, "positions are told by %s, %s", model_name(model),
             model_correction(model) ? "fitted to the sleeper" : "without a calibration");
    line_field(&line, "PSOASMON_MODEL=%s", model_name(model));
    journal_write(journal, &line);
}

void fitted_tell_pad(const struct pad *pad, struct journal *journal)
{
    char text[ACUITY_TEXT_SIZE];
    struct grid grid = surface_grid(pad);
    acuity_explain(acuity_of(&grid), text);
    if (*text)
        journal_say(journal, EVENT_PAD_COARSE, "this pad is too coarse for every position: %s",
                    text);
}
