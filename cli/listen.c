// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "cli.h"
#include "interrupt.h"
#include "words.h"

#define PIECE_BYTES 8192
#define LOOK_US     INT64_C(200000)
// Bytes come in dribbles: those of such a moment are a piece together.
#define MOMENT_MS 5

int64_t listen_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int listen_open(struct listening *listening, const char *port_name, unsigned baud,
                const struct pad *pad, struct error *error)
{
    *listening = (struct listening){.port_name = port_name, .pad = pad};
    int r = pad ? port_open_for(&listening->port, port_name, baud, pad, error)
                : port_open(&listening->port, port_name, baud, error);
    if (r == -EBUSY)
        return error_set(error, r,
                         _("another program is using %s; psoasmond? Stop it first: "
                           "systemctl stop psoasmond"),
                         port_name);
    if (r < 0)
        return r;
    listening->opened_us = listen_now_us();
    if (pad)
        asker_open(&listening->asker, pad, listening->opened_us);
    return 0;
}

void listen_close(struct listening *listening)
{
    const struct pad_bytes *last =
        listening->port && listening->pad ? asker_last(&listening->asker) : NULL;
    if (last)
        port_write(listening->port, last);
    port_freep(&listening->port);
    listening->port = NULL;
}

// Says to the pad what is due.
static void ask(struct listening *listening, const struct listener *listener)
{
    const struct pad_bytes *words = NULL;
    enum asker_step step;
    if (!listening->pad)
        return;
    while ((step = asker_next(&listening->asker, listen_now_us(), &words)) != ASKER_WAIT) {
        if (listener->paused)
            listener->paused(listener->userdata);
        if (step == ASKER_WRITE)
            port_write(listening->port, words);
    }
}

static int take(struct listening *listening, const struct listener *listener, short events)
{
    uint8_t bytes[PIECE_BYTES];
    int64_t time_us = listen_now_us();
    poll(NULL, 0, MOMENT_MS);
    ssize_t n = port_read(listening->port, bytes, sizeof bytes);
    if (n < 0 || (n == 0 && events & (POLLHUP | POLLERR)))
        return cli_fail(CLI_FAILED, _("%s went away"), listening->port_name);
    if (n == 0)
        return CLI_DONE;
    bool settling = listening->pad && asker_settles(&listening->asker, time_us);
    if (listening->pad && !settling)
        asker_hear(&listening->asker, listen_now_us());
    return listener->bytes(bytes, (size_t)n, time_us, settling, listener->userdata);
}

// How long to wait for bytes; negative: not at all any more.
static int patience_ms(const struct listening *listening, int64_t until_us)
{
    int64_t now_us = listen_now_us(), wake_us = now_us + LOOK_US;
    if (interrupt_came() || now_us >= until_us)
        return -1;
    if (until_us < wake_us)
        wake_us = until_us;
    if (listening->pad && asker_due_us(&listening->asker) < wake_us)
        wake_us = asker_due_us(&listening->asker);
    return wake_us > now_us ? (int)((wake_us - now_us + 999) / 1000) : 0;
}

int listen_run(struct listening *listening, int64_t until_us, const struct listener *listener)
{
    int status = CLI_DONE, wait_ms;
    while (status == CLI_DONE && (wait_ms = patience_ms(listening, until_us)) >= 0 &&
           !(listener->enough && listener->enough(listener->userdata))) {
        struct pollfd port = {.fd = port_fd(listening->port), .events = POLLIN};
        if (poll(&port, 1, wait_ms) > 0)
            status = take(listening, listener, port.revents);
        if (status == CLI_DONE)
            ask(listening, listener);
    }
    return status;
}
