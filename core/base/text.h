// SPDX-License-Identifier: GPL-3.0-or-later
// Strict readers of values in text: the whole text must be the value.
#ifndef PSOASMON_TEXT_H
#define PSOASMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A decimal number without sign, min..max.
bool text_unsigned(const char *text, unsigned long min, unsigned long max, unsigned long *ret);

// A finite decimal number, min..max, with a point whatever the locale says.
bool text_double(const char *text, double min, double max, double *ret);

// A length of time, more than nothing and at most max_s: a number, and behind it s, min or h.
bool text_duration(const char *text, double max_s, double *ret_s);

// "yes" or "no".
bool text_bool(const char *text, bool *ret);

// Hexadecimal bytes, "AA 55 03"; false where there are more than max.
bool text_bytes(const char *text, uint8_t *bytes, size_t max, size_t *ret);

// Bytes as a pad sends them: hexadecimal, "??" for a byte that may be anything (where `any` is not
// null: its bit is set), and text in quotes, "TRIGGER\n", with \n \r \t \0 \" \\. At most 32.
bool text_wire(const char *text, uint8_t *bytes, uint32_t *any, size_t max, size_t *ret);

// A whole number with or without a sign, min..max.
bool text_signed(const char *text, long min, long max, long *ret);

// A whole number, 4095 or 0xFFF.
bool text_bits(const char *text, unsigned long max, unsigned long *ret);

// Whole numbers and runs of them, "15..31 14..0", each at most `limit`; false where there are
// more than max.
bool text_runs(const char *text, unsigned limit, uint16_t *numbers, size_t max, size_t *ret);

// Copies the next word (separated by blanks) into word and moves *text behind it. False at the
// end, and where the word does not fit.
bool text_word(const char **text, char *word, size_t size);

#endif
