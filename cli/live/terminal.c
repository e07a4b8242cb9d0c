// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// xterm's control sequences, which every terminal in use has: the other screen, the cursor.
#define ENTER "\033[?1049h\033[?25l\033[2J"
#define LEAVE "\033[0m\033[?25h\033[?1049l"
// For a terminal that takes nothing, to be given back all the same.
#define LEAVE_MS 1000

#define ROWS_DEFAULT 24
#define COLS_DEFAULT 80
#define SIZE_MAX_    1000 // larger is a mistake

bool terminal_there(void)
{
    const char *term = getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
           strcmp(term, "dumb") != 0;
}

int terminal_begin(struct terminal *terminal)
{
    *terminal = (struct terminal){.fd = -1};
    if (tcgetattr(STDIN_FILENO, &terminal->before) < 0)
        return -errno;
    // Opened again: O_NONBLOCK on standard output would be the shell's as well. Another user's
    // terminal (sudo -u) cannot be opened; then a write may have to wait.
    terminal->fd = open("/proc/self/fd/1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (terminal->fd < 0)
        terminal->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (terminal->fd < 0)
        return -errno;
    terminal_take(terminal);
    return 0;
}

static void write_now(struct terminal *terminal, const char *text)
{
    terminal->n = 0; // half a picture is no use any more
    terminal_write(terminal, text, strlen(text));
}

void terminal_take(struct terminal *terminal)
{
    struct termios raw = terminal->before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    terminal->taken = true;
    write_now(terminal, ENTER);
}

void terminal_give_back(struct terminal *terminal)
{
    if (!terminal->taken)
        return;
    terminal->taken = false;
    // An escape sequence that was cut off in the middle: CAN ends it.
    write_now(terminal, "\030" LEAVE);
    struct pollfd pollfd = {.fd = terminal->fd, .events = POLLOUT};
    while (terminal_flush(terminal) > 0 && poll(&pollfd, 1, LEAVE_MS) > 0)
        ;
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal->before);
}

void terminal_end(struct terminal *terminal)
{
    terminal_give_back(terminal);
    if (terminal->fd >= 0)
        close(terminal->fd);
    free(terminal->waiting);
    *terminal = (struct terminal){.fd = -1};
}

static unsigned within(unsigned n, unsigned otherwise)
{
    return n == 0 ? otherwise : n > SIZE_MAX_ ? SIZE_MAX_ : n;
}

void terminal_size(const struct terminal *terminal, unsigned *rows, unsigned *cols)
{
    struct winsize size = {0};
    ioctl(terminal->fd, TIOCGWINSZ, &size);
    *rows = within(size.ws_row, ROWS_DEFAULT);
    *cols = within(size.ws_col, COLS_DEFAULT);
}

int terminal_write(struct terminal *terminal, const char *bytes, size_t n)
{
    if (terminal->n + n > terminal->room) {
        size_t room = terminal->n + n;
        char *waiting = realloc(terminal->waiting, room);
        if (!waiting)
            return -ENOMEM;
        terminal->waiting = waiting;
        terminal->room = room;
    }
    memcpy(terminal->waiting + terminal->n, bytes, n);
    terminal->n += n;
    int r = terminal_flush(terminal);
    return r < 0 ? r : 0;
}

int terminal_flush(struct terminal *terminal)
{
    while (terminal->n > 0) {
        ssize_t n = write(terminal->fd, terminal->waiting, terminal->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? 1 : -errno;
        terminal->n -= (size_t)n;
        memmove(terminal->waiting, terminal->waiting + n, terminal->n);
    }
    return 0;
}
