// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "cli.h"
#include "live/heatmap.h"
#include "live/live_keys.h"
#include "live/live_view.h"
#include "local.h"
#include "screen.h"
#include "live/terminal.h"
#include "words.h"

#define MS_US INT64_C(1000)

#define DRAW_MS   33   // more pictures a second than this nobody sees
#define AGE_MS    500  // what is shown grows old even where nothing comes
#define ANSWER_MS 2000 // a terminal that has not answered for so long never will
#define LAST_MS   300  // for the last answer, which is not the shell's

struct live_screen {
    const struct config *config;
    sd_event *event;
    struct terminal terminal;
    struct live_link *link;
    struct live_view view;
    struct live_keys keys;
    struct canvas shown, next; // shown.cells null: nobody knows what the terminal shows
    sd_event_source *again, *output;
    int64_t drawn_us;
    bool due; // there is something newer than what is shown
    // After each picture the terminal is asked where its cursor is. It answers when it has drawn
    // it: until then the next one would but wait somewhere on the way, and grow old.
    int64_t asked_us; // 0: it owes no answer
    bool answers;     // it has answered before
    int signal;       // what ended it
};

static void schedule(struct live_screen *screen, int64_t at_us)
{
    sd_event_source_set_time(screen->again, (uint64_t)at_us);
    sd_event_source_set_enabled(screen->again, SD_EVENT_ONESHOT);
}

// ---- drawing ----

static int fit_canvas(struct live_screen *screen)
{
    unsigned rows, cols;
    terminal_size(&screen->terminal, &rows, &cols);
    if (screen->next.cells && screen->next.rows == rows && screen->next.cols == cols)
        return 0;
    canvas_free(&screen->next);
    canvas_free(&screen->shown);
    return canvas_make(&screen->next, rows, cols);
}

static int write_picture(struct live_screen *screen, bool ask)
{
    _cleanup_(freep) char *bytes = NULL;
    size_t n;
    FILE *stream = open_memstream(&bytes, &n);
    if (!stream)
        return -ENOMEM;
    canvas_draw(stream, &screen->next, screen->shown.cells ? &screen->shown : NULL,
                screen->view.depth);
    if (ask)
        fputs("\033[6n", stream);
    return fclose(stream) == 0 ? terminal_write(&screen->terminal, bytes, n) : -ENOMEM;
}

static int draw_now(struct live_screen *screen, int64_t now_us)
{
    int r = fit_canvas(screen);
    if (r < 0)
        return r;
    screen->view.seen = live_link_seen(screen->link);
    screen->view.age_ms = live_frame_age_ms(screen->view.seen, now_us);
    screen->view.place = local_here((int64_t)time(NULL));
    live_view_draw(&screen->view, &screen->next);
    bool ask = screen->asked_us == 0 || now_us - screen->asked_us > ANSWER_MS * MS_US;
    r = write_picture(screen, ask);
    if (r < 0)
        return r;
    if (ask)
        screen->asked_us = now_us;
    struct canvas before = screen->shown;
    screen->shown = screen->next;
    screen->next = before;
    screen->drawn_us = now_us;
    screen->due = false;
    schedule(screen, now_us + AGE_MS * MS_US);
    return 0;
}

