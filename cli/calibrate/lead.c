// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibrate/lead.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "calibrate/hold.h"
#include "live/live_pad.h"
#include "live/live_watch.h"
#include "position/acuity.h"
#include "screen.h"
#include "words.h"

// How often a position is begun again before it is left out.
#define TRIES_MAX 3

// No map for so long, or for this many frames of a slow pad: something is wrong.
#define PATIENCE_S      30.0
#define PATIENCE_FRAMES 3.0

// Flat on the back beside the lowest incline is where people differ most. The order spares turning
// over: all on the back, then one side, then the other.
static const enum position usual[] = {
    POSITION_SUPINE,    POSITION_SUPINE_KNEES_RAISED, POSITION_RECLINED,
    POSITION_LEFT_SIDE, POSITION_LEFT_FETAL,          POSITION_RIGHT_SIDE,
};

#define USUAL_N (sizeof usual / sizeof *usual)

static const char *const instructions[POSITION_BODY_N] = {
    [POSITION_SUPINE] = N_("On the back, both legs long, the arms beside the body."),
    [POSITION_SUPINE_KNEES_RAISED] =
        N_("On the back, both knees up, feet on the mattress or a thick pillow under the knees."),
    [POSITION_SUPINE_LEFT_KNEE] =
        N_("On the back, the left knee drawn up toward the chest, the right leg long."),
    [POSITION_SUPINE_RIGHT_KNEE] =
        N_("On the back, the right knee drawn up toward the chest, the left leg long."),
    [POSITION_SUPINE_LEGS_RAISED] =
        N_("On the back, both calves up on a chair, a wedge or a pile of pillows."),
    [POSITION_RECLINED] = N_("On the back, the upper body raised as little as bed or pillows can. "
                             "Where they cannot, press Enter."),
    [POSITION_LEFT_FETAL] = N_("On the left side, curled up, both knees drawn up."),
    [POSITION_RIGHT_FETAL] = N_("On the right side, curled up, both knees drawn up."),
    [POSITION_LEFT_SIDE] = N_("On the left side, hips and legs fairly straight."),
    [POSITION_RIGHT_SIDE] = N_("On the right side, hips and legs fairly straight."),
    [POSITION_PRONE] = N_("On the front, both legs long."),
    [POSITION_SITTING] = N_("Sitting up in the bed."),
};

static const char *const troubles[] = {
    [HOLD_MOVED] = N_("That moved."),
    [HOLD_LEFT] = N_("Nobody is on the pad."),
    [HOLD_GAP] = N_("The pad paused."),
};

struct leader {
    struct fitting *fitting;
    int watch;
    double patience_s;
    int64_t heard_ms; // when the last map came, by our clock
    bool begun;
    int64_t begin_us;      // the first map's time
    bool written;          // a line that will be written over
    enum hold_phase phase; // it shows
    int seconds;           // and these
    struct hold hold;
    struct map_head head;
    struct pressure_map map;
};

enum led { // or a negative errno-like code, told of
    LED_ON,
    LED_HELD,
    LED_AGAIN, // from the beginning
    LED_SKIPPED,
};

bool lead_has_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// ---- what the sleeper reads ----

static void finish_line(struct leader *leader)
{
    if (leader->written)
        fputs("\r\033[K", stderr);
    leader->written = false;
}

// The bell is for whoever cannot see the terminal from where they lie.
static void show(struct leader *leader)
{
    const struct hold *hold = &leader->hold;
    int seconds = (int)ceil(hold_left_s(hold));
    bool same_phase = leader->written && leader->phase == hold->phase;
    if (same_phase && leader->seconds == seconds)
        return;
    leader->phase = hold->phase;
    leader->seconds = seconds;
    leader->written = true;
    char text[128];
    if (hold->phase == HOLD_TAKEN_UP)
        snprintf(text, sizeof text, _("Get into it: %d s"), seconds);
    else if (hold->phase == HOLD_STILL)
        snprintf(text, sizeof text, _("Hold still: %d s"), seconds);
    else
        snprintf(text, sizeof text, "%s", _("Nobody is on the pad yet."));
    bool bell = hold->phase == HOLD_STILL && !same_phase;
    fprintf(stderr, "%s\r  %s\033[K", bell ? "\a" : "", text);
}

static void say(struct leader *leader, const char *text)
{
    finish_line(leader);
    fprintf(stderr, "  %s\n", text);
}

static int give_up(struct leader *leader, int r, const char *why)
{
    finish_line(leader);
    return cli_fail(r, "%s", why);
}

// ---- one map ----

static int take_map(struct leader *leader, enum position position)
{
    struct session *session = leader->fitting->session;
    struct hold *hold = &leader->hold;
    struct error error = {0};
    int r = live_pad_check(leader->fitting->pad, &leader->head, &leader->map, &error);
    if (r < 0)
        return give_up(leader, r, error.text);
    if (!leader->begun)
        leader->begin_us = leader->head.time_us;
    leader->begun = true;
    double time_s = (double)(leader->head.time_us - leader->begin_us) / 1e6;
    bool was_still = hold->phase == HOLD_STILL;
    enum hold_trouble trouble = hold_see(hold, &leader->map, time_s);
    if (trouble != HOLD_WELL) {
        session_drop(session);
        say(leader, _(troubles[trouble]));
        return LED_AGAIN;
    }
    if (!was_still && hold->phase == HOLD_STILL)
        r = session_hold(session, position);
    if (r == 0 && hold->phase == HOLD_STILL)
        r = session_see(session, &leader->map, time_s);
    if (r < 0)
        return give_up(leader, r, strerror(-r));
    return hold->phase == HOLD_DONE ? LED_HELD : LED_ON;
}

// ---- waiting ----

