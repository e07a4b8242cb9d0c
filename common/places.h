// SPDX-License-Identifier: GPL-3.0-or-later
// Where the programs look for pad descriptions.
#ifndef PSOASMON_PLACES_H
#define PSOASMON_PLACES_H

// For pad_find: the machine's own, the installed ones and, for a program that runs from its build
// tree, the source's. Ends with NULL.
#define PADS_DIRECTORIES_MAX 4
const char *const *pads_directories(const char *directories[PADS_DIRECTORIES_MAX]);

// Where translations are: the build tree's, or the installed ones.
const char *words_directory(void);

#endif
