// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define BLANKS " \t"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Reads digits at *text; false where there are none or the number exceeds max.
static bool read_digits(const char **text, unsigned long max, unsigned long *ret)
{
    unsigned long value = 0;
    const char *c = *text;
    if (!is_digit(*c))
        return false;
    for (; is_digit(*c); c++) {
        unsigned long digit = (unsigned long)(*c - '0');
        if (value > (max - digit) / 10 || digit > max)
            return false;
        value = value * 10 + digit;
    }
    *text = c;
    *ret = value;
    return true;
}

bool text_unsigned(const char *text, unsigned long min, unsigned long max, unsigned long *ret)
{
    unsigned long value;
    if (!read_digits(&text, max, &value) || *text || value < min)
        return false;
    *ret = value;
    return true;
}

bool text_double(const char *text, double min, double max, double *ret)
{
    // strtod would follow the locale; a pad file must not.
    bool negative = *text == '-';
    if (negative)
        text++;
    unsigned long whole, places;
    double value, scale = 1;
    if (!read_digits(&text, 1000000000, &whole))
        return false;
    value = (double)whole;
    if (*text == '.') {
        const char *first = ++text;
        if (!read_digits(&text, 1000000000, &places))
            return false;
        for (const char *c = first; c < text; c++)
            scale *= 10;
        value += (double)places / scale;
    }
    if (negative)
        value = -value;
    if (*text || !isfinite(value) || value < min || value > max)
        return false;
    *ret = value;
    return true;
}

bool text_duration(const char *text, double max_s, double *ret_s)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"min", 60}, {"s", 1}, {"h", 3600}};
    char number[32];
    size_t digits = strspn(text, "0123456789.");
    if (digits >= sizeof number)
        return false;
    memcpy(number, text, digits);
    number[digits] = '\0';
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double value;
        if (strcmp(text + digits, units[i].unit) != 0)
            continue;
        if (!text_double(number, 0, max_s / units[i].seconds, &value) || value <= 0)
            return false;
        *ret_s = value * units[i].seconds;
        return true;
    }
    return false;
}

bool text_bool(const char *text, bool *ret)
{
    *ret = strcmp(text, "yes") == 0;
    return *ret || strcmp(text, "no") == 0;
}

bool text_word(const char **text, char *word, size_t size)
{
    const char *start = *text + strspn(*text, BLANKS);
    size_t length = strcspn(start, BLANKS);
    if (length == 0 || length >= size)
        return false;
    memcpy(word, start, length);
    word[length] = '\0';
    *text = start + length;
    return true;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool text_bytes(const char *text, uint8_t *bytes, size_t max, size_t *ret)
{
    size_t n = 0;
    for (text += strspn(text, BLANKS); *text; text += strspn(text, BLANKS)) {
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0 || n == max)
            return false;
        bytes[n++] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    *ret = n;
    return true;
}

bool text_signed(const char *text, long min, long max, long *ret)
{
    bool negative = *text == '-';
    unsigned long value;
    if (!text_unsigned(text + negative, 0, LONG_MAX, &value))
        return false;
    *ret = negative ? -(long)value : (long)value;
    return *ret >= min && *ret <= max;
}

bool text_bits(const char *text, unsigned long max, unsigned long *ret)
{
    if (strncmp(text, "0x", 2) != 0)
        return text_unsigned(text, 0, max, ret);
    unsigned long value = 0;
    const char *c = text + 2;
    for (; hex_digit(*c) >= 0 && value <= max / 16; c++)
        value = value * 16 + (unsigned long)hex_digit(*c);
    *ret = value;
    return c > text + 2 && !*c && value <= max;
}

// One character of a text in quotes; returns how many it takes, 0 if it is none.
static size_t quoted_character(const char *text, uint8_t *ret)
{
    static const char escapes[] = "nrt0\"\\", meant[] = "\n\r\t\0\"\\";
    *ret = (uint8_t)*text;
    if (*text != '\\')
        return *text && *text != '"';
    const char *found = text[1] ? strchr(escapes, text[1]) : NULL;
    if (!found)
        return 0;
    *ret = (uint8_t)meant[found - escapes];
    return 2;
}

// One byte in hexadecimal, or "??".
static size_t wire_byte(const char *text, uint8_t *ret, bool *any)
{
    int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
    *any = strncmp(text, "??", 2) == 0;
    *ret = low < 0 ? 0 : (uint8_t)(high << 4 | low);
    return *any || low >= 0 ? 2 : 0;
}

bool text_wire(const char *text, uint8_t *bytes, uint32_t *any, size_t max, size_t *ret)
{
    size_t n = 0;
    bool quoted = false;
    uint32_t anything = 0;
    for (;;) {
        if (!quoted)
            text += strspn(text, BLANKS);
        if (*text == '"') {
            quoted = !quoted;
            text++;
            continue;
        }
        if (!*text)
            break;
        uint8_t byte;
        bool is_any = false;
        size_t taken = quoted ? quoted_character(text, &byte) : wire_byte(text, &byte, &is_any);
        if (taken == 0 || n == max || n == 32)
            return false;
        anything |= (uint32_t)is_any << n;
        bytes[n++] = byte;
        text += taken;
    }
    if (quoted || (anything && !any))
        return false;
    if (any)
        *any = anything;
    *ret = n;
    return true;
}

bool text_runs(const char *text, unsigned limit, uint16_t *numbers, size_t max, size_t *ret)
{
    size_t n = 0;
    for (text += strspn(text, BLANKS); *text; text += strspn(text, BLANKS)) {
        unsigned long first, last;
        if (!read_digits(&text, limit, &first))
            return false;
        last = first;
        if (strncmp(text, "..", 2) == 0) {
            text += 2;
            if (!read_digits(&text, limit, &last))
                return false;
        }
        if (*text && !strchr(BLANKS, *text))
            return false;
        for (unsigned long i = first;; i = first < last ? i + 1 : i - 1) {
            if (n == max)
                return false;
            numbers[n++] = (uint16_t)i;
            if (i == last)
                break;
        }
    }
    *ret = n;
    return true;
}
