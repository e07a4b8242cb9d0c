// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "daemon_private.h"
#include "fitted.h"
#include "paths.h"
#include "story.h"

#define SECOND_US UINT64_C(1000000)

// A machine that slept for less has missed no frame worth the name.
#define SLEPT_US INT64_C(1000000)

static void tell_clock_set(struct journal *journal, int64_t by_s)
{
    char span[SPAN_TEXT_SIZE];
    struct line line;
    story_span(by_s < 0 ? -by_s : by_s, span);
    line_say(&line, EVENT_CLOCK_SET, "the clock was set %s by %s", by_s < 0 ? "back" : "forward",
             span);
    line_field(&line, "PSOASMON_MOVED_S=%" PRId64, by_s);
    journal_write(journal, &line);
}

// Before anything else is done with a time: the machine may have slept since, and the wall clock
// may have been set.
static void follow_clocks(struct daemon *daemon)
{
    int64_t by_s;
    if (clock_slept_us(&daemon->clock) >= SLEPT_US)
        recording_lost(daemon->recording, GAP_SUSPENDED);
    switch (clock_follow(&daemon->clock, &by_s)) {
    case CLOCK_SET:
        tell_clock_set(daemon->journal, by_s);
        recording_move(daemon->recording, by_s, clock_now_us(&daemon->clock));
        break;
    case CLOCK_ASTRAY:
        journal_say(daemon->journal, EVENT_CLOCK_ASTRAY,
                    "the clock was set to a time that is long over: psoasmond goes on by its own");
        break;
    case CLOCK_STEADY:
        break;
    }
}

static void on_opened(unsigned baud, void *userdata)
{
    struct daemon *daemon = userdata;
    daemon->opened_us = clock_elapsed_us();
    daemon->pad_state = PAD_CONNECTED;
    char speed[32] = "";
    if (baud)
        snprintf(speed, sizeof speed, " at %u baud", baud);
    struct line line;
    line_say(&line, EVENT_PAD_CONNECTED, "pad %s connected%s", daemon->settings->pad->name, speed);
    if (baud)
        line_field(&line, "PSOASMON_BAUD=%u", baud);
    journal_write(daemon->journal, &line);
}

static void meter_recorded(struct daemon *daemon)
{
    struct recorder_state state;
    recording_state(daemon->recording, &state);
    meter_frames(&daemon->meter, state.frames, clock_elapsed_us());
}

static void on_bytes(const void *bytes, size_t length, void *userdata)
{
    struct daemon *daemon = userdata;
    follow_clocks(daemon);
    recording_set_awake(daemon->recording, watchers_is_stretching(daemon->watchers));
    recording_bytes(daemon->recording, bytes, length, clock_now_us(&daemon->clock));
    meter_recorded(daemon);
}

static void on_paused(void *userdata)
{
    struct daemon *daemon = userdata;
    recording_pause(daemon->recording);
    meter_recorded(daemon);
}

static void on_ignored(size_t length, void *userdata)
{
    struct daemon *daemon = userdata;
    recording_ignore(daemon->recording, length);
}

static void on_lost(void *userdata)
{
    struct daemon *daemon = userdata;
    follow_clocks(daemon);
    recording_lost(daemon->recording, GAP_PAD_UNPLUGGED);
    daemon->pad_state = PAD_WAITING;
    journal_say(daemon->journal, EVENT_PAD_UNPLUGGED, "pad %s was unplugged from %s",
                daemon->settings->pad->name, daemon->settings->port_text);
}

static void on_waiting(const char *why, int failure, void *userdata)
{
    struct daemon *daemon = userdata;
    daemon->pad_state = PAD_WAITING;
    struct line line;
    line_say(&line, EVENT_PAD_WAITING, "waiting for the pad: %s", why);
    line_reason(&line, failure);
    journal_write(daemon->journal, &line);
}

static void on_bus_refused(const char *why, void *userdata)
{
    struct daemon *daemon = userdata;
    journal_say(daemon->journal, EVENT_BUS_REFUSED, "psoasmond is not on the system bus: %s", why);
}

