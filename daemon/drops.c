// SPDX-License-Identifier: GPL-3.0-or-later
#include "drops.h"

#include <inttypes.h>
#include <stdio.h>

// "12 checksum, 2 short"; returns how many in all.
static uint64_t name_new(struct drops *drops, const uint64_t counts[DROP_N], char *text,
                         size_t size)
{
    uint64_t n = 0;
    size_t length = 0;
    for (int cause = DROP_NONE + 1; cause < DROP_N; cause++) {
        uint64_t more = counts[cause] - drops->told[cause];
        drops->told[cause] = counts[cause];
        if (more == 0)
            continue;
        n += more;
        int written = snprintf(text + length, size - length, "%s%" PRIu64 " %s", length ? ", " : "",
                               more, drop_name(cause));
        length += (size_t)written < size - length ? (size_t)written : 0;
    }
    return n;
}

void drops_tell(struct drops *drops, const uint64_t counts[DROP_N], struct journal *journal)
{
    char causes[256] = "";
    uint64_t n = name_new(drops, counts, causes, sizeof causes);
    if (n == 0)
        return;
    struct line line;
    line_say(&line, EVENT_FRAMES_DROPPED, "%" PRIu64 " frames dropped within a minute (%s)", n,
             causes);
    line_field(&line, "PSOASMON_DROPPED_FRAMES=%" PRIu64, n);
    journal_write(journal, &line);
}
