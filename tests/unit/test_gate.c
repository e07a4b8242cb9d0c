// SPDX-License-Identifier: GPL-3.0-or-later
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const char greeting[] = "\0AUTH EXTERNAL 30\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";
#define GREETING_LENGTH (sizeof greeting - 1)

static void put(uint8_t *bytes, uint32_t value, bool little)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * (little ? i : 3 - i));
}

static void put_head(uint8_t *bytes, uint32_t body, uint32_t fields, bool little)
{
    memset(bytes, 0, 16);
    bytes[0] = little ? 'l' : 'B';
    put(bytes + 4, body, little);
    put(bytes + 12, fields, little);
}

// A message of zeros that long; returns how many bytes.
static size_t message(uint8_t *bytes, uint32_t body, uint32_t fields, bool little)
{
    put_head(bytes, body, fields, little);
    size_t rest = (fields + 7) / 8 * 8 + body;
    memset(bytes + 16, 0, rest);
    return 16 + rest;
}

static bool take_in_pieces(const uint8_t *bytes, size_t length, size_t piece,
                           struct gate_stream *stream)
{
    *stream = (struct gate_stream){0};
    for (size_t at = 0; at < length; at += piece)
        if (!gate_stream_take(stream, bytes + at, piece < length - at ? piece : length - at))
            return false;
    return true;
}

static void an_honest_client_passes(void **state)
{
    (void)state;
    uint8_t bytes[8192];
    memcpy(bytes, greeting, GREETING_LENGTH);
    size_t length = GREETING_LENGTH;
    length += message(bytes + length, 7, 109, true);
    length += message(bytes + length, 0, 8, false);
    length += message(bytes + length, 0, 0, true);
    length += message(bytes + length, 1000, 2000, true);
    for (size_t piece = 1; piece <= length; piece++) {
        struct gate_stream stream;
        assert_true(take_in_pieces(bytes, length, piece, &stream));
        assert_true(stream.running);
        assert_int_equal(stream.left, 0);
        assert_int_equal(stream.has, 0);
    }
}

static bool passes(uint32_t body, uint32_t fields, bool little)
{
    uint8_t bytes[GREETING_LENGTH + 16];
    struct gate_stream stream;
    memcpy(bytes, greeting, GREETING_LENGTH);
    put_head(bytes + GREETING_LENGTH, body, fields, little);
    return take_in_pieces(bytes, GREETING_LENGTH + 16, 5, &stream);
}

// Its head alone tells.
static void a_message_too_long(void **state)
{
    (void)state;
    for (int little = 0; little < 2; little++) {
        assert_true(passes(GATE_MESSAGE_MAX - 16, 0, little));
        assert_false(passes(GATE_MESSAGE_MAX - 15, 0, little));
        assert_true(passes(0, GATE_MESSAGE_MAX - 16, little));
        assert_false(passes(0, GATE_MESSAGE_MAX - 15, little));
        assert_false(passes(128 << 20, 100, little));
        assert_false(passes(UINT32_MAX, UINT32_MAX, little));
        assert_false(passes(0, UINT32_MAX, little)); // rounded up, it is more than 32 bits hold
    }
}

static void no_message(void **state)
{
    (void)state;
    uint8_t bytes[64] = {0};
    struct gate_stream stream = {.running = true};
    memcpy(bytes, "GET / HTTP/1.0\r\n\r\n", 18);
    assert_false(gate_stream_take(&stream, bytes, 18));
}

static void a_greeting_without_end(void **state)
{
    (void)state;
    struct gate_stream stream = {0};
    assert_true(gate_stream_take(&stream, (const uint8_t *)"", 1));
    size_t taken = 1;
    while (gate_stream_take(&stream, (const uint8_t *)"AUTH\r\n", 6))
        taken += 6;
    assert_in_range(taken, GATE_GREETING_MAX - 6, GATE_GREETING_MAX);
    stream = (struct gate_stream){0};
    assert_false(gate_stream_take(&stream, (const uint8_t *)"AUTH", 4));
}

