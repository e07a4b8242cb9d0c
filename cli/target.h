// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is written beside the one it is to replace, and takes its place once it is whole.
#ifndef PSOASMON_TARGET_H
#define PSOASMON_TARGET_H

#include <stdio.h>

struct target {
    const char *path;
    char *partial; // PATH.partial, until it is whole
    FILE *stream;
};

// Opens it, for its owner alone: nights are nobody else's business. "-" is standard output. An exit
// status, the error line being printed.
int target_open(struct target *target, const char *path);

// All is written: puts it in its place. The same.
int target_close(struct target *target);

// What was not closed is taken away. For _cleanup_.
void target_done(struct target *target);

#endif
