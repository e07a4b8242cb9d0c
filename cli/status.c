// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon status: what psoasmond sees right now.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "json.h"
#include "live/live_state.h"
#include "local.h"
#include "screen.h"
#include "status_json.h"
#include "status_verdict.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon status [OPTION]...\n"
       "\n"
       "What psoasmond sees right now: the pad, the position, the night so far.\n"
       "\n"
       "  --json            for programs\n"
       "  --check           one line, and an exit status that says what is wrong: is it\n"
       "                    recorded as it should be?\n"
       "@options@\n"
       "\n"
       "Exit status: 0 psoasmond answered, 1 failed, 2 bad usage, 3 psoasmond does not\n"
       "run or does not answer. With --check, 0 only where it records; 5 the pad is not\n"
       "there or sends nothing, 6 the database cannot be written.\n");

// ---- for people ----

static void print_acuity(const struct live_state *state)
{
    const char *acuity = status_acuity(state->pad);
    if (acuity && strcmp(acuity, "fine") != 0)
        printf(_("tells     %s; see psoasmon positions --pad %s\n"),
               strcmp(acuity, "coarse") == 0 ? _("which way up a body lies, not where its legs are")
                                             : _("that somebody is there, no position"),
               state->pad);
    else if (acuity)
        puts(_("tells     every position"));
}

static void print_pad(const struct live_state *state)
{
    printf(_("pad       %s on %s: %s"), state->pad, state->port, live_pad_state(state));
    if (*state->pad_problem)
        printf(", %s", state->pad_problem);
    else
        printf(_(", %.1f frames a second"), state->rate_hz);
    char span[DURATION_SIZE];
    duration_short(state->last_frame_age_ms, span);
    if (state->last_frame_age_ms < 0)
        puts(_(", no frame yet"));
    else
        printf(_(", last frame %s ago\n"), span);
    print_acuity(state);
}

static void print_frames(const struct live_state *state)
{
    printf(_("frames    %" PRId64), state->frames);
    if (state->dropped_frames > 0) {
        printf(_(", %" PRId64 " dropped"), state->dropped_frames);
        for (unsigned i = 0; i < state->n_drops; i++)
            printf("%s%" PRId64 " %s", i ? ", " : " (", state->drops[i].frames,
                   state->drops[i].cause);
        fputs(state->n_drops ? ")" : "", stdout);
    }
    if (state->stray_bytes > 0)
        printf(_(", %" PRId64 " stray bytes"), state->stray_bytes);
    putchar('\n');
}

// What is wrong with the pad itself; seldom anything.
static void print_cells(const struct live_state *state)
{
    bool strained = state->saturated >= 0.005 && state->saturated <= 1;
    if (state->mended_cells == 0 && !strained)
        return;
    fputs(_("cells     "), stdout);
    if (state->mended_cells > 0)
        printf(ngettext("%" PRId64 " dead or stuck, filled from its neighbours",
                        "%" PRId64 " dead or stuck, filled from their neighbours",
                        (unsigned long)state->mended_cells),
               state->mended_cells);
    if (state->mended_cells > 0 && strained)
        fputs(", ", stdout);
    if (strained)
        printf(_("%u%% of those pressed read as much as they can"), percent(state->saturated));
    putchar('\n');
}

static void print_position(const struct live_state *state, const struct store_night *place)
{
    int position = position_from_identifier(state->position);
    printf(_("position  %s"),
           position < 0 ? state->position : _(position_fact((enum position)position)->title));
    if (state->confidence > 0 && state->confidence <= 1)
        printf(" (%u%%)", percent(state->confidence));
    if (state->position_since_s > 0) {
        char clock[LOCAL_CLOCK_SIZE], span[DURATION_SIZE];
        int64_t since_s = place->night.start_s - state->position_since_s;
        local_clock(place, state->position_since_s, clock);
        duration_short(since_s > 0 ? since_s * 1000 : 0, span);
        printf(_(", since %s"), clock);
        // With counted times (--rate), now is elsewhere.
        if (since_s >= 0 && since_s < 86400)
            printf(" (%s)", span);
    }
    putchar('\n');
}

static void print_night(const struct live_state *state, const struct store_night *place)
{
    if (!*state->night_day) {
        puts(_("night     none now"));
        return;
    }
    char clock[LOCAL_CLOCK_SIZE], in_bed[DURATION_SIZE], friendly[DURATION_SIZE],
        share[PERCENT_SIZE];
    local_clock(place, state->night_start_s, clock);
    duration_short(state->in_bed_s * 1000, in_bed);
    duration_short(state->friendly_s * 1000, friendly);
    bool sane = state->friendly_s >= 0 && state->friendly_s <= state->recorded_s;
    percent_text(
        sane && state->recorded_s > 0 ? (double)state->friendly_s / (double)state->recorded_s : 0,
        share);
    printf(_("night     %s, since %s: %s in bed, %s psoas-friendly (%s), "), state->night_day,
           clock, in_bed, friendly, share);
    printf(ngettext("%" PRId64 " turn\n", "%" PRId64 " turns\n", (unsigned long)state->turns),
           state->turns);
}

