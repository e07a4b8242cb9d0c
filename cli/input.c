// SPDX-License-Identifier: GPL-3.0-or-later
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "words.h"

#define PIECE_SIZE ((size_t)256 * 1024)

struct input {
    const char *file;
    int fd;
    struct capture_reader *capture; // null: the bytes alone
    size_t length;                  // read, and not yet taken
    bool ended;
    input_sink sink;
    void *userdata;
    uint8_t piece[PIECE_SIZE];
};

void input_free(struct input *input)
{
    if (input->fd != STDIN_FILENO)
        closep(&input->fd);
    if (input->capture)
        capture_reader_free(input->capture);
    free(input);
}

const struct capture_head *input_capture(const struct input *input)
{
    return input->capture ? capture_reader_head(input->capture) : NULL;
}

// Adds what can be read at once; nothing at the end.
static int read_more(struct input *input)
{
    ssize_t n;
    do
        n = read(input->fd, input->piece + input->length, PIECE_SIZE - input->length);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return cli_fail(CLI_FAILED, "%s: %s", input->file, strerror(errno));
    input->length += (size_t)n;
    input->ended = n == 0;
    return 0;
}

static int take_record(const void *bytes, size_t length, int64_t time_us, void *userdata)
{
    const struct input *input = userdata;
    const struct input_piece piece = {
        .bytes = bytes,
        .length = length,
        .timed = true,
        .time_us = time_us,
        .taken = length + CAPTURE_RECORD_EXTRA,
    };
    return input->sink(&piece, input->userdata);
}

static int take_capture(struct input *input, const uint8_t *bytes, size_t length)
{
    struct error error = {0};
    int r = capture_reader_push(input->capture, bytes, length, take_record, input, &error);
    return *error.text ? cli_fail(CLI_FAILED, "%s", error.text) : r;
}

// Only its head, so that a verb may ask for it before it takes the rest.
static int look_for_capture(struct input *input)
{
    int r = 0;
    while (r == 0 && !input->ended && input->length < CAPTURE_HEAD_SIZE)
        r = read_more(input);
    if (r != 0 || !capture_begins(input->piece, input->length))
        return r;
    if (capture_reader_new(&input->capture, input->file) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    size_t head = input->length < CAPTURE_HEAD_SIZE ? input->length : CAPTURE_HEAD_SIZE;
    r = take_capture(input, input->piece, head);
    input->length -= head;
    memmove(input->piece, input->piece + head, input->length);
    return r;
}

int input_open(struct input **ret, const char *file)
{
    _cleanup_(input_freep) struct input *input = malloc(sizeof *input);
    if (!input)
        return cli_fail(CLI_FAILED, _("out of memory"));
    *input = (struct input){.file = file, .fd = STDIN_FILENO};
    if (strcmp(file, "-") != 0) {
        input->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (input->fd < 0)
            return cli_fail(CLI_FAILED, "%s: %s", file, strerror(errno));
    }
    int r = look_for_capture(input);
    if (r != 0)
        return r;
    *ret = input;
    input = NULL;
    return 0;
}

static int take_plain(const struct input *input)
{
    const struct input_piece piece = {
        .bytes = input->piece,
        .length = input->length,
        .taken = input->length,
    };
    return input->sink(&piece, input->userdata);
}

static int finish(const struct input *input)
{
    struct error error = {0};
    int r = input->capture ? capture_reader_finish(input->capture, &error) : 0;
    if (r != 0)
        cli_fail(CLI_DONE, "%s", error.text);
    return r < 0 ? CLI_FAILED : 0;
}

int input_run(struct input *input, input_sink sink, void *userdata)
{
    input->sink = sink;
    input->userdata = userdata;
    int r = 0;
    for (;;) {
        if (input->length > 0)
            r = input->capture ? take_capture(input, input->piece, input->length)
                               : take_plain(input);
        if (r < 0 || r == CLI_FAILED)
            return r;
        input->length = 0;
        if (input->ended)
            return finish(input);
        r = read_more(input);
        if (r != 0)
            return r;
    }
}

int input_read(const char *file, input_sink sink, void *userdata)
{
    _cleanup_(input_freep) struct input *input = NULL;
    int r = input_open(&input, file);
    return r == 0 ? input_run(input, sink, userdata) : r;
}

uint64_t input_size(char *const *files, int n)
{
    uint64_t total = 0;
    for (int i = 0; i < n; i++) {
        struct stat status;
        if (strcmp(files[i], "-") == 0 || stat(files[i], &status) < 0 || !S_ISREG(status.st_mode))
            return 0;
        total += (uint64_t)status.st_size;
    }
    return total;
}

const char *input_pad(const struct input *input, const char *given)
{
    const struct capture_head *capture = input_capture(input);
    if (given)
        return given;
    if (capture && *capture->pad)
        return capture->pad;
    cli_fail(CLI_USAGE,
             capture ? _("%s does not say which pad sent it: --pad PAD")
                     : _("%s is what a pad sent, but which? --pad PAD"),
             input->file);
    return NULL;
}
