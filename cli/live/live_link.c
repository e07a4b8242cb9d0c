// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_link.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "bus.h"
#include "plain.h"

#define SECOND_US   INT64_C(1000000)
#define ASK_US      (SECOND_US / 2)
#define RETRY_US    SECOND_US
#define PATIENCE_US (5 * SECOND_US) // with an answer
// A connection that was there and breaks off: psoasmond has ended.
#define ENDED (-ECONNREFUSED)

#define REWATCH_US (5 * SECOND_US) // where there was no place left

// A pad that sends faster than maps can be read is not to keep us reading for ever.
#define MAPS_AT_ONCE 64

struct live_link {
    sd_event *event;
    const char *database;
    void (*tell)(enum live_news news, void *userdata);
    void *userdata;
    sd_bus *bus; // null: not connected
    sd_event_source *tick, *maps;
    int64_t asked_us;        // when the state was asked for; 0: no question is open
    int64_t next_ask_us;     // when to ask again
    int maps_fd;             // -1: none
    int64_t next_watch_us;   // when to ask for one
    uint64_t next_number;    // of the map that comes next
    int lost;                // why the connection is to be given up: not within its own callbacks
    struct error lost_words; // empty: those of live_state_failed
    struct live_state answer;
    struct live_seen seen;
};

int64_t live_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t live_frame_age_ms(const struct live_seen *seen, int64_t now_us)
{
    int64_t by_map = seen->mapped ? (now_us - seen->map_us) / 1000 : -1;
    int64_t by_state = -1;
    if (seen->answered && seen->state.last_frame_age_ms >= 0)
        by_state = seen->state.last_frame_age_ms + (now_us - seen->state_us) / 1000;
    if (by_map < 0 || by_state < 0)
        return by_map < 0 ? by_state : by_map;
    return by_map < by_state ? by_map : by_state;
}

const struct live_seen *live_link_seen(const struct live_link *link)
{
    return &link->seen;
}

// ---- its end ----

static void tick_at(struct live_link *link, int64_t at_us)
{
    sd_event_source_set_time(link->tick, (uint64_t)at_us);
    sd_event_source_set_enabled(link->tick, SD_EVENT_ONESHOT);
}

static void lose(struct live_link *link, int r, const char *words)
{
    if (link->lost == 0) {
        link->lost = r;
        error_set(&link->lost_words, r, "%s", words ? words : "");
    }
    tick_at(link, live_now_us());
}

static void close_maps(struct live_link *link)
{
    link->maps = sd_event_source_disable_unref(link->maps);
    if (link->maps_fd >= 0)
        close(link->maps_fd);
    link->maps_fd = -1;
}

static void disconnect(struct live_link *link)
{
    close_maps(link);
    if (link->bus)
        sd_bus_detach_event(link->bus);
    link->bus = sd_bus_close_unref(link->bus);
    link->asked_us = link->next_ask_us = link->next_watch_us = 0;
    link->seen.refused = (struct error){0};
}

static void give_up(struct live_link *link, int r, const char *words)
{
    disconnect(link);
    link->seen.up = false;
    link->lost = 0;
    if (words && *words)
        error_set(&link->seen.trouble, r, "%s", words);
    else
        live_state_failed(&link->seen.trouble, r, link->database, NULL);
    tick_at(link, live_now_us() + RETRY_US);
    link->tell(LIVE_STATE, link->userdata);
}

// ---- maps ----

static int on_maps(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
    (void)source;
    (void)events;
    struct live_link *link = userdata;
    struct live_seen *seen = &link->seen;
    struct error error = {0};
    int r = 0, n = 0;
    // The newest alone is shown: who cannot keep up leaves maps out.
    while (n < MAPS_AT_ONCE && (r = live_watch_next(fd, &seen->head, &seen->map, &error)) > 0)
        n++;
    if (n > 0) {
        if (seen->head.number > link->next_number)
            seen->missed += seen->head.number - link->next_number;
        link->next_number = seen->head.number + 1;
        seen->mapped = true;
        seen->map_us = live_now_us();
        link->tell(LIVE_MAP, link->userdata);
    }
    if (r == -EPIPE) {
        lose(link, ENDED, NULL);
    } else if (r < 0) {
        seen->mapped = false; // whatever it is now
        lose(link, r, error.text);
    }
    return 0;
}