// The port's coming and going is told as it happens; a pad that falls silent on an open port, or
// speaks up, is found out here.
static void tell_pad_state(struct daemon *daemon, const struct live *live)
{
    enum pad_state before = daemon->pad_state;
    daemon->pad_state = live->pad_state;
    if (live->pad_state == PAD_SILENT && before != PAD_SILENT)
        journal_say(daemon->journal, EVENT_PAD_SILENT, "pad %s is silent: no frames come",
                    live->pad);
    if (live->pad_state == PAD_CONNECTED && before == PAD_SILENT)
        journal_say(daemon->journal, EVENT_PAD_TALKS, "frames come from pad %s again", live->pad);
}

static void tell_status(struct daemon *daemon)
{
    struct live live = {0};
    daemon_look(&live, daemon);
    tell_pad_state(daemon, &live);
    char status[LIVE_STATUS_SIZE];
    live_status(&live, &daemon->zone, status);
    if (strcmp(status, daemon->status) == 0)
        return;
    strcpy(daemon->status, status);
    sd_notifyf(0, "STATUS=%s", status);
}

static int start_server(struct daemon *daemon, struct error *error)
{
    return server_new(&daemon->server, daemon->event, daemon->settings->config.database,
                      &daemon->monitor, error);
}

static int start_system_bus(struct daemon *daemon, struct error *error)
{
    const char *instance = daemon->options->system_bus;
    return instance ? system_bus_new(&daemon->system_bus, daemon->event, instance, &daemon->monitor,
                                     on_bus_refused, daemon, error)
                    : 0;
}

// Its socket is beside the database: where no file can be made, it waits for the same reason.
static void start_server_later(struct daemon *daemon)
{
    struct error error = {0};
    if (recording_is_stored(daemon->recording))
        start_server(daemon, &error);
}

static int on_second(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)usec;
    struct daemon *daemon = userdata;
    int64_t now_us = clock_elapsed_us();
    follow_clocks(daemon);
    recording_tick(daemon->recording, clock_now_us(&daemon->clock));
    meter_tick(&daemon->meter, now_us);
    feed_tick(daemon->feed, daemon->meter.last_us);
    if (daemon->server)
        server_tick(daemon->server);
    else
        start_server_later(daemon);
    if (daemon->system_bus)
        system_bus_tick(daemon->system_bus);
    watchers_tick(daemon->watchers, now_us);
    journal_tick(daemon->journal);
    tell_status(daemon);
    int r = sd_event_source_set_time_relative(source, SECOND_US);
    return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void stop_answering(struct daemon *daemon)
{
    if (daemon->server)
        server_free(daemon->server);
    if (daemon->system_bus)
        system_bus_free(daemon->system_bus);
    daemon->server = NULL;
    daemon->system_bus = NULL;
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    (void)info;
    struct daemon *daemon = userdata;
    stop_answering(daemon);
    return sd_event_exit(sd_event_source_get_event(source), 0);
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
    (void)source;
    (void)info;
    struct error error = {0};
    daemon_reload(userdata, &error); // and told the journal
    return 0;
}

// The event loop takes signals from a descriptor: they must be blocked.
static int watch_signals(struct daemon *daemon)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
        return -errno;
    signal(SIGPIPE, SIG_IGN);
    int r = sd_event_add_signal(daemon->event, NULL, SIGTERM, on_stop, daemon);
    if (r >= 0)
        r = sd_event_add_signal(daemon->event, NULL, SIGINT, on_stop, daemon);
    if (r >= 0)
        r = sd_event_add_signal(daemon->event, NULL, SIGHUP, on_hangup, daemon);
    return r;
}

static int start_loop(struct daemon *daemon)
{
    int r = sd_event_new(&daemon->event);
    if (r >= 0)
        r = watch_signals(daemon);
    if (r >= 0)
        r = sd_event_set_watchdog(daemon->event, true);
    if (r >= 0)
        r = sd_event_add_time_relative(daemon->event, NULL, CLOCK_MONOTONIC, SECOND_US,
                                       SECOND_US / 10, on_second, daemon);
    return r;
}

