// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_view.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "live/heatmap.h"
#include "local.h"
#include "screen.h"
#include "words.h"

#define STALE_MS     2000
#define STALE_FRAMES 3

// Beside the picture where the words have this room, else above it.
#define WORDS_COLS_MIN 34
#define WORDS_ROWS     5
#define WORDS_COLS_MAX 100 // longer lines are hard to read

#define LABEL_COLS 11

// Such a share of the pressed cells that reads as much as it can, and the picture lacks something.
#define SATURATED_SHOWN 0.1

bool live_view_stale(const struct live_view *view)
{
    double rate_hz = view->seen->answered ? view->seen->state.rate_hz : 0;
    double patience_ms = rate_hz > 0 ? STALE_FRAMES * 1000 / rate_hz : 0;
    return !view->seen->up || view->age_ms < 0 ||
           (double)view->age_ms > fmax(STALE_MS, patience_ms);
}

void live_view_warning(const struct live_view *view, char text[LIVE_WARNING_SIZE])
{
    const struct live_seen *seen = view->seen;
    char age[DURATION_SIZE] = "", last[DURATION_SIZE + 32];
    snprintf(last, sizeof last, "%s", _("no frame yet"));
    duration_short(view->age_ms, age);
    if (view->age_ms >= 0)
        snprintf(last, sizeof last, _("last frame %s ago"), age);
    *text = '\0';
    if (!seen->up)
        snprintf(text, LIVE_WARNING_SIZE, "%s: %s",
                 *seen->trouble.text ? seen->trouble.text : _("psoasmond is asked"), last);
    else if (*seen->state.pad_problem)
        snprintf(text, LIVE_WARNING_SIZE, _("the pad is not there (%s): %s"),
                 seen->state.pad_problem, last);
    else if (*seen->refused.text)
        snprintf(text, LIVE_WARNING_SIZE, _("no picture: %s"), seen->refused.text);
    else if (live_view_stale(view))
        snprintf(text, LIVE_WARNING_SIZE, "%s", last);
}

void live_view_position(const struct live_state *state, char text[LIVE_POSITION_SIZE])
{
    int position = position_from_identifier(state->position);
    const char *title =
        position < 0 ? state->position : _(position_fact((enum position)position)->title);
    if (state->confidence > 0 && state->confidence <= 1)
        snprintf(text, LIVE_POSITION_SIZE, "%s (%u%%)", title, percent(state->confidence));
    else
        snprintf(text, LIVE_POSITION_SIZE, "%s", title);
}

// ---- words ----

// Lines of label and text, from a row on.
struct words {
    struct canvas *canvas;
    unsigned row, end, col, cols;
};

