// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "awake_message.h"
#include "bus.h"
#include "monitor_awake.h"
#include "plain.h"

// "a{st}": frames dropped, by cause; only causes that occurred.
static int get_drops(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    (void)bus;
    (void)path;
    (void)interface;
    (void)property;
    (void)error;
    const uint64_t *drops = userdata;
    int r = sd_bus_message_open_container(reply, 'a', "{st}");
    for (int cause = DROP_NONE + 1; r >= 0 && cause < DROP_N; cause++)
        if (drops[cause] > 0)
            r = sd_bus_message_append(reply, "{st}", drop_name(cause), drops[cause]);
    return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int on_flush(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    struct error why = {0};
    if (monitor->flush(&why, monitor->userdata) < 0)
        return sd_bus_error_set(error, BUS_ERROR_COMMIT_FAILED, why.text);
    return sd_bus_reply_method_return(message, NULL);
}

static int answer_label(sd_bus_message *message, int r, const struct error *why,
                        sd_bus_error *error)
{
    switch (r) {
    case 0:
        return sd_bus_reply_method_return(message, NULL);
    case STORE_NO_BOUT:
        return sd_bus_error_set(error, BUS_ERROR_NO_BOUT, "no bout was recorded at that time");
    case STORE_NO_LABEL:
        return sd_bus_error_set(error, BUS_ERROR_NO_LABEL, "the bout of that time has no label");
    default:
        return sd_bus_error_set(error, BUS_ERROR_COMMIT_FAILED, why->text);
    }
}

static int on_label(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    struct error why = {0};
    int64_t time_s;
    const char *name;
    int r = sd_bus_message_read(message, "xs", &time_s, &name);
    if (r < 0)
        return r;
    int position = position_from_identifier(name);
    if (position < 0)
        return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                "there is no such position; psoasmon positions has them");
    r = monitor->label(time_s, (enum position)position, &why, monitor->userdata);
    return answer_label(message, r, &why, error);
}

static int on_unlabel(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    struct error why = {0};
    int64_t time_s;
    int r = sd_bus_message_read(message, "x", &time_s);
    if (r < 0)
        return r;
    r = monitor->unlabel(time_s, &why, monitor->userdata);
    return answer_label(message, r, &why, error);
}

// What psoasmond's own user and root may, and the group may not: nothing brings a night back.
static bool may_delete(uid_t uid)
{
    return uid == 0 || uid == geteuid();
}

static int delete_night(sd_bus_message *message, struct monitor *monitor, sd_bus_error *error)
{
    struct error why = {0};
    int64_t night_id, start_s;
    int r = sd_bus_message_rewind(message, true);
    if (r >= 0)
        r = sd_bus_message_read(message, "xx", &night_id, &start_s);
    if (r < 0)
        return r;
    switch (monitor->delete_night(night_id, start_s, &why, monitor->userdata)) {
    case 0:
        return sd_bus_reply_method_return(message, NULL);
    case STORE_NO_NIGHT:
        return sd_bus_error_set(error, BUS_ERROR_NO_NIGHT, "there is no such night");
    case STORE_NIGHT_OPEN:
        return sd_bus_error_set(error, BUS_ERROR_NIGHT_OPEN,
                                "this night is being recorded; it can be deleted once it is over");
    default:
        return sd_bus_error_set(error, BUS_ERROR_COMMIT_FAILED, why.text);
    }
}

static int delete_as(sd_bus_message *message, struct monitor *monitor, bool allowed,
                     sd_bus_error *error)
{
    if (!allowed)
        return sd_bus_error_set(error, SD_BUS_ERROR_ACCESS_DENIED,
                                "only root and the user psoasmond runs as may delete a night");
    return delete_night(message, monitor, error);
}

// The bus has said who asks.
static int on_asker(sd_bus_message *answer, void *userdata, sd_bus_error *unused)
{
    (void)unused;
    struct monitor *monitor = userdata;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = monitor->deletion;
    _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
    monitor->deletion = NULL;
    uint32_t uid;
    bool known = !sd_bus_message_is_method_error(answer, NULL) &&
                 sd_bus_message_read(answer, "u", &uid) >= 0;
    int r = delete_as(message, monitor, known && may_delete(uid), &error);
    return r < 0 ? sd_bus_reply_method_errno(message, r, &error) : r;
}

