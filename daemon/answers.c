// SPDX-License-Identifier: GPL-3.0-or-later
// What whoever asks, by the socket or the system bus, is answered with.
#include "daemon_private.h"

static int on_flush(struct error *error, void *userdata)
{
    struct daemon *daemon = userdata;
    int r = recording_commit(daemon->recording);
    return r < 0 ? error_set(error, r, "%s", recording_message(daemon->recording)) : 0;
}

static int on_label(int64_t time_s, enum position position, struct error *error, void *userdata)
{
    struct daemon *daemon = userdata;
    return recording_label(daemon->recording, time_s, position, clock_now_us(&daemon->clock),
                           error);
}

static int on_unlabel(int64_t time_s, struct error *error, void *userdata)
{
    struct daemon *daemon = userdata;
    return recording_unlabel(daemon->recording, time_s, error);
}

static int on_delete_night(int64_t night_id, int64_t start_s, struct error *error, void *userdata)
{
    struct daemon *daemon = userdata;
    return recording_delete(daemon->recording, night_id, start_s, error);
}

static int on_reload(struct error *error, void *userdata)
{
    return daemon_reload(userdata, error);
}

static int on_watch(int *ret_fd, void *userdata)
{
    struct daemon *daemon = userdata;
    return watchers_add(daemon->watchers, ret_fd);
}

static void on_refused(void *userdata)
{
    struct daemon *daemon = userdata;
    journal_say(daemon->journal, EVENT_CLIENT_REFUSED,
                "more than %d programs ask at once; the last one was turned away",
                SERVER_CLIENTS_MAX);
}

// ---- the sleeper awake ----

static int on_put_diary(const struct diary_entry *entries, unsigned n, struct error *error,
                        void *userdata)
{
    return recording_put_diary(((struct daemon *)userdata)->recording, entries, n, error);
}

static int on_delete_diary(day_number day, struct error *error, void *userdata)
{
    return recording_delete_diary(((struct daemon *)userdata)->recording, day, error);
}

static int on_put_stretch(const struct stretch_session *session, struct error *error,
                          void *userdata)
{
    return recording_put_stretch(((struct daemon *)userdata)->recording, session, error);
}

static int on_delete_stretch(int64_t start_s, struct error *error, void *userdata)
{
    return recording_delete_stretch(((struct daemon *)userdata)->recording, start_s, error);
}

static int on_stretch(int *ret_fd, void *userdata)
{
    return watchers_stretch(((struct daemon *)userdata)->watchers, ret_fd);
}

struct monitor daemon_answers(struct daemon *daemon)
{
    return (struct monitor){
        .look = daemon_look,
        .flush = on_flush,
        .label = on_label,
        .unlabel = on_unlabel,
        .delete_night = on_delete_night,
        .put_diary = on_put_diary,
        .delete_diary = on_delete_diary,
        .put_stretch = on_put_stretch,
        .delete_stretch = on_delete_stretch,
        .reload = on_reload,
        .watch = on_watch,
        .stretch = on_stretch,
        .refused = on_refused,
        .userdata = daemon,
    };
}
