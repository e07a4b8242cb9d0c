// SPDX-License-Identifier: GPL-3.0-or-later
// "Did you mean": the name with the fewest letters to change.
#include "cli.h"

#include <string.h>

#define WORD_MAX 32
#define FAR      (WORD_MAX + 1)

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

// Levenshtein's distance; FAR for words too long to be a name.
static unsigned distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX)
        return FAR;
    unsigned row[WORD_MAX + 1];
    for (unsigned j = 0; j <= b_length; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            unsigned above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_length];
}

const char *cli_nearest(const char *word, const char *const *names, unsigned n)
{
    // Up to a third of the word may be wrong; a beginning counts as the whole.
    unsigned length = (unsigned)strnlen(word, WORD_MAX);
    unsigned best = length / 3 + 1;
    const char *nearest = NULL;
    for (unsigned i = 0; i < n; i++) {
        bool beginning = length >= 2 && strncmp(word, names[i], length) == 0;
        unsigned d = beginning ? 0 : distance(word, names[i]);
        if (d < best || (d == best && !nearest)) {
            best = d;
            nearest = names[i];
        }
    }
    return nearest;
}
