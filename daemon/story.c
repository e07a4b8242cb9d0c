// SPDX-License-Identifier: GPL-3.0-or-later
#include "story.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#define EXITS_TEXT_SIZE  48
#define UNSEEN_TEXT_SIZE 64
#define UNSEEN_TOLD_S    60
#define SATURATED_TOLD   0.1 // a hip or a heel does that to many pads

void story_span(int64_t seconds, char text[SPAN_TEXT_SIZE])
{
    int64_t minutes = (seconds + 30) / 60;
    if (seconds < 60)
        snprintf(text, SPAN_TEXT_SIZE, "%" PRId64 " s", seconds);
    else if (minutes < 60)
        snprintf(text, SPAN_TEXT_SIZE, "%" PRId64 " min", minutes);
    else
        snprintf(text, SPAN_TEXT_SIZE, "%" PRId64 " h %02d min", minutes / 60, (int)(minutes % 60));
}

void story_clock(int64_t time_s, const struct zone *zone, char text[CLOCK_TEXT_SIZE])
{
    int64_t local_s = time_s + zone->offset_s(time_s, zone->userdata);
    int minute = (int)(((local_s % 86400) + 86400) % 86400 / 60);
    snprintf(text, CLOCK_TEXT_SIZE, "%02d:%02d", minute / 60, minute % 60);
}

void story_position(enum position position, char text[POSITION_TEXT_SIZE])
{
    snprintf(text, POSITION_TEXT_SIZE, "%s", position_fact(position)->title);
    text[0] = (char)tolower((unsigned char)text[0]);
}

static void add_night(struct line *line, day_number day)
{
    char text[DAY_TEXT_SIZE];
    day_format(day, text);
    line_field(line, "PSOASMON_NIGHT=%s", text);
}

static void add_times(struct line *line, int64_t start_s, int64_t end_s)
{
    line_field(line, "PSOASMON_START=%" PRId64, start_s);
    line_field(line, "PSOASMON_DURATION_S=%" PRId64, end_s - start_s);
}

void story_night_opened(struct line *line, const struct night *night, const struct zone *zone)
{
    char clock[CLOCK_TEXT_SIZE], day[DAY_TEXT_SIZE];
    story_clock(night->start_s, zone, clock);
    day_format(night->day, day);
    line_say(line, EVENT_NIGHT_OPENED, "%s to bed: the night of %s begins", clock, day);
    add_night(line, night->day);
    line_field(line, "PSOASMON_START=%" PRId64, night->start_s);
}

void story_night_resumed(struct line *line, const struct night *night, const struct zone *zone)
{
    char clock[CLOCK_TEXT_SIZE], day[DAY_TEXT_SIZE];
    story_clock(night->start_s, zone, clock);
    day_format(night->day, day);
    line_say(line, EVENT_NIGHT_RESUMED, "the night of %s, begun at %s, is taken up again", day,
             clock);
    add_night(line, night->day);
    line_field(line, "PSOASMON_START=%" PRId64, night->start_s);
}

void story_night_moved(struct line *line, const struct night *night, int64_t by_s,
                       const struct zone *zone)
{
    char was[CLOCK_TEXT_SIZE], clock[CLOCK_TEXT_SIZE], day[DAY_TEXT_SIZE];
    story_clock(night->start_s - by_s, zone, was);
    story_clock(night->start_s, zone, clock);
    day_format(night->day, day);
    line_say(line, EVENT_NIGHT_MOVED,
             "the night begun at %s moves along: begun at %s, it is that of %s", was, clock, day);
    add_night(line, night->day);
    line_field(line, "PSOASMON_START=%" PRId64, night->start_s);
    line_field(line, "PSOASMON_MOVED_S=%" PRId64, by_s);
}

void story_bout(struct line *line, day_number day, const struct bout *bout, const struct zone *zone)
{
    char clock[CLOCK_TEXT_SIZE], position[POSITION_TEXT_SIZE], span[SPAN_TEXT_SIZE];
    story_clock(bout->start_s, zone, clock);
    story_span(bout->end_s - bout->start_s, span);
    story_position(bout->position, position);
    enum psoas psoas = position_fact(bout->position)->psoas;
    if (bout->position == POSITION_EMPTY)
        line_say(line, EVENT_BOUT, "%s out of bed for %s", clock, span);
    else if (psoas == PSOAS_NONE)
        line_say(line, EVENT_BOUT, "%s %s, for %s", clock, position, span);
    else
        line_say(line, EVENT_BOUT, "%s %s, for %s (%s)", clock, position, span, psoas_name(psoas));
    add_night(line, day);
    line_field(line, "PSOASMON_POSITION=%s", position_identifier(bout->position));
    line_field(line, "PSOASMON_PSOAS=%s", psoas_name(psoas));
    line_field(line, "PSOASMON_CONFIDENCE=%.3f", bout->confidence);
    add_times(line, bout->start_s, bout->end_s);
}

void story_gap(struct line *line, day_number day, const struct gap *gap, const struct zone *zone)
{
    static const char *const because[GAP_N] = {
        [GAP_PAD_SILENT] = "no frames came from the pad",
        [GAP_PAD_UNPLUGGED] = "the pad was unplugged",
        [GAP_DAEMON_DOWN] = "psoasmond was not running",
        [GAP_CLOCK_STEPPED] = "the clock was set",
        [GAP_SUSPENDED] = "the machine slept",
        [GAP_NOT_STORED] = "there was no room to store it",
    };
    char clock[CLOCK_TEXT_SIZE], span[SPAN_TEXT_SIZE];
    story_clock(gap->start_s, zone, clock);
    story_span(gap->end_s - gap->start_s, span);
    line_say(line, EVENT_GAP, "%s nothing recorded for %s: %s", clock, span, because[gap->reason]);
    add_night(line, day);
    line_field(line, "PSOASMON_REASON=%s", gap_reason_name(gap->reason));
    add_times(line, gap->start_s, gap->end_s);
}

