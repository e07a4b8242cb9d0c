// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bus.h"
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
static bool may_delete(sd_bus_message *message)
{
    _cleanup_(sd_bus_creds_unrefp) sd_bus_creds *creds = NULL;
    uid_t uid;
    return sd_bus_get_owner_creds(sd_bus_message_get_bus(message), SD_BUS_CREDS_EUID, &creds) >=
               0 &&
           sd_bus_creds_get_euid(creds, &uid) >= 0 && (uid == 0 || uid == geteuid());
}

static int on_delete_night(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    struct monitor *monitor = userdata;
    struct error why = {0};
    int64_t night_id, start_s;
    int r = sd_bus_message_read(message, "xx", &night_id, &start_s);
    if (r < 0)
        return r;
    if (!may_delete(message))
        return sd_bus_error_set(error, SD_BUS_ERROR_ACCESS_DENIED,
                                "only root and the user psoasmond runs as may delete a night");
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

#define PROPERTY(name, signature, member)                                                          \
    SD_BUS_PROPERTY(name, signature, NULL, offsetof(struct monitor, live.member), 0)

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    PROPERTY("Version", "s", version),
    PROPERTY("Pad", "s", pad),
    PROPERTY("Port", "s", port),
    PROPERTY("PadState", "s", pad_state_name),
    PROPERTY("PadProblem", "s", pad_problem),
    PROPERTY("Rate", "d", rate_hz),
    PROPERTY("Frames", "t", frames),
    PROPERTY("DroppedFrames", "t", dropped_frames),
    SD_BUS_PROPERTY("Drops", "a{st}", get_drops, offsetof(struct monitor, live.drops), 0),
    PROPERTY("StrayBytes", "t", stray_bytes),
    PROPERTY("LastFrameAgeMs", "x", last_frame_age_ms),
    PROPERTY("Position", "s", position),
    PROPERTY("Confidence", "d", confidence),
    PROPERTY("PositionSince", "x", position_since_s),
    PROPERTY("InBed", "b", in_bed),
    PROPERTY("NightDay", "s", night_day),
    PROPERTY("NightStart", "x", night_start_s),
    PROPERTY("InBedSeconds", "x", in_bed_s),
    PROPERTY("RecordedSeconds", "x", recorded_s),
    PROPERTY("FriendlySeconds", "x", friendly_s),
    PROPERTY("Turns", "x", turns),
    PROPERTY("Database", "s", database),
    PROPERTY("LastCommit", "x", last_commit_s),
    PROPERTY("FailedCommits", "t", failed_commits),
    PROPERTY("PendingResults", "t", pending_results),
    PROPERTY("LostResults", "t", lost_results),
    PROPERTY("Watchers", "t", watchers),
    PROPERTY("DroppedMaps", "t", dropped_maps),
    PROPERTY("Uptime", "t", uptime_s),
    // Whoever may open the socket may flush: it only brings forward what happens anyway.
    SD_BUS_METHOD("Flush", "", "", on_flush, SD_BUS_VTABLE_UNPRIVILEGED),
    // And may label: nothing that was recorded is lost by it.
    SD_BUS_METHOD("Label", "xs", "", on_label, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Unlabel", "x", "", on_unlabel, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("DeleteNight", "xx", "", on_delete_night, SD_BUS_VTABLE_UNPRIVILEGED),
    // And may have the files read again, which only those who may can have changed.
    SD_BUS_METHOD("Reload", "", "", on_reload, SD_BUS_VTABLE_UNPRIVILEGED),
    // And may watch: reports tell them the same, and more.
    SD_BUS_METHOD("Watch", "", "h", on_watch, SD_BUS_VTABLE_UNPRIVILEGED),
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

int monitor_add(sd_bus *bus, struct monitor *monitor)
{
    int r = sd_bus_add_filter(bus, NULL, bring_up_to_date, monitor);
    if (r >= 0)
        r = sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                     greeting, NULL);
    if (r < 0)
        return r;
    return sd_bus_add_object_vtable(bus, NULL, BUS_PATH, BUS_INTERFACE, vtable, monitor);
}
