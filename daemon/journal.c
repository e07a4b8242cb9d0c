// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

// sd_journal_sendv is told what to send; nothing about where in our source.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "clock.h"
#include "limit.h"
#include "settle.h"

// What a disturbance may write in ten minutes. A night's own story is never long: it may repeat
// more often, and a recorded month replayed at full speed still shows.
#define BURST_TROUBLE 5
#define BURST_STORY   200

static const struct {
    const char *message_id;
    int priority;
    unsigned burst;
} events[EVENT_N] = {
    [EVENT_STARTED] = {ID_STARTED, LOG_INFO, BURST_TROUBLE},
    [EVENT_FAILED] = {ID_FAILED, LOG_ERR, BURST_TROUBLE},
    [EVENT_UNCONFIGURED] = {ID_UNCONFIGURED, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_STOPPED] = {ID_STOPPED, LOG_INFO, BURST_TROUBLE},
    [EVENT_RELOADED] = {ID_RELOADED, LOG_INFO, BURST_TROUBLE},
    [EVENT_RELOAD_REFUSED] = {ID_RELOAD_REFUSED, LOG_ERR, BURST_TROUBLE},
    [EVENT_PAD_CONNECTED] = {ID_PAD_CONNECTED, LOG_INFO, BURST_TROUBLE},
    [EVENT_PAD_WAITING] = {ID_PAD_WAITING, LOG_WARNING, BURST_TROUBLE},
    [EVENT_PAD_UNPLUGGED] = {ID_PAD_UNPLUGGED, LOG_WARNING, BURST_TROUBLE},
    [EVENT_PAD_SILENT] = {ID_PAD_SILENT, LOG_WARNING, BURST_TROUBLE},
    [EVENT_PAD_TALKS] = {ID_PAD_TALKS, LOG_INFO, BURST_TROUBLE},
    [EVENT_PAD_COARSE] = {ID_PAD_COARSE, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_PAD_STRAINED] = {ID_PAD_STRAINED, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_FRAMES_DROPPED] = {ID_FRAMES_DROPPED, LOG_WARNING, BURST_TROUBLE},
    [EVENT_NIGHT_OPENED] = {ID_NIGHT_OPENED, LOG_NOTICE, BURST_STORY},
    [EVENT_NIGHT_RESUMED] = {ID_NIGHT_RESUMED, LOG_NOTICE, BURST_STORY},
    [EVENT_NIGHT_CLOSED] = {ID_NIGHT_CLOSED, LOG_NOTICE, BURST_STORY},
    [EVENT_STAY_DROPPED] = {ID_STAY_DROPPED, LOG_NOTICE, BURST_STORY},
    [EVENT_BOUT] = {ID_BOUT, LOG_INFO, BURST_STORY},
    [EVENT_GAP] = {ID_GAP, LOG_NOTICE, BURST_STORY},
    [EVENT_NIGHT_MOVED] = {ID_NIGHT_MOVED, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_STORE_FAILED] = {ID_STORE_FAILED, LOG_ERR, BURST_TROUBLE},
    [EVENT_STORE_WORKS] = {ID_STORE_WORKS, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_RESULTS_LOST] = {ID_RESULTS_LOST, LOG_ERR, BURST_TROUBLE},
    [EVENT_STORE_DAMAGED] = {ID_STORE_DAMAGED, LOG_ERR, BURST_TROUBLE},
    [EVENT_CLOCK_SET] = {ID_CLOCK_SET, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_CLOCK_ASTRAY] = {ID_CLOCK_ASTRAY, LOG_WARNING, BURST_TROUBLE},
    [EVENT_CALIBRATED] = {ID_CALIBRATED, LOG_INFO, BURST_TROUBLE},
    [EVENT_UNCALIBRATED] = {ID_UNCALIBRATED, LOG_WARNING, BURST_TROUBLE},
    [EVENT_TIDIED] = {ID_TIDIED, LOG_INFO, BURST_TROUBLE},
    [EVENT_TIDY_FAILED] = {ID_TIDY_FAILED, LOG_WARNING, BURST_TROUBLE},
    [EVENT_SCRUBBED] = {ID_SCRUBBED, LOG_NOTICE, BURST_TROUBLE},
    [EVENT_CLIENT_REFUSED] = {ID_CLIENT_REFUSED, LOG_WARNING, BURST_TROUBLE},
    [EVENT_BUS_REFUSED] = {ID_BUS_REFUSED, LOG_NOTICE, BURST_TROUBLE},
};

struct journal {
    bool native; // stderr is connected to the journal
    // On every line: "PSOASMON_PAD=...", or null.
    char *pad, *port, *database;
    char night[DAY_TEXT_SIZE]; // empty: nobody is in bed
    struct limit limits[EVENT_N];
    struct line held[EVENT_N]; // the last one kept back
};