static void say(struct words *words, const char *label, unsigned style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void say(struct words *words, const char *label, unsigned style, const char *format, ...)
{
    char text[5000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (words->row >= words->end || words->cols <= LABEL_COLS)
        return;
    canvas_text(words->canvas, words->row, words->col, LABEL_COLS - 1, CANVAS_DIM, "%s", label);
    words->row += canvas_paragraph(words->canvas, words->row, words->col + LABEL_COLS,
                                   words->cols - LABEL_COLS, words->end - words->row, style, text);
}

static void say_position(struct words *words, const struct live_view *view)
{
    const struct live_state *state = &view->seen->state;
    char text[LIVE_POSITION_SIZE];
    live_view_position(state, text);
    int position = position_from_identifier(state->position);
    bool friendly = position >= 0 && view->friendly & POSITION_BIT(position);
    say(words, _("position"), live_view_stale(view) ? CANVAS_DIM : CANVAS_BOLD, "%s%s", text,
        friendly ? _(", psoas-friendly") : "");
    if (state->position_since_s <= 0)
        return;
    char clock[LOCAL_CLOCK_SIZE], span[DURATION_SIZE];
    int64_t since_s = view->place.night.start_s - state->position_since_s;
    local_clock(&view->place, state->position_since_s, clock);
    duration_short(since_s * 1000, span);
    // With counted times (--rate), now is elsewhere.
    if (since_s > 0 && since_s < 86400)
        say(words, _("since"), CANVAS_PLAIN, _("%s, for %s"), clock, span);
    else
        say(words, _("since"), CANVAS_PLAIN, "%s", clock);
}

static void say_age(struct words *words, const struct live_view *view)
{
    char age[DURATION_SIZE];
    unsigned style = live_view_stale(view) ? CANVAS_BOLD : CANVAS_PLAIN;
    duration_short(view->age_ms, age);
    if (view->age_ms < 0)
        say(words, _("last frame"), style, _("none yet"));
    else if (view->age_ms < 1000)
        say(words, _("last frame"), style, _("now"));
    else
        say(words, _("last frame"), style, _("%s ago"), age);
}

static void say_load(struct words *words, const struct live_view *view)
{
    const struct live_seen *seen = view->seen;
    if (!seen->mapped)
        return;
    unsigned style = live_view_stale(view) ? CANVAS_DIM : CANVAS_PLAIN;
    say(words, _("load"), style, _("%.1f on %.2f %s%s"), seen->map.load, seen->map.area_m2,
        view->utf8 ? "m²" : "m2", seen->map.occupied ? "" : _(", nobody"));
    say(words, _("brightest"), style, _("%u%% of what the pad can tell"), percent(view->scale));
    if (seen->state.saturated >= SATURATED_SHOWN && seen->state.saturated <= 1)
        say(words, _("at limit"), CANVAS_BOLD, _("%u%% of the pressed cells"),
            percent(seen->state.saturated));
}

static void say_frames(struct words *words, const struct live_view *view)
{
    const struct live_state *state = &view->seen->state;
    char dropped[64] = "", missed[64] = "";
    if (state->dropped_frames > 0)
        snprintf(dropped, sizeof dropped, _(", %" PRId64 " dropped"), state->dropped_frames);
    if (view->seen->missed > 0)
        snprintf(missed, sizeof missed, _(", %" PRIu64 " not shown"), view->seen->missed);
    say(words, _("frames"), CANVAS_PLAIN, _("%.1f a second%s%s"), state->rate_hz, dropped, missed);
}

static void say_night(struct words *words, const struct live_view *view)
{
    const struct live_state *state = &view->seen->state;
    if (!*state->night_day) {
        say(words, _("night"), CANVAS_PLAIN, _("none now"));
        return;
    }
    char clock[LOCAL_CLOCK_SIZE], in_bed[DURATION_SIZE], friendly[DURATION_SIZE];
    local_clock(&view->place, state->night_start_s, clock);
    duration_short(state->in_bed_s * 1000, in_bed);
    duration_short(state->friendly_s * 1000, friendly);
    say(words, _("night"), CANVAS_PLAIN,
        ngettext("since %s: %s in bed, %s psoas-friendly, %" PRId64 " turn",
                 "since %s: %s in bed, %s psoas-friendly, %" PRId64 " turns",
                 (unsigned long)state->turns),
        clock, in_bed, friendly, state->turns);
}

// Returns how many rows it took.
static unsigned draw_words(struct canvas *canvas, const struct live_view *view, unsigned row,
                           unsigned rows, unsigned col, unsigned cols)
{
    const struct live_seen *seen = view->seen;
    if (cols > WORDS_COLS_MAX)
        cols = WORDS_COLS_MAX;
    struct words words = {canvas, row, row + rows, col, cols};
    char warning[LIVE_WARNING_SIZE];
    live_view_warning(view, warning);
    if (*warning)
        words.row +=
            canvas_paragraph(canvas, row, col, cols, rows, CANVAS_REVERSE | CANVAS_BOLD, warning);
    if (!seen->answered)
        return words.row - row;
    say_position(&words, view);
    say_age(&words, view);
    say_night(&words, view);
    say_load(&words, view);
    say_frames(&words, view);
    say(&words, _("pad"), CANVAS_PLAIN, _("%s, %s, on %s"), seen->state.pad,
        live_pad_state(&seen->state), seen->state.port);
    return words.row - row;
}

// ---- the picture ----

static void draw_edge(struct canvas *canvas, unsigned row, unsigned col, unsigned cols,
                      const char *left, const char *line, const char *right)
{
    for (unsigned c = 0; c < cols; c++)
        canvas_text(canvas, row, col + c, 2, CANVAS_DIM, "%s",
                    c == 0          ? left
                    : c == cols - 1 ? right
                                    : line);
}

// A frame around `rows` and `cols`: the pad ends where it is, and it says which end is which.
static void draw_frame(struct canvas *canvas, const struct live_view *view, unsigned row,
                       unsigned col, unsigned rows, unsigned cols)
{
    bool utf8 = view->utf8;
    draw_edge(canvas, row, col, cols + 2, utf8 ? "┌" : "+", utf8 ? "─" : "-", utf8 ? "┐" : "+");
    for (unsigned r = 1; r <= rows; r++)
        draw_edge(canvas, row + r, col, cols + 2, utf8 ? "│" : "|", " ", utf8 ? "│" : "|");
    draw_edge(canvas, row + rows + 1, col, cols + 2, utf8 ? "└" : "+", utf8 ? "─" : "-",
              utf8 ? "┘" : "+");
    const char *head = _("head"), *left = words_of("side", "left"),
               *right = words_of("side", "right");
    unsigned wide = canvas_width(left) + canvas_width(right) + canvas_width(head) + 4;
    if (wide <= cols) {
        canvas_text(canvas, row, col + 1, cols, CANVAS_PLAIN, "%s", left);
        canvas_text(canvas, row, col + 1 + cols - canvas_width(right), cols, CANVAS_PLAIN, "%s",
                    right);
    }
    canvas_text(canvas, row, col + 1 + (cols - canvas_width(head)) / 2, cols, CANVAS_BOLD, "%s",
                head);
}

static void draw_picture(struct canvas *canvas, const struct live_view *view, unsigned row,
                         unsigned col, unsigned rows, unsigned cols)
{
    draw_frame(canvas, view, row, col, rows, cols);
    const struct live_seen *seen = view->seen;
    if (!seen->mapped)
        return;
    const struct heatmap heatmap = {view->depth, view->utf8, view->scale, live_view_stale(view)};
    heatmap_draw(canvas, row + 1, col + 1, rows, cols, &seen->map, &heatmap);
}

// ---- the whole ----

#define PICTURE_MIN 6 // rows or columns; a smaller one says nothing

static void draw_title(struct canvas *canvas)
{
    const char *keys = _("q quits");
    unsigned taken = canvas_text(canvas, 0, 0, canvas->cols, CANVAS_BOLD, "psoasmon live");
    unsigned keys_cols = canvas_width(keys);
    if (taken + 2 + keys_cols <= canvas->cols)
        canvas_text(canvas, 0, canvas->cols - keys_cols, keys_cols, CANVAS_DIM, "%s", keys);
}

// Where the picture goes: `rows` and `cols` are what is there for it, frame and all.
static void fit(unsigned *rows, unsigned *cols)
{
    *rows = *rows > 2 ? *rows - 2 : 0;
    *cols = *cols > 2 ? *cols - 2 : 0;
    heatmap_fit(rows, cols);
}

void live_view_draw(const struct live_view *view, struct canvas *canvas)
{
    canvas_clear(canvas);
    draw_title(canvas);
    unsigned rows = canvas->rows > 1 ? canvas->rows - 1 : 0;
    unsigned high = rows, wide = canvas->cols, top = 1;
    fit(&high, &wide);
    if (wide + 4 + WORDS_COLS_MIN <= canvas->cols) {
        draw_words(canvas, view, 2, high, wide + 4, canvas->cols - wide - 4);
    } else {
        top +=
            draw_words(canvas, view, top, rows < WORDS_ROWS ? rows : WORDS_ROWS, 0, canvas->cols);
        high = canvas->rows > top ? canvas->rows - top : 0;
        wide = canvas->cols;
        fit(&high, &wide);
    }
    if (high >= PICTURE_MIN && wide >= PICTURE_MIN)
        draw_picture(canvas, view, top, 0, high, wide);
}
