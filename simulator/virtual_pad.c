// SPDX-License-Identifier: GPL-3.0-or-later
#include "virtual_pad.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

// How often to look whether somebody has come who may say something.
#define LOOK_FOR_READER_NS (NS_PER_S / 50)

// How a reader is given up on that takes nothing.
#define DRAIN_STEP_NS  (NS_PER_S / 50)
#define DRAIN_PATIENCE 250 // steps: 5 s

// Bytes move from one end of a terminal to the other by way of a kernel thread: once may be too
// early to believe that nothing is left.
#define DRAIN_SURE 3

#define READER_STEP_NS (NS_PER_S / 50)

struct virtual_pad {
    int terminal, signals; // descriptors
    char path[64];
    char *link;
    int64_t start_ns;
    sigset_t blocked_before;
    bool listens;  // to what the reader says
    bool deserted; // nobody had it open when last looked
    uint8_t *rest; // of a frame that the terminal took in part
    size_t rest_begin, rest_end;
    struct virtual_pad_counts counts;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

// ---- opening ----

// The reader's end, for as long as it takes to look at it.
static int open_reader(const struct virtual_pad *virtual_pad)
{
    return open(virtual_pad->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

static int open_terminal(struct virtual_pad *virtual_pad, struct error *error)
{
    virtual_pad->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (virtual_pad->terminal < 0 || grantpt(virtual_pad->terminal) < 0 ||
        unlockpt(virtual_pad->terminal) < 0 ||
        ptsname_r(virtual_pad->terminal, virtual_pad->path, sizeof virtual_pad->path) != 0 ||
        fcntl(virtual_pad->terminal, F_SETFL, O_NONBLOCK) < 0)
        return error_set(error, -errno, "cannot open a pseudo-terminal: %s", strerror(errno));
    // The kernel tells of a reader's absence only after there was one: open and close it once.
    _cleanup_(closep) int reader = open_reader(virtual_pad);
    struct termios raw;
    if (reader < 0 || tcgetattr(reader, &raw) < 0)
        return error_set(error, -errno, "cannot open %s: %s", virtual_pad->path, strerror(errno));
    cfmakeraw(&raw);
    if (tcsetattr(reader, TCSANOW, &raw) < 0)
        return error_set(error, -errno, "cannot make %s raw: %s", virtual_pad->path,
                         strerror(errno));
    return 0;
}

static int make_link(struct virtual_pad *virtual_pad, const char *link, struct error *error)
{
    char old[PATH_MAX];
    if (readlink(link, old, sizeof old) >= 0 && unlink(link) < 0)
        return error_set(error, -errno, "cannot replace %s: %s", link, strerror(errno));
    if (symlink(virtual_pad->path, link) < 0)
        return error_set(error, -errno, "cannot make the link %s: %s", link, strerror(errno));
    virtual_pad->link = strdup(link);
    return virtual_pad->link ? 0 : -ENOMEM;
}

// Somebody may have put another one there since.
static void remove_link(const struct virtual_pad *virtual_pad)
{
    char target[PATH_MAX];
    ssize_t length = readlink(virtual_pad->link, target, sizeof target);
    if (length == (ssize_t)strlen(virtual_pad->path) &&
        memcmp(target, virtual_pad->path, (size_t)length) == 0)
        unlink(virtual_pad->link);
}

static int hold_signals(struct virtual_pad *virtual_pad, struct error *error)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, &virtual_pad->blocked_before);
    virtual_pad->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (virtual_pad->signals < 0)
        return error_set(error, -errno, "cannot wait for signals: %s", strerror(errno));
    return 0;
}

int virtual_pad_new(struct virtual_pad **ret, size_t largest_frame, const char *link,
                    struct error *error)
{
    _cleanup_(virtual_pad_freep) struct virtual_pad *virtual_pad = malloc(sizeof *virtual_pad);
    if (!virtual_pad)
        return error_set(error, -ENOMEM, "out of memory");
    *virtual_pad = (struct virtual_pad){.terminal = -1, .signals = -1, .deserted = true};
    virtual_pad->start_ns = now_ns();
    sigprocmask(SIG_BLOCK, NULL, &virtual_pad->blocked_before);
    virtual_pad->rest = malloc(largest_frame);
    if (!virtual_pad->rest)
        return error_set(error, -ENOMEM, "out of memory");
    int r = open_terminal(virtual_pad, error);
    if (r < 0)
        return r;
    r = hold_signals(virtual_pad, error);
    if (r < 0)
        return r;
    if (link) {
        r = make_link(virtual_pad, link, error);
        if (r < 0)
            return r;
    }
    *ret = virtual_pad;
    virtual_pad = NULL;
    return 0;
}

void virtual_pad_free(struct virtual_pad *virtual_pad)
{
    if (virtual_pad->link)
        remove_link(virtual_pad);
    closep(&virtual_pad->terminal);
    closep(&virtual_pad->signals);
    sigprocmask(SIG_SETMASK, &virtual_pad->blocked_before, NULL);
    free(virtual_pad->link);
    free(virtual_pad->rest);
    free(virtual_pad);
}

const char *virtual_pad_path(const struct virtual_pad *virtual_pad)
{
    return virtual_pad->path;
}

const struct virtual_pad_counts *virtual_pad_counts(const struct virtual_pad *virtual_pad)
{
    return &virtual_pad->counts;
}

// ---- sending ----

// What the reader left unread would greet the next one.
static void forget(struct virtual_pad *virtual_pad)
{
    virtual_pad->rest_begin = virtual_pad->rest_end = 0;
    _cleanup_(closep) int reader = open_reader(virtual_pad);
    if (reader >= 0)
        tcflush(reader, TCIFLUSH);
}

static bool has_reader(struct virtual_pad *virtual_pad)
{
    struct pollfd terminal = {.fd = virtual_pad->terminal, .events = POLLIN};
    bool deserted = poll(&terminal, 1, 0) > 0 && (terminal.revents & POLLHUP);
    if (deserted && !virtual_pad->deserted)
        forget(virtual_pad);
    virtual_pad->deserted = deserted;
    return !deserted;
}

int virtual_pad_wait_reader(struct virtual_pad *virtual_pad)
{
    int r = 0;
    while (r == 0 && !has_reader(virtual_pad))
        r = virtual_pad_wait(virtual_pad, now_ns() - virtual_pad->start_ns + READER_STEP_NS);
    virtual_pad->start_ns = now_ns();
    return r;
}

// What the reader says, if there is one.
static bool hear(struct virtual_pad *virtual_pad, uint8_t *heard, size_t *n)
{
    ssize_t length = read(virtual_pad->terminal, heard, *n);
    *n = length > 0 ? (size_t)length : 0;
    return length > 0;
}

int virtual_pad_listen(struct virtual_pad *virtual_pad, int64_t ns, uint8_t *heard, size_t *n)
{
    size_t room = *n;
    virtual_pad->listens = virtual_pad->listens || heard;
    for (;;) {
        int64_t left = virtual_pad->start_ns + ns - now_ns();
        if (left < 0)
            left = 0;
        // Without a reader the terminal is always ready, to say that there is none.
        bool deserted = heard && !has_reader(virtual_pad);
        struct pollfd ready[] = {
            {.fd = virtual_pad->signals, .events = POLLIN},
            {.fd = heard && !deserted ? virtual_pad->terminal : -1, .events = POLLIN},
        };
        if (deserted && left > LOOK_FOR_READER_NS)
            left = LOOK_FOR_READER_NS;
        struct timespec timeout = {.tv_sec = left / NS_PER_S, .tv_nsec = left % NS_PER_S};
        int r = ppoll(ready, 2, &timeout, NULL);
        if (r > 0 && ready[0].revents) {
            // Taken, or it would end the process when signals are let through again.
            struct signalfd_siginfo taken;
            ssize_t length = read(virtual_pad->signals, &taken, sizeof taken);
            return length > 0 ? VIRTUAL_PAD_STOP : 0;
        }
        *n = room;
        if (r > 0 && heard && hear(virtual_pad, heard, n))
            return VIRTUAL_PAD_HEARD;
        if (now_ns() - virtual_pad->start_ns >= ns)
            return 0;
    }
}

int virtual_pad_wait(struct virtual_pad *virtual_pad, int64_t ns)
{
    size_t n = 0;
    return virtual_pad_listen(virtual_pad, ns, NULL, &n);
}

// Requests and the like: a pad that does not understand them.
static void ignore_input(const struct virtual_pad *virtual_pad)
{
    char bytes[256];
    while (read(virtual_pad->terminal, bytes, sizeof bytes) > 0) {
    }
}

static void send_rest(struct virtual_pad *virtual_pad)
{
    while (virtual_pad->rest_begin < virtual_pad->rest_end) {
        ssize_t n = write(virtual_pad->terminal, virtual_pad->rest + virtual_pad->rest_begin,
                          virtual_pad->rest_end - virtual_pad->rest_begin);
        if (n <= 0)
            break;
        virtual_pad->rest_begin += (size_t)n;
    }
}

void virtual_pad_send(struct virtual_pad *virtual_pad, const void *bytes, size_t length)
{
    if (!has_reader(virtual_pad)) {
        virtual_pad->counts.dropped++;
        return;
    }
    if (!virtual_pad->listens)
        ignore_input(virtual_pad);
    send_rest(virtual_pad);
    if (virtual_pad->rest_begin < virtual_pad->rest_end) {
        virtual_pad->counts.dropped++;
        return;
    }
    memcpy(virtual_pad->rest, bytes, length);
    virtual_pad->rest_begin = 0;
    virtual_pad->rest_end = length;
    send_rest(virtual_pad);
    virtual_pad->counts.sent++;
}

static size_t unread(struct virtual_pad *virtual_pad)
{
    int n = 0;
    _cleanup_(closep) int reader = open_reader(virtual_pad);
    if (reader >= 0)
        ioctl(reader, FIONREAD, &n);
    return (size_t)n + virtual_pad->rest_end - virtual_pad->rest_begin;
}

void virtual_pad_drain(struct virtual_pad *virtual_pad)
{
    size_t before = SIZE_MAX;
    int idle = 0, empty = 0;
    while (has_reader(virtual_pad) && empty < DRAIN_SURE && idle < DRAIN_PATIENCE) {
        send_rest(virtual_pad);
        size_t left = unread(virtual_pad);
        empty = left == 0 ? empty + 1 : 0;
        idle = left == before ? idle + 1 : 0;
        before = left;
        if (virtual_pad_wait(virtual_pad, now_ns() - virtual_pad->start_ns + DRAIN_STEP_NS) != 0)
            return;
    }
}