static int start_recording(struct daemon *daemon, struct error *error)
{
    const struct config *config = &daemon->settings->config;
    const struct recording_options options = {
        .database = config->database,
        .calibration = daemon->options->calibration,
        .pad = daemon->settings->pad,
        .rules = config->rules,
        .friendly = config->friendly,
        .rate_hz = daemon->options->rate_hz,
        .clock = &daemon->clock,
        .start_us = daemon->options->start_s * (int64_t)SECOND_US,
        .zone = &daemon->zone,
        .journal = daemon->journal,
        .watchers = daemon->watchers,
    };
    int r = recording_open(&daemon->recording, &options, clock_now_us(&daemon->clock), error);
    if (r == 0)
        recording_keep(daemon->recording, config);
    return r;
}

static int start_feed(struct daemon *daemon, struct error *error)
{
    const struct feed_listener listener = {
        .opened = on_opened,
        .bytes = on_bytes,
        .paused = on_paused,
        .ignored = on_ignored,
        .lost = on_lost,
        .waiting = on_waiting,
        .userdata = daemon,
    };
    int r = feed_new(&daemon->feed, daemon->event, daemon->settings->config.port,
                     daemon->settings->pad, &listener);
    return r < 0 ? error_set(error, r, "out of memory") : feed_start(daemon->feed, error);
}

static void tell_started(struct journal *journal, const struct settings *settings)
{
    struct line line;
    line_say(&line, EVENT_STARTED, "psoasmond %s records into %s", PSOASMON_VERSION,
             settings->database_text);
    line_field(&line, "PSOASMON_VERSION=%s", PSOASMON_VERSION);
    journal_write(journal, &line);
}

static int start(struct daemon *daemon, struct error *error)
{
    const struct settings *settings = daemon->settings;
    int r = journal_new(&daemon->journal);
    if (r == 0)
        r = watchers_new(&daemon->watchers);
    if (r == 0)
        r = start_loop(daemon);
    if (r < 0)
        return error_set(error, r, "cannot start: %s", strerror(-r));
    journal_set_pad(daemon->journal, settings->pad->name, settings->port_text);
    journal_set_database(daemon->journal, settings->database_text);
    r = start_recording(daemon, error);
    if (r < 0)
        return r;
    r = start_server(daemon, error);
    if (r < 0 && (r == -EADDRINUSE || recording_is_stored(daemon->recording)))
        return r;
    r = start_system_bus(daemon, error);
    if (r < 0)
        return r;
    tell_started(daemon->journal, settings);
    fitted_tell_pad(settings->pad, daemon->journal);
    return start_feed(daemon, error);
}

int daemon_new(struct daemon **ret, const struct options *options, struct settings *settings,
               struct error *error)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        return error_set(error, -ENOMEM, "out of memory");
    daemon->options = options;
    daemon->settings = settings;
    daemon->monitor = daemon_answers(daemon);
    daemon->started_us = clock_elapsed_us();
    clock_anchor(&daemon->clock);
    zone_local(&daemon->zone);
    int r = start(daemon, error);
    if (r < 0) {
        daemon->settings = NULL; // the caller's still
        daemon_free(daemon);
        return r;
    }
    *ret = daemon;
    return 0;
}

int daemon_run(struct daemon *daemon)
{
    sd_notify(0, "READY=1");
    tell_status(daemon);
    int looped = sd_event_loop(daemon->event);
    sd_notify(0, "STOPPING=1");
    int stored = recording_stop(daemon->recording);
    struct line line;
    story_stopped(&line, recording_night(daemon->recording));
    journal_write(daemon->journal, &line);
    return looped < 0 ? looped : stored;
}

void daemon_free(struct daemon *daemon)
{
    stop_answering(daemon);
    if (daemon->feed)
        feed_free(daemon->feed);
    if (daemon->recording)
        recording_free(daemon->recording);
    if (daemon->watchers)
        watchers_free(daemon->watchers);
    if (daemon->journal)
        journal_free(daemon->journal);
    sd_event_unref(daemon->event);
    if (daemon->settings)
        settings_free(daemon->settings);
    free(daemon);
}
