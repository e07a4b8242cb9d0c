// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_pad.h"

#include <errno.h>
#include <string.h>

#include "cli.h"
#include "words.h"

int live_pad_find(const char *database, struct live_state *state)
{
    struct error error = {0};
    if (live_state_read(state, database, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (strcmp(state->pad_state, "waiting") == 0)
        return cli_fail(CLI_FAILED, _("psoasmond waits for the pad: %s"), state->pad_problem);
    // Whoever answers may give a name, but no path to read.
    if (strpbrk(state->pad, "./"))
        return cli_fail(CLI_FAILED, _("psoasmond names no pad, but '%s'"), state->pad);
    return CLI_DONE;
}

int live_pad_check(const struct pad *pad, const struct map_head *head,
                   const struct pressure_map *map, struct error *error)
{
    if (strcmp(pad->name, head->pad) != 0)
        return error_set(error, -EINVAL, _("psoasmond's pad is %s, not %s"), head->pad, pad->name);
    const struct grid here = surface_grid(pad), *there = &map->grid;
    if (here.rows == there->rows && here.cols == there->cols &&
        here.pitch_rows_mm == there->pitch_rows_mm && here.pitch_cols_mm == there->pitch_cols_mm)
        return 0;
    return error_set(
        error, -EINVAL,
        _("psoasmond uses another description of the pad %s; name its file with --pad"), pad->name);
}
