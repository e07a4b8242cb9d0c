// SPDX-License-Identifier: GPL-3.0-or-later
#include "screen.h"

#include <inttypes.h>
#include <langinfo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "words.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     20
#define WIDTH_MAX     1000
#define PARAGRAPH_MAX 100 // longer lines are hard to read

static unsigned screen_width(bool terminal)
{
    const char *columns = getenv("COLUMNS");
    unsigned long width;
    if (columns && text_unsigned(columns, WIDTH_MIN, WIDTH_MAX, &width))
        return (unsigned)width;
    struct winsize size;
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col;
    return WIDTH_DEFAULT;
}

struct screen screen_of_stdout(void)
{
    bool terminal = isatty(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return (struct screen){
        .width = screen_width(terminal),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .colour = terminal && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0,
    };
}

// The first line begins with `first`, `indent` wide; the others with as many blanks.
static void wrap(FILE *stream, const struct screen *screen, const char *first, unsigned indent,
                 const char *text)
{
    unsigned width = screen->width < PARAGRAPH_MAX ? screen->width : PARAGRAPH_MAX;
    unsigned column = 0;
    while (*(text += strspn(text, " "))) {
        unsigned word = (unsigned)strcspn(text, " ");
        if (column > 0 && column + 1 + word > width) {
            fputc('\n', stream);
            column = 0;
        }
        if (column == 0) {
            fprintf(stream, "%*s%.*s", (int)indent, first, (int)word, text);
            first = "";
            column = indent + word;
        } else {
            fprintf(stream, " %.*s", (int)word, text);
            column += 1 + word;
        }
        text += word;
    }
    fputc('\n', stream);
}

void screen_paragraph(FILE *stream, const struct screen *screen, unsigned indent, const char *text)
{
    wrap(stream, screen, "", indent, text);
}

void screen_item(FILE *stream, const struct screen *screen, const char *text)
{
    wrap(stream, screen, "- ", 4, text);
}

int64_t duration_minute(int64_t seconds)
{
    return (seconds + 30) / 60 * 60;
}

static long long minutes_of(int64_t seconds)
{
    return duration_minute(seconds) / 60;
}

void duration_clock(int64_t seconds, char text[DURATION_SIZE])
{
    long long minutes = minutes_of(seconds);
    snprintf(text, DURATION_SIZE, "%lld:%02lld", minutes / 60, minutes % 60);
}

void duration_clock_s(int64_t seconds, char text[DURATION_SIZE])
{
    long long s = seconds;
    snprintf(text, DURATION_SIZE, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

void duration_change(int64_t seconds, char text[DURATION_SIZE])
{
    long long minutes = minutes_of(seconds < 0 ? -seconds : seconds);
    snprintf(text, DURATION_SIZE, "%s%lld:%02lld",
             minutes == 0  ? ""
             : seconds < 0 ? "-"
                           : "+",
             minutes / 60, minutes % 60);
}

void duration_words(int64_t seconds, char text[DURATION_SIZE])
{
    long long minutes = minutes_of(seconds);
    if (minutes < 60)
        snprintf(text, DURATION_SIZE, _("%lld min"), minutes);
    else
        snprintf(text, DURATION_SIZE, _("%lld h %02lld min"), minutes / 60, minutes % 60);
}

void duration_short(int64_t ms, char text[DURATION_SIZE])
{
    if (ms < 1000)
        snprintf(text, DURATION_SIZE, _("%" PRId64 " ms"), ms);
    else if (ms < 60000)
        snprintf(text, DURATION_SIZE, "%" PRId64 " s", ms / 1000);
    else
        duration_words(ms / 1000, text);
}

unsigned percent(double share)
{
    return (unsigned)lround(share * 100);
}

void percent_text(double share, char text[PERCENT_SIZE])
{
    unsigned whole = percent(share);
    if (whole == 0 && share > 0)
        snprintf(text, PERCENT_SIZE, "<1%%");
    else
        snprintf(text, PERCENT_SIZE, "%u%%", whole);
}

static double clamped(double share)
{
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

// n times a piece of text, at *end.
static void append(char **end, const char *piece, unsigned n)
{
    while (n-- > 0)
        *end = stpcpy(*end, piece);
}

#define CELL_BYTES 3 // the longest of the pieces below, in UTF-8

char *bar_meter(const struct screen *screen, double share, unsigned cells)
{
    char *bar = malloc((size_t)cells * CELL_BYTES + 1);
    if (!bar)
        return NULL;
    unsigned full = (unsigned)lround(clamped(share) * cells);
    char *end = bar;
    *end = '\0';
    append(&end, screen->utf8 ? "█" : "#", full);
    append(&end, screen->utf8 ? "░" : ".", cells - full);
    return bar;
}

char *bar_length(const struct screen *screen, double share, unsigned cells)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    char *bar = malloc((size_t)(cells + 1) * CELL_BYTES + 1);
    if (!bar)
        return NULL;
    char *end = bar;
    *end = '\0';
    double length = clamped(share) * cells;
    if (!screen->utf8) {
        append(&end, "#", length > 0 && length < 1 ? 1 : (unsigned)lround(length));
        return bar;
    }
    unsigned n = (unsigned)lround(length * 8);
    if (n == 0 && share > 0)
        n = 1;
    append(&end, "█", n / 8);
    append(&end, eighths[n % 8], 1);
    return bar;
}