static int on_delete_night(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    sd_bus *bus = sd_bus_message_get_bus(message);
    if (sd_bus_is_bus_client(bus) <= 0)
        return delete_as(message, monitor, may_delete(monitor->peer_uid), error);
    // Only the bus knows its clients. Waiting for what it says would hold up the recorder.
    if (monitor->deletion)
        return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
                                "another night is being deleted");
    int r = sd_bus_call_method_async(bus, NULL, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "GetConnectionUnixUser", on_asker,
                                     monitor, "s", sd_bus_message_get_sender(message));
    if (r >= 0)
        monitor->deletion = sd_bus_message_ref(message);
    return r < 0 ? r : 1;
}

static int on_reload(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    struct error why = {0};
    if (monitor->reload(&why, monitor->userdata) < 0) {
        plain_text(why.text); // a path may be in it
        return sd_bus_error_set(error, BUS_ERROR_REFUSED, why.text);
    }
    return sd_bus_reply_method_return(message, NULL);
}

static int on_watch(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    if (sd_bus_can_send(sd_bus_message_get_bus(message), SD_BUS_TYPE_UNIX_FD) <= 0)
        return sd_bus_error_set(error, SD_BUS_ERROR_NOT_SUPPORTED,
                                "no descriptor can be handed over this connection");
    _cleanup_(closep) int fd = -1;
    int r = monitor->watch(&fd, monitor->userdata);
    if (r == -EBUSY)
        return sd_bus_error_set(error, BUS_ERROR_TOO_MANY,
                                "as many programs as may are watching already");
    return r < 0 ? r : sd_bus_reply_method_return(message, "h", fd);
}

#define PROPERTY(name, signature, member, flags)                                                   \
    SD_BUS_PROPERTY(name, signature, NULL, offsetof(struct monitor, live.member), flags)

// TOLD: each change is told, by monitor_tell; NOTED: that it changes is, once in a while.
#define PROPERTIES(CONST, TOLD, NOTED)                                                             \
    PROPERTY("Version", "s", version, CONST), PROPERTY("Pad", "s", pad, TOLD),                     \
        PROPERTY("Port", "s", port, TOLD), PROPERTY("PadState", "s", pad_state_name, TOLD),        \
        PROPERTY("PadProblem", "s", pad_problem, TOLD), PROPERTY("Rate", "d", rate_hz, 0),         \
        PROPERTY("Frames", "t", frames, 0), PROPERTY("DroppedFrames", "t", dropped_frames, 0),     \
        SD_BUS_PROPERTY("Drops", "a{st}", get_drops, offsetof(struct monitor, live.drops), 0),     \
        PROPERTY("StrayBytes", "t", stray_bytes, 0), PROPERTY("Saturated", "d", saturated, 0),     \
        PROPERTY("MendedCells", "t", mended_cells, 0),                                             \
        PROPERTY("LastFrameAgeMs", "x", last_frame_age_ms, 0),                                     \
        PROPERTY("Position", "s", position, TOLD), PROPERTY("Confidence", "d", confidence, 0),     \
        PROPERTY("PositionSince", "x", position_since_s, TOLD),                                    \
        PROPERTY("InBed", "b", in_bed, TOLD), PROPERTY("NightDay", "s", night_day, TOLD),          \
        PROPERTY("NightStart", "x", night_start_s, TOLD),                                          \
        PROPERTY("InBedSeconds", "x", in_bed_s, NOTED),                                            \
        PROPERTY("RecordedSeconds", "x", recorded_s, NOTED),                                       \
        PROPERTY("FriendlySeconds", "x", friendly_s, NOTED), PROPERTY("Turns", "x", turns, TOLD),  \
        PROPERTY("Database", "s", database, CONST), PROPERTY("LastCommit", "x", last_commit_s, 0), \
        PROPERTY("FailedCommits", "t", failed_commits, TOLD),                                      \
        PROPERTY("PendingResults", "t", pending_results, 0),                                       \
        PROPERTY("LostResults", "t", lost_results, TOLD), PROPERTY("Watchers", "t", watchers, 0),  \
        PROPERTY("DroppedMaps", "t", dropped_maps, 0), PROPERTY("Uptime", "t", uptime_s, 0)

