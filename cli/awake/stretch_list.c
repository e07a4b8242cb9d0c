// SPDX-License-Identifier: GPL-3.0-or-later
#include "awake/stretch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "local.h"
#include "screen.h"
#include "store/store_awake.h"
#include "words.h"

// Less than this is no stretching.
#define DUE_S 60

static void put(const struct screen *screen, const char *what, const char *text)
{
    printf("  %s\n", what);
    screen_paragraph(stdout, screen, 4, text);
}

static int64_t asked_s(const struct routine *routine, enum position position)
{
    int64_t seconds = 0;
    for (unsigned i = 0; i < routine->n; i++)
        if (routine->items[i].position == position)
            seconds += routine->items[i].hold_s;
    return seconds;
}

void stretch_explain(const struct routine *routine)
{
    const struct screen screen = screen_of_stdout();
    for (int p = 0; p < POSITION_N; p++) {
        enum position position = (enum position)p;
        const struct stretch_fact *fact = stretch_of(position);
        int64_t seconds = asked_s(routine, position);
        if (!fact || seconds == 0)
            continue;
        printf("%s (%s), %" PRId64 " s\n", _(fact->title), position_identifier(position), seconds);
        put(&screen, _("What for"), _(fact->purpose));
        put(&screen, _("How"), _(fact->how));
        put(&screen, _("When not"), _(fact->when_not));
        putchar('\n');
    }
    screen_paragraph(
        stdout, &screen, 0,
        _("A stretch may pull, and must not hurt. After a fall or an accident, with a "
          "bruise or a swelling that can be seen, with numbness, a weak leg or trouble "
          "with bladder or bowels, or with pain that stays for weeks or grows: a health "
          "professional first. psoasmon sees how you lie, not what is wrong."));
}

// ---- what was done ----

// A session says where it was, as a night does.
static struct store_night place_of(const struct stretch_session *session)
{
    struct store_night place = {
        .night = {session->day, session->start_s, session->end_s},
        .start_utc_offset_s = session->start_utc_offset_s,
    };
    snprintf(place.timezone, sizeof place.timezone, "%s", session->timezone);
    return place;
}

static int print_session(const struct stretch_session *session, void *userdata)
{
    char iso[LOCAL_ISO_SIZE];
    const struct store_night place = place_of(session);
    ++*(unsigned *)userdata;
    local_iso(&place, session->start_s, iso);
    printf(_("%s  %" PRId64 " s held%s\n"), iso, stretch_session_held_s(session),
           session->finished ? "" : _(", left before its end"));
    for (unsigned i = 0; i < session->n_holds; i++) {
        const struct stretch_hold *hold = &session->holds[i];
        printf(_("  %-19s  %4" PRId64 " of %4" PRId64 " s"), position_identifier(hold->position),
               hold->held_s, hold->asked_s);
        if (hold->wrong_side_s > 0)
            printf(_(", %" PRId64 " s on the wrong side"), hold->wrong_side_s);
        putchar('\n');
    }
    return 0;
}

int stretch_history(const struct config *config, day_number from, day_number to)
{
    _cleanup_(store_freep) struct store *store = NULL;
    unsigned n = 0;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    int r = store_stretches(store, from, to, print_session, &n);
    if (r < 0)
        return cli_store_failed(store, r);
    return n > 0 ? CLI_DONE : cli_fail(CLI_NO_DATA, _("no stretch session was kept"));
}

static int add_held(const struct stretch_session *session, void *userdata)
{
    *(int64_t *)userdata += stretch_session_held_s(session);
    return 0;
}

int stretch_due(const struct config *config, day_number day)
{
    _cleanup_(store_freep) struct store *store = NULL;
    int64_t held_s = 0;
    int status = cli_open_store(config, &store);
    if (status != CLI_DONE)
        return status;
    int r = store_stretches(store, day, day, add_held, &held_s);
    if (r < 0)
        return cli_store_failed(store, r);
    return held_s >= DUE_S ? CLI_NO_DATA : CLI_DONE;
}
