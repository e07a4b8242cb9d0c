// SPDX-License-Identifier: GPL-3.0-or-later
#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// Far less than the socket to sd-bus takes at once.
#define CHUNK_BYTES 4096

struct gate {
    int client, bus; // -1: none
    sd_event_source *reading;
    struct gate_stream stream;
    void (*refused)(void *userdata);
    void *userdata;
};

// ---- what has been said ----

static const char begin[] = "BEGIN\r\n";
#define BEGIN_LENGTH (sizeof begin - 1)

// The greeting is a zero and lines, of which BEGIN is the last.
static bool take_greeting(struct gate_stream *stream, uint8_t byte)
{
    if (++stream->greeted > GATE_GREETING_MAX)
        return false;
    if (stream->greeted == 1)
        return byte == '\0';
    if (!stream->in_line && byte == (uint8_t)begin[stream->has]) {
        if (++stream->has == BEGIN_LENGTH) {
            stream->running = true;
            stream->has = 0;
        }
        return true;
    }
    stream->in_line = byte != '\n';
    stream->has = 0;
    return true;
}

static uint32_t number(const uint8_t *bytes, bool little)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)bytes[i] << 8 * (little ? i : 3 - i);
    return value;
}

// A head: 'l' or 'B', type, flags, version, length of the body, serial number, length of the
// fields, which are filled up to a multiple of eight.
static bool take_head(struct gate_stream *stream)
{
    const uint8_t *head = stream->head;
    if (head[0] != 'l' && head[0] != 'B')
        return false;
    const bool little = head[0] == 'l';
    uint64_t fields = ((uint64_t)number(head + 12, little) + 7) / 8 * 8;
    stream->left = fields + number(head + 4, little);
    stream->has = 0;
    return sizeof stream->head + stream->left <= GATE_MESSAGE_MAX;
}

bool gate_stream_take(struct gate_stream *stream, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        if (!stream->running) {
            if (!take_greeting(stream, bytes[i++]))
                return false;
        } else if (stream->left > 0) {
            size_t n = length - i < stream->left ? length - i : (size_t)stream->left;
            stream->left -= n;
            i += n;
        } else {
            stream->head[stream->has++] = bytes[i++];
            if (stream->has == sizeof stream->head && !take_head(stream))
                return false;
        }
    }
    return true;
}

// ---- passing it on ----

void gate_free(struct gate *gate)
{
    sd_event_source_disable_unref(gate->reading);
    if (gate->client >= 0)
        close(gate->client);
    if (gate->bus >= 0)
        close(gate->bus);
    free(gate);
}

// sd-bus sees it when it has read all that came before.
static void hang_up(struct gate *gate)
{
    sd_event_source_set_enabled(gate->reading, SD_EVENT_OFF);
    shutdown(gate->bus, SHUT_WR);
}

static void refuse(struct gate *gate)
{
    sd_event_source_set_enabled(gate->reading, SD_EVENT_OFF);
    gate->refused(gate->userdata);
}

static int on_client(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)revents;
    struct gate *gate = userdata;
    uint8_t chunk[CHUNK_BYTES];
    // sd-bus's turn in this very loop, if there is no room.
    struct pollfd room = {.fd = gate->bus, .events = POLLOUT};
    if (poll(&room, 1, 0) == 0)
        return 0;
    ssize_t n = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0)
        hang_up(gate);
    else if (!gate_stream_take(&gate->stream, chunk, (size_t)n) ||
             send(gate->bus, chunk, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL) != n)
        refuse(gate);
    return 0;
}

int gate_new(struct gate **ret, int *ret_fd, sd_event *event, int client_fd,
             void (*refused)(void *userdata), void *userdata)
{
    _cleanup_(gate_freep) struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return -ENOMEM;
    gate->bus = -1;
    gate->client = fcntl(client_fd, F_DUPFD_CLOEXEC, 0);
    if (gate->client < 0)
        return -errno;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    gate->bus = ends[0];
    gate->refused = refused;
    gate->userdata = userdata;
    int r = sd_event_add_io(event, &gate->reading, gate->client, EPOLLIN, on_client, gate);
    if (r < 0) {
        close(ends[1]);
        return r;
    }
    *ret_fd = ends[1];
    *ret = gate;
    gate = NULL;
    return 0;
}