// Whoever may open the socket, or may call by the bus's policy, may
// - flush: it only brings forward what happens anyway;
// - label: nothing that was recorded is lost by it;
// - have the files read again, which only those who may can have changed;
// - watch: reports tell them the same, and more;
// - write and delete in the diary: it is theirs, and a night that is slept is no part of it;
// - stretch: it ends by itself.
// Who may delete a night is asked when it is to be done.
#define METHODS                                                                                    \
    SD_BUS_METHOD("Flush", "", "", on_flush, SD_BUS_VTABLE_UNPRIVILEGED),                          \
        SD_BUS_METHOD("Label", "xs", "", on_label, SD_BUS_VTABLE_UNPRIVILEGED),                    \
        SD_BUS_METHOD("Unlabel", "x", "", on_unlabel, SD_BUS_VTABLE_UNPRIVILEGED),                 \
        SD_BUS_METHOD("DeleteNight", "xx", "", on_delete_night, SD_BUS_VTABLE_UNPRIVILEGED),       \
        SD_BUS_METHOD("Reload", "", "", on_reload, SD_BUS_VTABLE_UNPRIVILEGED),                    \
        SD_BUS_METHOD("Watch", "", "h", on_watch, SD_BUS_VTABLE_UNPRIVILEGED),                     \
        SD_BUS_METHOD("PutDiary", DIARY_MESSAGE_TYPE, "", monitor_put_diary,                       \
                      SD_BUS_VTABLE_UNPRIVILEGED),                                                 \
        SD_BUS_METHOD("DeleteDiary", "s", "", monitor_delete_diary, SD_BUS_VTABLE_UNPRIVILEGED),   \
        SD_BUS_METHOD("PutStretch", STRETCH_MESSAGE_TYPE, "", monitor_put_stretch,                 \
                      SD_BUS_VTABLE_UNPRIVILEGED),                                                 \
        SD_BUS_METHOD("DeleteStretch", "x", "", monitor_delete_stretch,                            \
                      SD_BUS_VTABLE_UNPRIVILEGED),                                                 \
        SD_BUS_METHOD("Stretch", "", "h", monitor_stretch, SD_BUS_VTABLE_UNPRIVILEGED)

// Peer to peer nothing is told: who connects there asks, and is gone.
static const sd_bus_vtable asked[] = {
    SD_BUS_VTABLE_START(0),
    PROPERTIES(0, 0, 0),
    METHODS,
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable telling[] = {
    SD_BUS_VTABLE_START(0),
    PROPERTIES(SD_BUS_VTABLE_PROPERTY_CONST, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE,
               SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION),
    METHODS,
    SD_BUS_VTABLE_END,
};

// busctl and gdbus, given an address, greet whoever answers as a bus daemon. The answer is the name
// that a bus would have given them.
static int on_hello(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)userdata;
    (void)error;
    return sd_bus_reply_method_return(message, "s", ":1.1");
}

static const sd_bus_vtable greeting[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Hello", "", "s", on_hello, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

// Comes before the properties are read.
static int bring_up_to_date(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)message;
    (void)error;
    struct monitor *monitor = userdata;
    monitor->look(&monitor->live, monitor->userdata);
    return 0;
}

int monitor_add_peer(sd_bus *bus, struct monitor *monitor)
{
    int r = sd_bus_add_filter(bus, NULL, bring_up_to_date, monitor);
    if (r >= 0)
        r = sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                     greeting, NULL);
    if (r < 0)
        return r;
    return sd_bus_add_object_vtable(bus, NULL, BUS_PATH, BUS_INTERFACE, asked, monitor);
}

int monitor_add_bus(sd_bus *bus, struct monitor *monitor)
{
    int r = sd_bus_add_filter(bus, NULL, bring_up_to_date, monitor);
    if (r < 0)
        return r;
    return sd_bus_add_object_vtable(bus, NULL, BUS_PATH, BUS_INTERFACE, telling, monitor);
}

void monitor_leave_bus(struct monitor *monitor)
{
    monitor->deletion = sd_bus_message_unref(monitor->deletion);
}
