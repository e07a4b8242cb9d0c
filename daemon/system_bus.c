// SPDX-License-Identifier: GPL-3.0-or-later
#include "system_bus.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "changes.h"
#include "clock.h"
#include "plain.h"

// How long until the bus is tried again: one that is not there, and one that does not want us.
#define RETRY_US   (INT64_C(5) * 1000000)
#define REFUSED_US (INT64_C(60) * 1000000)

// What may wait for a bus that does not read. Beyond it nothing is told and nothing answered.
#define UNREAD_MAX 64

struct system_bus {
    sd_event *event;
    struct monitor *monitor;
    char name[BUS_NAME_MAX + 1];
    void (*refused)(const char *why, void *userdata);
    void *userdata;
    sd_bus *bus;     // null: not on it
    bool joined;     // the name is ours
    bool leaving;    // to be closed: that cannot be done within its own callbacks
    int64_t next_us; // clock_elapsed_us of the next try
    struct error problem;
    struct changes told;
};

static void leave(struct system_bus *self, int64_t until_us)
{
    monitor_leave_bus(self->monitor);
    self->bus = sd_bus_close_unref(self->bus);
    self->joined = self->leaving = false;
    self->next_us = until_us;
}

void system_bus_free(struct system_bus *self)
{
    leave(self, 0);
    sd_event_unref(self->event);
    free(self);
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)message;
    (void)error;
    struct system_bus *self = userdata;
    self->leaving = true;
    self->next_us = clock_elapsed_us() + RETRY_US;
    return 0;
}

static void refuse(struct system_bus *self, const char *why)
{
    struct error problem = {0};
    error_set(&problem, -EACCES, "%s", why);
    plain_text(problem.text);
    self->leaving = true;
    self->next_us = clock_elapsed_us() + REFUSED_US;
    if (strcmp(problem.text, self->problem.text) == 0)
        return;
    self->problem = problem;
    self->refused(self->problem.text, self->userdata);
}

static int on_name(sd_bus_message *answer, void *userdata, sd_bus_error *error)
{
    (void)error;
    struct system_bus *self = userdata;
    const sd_bus_error *refusal = sd_bus_message_get_error(answer);
    if (self->leaving || sd_bus_message_is_method_error(answer, SD_BUS_ERROR_DISCONNECTED))
        return 1;
    if (refusal) {
        refuse(self, refusal->message ? refusal->message : refusal->name);
        return 1;
    }
    uint32_t result;
    enum {
        OURS = 1,
        OURS_ALREADY = 4
    };
    if (sd_bus_message_read(answer, "u", &result) < 0 ||
        (result != OURS && result != OURS_ALREADY)) {
        refuse(self, "another program has the name");
        return 1;
    }
    self->joined = true;
    self->problem.text[0] = '\0';
    self->monitor->look(&self->monitor->live, self->monitor->userdata);
    changes_take(&self->told, &self->monitor->live, clock_elapsed_us());
    return 1;
}

static bool is_stuck(const struct system_bus *self)
{
    uint64_t unread = 0;
    sd_bus_get_n_queued_write(self->bus, &unread);
    return unread >= UNREAD_MAX;
}

static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)message;
    (void)error;
    return is_stuck(userdata); // 1: no answer
}

static int set_up(struct system_bus *self)
{
    sd_bus *bus = self->bus;
    int r =
        sd_bus_match_signal(bus, NULL, NULL, "/org/freedesktop/DBus/Local",
                            "org.freedesktop.DBus.Local", "Disconnected", on_disconnected, self);
    if (r >= 0)
        r = monitor_add_bus(bus, self->monitor);
    // The filter added last is asked first.
    if (r >= 0)
        r = sd_bus_add_filter(bus, NULL, on_message, self);
    if (r >= 0)
        r = sd_bus_request_name_async(bus, NULL, self->name, 0, on_name, self);
    return r < 0 ? r : sd_bus_attach_event(bus, self->event, SD_EVENT_PRIORITY_NORMAL);
}

// Nothing in it waits for the bus.
static void join(struct system_bus *self, int64_t now_us)
{
    if (sd_bus_open_system(&self->bus) < 0) {
        self->bus = NULL;
        self->next_us = now_us + RETRY_US;
    } else if (set_up(self) < 0) {
        leave(self, now_us + RETRY_US);
    }
}

static void tell(struct system_bus *self, int64_t now_us)
{
    const char *names[CHANGES_MAX];
    struct live *live = &self->monitor->live;
    self->monitor->look(live, self->monitor->userdata);
    if (changes_find(&self->told, live, now_us, names) == 0 || is_stuck(self))
        return;
    if (sd_bus_emit_properties_changed_strv(self->bus, BUS_PATH, BUS_INTERFACE, (char **)names) >=
        0)
        changes_take(&self->told, live, now_us);
}

void system_bus_tick(struct system_bus *self)
{
    int64_t now_us = clock_elapsed_us();
    if (self->leaving)
        leave(self, self->next_us);
    if (!self->bus && now_us >= self->next_us)
        join(self, now_us);
    if (self->joined)
        tell(self, now_us);
}

// An element of a bus's name is made of what a path's label is made of.
static int set_name(char name[BUS_NAME_MAX + 1], const char *instance)
{
    strcpy(name, BUS_NAME);
    if (!*instance)
        return 0;
    _cleanup_(freep) char *path = NULL;
    int r = sd_bus_path_encode("/", instance, &path);
    if (r < 0)
        return r;
    int n = snprintf(name, BUS_NAME_MAX + 1, "%s.%s", BUS_NAME, path + 1);
    return n > BUS_NAME_MAX ? -EINVAL : 0;
}

int system_bus_new(struct system_bus **ret, sd_event *event, const char *instance,
                   struct monitor *monitor, void (*refused)(const char *why, void *userdata),
                   void *userdata, struct error *error)
{
    _cleanup_(freep) struct system_bus *self = calloc(1, sizeof *self);
    if (!self)
        return error_set(error, -ENOMEM, "out of memory");
    int r = set_name(self->name, instance);
    if (r < 0)
        return error_set(error, r, "--system-bus: no name on the bus can be made of '%s'",
                         instance);
    self->event = sd_event_ref(event);
    self->monitor = monitor;
    self->refused = refused;
    self->userdata = userdata;
    system_bus_tick(self);
    *ret = self;
    self = NULL;
    return 0;
}