static void print_database(const struct live_state *state, const struct store_night *place)
{
    printf(_("database  %s"), state->database);
    int64_t ago_s = place->night.start_s - state->last_commit_s;
    char span[DURATION_SIZE];
    duration_short(ago_s > 0 ? ago_s * 1000 : 0, span);
    if (state->last_commit_s > 0)
        printf(_(", written %s ago"), span);
    if (state->failed_commits > 0)
        printf(ngettext(", %" PRId64 " failed commit", ", %" PRId64 " failed commits",
                        (unsigned long)state->failed_commits),
               state->failed_commits);
    if (state->failed_commits > 0 && state->pending_results > 0)
        printf(ngettext(", %" PRId64 " result in memory", ", %" PRId64 " results in memory",
                        (unsigned long)state->pending_results),
               state->pending_results);
    if (state->lost_results > 0)
        printf(_(", %" PRId64 " lost"), state->lost_results);
    putchar('\n');
    int64_t room = status_room(state->database);
    if (room >= 0)
        printf(_("disk      %.0f MB free\n"), (double)room / 1e6);
}

// Seldom anything to tell.
static void print_watchers(const struct live_state *state)
{
    if (state->watchers == 0 && state->dropped_maps == 0)
        return;
    printf(_("watchers  %" PRId64), state->watchers);
    if (state->dropped_maps > 0)
        printf(ngettext(", %" PRId64 " map not taken in time",
                        ", %" PRId64 " maps not taken in time", (unsigned long)state->dropped_maps),
               state->dropped_maps);
    putchar('\n');
}

static void print_text(const struct live_state *state, const struct store_night *place)
{
    print_pad(state);
    print_frames(state);
    print_cells(state);
    print_position(state, place);
    print_night(state, place);
    print_database(state, place);
    print_watchers(state);
    char up[DURATION_SIZE];
    duration_short(state->uptime_s * 1000, up);
    printf(_("psoasmond %s, running for %s\n"), state->version, up);
}

// ---- nobody answers ----

static int keep_last(const struct night_summary *summary, void *userdata)
{
    *(struct store_night *)userdata = summary->night;
    return 0;
}

static bool last_night(const char *database, struct store_night *ret)
{
    _cleanup_(store_freep) struct store *store = NULL;
    day_number day;
    return store_open(&store, database, STORE_READ, NULL) == 0 &&
           store_newest_day(store, &day) == 1 &&
           store_nights(store, day, day, 0, keep_last, ret) == 0;
}

static int fail_without_answer(int code, const char *database, const struct error *error)
{
    bool absent = code == -ENOENT || code == -ECONNREFUSED;
    if (!absent && code != -ETIMEDOUT)
        return cli_fail(CLI_FAILED, "%s", error->text);
    struct store_night night = {0};
    if (!absent || !last_night(database, &night))
        return cli_fail(CLI_NO_DATA, "%s", error->text);
    char iso[LOCAL_ISO_SIZE];
    local_iso(&night, night.night.end_s, iso);
    return cli_fail(CLI_NO_DATA, _("%s; the last night in it %s %.10s %.5s"), error->text,
                    night.open ? _("was recorded until") : _("ended"), iso, iso + 11);
}

static int check(const struct live_state *state)
{
    char words[STATUS_WORDS_SIZE];
    enum status_verdict verdict = status_judge(state, (int64_t)time(NULL), words);
    if (verdict != STATUS_RECORDS)
        return cli_fail((int)verdict, "%s", words);
    puts(words);
    return CLI_DONE;
}

int verb_status(int argc, char **argv)
{
    enum {
        OPTION_JSON = CLI_OPTION_OWN,
        OPTION_CHECK,
    };
    static const struct option options[] = {
        CLI_OPTIONS,
        {"json", no_argument, NULL, OPTION_JSON},
        {"check", no_argument, NULL, OPTION_CHECK},
        {0},
    };
    struct cli_files files = {0};
    bool json = false, checks = false;
    int status;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == OPTION_JSON)
            json = true;
        else if (option == OPTION_CHECK)
            checks = true;
        else if (!cli_option(option, &files, help, &status))
            return status;
    }
    struct config config;
    if (!cli_no_arguments(argc, argv, &status) || (status = cli_load(&files, &config)))
        return status;

    if (json && checks)
        return cli_fail(CLI_USAGE, _("one form at a time: --json or --check"));
    struct live_state state;
    struct error error = {0};
    int r = live_state_read(&state, config.database, &error);
    if (r < 0)
        return fail_without_answer(r, config.database, &error);
    if (checks)
        return check(&state);
    struct store_night place = local_here((int64_t)time(NULL));
    if (json && json_print(stdout, status_json(&state, &place)) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (json)
        return CLI_DONE;
    print_text(&state, &place);
    return CLI_DONE;
}