// $JOURNAL_STREAM is inherited: it counts only if stderr still is what it names.
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    uintmax_t device, inode;
    struct stat ours;
    return stream && sscanf(stream, "%ju:%ju", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &ours) == 0 && ours.st_dev == device && ours.st_ino == inode;
}

int journal_new(struct journal **ret)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return -ENOMEM;
    journal->native = stderr_is_journal();
    for (int event = 0; event < EVENT_N; event++)
        journal->limits[event].burst = events[event].burst;
    *ret = journal;
    return 0;
}

static void set_field(char **field, const char *name, const char *value)
{
    free(*field);
    if (asprintf(field, "%s=%s", name, value) < 0)
        *field = NULL;
}

void journal_set_database(struct journal *journal, const char *database)
{
    set_field(&journal->database, "PSOASMON_DATABASE", database);
}

void journal_set_night(struct journal *journal, day_number day)
{
    day_format(day, journal->night);
}

void journal_no_night(struct journal *journal)
{
    journal->night[0] = '\0';
}

void journal_set_pad(struct journal *journal, const char *pad, const char *port)
{
    set_field(&journal->pad, "PSOASMON_PAD", pad);
    set_field(&journal->port, "PSOASMON_PORT", port);
}

static struct iovec whole(const char *field)
{
    return (struct iovec){.iov_base = (char *)field, .iov_len = strlen(field)};
}

static bool send_native(const struct journal *journal, const struct line *line, const char *message)
{
    struct iovec fields[7 + LINE_FIELDS_MAX];
    int n = 0;
    char text[sizeof line->message + 64], id[64], priority[32];
    snprintf(text, sizeof text, "MESSAGE=%s", message);
    snprintf(id, sizeof id, "MESSAGE_ID=%s", events[line->event].message_id);
    snprintf(priority, sizeof priority, "PRIORITY=%d", events[line->event].priority);
    fields[n++] = whole(text);
    fields[n++] = whole(id);
    fields[n++] = whole(priority);
    fields[n++] = whole("SYSLOG_IDENTIFIER=psoasmond");
    const char *const common[] = {journal->pad, journal->port, journal->database};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (common[i])
            fields[n++] = whole(common[i]);
    for (unsigned i = 0; i < line->n_fields; i++)
        fields[n++] = whole(line->fields[i]);
    return sd_journal_sendv(fields, n) == 0;
}

static void emit(const struct journal *journal, const struct line *line, const char *message)
{
    if (journal->native && send_native(journal, line, message))
        return;
    bool trouble = events[line->event].priority <= LOG_WARNING;
    // In one write, so that lines of several programs on one terminal do not mix.
    char text[sizeof line->message + 96];
    int length = snprintf(text, sizeof text, "%s%s\n", trouble ? "psoasmond: " : "", message);
    if (write(STDERR_FILENO, text, (size_t)length) < 0)
        return; // there is nobody left to tell
}

static void tell_held(struct journal *journal, enum event event, uint64_t held)
{
    struct line *line = &journal->held[event];
    char message[sizeof line->message + 32];
    snprintf(message, sizeof message, "%s (%" PRIu64 " more)", line->message, held);
    line_field(line, "PSOASMON_REPEATS=%" PRIu64, held);
    emit(journal, line, message);
}

void journal_tick(struct journal *journal)
{
    int64_t now_us = clock_elapsed_us();
    for (enum event event = 0; event < EVENT_N; event++) {
        uint64_t held = limit_over(&journal->limits[event], now_us);
        if (held > 0)
            tell_held(journal, event, held);
    }
}

static bool has_night(const struct line *line)
{
    for (unsigned i = 0; i < line->n_fields; i++)
        if (strncmp(line->fields[i], "PSOASMON_NIGHT=", strlen("PSOASMON_NIGHT=")) == 0)
            return true;
    return false;
}

// The night that a line belongs to is the one in which it happened, however long it is kept back.
void journal_write(struct journal *journal, const struct line *line)
{
    struct line dated = *line;
    if (journal->night[0] && !has_night(line))
        line_field(&dated, "PSOASMON_NIGHT=%s", journal->night);
    journal_tick(journal);
    if (limit_pass(&journal->limits[line->event], clock_elapsed_us()))
        emit(journal, &dated, dated.message);
    else
        journal->held[line->event] = dated;
}

void journal_say(struct journal *journal, enum event event, const char *format, ...)
{
    char message[sizeof((struct line *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct line line;
    line_say(&line, event, "%s", message);
    journal_write(journal, &line);
}

void journal_free(struct journal *journal)
{
    for (enum event event = 0; event < EVENT_N; event++) {
        uint64_t held = limit_take(&journal->limits[event]);
        if (held > 0)
            tell_held(journal, event, held);
    }
    if (journal->native)
        settle_journal();
    free(journal->pad);
    free(journal->port);
    free(journal->database);
    free(journal);
}