// Where the terminal is not ready for it, or has just been drawn, it is drawn later, and then with
// what is new by then.
static void draw(struct live_screen *screen)
{
    int64_t now_us = live_now_us();
    screen->due = true;
    bool owes =
        screen->asked_us != 0 && screen->answers && now_us - screen->asked_us <= ANSWER_MS * MS_US;
    int r = terminal_flush(&screen->terminal);
    if (r == 0 && !owes && now_us - screen->drawn_us >= DRAW_MS * MS_US)
        r = draw_now(screen, now_us);
    else if (r >= 0)
        schedule(screen,
                 owes ? screen->asked_us + (ANSWER_MS + 1) * MS_US : now_us + DRAW_MS * MS_US);
    bool waiting = terminal_flush(&screen->terminal) > 0;
    if (screen->output)
        sd_event_source_set_enabled(screen->output, waiting ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
    if (r < 0)
        sd_event_exit(screen->event, r == -EIO ? CLI_DONE : CLI_FAILED);
}

static void draw_all(struct live_screen *screen)
{
    canvas_free(&screen->shown);
    screen->drawn_us = 0;
    draw(screen);
}

// ---- what happens ----

static void on_news(enum live_news news, void *userdata)
{
    struct live_screen *screen = userdata;
    if (news == LIVE_MAP)
        screen->view.scale = heatmap_scale(screen->view.scale, &live_link_seen(screen->link)->map);
    draw(screen);
}

static int on_again(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source;
    (void)usec;
    draw(userdata);
    return 0;
}

static int on_output(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    (void)source;
    (void)fd;
    (void)events;
    struct live_screen *screen = userdata;
    draw(screen);
    return 0;
}

static int on_keys(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    (void)source;
    struct live_screen *screen = userdata;
    char bytes[256];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n < 0 && errno != EINTR && errno != EAGAIN)
        return sd_event_exit(screen->event, CLI_DONE);
    if (n <= 0)
        return events & (EPOLLHUP | EPOLLERR) ? sd_event_exit(screen->event, CLI_DONE) : 0;
    for (ssize_t i = 0; i < n; i++) {
        switch (live_keys_take(&screen->keys, bytes[i])) {
        case LIVE_KEY_QUIT:
            return sd_event_exit(screen->event, CLI_DONE);
        case LIVE_KEY_REDRAW:
            draw_all(screen);
            break;
        case LIVE_KEY_ANSWER:
            screen->answers = true;
            screen->asked_us = 0;
            if (screen->due)
                draw(screen);
            break;
        case LIVE_KEY_NONE:
            break;
        }
    }
    return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    (void)source;
    struct live_screen *screen = userdata;
    int number = (int)info->ssi_signo;
    switch (number) {
    case SIGWINCH:
    case SIGCONT:
        draw_all(screen);
        return 0;
    case SIGTSTP:
        terminal_give_back(&screen->terminal);
        raise(SIGSTOP);
        terminal_take(&screen->terminal);
        draw_all(screen);
        return 0;
    default:
        screen->signal = number;
        return sd_event_exit(screen->event, CLI_DONE);
    }
}

// ---- beginning and end ----

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
#define SIGNAL_N (sizeof signals / sizeof *signals)

static int add_signals(struct live_screen *screen)
{
    for (size_t i = 0; i < SIGNAL_N; i++) {
        struct sigaction before;
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler == SIG_IGN && signals[i] != SIGWINCH) // as under nohup
            continue;
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, signals[i]);
        sigprocmask(SIG_BLOCK, &set, NULL);
        int r = sd_event_add_signal(screen->event, NULL, signals[i], on_signal, screen);
        if (r < 0)
            return r;
    }
    return 0;
}

static int begin(struct live_screen *screen)
{
    int r = sd_event_new(&screen->event);
    if (r >= 0)
        r = add_signals(screen);
    if (r >= 0)
        r = sd_event_add_io(screen->event, NULL, STDIN_FILENO, EPOLLIN, on_keys, screen);
    if (r >= 0)
        r = sd_event_add_time(screen->event, &screen->again, CLOCK_BOOTTIME, 0, MS_US, on_again,
                              screen);
    if (r >= 0)
        r = live_link_new(&screen->link, screen->event, screen->config->database, on_news, screen);
    if (r >= 0)
        r = terminal_begin(&screen->terminal);
    if (r >= 0)
        r = sd_event_add_io(screen->event, &screen->output, screen->terminal.fd, EPOLLOUT,
                            on_output, screen);
    return r;
}

// What the terminal still answers must not be typed at the shell. One that is gone says so at once.
static void take_last_answer(struct live_screen *screen)
{
    struct pollfd pollfd = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    while (screen->asked_us != 0 && poll(&pollfd, 1, LAST_MS) > 0 &&
           read(STDIN_FILENO, &byte, 1) == 1)
        if (live_keys_take(&screen->keys, byte) == LIVE_KEY_ANSWER)
            screen->asked_us = 0;
}

static void end(struct live_screen *screen)
{
    if (screen->terminal.taken)
        take_last_answer(screen);
    if (screen->terminal.fd >= 0)
        terminal_end(&screen->terminal);
    if (screen->link)
        live_link_free(screen->link);
    sd_event_source_unref(screen->again);
    sd_event_source_unref(screen->output);
    sd_event_unref(screen->event);
    canvas_free(&screen->shown);
    canvas_free(&screen->next);
}

// Ends as the signal would have ended it.
static void follow_signal(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int live_screen(const struct config *config)
{
    struct live_screen screen = {
        .config = config,
        .terminal.fd = -1,
        .view =
            {
                .friendly = config->friendly,
                .depth = canvas_depth(getenv("TERM"), getenv("COLORTERM"), getenv("NO_COLOR")),
                .utf8 = screen_of_stdout().utf8,
            },
    };
    int r = begin(&screen);
    if (r >= 0)
        r = sd_event_loop(screen.event);
    end(&screen);
    if (screen.signal)
        follow_signal(screen.signal);
    return r < 0 ? cli_fail(CLI_FAILED, _("cannot show the pad: %s"), strerror(-r)) : r;
}