static int on_watch(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    (void)error;
    struct live_link *link = userdata;
    const sd_bus_error *refused = sd_bus_message_get_error(answer);
    if (refused) {
        error_set(&link->seen.refused, -EBUSY, "%s", refused->message);
        plain_text(link->seen.refused.text);
        link->next_watch_us = live_now_us() + REWATCH_US;
        return 0;
    }
    link->seen.refused = (struct error){0};
    link->next_number = 0;
    int r = live_watch_take(&link->maps_fd, answer);
    if (r >= 0)
        r = sd_event_add_io(link->event, &link->maps, link->maps_fd, EPOLLIN, on_maps, link);
    if (r < 0)
        lose(link, r, NULL);
    return 0;
}

static int watch(struct live_link *link)
{
    link->next_watch_us = INT64_MAX;
    return sd_bus_call_method_async(link->bus, NULL, BUS_NAME, BUS_PATH, BUS_INTERFACE, "Watch",
                                    on_watch, link, "");
}

// ---- state ----

static int on_state(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    (void)error;
    struct live_link *link = userdata;
    int r = live_state_take(&link->answer, answer);
    if (r < 0) {
        // The end of a connection is sd-bus's answer to what was asked over it.
        lose(link, r == -ETIMEDOUT ? ENDED : r, NULL);
        return 0;
    }
    link->asked_us = 0;
    link->seen.state = link->answer;
    link->seen.state_us = live_now_us();
    link->seen.answered = link->seen.up = true;
    link->seen.trouble = (struct error){0};
    link->tell(LIVE_STATE, link->userdata);
    return 0;
}

static int ask(struct live_link *link)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *question = NULL;
    int r = live_state_question(&question, link->bus);
    if (r >= 0)
        r = sd_bus_call_async(link->bus, NULL, question, on_state, link, 0);
    link->asked_us = live_now_us();
    link->next_ask_us = link->asked_us + ASK_US;
    return r == -ENOTCONN ? ENDED : r;
}

static int connect_again(struct live_link *link)
{
    int r = bus_start(&link->bus, link->database);
    return r < 0 ? r : sd_bus_attach_event(link->bus, link->event, SD_EVENT_PRIORITY_NORMAL);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source;
    (void)usec;
    struct live_link *link = userdata;
    int64_t now_us = live_now_us();
    int r = link->lost;
    if (r == 0 && !link->bus)
        r = connect_again(link);
    if (r == 0 && link->asked_us != 0 && now_us - link->asked_us > PATIENCE_US)
        r = -ETIMEDOUT;
    if (r >= 0 && link->asked_us == 0 && now_us >= link->next_ask_us)
        r = ask(link);
    if (r >= 0 && link->maps_fd < 0 && now_us >= link->next_watch_us)
        r = watch(link);
    if (r < 0)
        give_up(link, r, link->lost_words.text);
    else
        tick_at(link, now_us + ASK_US);
    link->lost_words = (struct error){0};
    return 0;
}

int live_link_new(struct live_link **ret, sd_event *event, const char *database,
                  void (*tell)(enum live_news news, void *userdata), void *userdata)
{
    struct live_link *link = calloc(1, sizeof *link);
    if (!link)
        return -ENOMEM;
    *link = (struct live_link){
        .event = sd_event_ref(event),
        .database = database,
        .tell = tell,
        .userdata = userdata,
        .maps_fd = -1,
    };
    int r = sd_event_add_time(event, &link->tick, CLOCK_BOOTTIME, 0, 1000, on_tick, link);
    if (r < 0) {
        live_link_free(link);
        return r;
    }
    *ret = link;
    return 0;
}

void live_link_free(struct live_link *link)
{
    disconnect(link);
    link->tick = sd_event_source_disable_unref(link->tick);
    sd_event_unref(link->event);
    free(link);
}
