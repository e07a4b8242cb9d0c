// SPDX-License-Identifier: GPL-3.0-or-later
// A condition on a figure of the report, for scripts: "friendly<20%". docs/report.md says what is
// understood; the figures are those of figures.h, as the report shows them.
#ifndef PSOASMON_ALERT_H
#define PSOASMON_ALERT_H

#include "base/error.h"
#include "report/figures.h"

#define ALERT_STATUS 4 // the exit status where one fires; scripts rely on it

struct alert {
    enum figure figure;
    bool above;   // fires above the limit; else below it
    double limit; // in the figure's unit: seconds, a per cent, a count
};

// NAME < or > NUMBER, blanks between them allowed. -EINVAL, with a message that names the
// character.
int alert_parse(struct alert *ret, const char *text, struct error *error);

enum alert_outcome {
    ALERT_QUIET,
    ALERT_FIRES,
    ALERT_UNKNOWN, // the figure is not known of these nights
};
enum alert_outcome alert_judge(const struct alert *alert, const struct figures *figures);

// "Psoas-friendly share: 15%, below 20%"
#define ALERT_TEXT_SIZE 160
void alert_text(const struct alert *alert, const struct figures *figures,
                char text[ALERT_TEXT_SIZE]);

#endif
