// SPDX-License-Identifier: GPL-3.0-or-later
#include "monitor_awake.h"

#include <errno.h>
#include <stdlib.h>

#include "awake_message.h"
#include "bus.h"
#include "monitor.h"
#include "plain.h"

// What came of a change, `r` of the store's or of the reading's. The words may hold the client's.
static int answer(sd_bus_message *message, int r, struct error *why, sd_bus_error *error)
{
    plain_text(why->text);
    switch (r) {
    case 0:
        return sd_bus_reply_method_return(message, NULL);
    case STORE_NO_ENTRY:
        return sd_bus_error_set(error, BUS_ERROR_NO_ENTRY, "the diary has no entry of that day");
    case STORE_NO_SESSION:
        return sd_bus_error_set(error, BUS_ERROR_NO_SESSION, "no stretch session began then");
    case -EINVAL:
        return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, why->text);
    default:
        return sd_bus_error_set(error, BUS_ERROR_COMMIT_FAILED, why->text);
    }
}

int monitor_put_diary(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    const struct monitor *monitor = userdata;
    struct error why = {0};
    struct diary_entry *entries = calloc(DIARY_MESSAGE_MAX, sizeof *entries);
    unsigned n;
    if (!entries)
        return -ENOMEM;
    int r = diary_message_read(message, entries, &n, &why);
    if (r == -ENXIO)
        r = error_set(&why, -EINVAL, "a value has another type than its field has");
    if (r >= 0)
        r = monitor->put_diary(entries, n, &why, monitor->userdata);
    for (unsigned i = 0; i < DIARY_MESSAGE_MAX; i++)
        diary_done(&entries[i]);
    free(entries);
    // Where there are no words, sd-bus has some.
    return r < 0 && !*why.text ? r : answer(message, r, &why, error);
}

int monitor_delete_diary(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    const struct monitor *monitor = userdata;
    struct error why = {0};
    const char *text;
    day_number day;
    int r = sd_bus_message_read(message, "s", &text);
    if (r < 0)
        return r;
    if (!day_parse(text, &day))
        r = error_set(&why, -EINVAL, "it is no date");
    else
        r = monitor->delete_diary(day, &why, monitor->userdata);
    return answer(message, r, &why, error);
}

int monitor_put_stretch(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    const struct monitor *monitor = userdata;
    struct error why = {0};
    struct stretch_session session;
    int r = stretch_message_read(message, &session, &why);
    if (r < 0 && !*why.text)
        return r;
    if (r >= 0)
        r = monitor->put_stretch(&session, &why, monitor->userdata);
    return answer(message, r, &why, error);
}

int monitor_delete_stretch(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    const struct monitor *monitor = userdata;
    struct error why = {0};
    int64_t start_s;
    int r = sd_bus_message_read(message, "x", &start_s);
    if (r < 0)
        return r;
    r = monitor->delete_stretch(start_s, &why, monitor->userdata);
    return answer(message, r, &why, error);
}

int monitor_stretch(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    const struct monitor *monitor = userdata;
    if (sd_bus_can_send(sd_bus_message_get_bus(message), SD_BUS_TYPE_UNIX_FD) <= 0)
        return sd_bus_error_set(error, SD_BUS_ERROR_NOT_SUPPORTED,
                                "no descriptor can be handed over this connection");
    _cleanup_(closep) int fd = -1;
    int r = monitor->stretch(&fd, monitor->userdata);
    if (r == -EALREADY)
        return sd_bus_error_set(error, BUS_ERROR_STRETCHING, "somebody stretches already");
    if (r == -EBUSY)
        return sd_bus_error_set(error, BUS_ERROR_TOO_MANY,
                                "as many programs as may are watching already");
    return r < 0 ? r : sd_bus_reply_method_return(message, "h", fd);
}
