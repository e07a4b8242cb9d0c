// SPDX-License-Identifier: GPL-3.0-or-later
// What comes over a watcher's descriptor, from whoever is at the other end.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/live_watch.h"

static int ours, theirs;
static uint8_t bytes[MAP_RECORD_SIZE + 100];

static int set_up(void **state)
{
    (void)state;
    static const struct pressure_map map = {
        .occupied = true, .load = 7, .grid = {64, 32, 25.4, 25.4}};
    const struct map_head head = {.number = 3, .pad = "virtual"};
    int ends[2];
    memset(bytes, 0, sizeof bytes);
    map_record_write(bytes, &head, &map);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    ours = ends[0];
    theirs = ends[1];
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close(ours);
    if (theirs >= 0)
        close(theirs);
    return 0;
}

static void say(size_t length)
{
    assert_int_equal(send(theirs, bytes, length, 0), length);
}

static int next(struct map_head *head, const char *because)
{
    static struct pressure_map map;
    struct error error = {0};
    int r = live_watch_next(ours, head, &map, &error);
    if (!strstr(error.text, because))
        fail_msg("'%s' does not say '%s'", error.text, because);
    return r;
}

static void maps_and_nothing(void **state)
{
    (void)state;
    struct map_head head;
    // Nothing waits, and neither do we, although the descriptor could.
    assert_int_equal(next(&head, ""), 0);
    say(MAP_RECORD_SIZE);
    assert_int_equal(next(&head, ""), 1);
    assert_int_equal(head.number, 3);
    assert_int_equal(next(&head, ""), 0);
}

static void no_map(void **state)
{
    (void)state;
    struct map_head head;
    say(MAP_RECORD_SIZE - 1);
    assert_int_equal(next(&head, "it ends"), -EBADMSG);
    say(MAP_RECORD_SIZE + 100);
    assert_int_equal(next(&head, "more than a map"), -EBADMSG);
    bytes[0] = 'p';
    say(MAP_RECORD_SIZE);
    assert_int_equal(next(&head, "this is none"), -EBADMSG);
}

static void the_end(void **state)
{
    (void)state;
    struct map_head head;
    say(MAP_RECORD_SIZE);
    close(theirs);
    theirs = -1;
    assert_int_equal(next(&head, ""), 1);
    assert_int_equal(next(&head, "has ended"), -EPIPE);
}

static void a_descriptor_of_another_kind(void **state)
{
    (void)state;
    struct map_head head;
    close(ours);
    ours = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    assert_true(ours >= 0);
    assert_int_equal(next(&head, "cannot follow psoasmond"), -ENOTSOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(maps_and_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_map, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_descriptor_of_another_kind, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