// Enter skips; the end of the input is the end of it all.
static int take_key(struct leader *leader)
{
    char line[256];
    ssize_t n = read(STDIN_FILENO, line, sizeof line);
    if (n == 0)
        return give_up(leader, -ECANCELED, _("given up: nothing was changed"));
    if (n < 0 && errno != EINTR && errno != EAGAIN)
        return give_up(leader, -errno, _("the terminal is gone: nothing was changed"));
    return n > 0 ? LED_SKIPPED : LED_ON;
}

static int take_next(struct leader *leader, enum position position)
{
    struct error error = {0};
    int r = live_watch_next(leader->watch, &leader->head, &leader->map, &error);
    if (r < 0)
        return give_up(leader, r, error.text);
    if (r == 0)
        return LED_ON;
    leader->heard_ms = now_ms();
    r = take_map(leader, position);
    if (r == LED_ON)
        show(leader);
    return r;
}

static int wait_for_something(struct leader *leader, enum position position)
{
    struct pollfd fds[] = {
        {.fd = leader->watch, .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };
    int64_t left_ms = leader->heard_ms + (int64_t)(leader->patience_s * 1000) - now_ms();
    // Even when it is over: having been stopped meanwhile, we may find that much has come.
    int n = poll(fds, 2, left_ms > 0 ? (int)left_ms : 0);
    if (n < 0)
        return errno == EINTR ? LED_ON : give_up(leader, -errno, strerror(errno));
    if (n == 0)
        return give_up(leader, -ETIMEDOUT, _("no frames come from the pad; see psoasmon status"));
    int r = fds[1].revents ? take_key(leader) : LED_ON;
    return r == LED_ON && fds[0].revents ? take_next(leader, position) : r;
}

// ---- one position, all positions ----

static int leave_out(struct leader *leader)
{
    if (leader->hold.phase == HOLD_STILL)
        session_drop(leader->fitting->session);
    say(leader, _("Left out."));
    return LED_SKIPPED;
}

static int hold_position(struct leader *leader, enum position position)
{
    hold_begin(&leader->hold);
    for (unsigned tries = 1;;) {
        int r = wait_for_something(leader, position);
        switch (r) {
        case LED_ON:
            break;
        case LED_AGAIN:
            if (tries++ == TRIES_MAX)
                return leave_out(leader);
            say(leader, _("Once more:"));
            break;
        case LED_SKIPPED:
            return leave_out(leader);
        case LED_HELD:
            fputc('\a', stderr);
            say(leader, _("Held."));
            return LED_HELD;
        default:
            return r;
        }
    }
}

static int hold_all(struct leader *leader, const enum position *positions, unsigned n)
{
    const struct screen screen = screen_of_stdout();
    unsigned held = 0;
    fprintf(stderr,
            ngettext("%u position, %.0f s, as you would sleep so. Enter skips it, Ctrl-C ends it "
                     "all.\n",
                     "%u positions, %.0f s each, as you would sleep so. Enter skips one, Ctrl-C "
                     "ends it all.\n",
                     n),
            n, SESSION_HOLD_S);
    for (unsigned i = 0; i < n; i++) {
        // What was typed before is not about this one.
        tcflush(STDIN_FILENO, TCIFLUSH);
        fprintf(stderr, _("\n%u of %u\n"), i + 1, n);
        screen_paragraph(stderr, &screen, 2, _(instructions[positions[i]]));
        int r = hold_position(leader, positions[i]);
        if (r < 0)
            return CLI_FAILED;
        held += r == LED_HELD;
    }
    if (held == 0)
        return cli_fail(CLI_FAILED, _("no position was held: nothing was changed"));
    fputs(_("\nLearning, and trying it on what was held back ...\n\n"), stderr);
    return CLI_DONE;
}

// Better now than after two minutes of lying still.
static int check_can_keep(const char *path)
{
    const char *slash = strrchr(path, '/');
    _cleanup_(freep) char *directory =
        slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    if (!directory)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (access(directory, W_OK) < 0)
        return cli_fail(CLI_FAILED, _("%s could not be written: %s"), path, strerror(errno));
    return CLI_DONE;
}

static int begin(struct leader *leader, const char *database, const char *pad_name)
{
    struct error error = {0};
    struct live_state state;
    int status = live_pad_find(database, &state);
    if (status == CLI_DONE)
        status = check_can_keep(leader->fitting->path);
    if (status == CLI_DONE)
        status = fitting_begin(leader->fitting, pad_name ? pad_name : state.pad);
    if (status != CLI_DONE)
        return status;
    if (live_watch(&leader->watch, database, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    leader->patience_s = fmax(PATIENCE_S, PATIENCE_FRAMES / leader->fitting->pad->rate_hz);
    leader->heard_ms = now_ms();
    return CLI_DONE;
}

// The usual ones, less those that the pad tells as another.
static unsigned choose(const struct pad *pad, enum position chosen[])
{
    const struct grid grid = surface_grid(pad);
    unsigned n = 0;
    for (size_t i = 0; i < USUAL_N; i++)
        if (acuity_tell(acuity_of(&grid), usual[i]) == usual[i])
            chosen[n++] = usual[i];
    return n;
}

int lead(struct fitting *fitting, const char *database, const char *pad_name,
         const enum position *positions, unsigned n)
{
    struct leader leader = {.fitting = fitting, .watch = -1};
    int status = begin(&leader, database, pad_name);
    enum position chosen[USUAL_N];
    if (status == CLI_DONE && n == 0) {
        n = choose(fitting->pad, chosen);
        positions = chosen;
    }
    if (status == CLI_DONE)
        status = hold_all(&leader, positions, n);
    // Learning takes a while, in which nobody watches.
    if (leader.watch >= 0)
        close(leader.watch);
    return status == CLI_DONE ? fitting_conclude(fitting) : status;
}
