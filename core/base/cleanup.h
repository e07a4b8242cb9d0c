// SPDX-License-Identifier: GPL-3.0-or-later
// Freed on every path: `_cleanup_(freep) char *text = NULL;`
#ifndef PSOASMON_CLEANUP_H
#define PSOASMON_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

// Defines func##p, which calls func on the variable going out of scope.
#define DEFINE_CLEANUP(type, func)                                                                 \
    static inline void func##p(type *pointer)                                                      \
    {                                                                                              \
        if (*pointer)                                                                              \
            func(*pointer);                                                                        \
    }

static inline void freep(void *pointer)
{
    free(*(void **)pointer);
}

static inline void closep(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

DEFINE_CLEANUP(FILE *, fclose)

#endif
