// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress.h"
#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST_AFTER_MS 500
#define EVERY_MS       200

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress progress_begin(const char *what, uint64_t total)
{
    return (struct progress){
        .what = what,
        .total = total,
        .next_ms = isatty(STDERR_FILENO) ? now_ms() + FIRST_AFTER_MS : INT64_MAX,
    };
}

static bool is_due(struct progress *progress)
{
    if (progress->next_ms == INT64_MAX || now_ms() < progress->next_ms)
        return false;
    progress->next_ms = now_ms() + EVERY_MS;
    progress->shown = true;
    return true;
}

void progress_tell(struct progress *progress, const char *format, ...)
{
    if (!is_due(progress))
        return;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "\r%s: ", progress->what);
    vfprintf(stderr, format, arguments);
    fputs(" \033[K", stderr);
    va_end(arguments);
}

void progress_show(struct progress *progress, uint64_t done)
{
    if (!is_due(progress))
        return;
    double mb = (double)done / 1e6;
    if (progress->total > 0)
        fprintf(stderr, "\r%s: %3.0f %% \033[K", progress->what,
                100.0 * (double)done / (double)progress->total);
    else
        fprintf(stderr, "\r%s: %.1f MB \033[K", progress->what, mb);
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