// "never up", "up once", "up 3 times"
static void exits_in_words(int64_t exits, char text[EXITS_TEXT_SIZE])
{
    if (exits == 0)
        snprintf(text, EXITS_TEXT_SIZE, "never up");
    else if (exits == 1)
        snprintf(text, EXITS_TEXT_SIZE, "up once");
    else
        snprintf(text, EXITS_TEXT_SIZE, "up %" PRId64 " times", exits);
}

// ", 12 min not recorded"; empty where it is not worth a word
static void unseen_in_words(int64_t unseen_s, char text[UNSEEN_TEXT_SIZE])
{
    char span[SPAN_TEXT_SIZE];
    story_span(unseen_s, span);
    text[0] = '\0';
    if (unseen_s >= UNSEEN_TOLD_S)
        snprintf(text, UNSEEN_TEXT_SIZE, ", %s not recorded", span);
}

static void say_night(struct line *line, const struct night *night, const struct night_sums *sums,
                      int64_t in_bed_s, int64_t friendly_s, bool nap, const struct zone *zone)
{
    int percent = sums->recorded_s > 0 ? (int)(100 * friendly_s / sums->recorded_s) : 0;
    char clock[CLOCK_TEXT_SIZE], day[DAY_TEXT_SIZE], in_bed[SPAN_TEXT_SIZE], easy[SPAN_TEXT_SIZE];
    char exits[EXITS_TEXT_SIZE], unseen[UNSEEN_TEXT_SIZE];
    story_clock(night->end_s, zone, clock);
    day_format(night->day, day);
    story_span(in_bed_s, in_bed);
    story_span(friendly_s, easy);
    exits_in_words(sums->exits, exits);
    unseen_in_words(in_bed_s - sums->recorded_s, unseen);
    line_say(line, EVENT_NIGHT_CLOSED,
             "%s up: the %s of %s, %s in bed%s, %s of it (%d %%) easy on the psoas, %" PRId64
             " turn%s, %s%s",
             clock, nap ? "nap" : "night", day, in_bed, night_is_doubtful(night) ? "?" : "", easy,
             percent, sums->turns, sums->turns == 1 ? "" : "s", exits, unseen);
}

void story_night_closed(struct line *line, const struct night *night, const struct night_sums *sums,
                        position_set friendly, const struct zone *zone)
{
    int64_t in_bed_s = night->end_s - night->start_s - sums->position_s[POSITION_EMPTY];
    int64_t friendly_s = night_sums_in(sums, friendly);
    bool nap = night_is_nap(night, in_bed_s, zone->offset_s(night->start_s, zone->userdata));
    say_night(line, night, sums, in_bed_s, friendly_s, nap, zone);
    add_night(line, night->day);
    add_times(line, night->start_s, night->end_s);
    line_field(line, "PSOASMON_KIND=%s", nap ? "nap" : "night");
    line_field(line, "PSOASMON_IN_BED_S=%" PRId64, in_bed_s);
    line_field(line, "PSOASMON_RECORDED_S=%" PRId64, sums->recorded_s);
    line_field(line, "PSOASMON_FRIENDLY_S=%" PRId64, friendly_s);
    line_field(line, "PSOASMON_TURNS=%" PRId64, sums->turns);
    line_field(line, "PSOASMON_EXITS=%" PRId64, sums->exits);
    line_field(line, "PSOASMON_KEPT=1");
}

void story_stay_dropped(struct line *line, const struct night *night, const struct zone *zone)
{
    char clock[CLOCK_TEXT_SIZE], span[SPAN_TEXT_SIZE];
    story_clock(night->end_s, zone, clock);
    story_span(night->end_s - night->start_s, span);
    line_say(line, EVENT_STAY_DROPPED, "%s up after %s: too short for a night, not kept", clock,
             span);
    add_night(line, night->day);
    add_times(line, night->start_s, night->end_s);
    line_field(line, "PSOASMON_KEPT=0");
}

bool story_pad_strained(struct line *line, day_number day, double saturated, size_t mended)
{
    bool strained = saturated >= SATURATED_TOLD;
    if (!strained && mended == 0)
        return false;
    char reads[96] = "", cells[96] = "";
    if (strained)
        snprintf(reads, sizeof reads, "%d %% of the pressed cells read as much as they can",
                 (int)(100 * saturated));
    if (mended > 0)
        snprintf(cells, sizeof cells, "%zu cell%s dead or stuck, filled from the neighbours",
                 mended, mended == 1 ? " is" : "s are");
    line_say(line, EVENT_PAD_STRAINED, "the pad in this night: %s%s%s", reads,
             strained && mended > 0 ? ", " : "", cells);
    add_night(line, day);
    line_field(line, "PSOASMON_SATURATED=%.3f", saturated);
    line_field(line, "PSOASMON_MENDED_CELLS=%zu", mended);
    return true;
}

void story_stopped(struct line *line, const day_number *night)
{
    char day[DAY_TEXT_SIZE];
    if (!night) {
        line_say(line, EVENT_STOPPED, "psoasmond stops");
        return;
    }
    day_format(*night, day);
    line_say(line, EVENT_STOPPED,
             "psoasmond stops in the night of %s, and goes on with it if started again soon", day);
}