// Only a line of its own ends it.
static void what_only_looks_like_the_end(void **state)
{
    (void)state;
    static const char *const lines[] = {"XBEGIN\r\n", "BEGIN \r\n", "BEGI\r\n",
                                        "BBEGIN\r\n", "BEGIN\n",    "begin\r\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct gate_stream stream = {0};
        assert_true(gate_stream_take(&stream, (const uint8_t *)"", 1));
        assert_true(gate_stream_take(&stream, (const uint8_t *)lines[i], strlen(lines[i])));
        assert_false(stream.running);
        assert_true(gate_stream_take(&stream, (const uint8_t *)"\r\nBEGIN\r\n", 9));
        assert_true(stream.running);
    }
}

// ---- passing it on ----

static void on_refused(void *userdata)
{
    ++*(int *)userdata;
}

struct place {
    sd_event *event;
    struct gate *gate;
    int client, bus, refused;
};

static void open_place(struct place *place)
{
    int ends[2];
    *place = (struct place){0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    assert_true(sd_event_new(&place->event) >= 0);
    assert_int_equal(
        gate_new(&place->gate, &place->bus, place->event, ends[1], on_refused, &place->refused), 0);
    close(ends[1]);
    place->client = ends[0];
}

static void close_place(struct place *place)
{
    gate_free(place->gate);
    close(place->bus);
    if (place->client >= 0)
        close(place->client);
    sd_event_unref(place->event);
}

static void run(struct place *place)
{
    while (sd_event_run(place->event, 0) > 0)
        ;
}

static void all_is_passed_on_in_order(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    uint8_t bytes[4096], back[4096];
    memcpy(bytes, greeting, GREETING_LENGTH);
    size_t length = GREETING_LENGTH + message(bytes + GREETING_LENGTH, 3000, 100, true);
    for (size_t i = GREETING_LENGTH + 16; i < length; i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t at = 0; at < length; at += 1000) {
        size_t n = length - at < 1000 ? length - at : 1000;
        assert_int_equal(send(place.client, bytes + at, n, 0), n);
        run(&place);
        assert_int_equal(recv(place.bus, back + at, n, 0), n);
    }
    assert_memory_equal(bytes, back, length);
    close(place.client);
    place.client = -1;
    run(&place);
    assert_int_equal(recv(place.bus, back, sizeof back, 0), 0);
    assert_int_equal(place.refused, 0);
    close_place(&place);
}

// Whoever reads from the other end is too slow: what is not passed on stays with the client.
static void no_room(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    uint8_t bytes[4096] = {0}, back[4096];
    assert_int_equal(send(place.client, greeting, GREETING_LENGTH, 0), GREETING_LENGTH);
    size_t length = message(bytes, 4000, 0, true), sent = 0, came = 0;
    // Both sockets full: the one before the gate and the one behind it.
    for (int turns = 0; turns < 1000; turns++) {
        while (send(place.client, bytes, length, 0) == (ssize_t)length)
            sent += length;
        sd_event_run(place.event, 0);
    }
    assert_true(sent > 100000);
    // Not a byte is lost when it is read.
    for (int turns = 0; came < GREETING_LENGTH + sent && turns < 100000; turns++) {
        ssize_t n = recv(place.bus, back, sizeof back, 0);
        came += n > 0 ? (size_t)n : 0;
        sd_event_run(place.event, 0);
    }
    assert_int_equal(came, GREETING_LENGTH + sent);
    assert_int_equal(place.refused, 0);
    close_place(&place);
}

static void too_much_is_refused_once(void **state)
{
    (void)state;
    struct place place;
    open_place(&place);
    uint8_t bytes[16];
    put_head(bytes, 100 << 20, 100, true);
    assert_int_equal(send(place.client, greeting, GREETING_LENGTH, 0), GREETING_LENGTH);
    assert_int_equal(send(place.client, bytes, 16, 0), 16);
    run(&place);
    assert_int_equal(place.refused, 1);
    assert_int_equal(send(place.client, bytes, 16, 0), 16);
    run(&place);
    assert_int_equal(place.refused, 1);
    close_place(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_client_passes),
        cmocka_unit_test(a_message_too_long),
        cmocka_unit_test(no_message),
        cmocka_unit_test(a_greeting_without_end),
        cmocka_unit_test(what_only_looks_like_the_end),
        cmocka_unit_test(all_is_passed_on_in_order),
        cmocka_unit_test(no_room),
        cmocka_unit_test(too_much_is_refused_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
