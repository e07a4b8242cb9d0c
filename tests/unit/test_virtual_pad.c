// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "virtual_pad.h"

#define FRAME 1000

static struct virtual_pad *make(const char *link)
{
    struct virtual_pad *virtual_pad = NULL;
    struct error error = {0};
    if (virtual_pad_new(&virtual_pad, FRAME, link, &error) < 0)
        fail_msg("%s", error.text);
    return virtual_pad;
}

static int open_port(const char *path)
{
    int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void fill(uint8_t frame[FRAME], uint8_t first)
{
    for (size_t i = 0; i < FRAME; i++)
        frame[i] = (uint8_t)(first + i);
}

// Exactly `length` bytes, however they come; fails rather than hang.
static void read_all(int fd, uint8_t *bytes, size_t length)
{
    for (size_t n = 0; n < length;) {
        struct pollfd port = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&port, 1, 10000), 1);
        ssize_t got = read(fd, bytes + n, length - n);
        assert_true(got > 0);
        n += (size_t)got;
    }
}

static void every_byte_value_arrives(void **state)
{
    (void)state;
    struct virtual_pad *virtual_pad = make(NULL);
    int fd = open_port(virtual_pad_path(virtual_pad));
    uint8_t sent[FRAME], got[FRAME];
    fill(sent, 0);
    virtual_pad_send(virtual_pad, sent, FRAME);
    read_all(fd, got, FRAME);
    assert_memory_equal(sent, got, FRAME);
    assert_int_equal(virtual_pad_counts(virtual_pad)->sent, 1);
    close(fd);
    virtual_pad_free(virtual_pad);
}

static void nobody_listens(void **state)
{
    (void)state;
    struct virtual_pad *virtual_pad = make(NULL);
    uint8_t stale[FRAME], fresh[FRAME], got[FRAME];
    fill(stale, 1);
    fill(fresh, 2);
    // Before anybody came, and after somebody left without reading.
    virtual_pad_send(virtual_pad, stale, FRAME);
    int fd = open_port(virtual_pad_path(virtual_pad));
    virtual_pad_send(virtual_pad, stale, FRAME);
    close(fd);
    virtual_pad_send(virtual_pad, stale, FRAME);
    assert_int_equal(virtual_pad_counts(virtual_pad)->dropped, 2);

    fd = open_port(virtual_pad_path(virtual_pad));
    virtual_pad_send(virtual_pad, fresh, FRAME);
    read_all(fd, got, FRAME);
    assert_memory_equal(got, fresh, FRAME);
    close(fd);
    virtual_pad_free(virtual_pad);
}

static void a_slow_reader_misses_whole_frames(void **state)
{
    (void)state;
    struct virtual_pad *virtual_pad = make(NULL);
    int fd = open_port(virtual_pad_path(virtual_pad));
    uint8_t frame[FRAME], got[FRAME];
    const struct virtual_pad_counts *counts = virtual_pad_counts(virtual_pad);
    for (int i = 0; i < 1000 && counts->dropped < 10; i++) {
        fill(frame, (uint8_t)i);
        virtual_pad_send(virtual_pad, frame, FRAME);
    }
    assert_int_equal(counts->dropped, 10);
    // All but the end of the last frame, which waits for room, is there; each frame is whole.
    for (uint64_t i = 0; i + 1 < counts->sent; i++) {
        read_all(fd, got, FRAME);
        fill(frame, (uint8_t)i);
        assert_memory_equal(got, frame, FRAME);
    }
    close(fd);
    virtual_pad_free(virtual_pad);
}

struct reader {
    int fd;
    size_t n;
};

// Takes little at a time, until the terminal hangs up.
static void *read_until_end(void *userdata)
{
    struct reader *reader = userdata;
    uint8_t bytes[16];
    for (ssize_t got; (got = read(reader->fd, bytes, sizeof bytes)) > 0;)
        reader->n += (size_t)got;
    return NULL;
}

static void the_last_bytes_are_waited_for(void **state)
{
    (void)state;
    struct virtual_pad *virtual_pad = make(NULL);
    struct reader reader = {.fd = open_port(virtual_pad_path(virtual_pad))};
    uint8_t frame[FRAME];
    fill(frame, 0);
    for (int i = 0; i < 5; i++)
        virtual_pad_send(virtual_pad, frame, FRAME);
    assert_int_equal(virtual_pad_counts(virtual_pad)->sent, 5);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, read_until_end, &reader), 0);
    virtual_pad_drain(virtual_pad);
    virtual_pad_free(virtual_pad);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(reader.n, 5 * FRAME);
    close(reader.fd);
}

static void a_signal_ends_the_waiting(void **state)
{
    (void)state;
    struct virtual_pad *virtual_pad = make(NULL);
    assert_int_equal(virtual_pad_wait(virtual_pad, 0), 0);
    raise(SIGTERM);
    assert_int_equal(virtual_pad_wait(virtual_pad, INT64_C(3600000000000)), VIRTUAL_PAD_STOP);
    // It is dealt with: letting signals through again must not end the process.
    virtual_pad_free(virtual_pad);
}

static void the_link_comes_and_goes(void **state)
{
    (void)state;
    char directory[] = "/tmp/psoasmon-test-XXXXXX", link[64], target[PATH_MAX];
    assert_non_null(mkdtemp(directory));
    snprintf(link, sizeof link, "%s/pad", directory);
    assert_int_equal(symlink("/dev/pts/left-behind", link), 0);

    struct virtual_pad *virtual_pad = make(link);
    ssize_t length = readlink(link, target, sizeof target);
    assert_int_equal(length, strlen(virtual_pad_path(virtual_pad)));
    assert_memory_equal(target, virtual_pad_path(virtual_pad), length);
    virtual_pad_free(virtual_pad);
    assert_int_equal(readlink(link, target, sizeof target), -1);

    // Somebody's file is not a link of ours, nor is a link that was changed meanwhile.
    int file = open(link, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    close(file);
    struct error error = {0};
    virtual_pad = NULL;
    assert_int_equal(virtual_pad_new(&virtual_pad, FRAME, link, &error), -EEXIST);
    assert_non_null(strstr(error.text, link));
    assert_int_equal(unlink(link), 0);
    virtual_pad = make(link);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("/dev/null", link), 0);
    virtual_pad_free(virtual_pad);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_value_arrives),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(a_slow_reader_misses_whole_frames),
        cmocka_unit_test(the_last_bytes_are_waited_for),
        cmocka_unit_test(a_signal_ends_the_waiting),
        cmocka_unit_test(the_link_comes_and_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
