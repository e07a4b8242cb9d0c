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

// A field a cause: the journal finds the line by any of them.
static void name_reasons(struct line *line, const uint64_t before[DROP_N],
                         const uint64_t after[DROP_N])
{
    for (int cause = DROP_NONE + 1; cause < DROP_N; cause++)
        if (after[cause] > before[cause])
            line_field(line, "PSOASMON_REASON=%s", drop_name(cause));
}

void drops_tell(struct drops *drops, const uint64_t counts[DROP_N], struct journal *journal)
{
    char causes[256] = "";
    struct drops before = *drops;
    uint64_t n = name_new(drops, counts, causes, sizeof causes);
    if (n == 0)
        return;
    struct line line;
    line_say(&line, EVENT_FRAMES_DROPPED, "%" PRIu64 " frames dropped within a minute (%s)", n,
             causes);
    line_field(&line, "PSOASMON_DROPPED_FRAMES=%" PRIu64, n);
    name_reasons(&line, before.told, drops->told);
    journal_write(journal, &line);
}
