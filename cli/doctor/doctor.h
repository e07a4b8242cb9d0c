// SPDX-License-Identifier: GPL-3.0-or-later
// What psoasmon doctor looks at, and what it has found. Nothing is changed by looking.
#ifndef PSOASMON_DOCTOR_H
#define PSOASMON_DOCTOR_H

#include <stdint.h>

#include "cli.h"

enum verdict {
    VERDICT_OK,
    VERDICT_WARNING, // it works, but somebody should know
    VERDICT_FAILED,
};

struct finding {
    const char *check;
    enum verdict verdict;
    char words[600];
    char advice[300]; // what to do; empty where there is nothing
};

#define FINDINGS_MAX 24

struct doctor {
    struct cli_files files;
    struct config config; // the default one where it cannot be read
    int64_t now_s;
    int64_t newest_end_s; // of the newest night; 0: none, or not known
    struct finding findings[FINDINGS_MAX];
    unsigned n;
};

// Adds a finding; the words become fit for a terminal. Its advice is what doctor_advise adds.
void doctor_find(struct doctor *doctor, const char *check, enum verdict verdict, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));
void doctor_advise(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// In this order: each may use what those before it have learnt.
void doctor_look_at_setup(struct doctor *doctor); // configuration, pad, port, calibration
void doctor_look_at_store(struct doctor *doctor); // database, disk, what lies beside it
void doctor_look_at_daemon(struct doctor *doctor);
void doctor_look_at_clock(struct doctor *doctor);

#endif
