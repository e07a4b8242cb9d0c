// SPDX-License-Identifier: GPL-3.0-or-later
// A session at the terminal, line by line, so that it reads the same on any screen.
#include "awake/stretch.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "awake/keep.h"
#include "live/live_pad.h"
#include "live/live_watch.h"
#include "position/acuity.h"
#include "position/observe.h"
#include "screen.h"
#include "stretching/guide.h"
#include "zone.h"
#include "words.h"

// Without a map for so long, or for three frames of a slow pad, nobody knows what is held; without
// one for longer by our own clock, something is wrong.
#define GAP_S      3.0
#define GAP_FRAMES 3.0
#define PATIENCE_S 30.0

enum led { // or a negative errno-like code, told of
    LED_ON,
    LED_LEFT,
    LED_DONE,
};

struct leader {
    const struct config *config;
    const struct stretch_options *options;
    struct routine routine; // what the pad can tell of it
    struct pad *pad;
    struct model *model;
    struct filter *filter;
    struct steady steady;
    struct guide guide;
    struct screen screen;
    int watch;
    int64_t heard_ms;      // when the last map came, by our clock
    int64_t last_us;       // its time
    unsigned shown, kept;  // holds that were announced, and kept
    char line[140];        // that will be written over
    enum guide_sight said; // of the hold that is shown
    struct termios before;
    struct map_head head;
    struct pressure_map map;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// ---- what is read, and heard ----

static void ring(const struct leader *leader)
{
    if (leader->options->bell)
        fputc('\a', stderr);
}

static void write_over(struct leader *leader, const char *line)
{
    if (strcmp(line, leader->line) == 0)
        return;
    snprintf(leader->line, sizeof leader->line, "%s", line);
    fprintf(stderr, "\r%s\033[K", line);
}

static void finish_line(struct leader *leader)
{
    if (*leader->line)
        fputs("\r\033[K", stderr);
    *leader->line = '\0';
}

static void announce(struct leader *leader)
{
    const struct routine_item *item = guide_item(&leader->guide);
    leader->shown = leader->guide.session.n_holds;
    leader->said = GUIDE_UNSURE;
    finish_line(leader);
    fprintf(stderr, _("\n%u of %u, %" PRId64 " s\n"), leader->shown, leader->routine.n,
            item->hold_s);
    screen_paragraph(stderr, &leader->screen, 2, _(stretch_of(item->position)->command));
    ring(leader);
}

static void describe(const struct leader *leader, char what[100])
{
    const struct guide *guide = &leader->guide;
    const struct routine_item *item = guide_item(guide);
    int64_t held_s = guide_held_s(guide);
    static const char *const sights[] = {
        [GUIDE_UNSURE] = N_("get into it, and keep still"),
        [GUIDE_NOBODY] = N_("nobody is on the pad"),
        [GUIDE_RIGHT] = N_("that is it"),
        [GUIDE_WRONG_SIDE] = N_("THE OTHER SIDE"),
        [GUIDE_OTHER] = NULL,
    };
    char other[64];
    snprintf(other, sizeof other, _("that looks like %s"), position_identifier(guide->seen));
    snprintf(what, 100, _("%" PRId64 " of %" PRId64 " s held: %s"), held_s, item->hold_s,
             sights[guide->sight] ? _(sights[guide->sight]) : other);
}

static void show(struct leader *leader)
{
    const struct guide *guide = &leader->guide;
    char line[140], what[100];
    if (!guide->begun || guide->phase == GUIDE_DONE)
        return;
    if (guide->phase == GUIDE_HOLD && leader->shown < guide->session.n_holds)
        announce(leader);
    if (guide->phase == GUIDE_REST) {
        snprintf(what, sizeof what, _("rest: %" PRId64 " s"), guide_rest_left_s(guide));
    } else {
        if (guide->sight != leader->said &&
            (guide->sight == GUIDE_RIGHT || guide->sight == GUIDE_WRONG_SIDE))
            ring(leader);
        leader->said = guide->sight;
        describe(leader, what);
    }
    // The session's own clock, so that somebody sees that it goes on.
    int64_t since_s = guide->now_s - guide->session.start_s;
    snprintf(line, sizeof line, "  %2" PRId64 ":%02" PRId64 "  %s", since_s / 60, since_s % 60,
             what);
    write_over(leader, line);
}

static void tell_hold(struct leader *leader)
{
    const struct stretch_hold *hold =
        &leader->guide.session.holds[leader->guide.session.n_holds - 1];
    int64_t held_s = guide_held_s(&leader->guide);
    finish_line(leader);
    fprintf(stderr,
            held_s >= hold->asked_s ? _("  Held after %" PRId64 " s.\n")
                                    : _("  Passed over after %" PRId64 " s.\n"),
            held_s);
    ring(leader);
}

static int give_up(struct leader *leader, int r, const char *why)
{
    finish_line(leader);
    return cli_fail(r, "%s", why);
}

// ---- one map ----

// By the pad's time, as nights are.
static void say_when(struct stretch_session *session, int64_t time_us)
{
    struct zone zone;
    int64_t time_s = time_us / 1000000;
    zone_local(&zone);
    snprintf(session->timezone, sizeof session->timezone, "%s", zone.name);
    session->start_utc_offset_s = zone.offset_s(time_s, zone.userdata);
    session->day = night_name(time_s, &zone, 0);
}

static int settle(const struct tick *tick, void *userdata)
{
    guide_settle(userdata, tick);
    return 0;
}

static int see_gap(struct leader *leader)
{
    int r = filter_finish(leader->filter, 0, settle, &leader->guide);
    steady_forget(&leader->steady);
    guide_lose_sight(&leader->guide);
    return r;
}

static int take_map(struct leader *leader)
{
    struct tick now;
    struct error error = {0};
    int r = live_pad_check(leader->pad, &leader->head, &leader->map, &error);
    if (r < 0)
        return give_up(leader, r, error.text);
    int64_t gap_us = leader->head.time_us - leader->last_us;
    double gap_s = fmax(GAP_S, GAP_FRAMES / leader->pad->rate_hz);
    if (leader->guide.begun && gap_us < 0)
        return give_up(leader, -EINVAL, _("the clock was set back meanwhile"));
    if (leader->guide.begun && (double)gap_us > gap_s * 1e6)
        r = see_gap(leader);
    leader->last_us = leader->head.time_us;
    struct observation observation =
        observe(&leader->steady, leader->model, &leader->map, leader->head.time_us);
    if (observation.occupied)
        guide_expect(&leader->guide, observation.probabilities);
    if (r == 0)
        r = filter_push(leader->filter, &observation, settle, &leader->guide);
    if (r < 0)
        return give_up(leader, r, strerror(-r));
    unsigned holds = leader->guide.session.n_holds;
    bool held = leader->guide.begun && leader->guide.phase == GUIDE_HOLD;
    if (!leader->guide.begun)
        say_when(&leader->guide.session, leader->head.time_us);
    if (filter_now(leader->filter, &now))
        guide_see(&leader->guide, &now);
    if (held && holds == leader->guide.session.n_holds && leader->guide.phase != GUIDE_HOLD)
        tell_hold(leader);
    return leader->guide.phase == GUIDE_DONE ? LED_DONE : LED_ON;
}

// ---- what is kept ----

static int keep(struct leader *leader)
{
    struct stretch_session *session = &leader->guide.session;
    leader->kept = session->n_holds;
    return stretch_session_held_s(session) > 0 ? keep_stretch(leader->config, session) : CLI_DONE;
}

// A hold once its rest is over, so that a loss of power takes one hold along at most. What cannot
// be kept now may be in the end.
static void keep_so_far(struct leader *leader)
{
    const struct guide *guide = &leader->guide;
    if (guide->phase != GUIDE_HOLD || guide->session.n_holds <= leader->kept + 1)
        return;
    keep(leader);
    leader->kept = guide->session.n_holds - 1;
}

static int keep_all(struct leader *leader)
{
    struct guide *guide = &leader->guide;
    int r = filter_finish(leader->filter, 0, settle, guide);
    guide_end(guide);
    finish_line(leader);
    int64_t held_s = stretch_session_held_s(&guide->session);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", strerror(-r));
    if (held_s == 0)
        return cli_fail(CLI_FAILED, _("nothing was held: nothing was kept"));
    int status = keep(leader);
    if (status == CLI_DONE)
        fprintf(stderr, _("\n%" PRId64 " s held, and kept.\n"), held_s);
    return status;
}

// ---- waiting ----

static int take_keys(struct leader *leader)
{
    char keys[64];
    ssize_t n = read(STDIN_FILENO, keys, sizeof keys);
    if (n == 0)
        return LED_LEFT; // the terminal is gone
    for (ssize_t i = 0; i < n; i++) {
        if (keys[i] == 'q' || keys[i] == 'Q' || keys[i] == '\004')
            return LED_LEFT;
        if (keys[i] == '\n' || keys[i] == '\r') {
            bool held = leader->guide.begun && leader->guide.phase == GUIDE_HOLD;
            guide_skip(&leader->guide);
            if (held)
                tell_hold(leader);
        }
    }
    if (n < 0 && errno != EINTR && errno != EAGAIN)
        return LED_LEFT;
    return leader->guide.phase == GUIDE_DONE ? LED_DONE : LED_ON;
}

static int take_next(struct leader *leader)
{
    struct error error = {0};
    int r = live_watch_next(leader->watch, &leader->head, &leader->map, &error);
    if (r < 0)
        return give_up(leader, r, error.text);
    if (r == 0)
        return LED_ON;
    leader->heard_ms = now_ms();
    return take_map(leader);
}

static int wait_for_something(struct leader *leader)
{
    struct pollfd fds[] = {
        {.fd = leader->watch, .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };
    double patience_s = fmax(PATIENCE_S, GAP_FRAMES / leader->pad->rate_hz);
    int64_t left_ms = leader->heard_ms + (int64_t)(patience_s * 1000) - now_ms();
    int n = poll(fds, 2, left_ms > 0 ? (int)left_ms : 0);
    if (interrupt_came())
        return LED_LEFT;
    if (n < 0)
        return errno == EINTR ? LED_ON : give_up(leader, -errno, strerror(errno));
    if (n == 0)
        return give_up(leader, -ETIMEDOUT, _("no frames come from the pad; see psoasmon status"));
    int r = fds[1].revents ? take_keys(leader) : LED_ON;
    return r == LED_ON && fds[0].revents ? take_next(leader) : r;
}

static int follow(struct leader *leader)
{
    int r = LED_ON;
    while (r == LED_ON) {
        show(leader);
        keep_so_far(leader);
        r = wait_for_something(leader);
    }
    // psoasmond sees the session end before it is asked to write it down.
    close(leader->watch);
    leader->watch = -1;
    int status = keep_all(leader);
    return r < 0 ? CLI_FAILED : status;
}

// ---- a session ----

// Without what the pad cannot tell from something else.
static int fit_routine(struct leader *leader, const struct routine *routine)
{
    const struct grid grid = surface_grid(leader->pad);
    leader->routine = (struct routine){.rest_s = routine->rest_s};
    for (unsigned i = 0; i < routine->n; i++) {
        enum position position = routine->items[i].position;
        if (acuity_tell(acuity_of(&grid), position) == position)
            leader->routine.items[leader->routine.n++] = routine->items[i];
    }
    if (leader->routine.n == 0)
        return cli_fail(CLI_FAILED, _("the pad %s can tell none of these stretches"),
                        leader->pad->name);
    if (leader->routine.n < routine->n)
        cli_fail(CLI_DONE, _("%u of %u holds are left out: the pad cannot tell them"),
                 routine->n - leader->routine.n, routine->n);
    return CLI_DONE;
}

static int prepare(struct leader *leader, const struct routine *routine)
{
    struct live_state state;
    struct error error = {0};
    const struct config *config = leader->config;
    const char *pad_name = leader->options->pad;
    int status = live_pad_find(config->database, &state);
    if (status == CLI_DONE)
        status = cli_find_pad(&leader->pad, pad_name ? pad_name : state.pad);
    if (status == CLI_DONE)
        status = fit_routine(leader, routine);
    if (status != CLI_DONE)
        return status;
    if (model_builtin(&leader->model, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    _cleanup_(freep) char *calibration = cli_calibration(config, leader->options->calibration);
    if (!calibration || filter_new(&leader->filter) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    return cli_use_calibration(leader->model, leader->pad->name, calibration,
                               leader->options->calibration != NULL);
}

static void begin(struct leader *leader)
{
    struct stretch_session session = {0};
    snprintf(session.pad, sizeof session.pad, "%s", leader->pad->name);
    snprintf(session.model, sizeof session.model, "%s", model_name(leader->model));
    guide_begin(&leader->guide, &leader->routine, &session);
}

// Keys as they are pressed; Ctrl-C stays a signal.
static void take_terminal(struct leader *leader)
{
    tcgetattr(STDIN_FILENO, &leader->before);
    struct termios raw = leader->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
}

static int run(struct leader *leader, const struct routine *routine)
{
    struct error error = {0};
    int status = prepare(leader, routine);
    if (status != CLI_DONE)
        return status;
    if (live_stretch(&leader->watch, leader->config->database, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    begin(leader);
    leader->heard_ms = now_ms();
    fprintf(stderr,
            _("%u holds, some %" PRId64 " min. Enter goes on to the next, q leaves. Stop where it "
              "hurts.\n"),
            leader->routine.n, (routine_lasts_s(&leader->routine) + 59) / 60);
    interrupt_begin();
    take_terminal(leader);
    status = follow(leader);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &leader->before);
    interrupt_end(); // a signal that came ends us now
    return status;
}

int stretch_lead(const struct config *config, const struct routine *routine,
                 const struct stretch_options *options)
{
    struct leader leader = {
        .config = config, .options = options, .screen = screen_of_stdout(), .watch = -1};
    int status = run(&leader, routine);
    if (leader.watch >= 0)
        close(leader.watch);
    if (leader.filter)
        filter_free(leader.filter);
    if (leader.model)
        model_free(leader.model);
    if (leader.pad)
        pad_free(leader.pad);
    return status;
}
