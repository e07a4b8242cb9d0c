// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "map_record.h"
#include "watchers.h"

// More than any socket of ours queues.
#define MANY 1000

static struct pressure_map map;

static int set_up(void **state)
{
    struct watchers *watchers;
    assert_int_equal(watchers_new(&watchers), 0);
    *state = watchers;
    return 0;
}

static int tear_down(void **state)
{
    watchers_free(*state);
    return 0;
}

static int watch(struct watchers *watchers)
{
    int fd = -1;
    assert_int_equal(watchers_add(watchers, &fd), 0);
    assert_true(fd >= 0);
    return fd;
}

static void send_maps(struct watchers *watchers, int n)
{
    for (int i = 0; i < n; i++)
        watchers_send(watchers, "virtual", &map, i);
}

// The next map's number; fails where none is waiting.
static uint64_t next_number(int fd)
{
    static uint8_t bytes[MAP_RECORD_SIZE + 1];
    static struct pressure_map read;
    struct map_head head;
    struct error error = {0};
    ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    assert_int_equal(n, MAP_RECORD_SIZE);
    if (map_record_parse(&head, &read, bytes, (size_t)n, &error) < 0)
        fail_msg("%s", error.text);
    return head.number;
}

static bool at_end(int fd)
{
    uint8_t byte;
    return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void maps_arrive_in_order(void **state)
{
    struct watchers *watchers = *state;
    int first = watch(watchers);
    send_maps(watchers, 2);
    int second = watch(watchers);
    send_maps(watchers, 1);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(next_number(first), i);
    assert_int_equal(next_number(second), 0); // each counts its own
    assert_int_equal(watchers_dropped(watchers), 0);
    close(first);
    close(second);
}

static void one_that_does_not_read_misses_maps(void **state)
{
    struct watchers *watchers = *state;
    int stuck = watch(watchers);
    send_maps(watchers, MANY);
    uint64_t dropped = watchers_dropped(watchers);
    assert_in_range(dropped, 1, MANY - 1);
    // What was queued is whole, and the number of the next tells how many are missing.
    for (uint64_t i = 0; i < MANY - dropped; i++)
        assert_int_equal(next_number(stuck), i);
    send_maps(watchers, 1);
    assert_int_equal(next_number(stuck), MANY);
    close(stuck);
}

static void nobody_else_misses_any(void **state)
{
    struct watchers *watchers = *state;
    int stuck = watch(watchers), quick = watch(watchers);
    for (uint64_t i = 0; i < MANY; i++) {
        send_maps(watchers, 1);
        assert_int_equal(next_number(quick), i);
    }
    assert_true(watchers_dropped(watchers) > 0);
    close(stuck);
    close(quick);
}

static void a_stuck_one_gives_its_place_up(void **state)
{
    struct watchers *watchers = *state;
    int stuck = watch(watchers), quiet = watch(watchers);
    send_maps(watchers, 1);
    next_number(quiet);
    for (int i = 1; i < MANY; i++) {
        send_maps(watchers, 1);
        next_number(quiet);
    }
    watchers_tick(watchers, 5);
    watchers_tick(watchers, 4 + WATCHER_STUCK_US);
    assert_int_equal(watchers_count(watchers), 2);
    watchers_tick(watchers, 5 + WATCHER_STUCK_US);
    assert_int_equal(watchers_count(watchers), 1);
    send_maps(watchers, 1);
    assert_int_equal(next_number(quiet), MANY);
    close(stuck);
    close(quiet);
}

static void one_that_reads_again_stays(void **state)
{
    struct watchers *watchers = *state;
    int fd = watch(watchers);
    send_maps(watchers, MANY);
    watchers_tick(watchers, 5);
    next_number(fd);
    next_number(fd);
    send_maps(watchers, 1);
    watchers_tick(watchers, 5 + WATCHER_STUCK_US);
    assert_int_equal(watchers_count(watchers), 1);
    send_maps(watchers, MANY);
    watchers_tick(watchers, 6 + WATCHER_STUCK_US); // stuck from here on
    watchers_tick(watchers, 7 + WATCHER_STUCK_US);
    assert_int_equal(watchers_count(watchers), 1);
    close(fd);
}

static void places_are_few_and_come_free(void **state)
{
    struct watchers *watchers = *state;
    int fds[WATCHERS_MAX], more = -1;
    for (int i = 0; i < WATCHERS_MAX; i++)
        fds[i] = watch(watchers);
    assert_int_equal(watchers_add(watchers, &more), -EBUSY);
    close(fds[1]);
    fds[1] = watch(watchers);
    assert_int_equal(watchers_count(watchers), WATCHERS_MAX);
    // Found out by the next map, or by the next second.
    close(fds[0]);
    send_maps(watchers, 1);
    assert_int_equal(watchers_count(watchers), WATCHERS_MAX - 1);
    close(fds[2]);
    watchers_tick(watchers, 1);
    assert_int_equal(watchers_count(watchers), WATCHERS_MAX - 2);
    assert_int_equal(watchers_dropped(watchers), 0);
    close(fds[1]);
    close(fds[3]);
}

static void nothing_can_be_said_to_us(void **state)
{
    struct watchers *watchers = *state;
    int fd = watch(watchers);
    assert_int_equal(send(fd, "hello", 5, MSG_NOSIGNAL | MSG_DONTWAIT), -1);
    assert_int_equal(errno, EPIPE);
    send_maps(watchers, 1);
    assert_int_equal(next_number(fd), 0);
    close(fd);
}

static void all_end_with_us(void **state)
{
    (void)state;
    struct watchers *watchers;
    assert_int_equal(watchers_new(&watchers), 0);
    int fd = watch(watchers);
    watchers_free(watchers);
    assert_true(at_end(fd));
    close(fd);
}

int main(void)
{
    map.occupied = true;
    map.grid = (struct grid){64, 32, 25.4, 25.4};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(maps_arrive_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_does_not_read_misses_maps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_else_misses_any, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stuck_one_gives_its_place_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_reads_again_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_are_few_and_come_free, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_can_be_said_to_us, set_up, tear_down),
        cmocka_unit_test(all_end_with_us),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
