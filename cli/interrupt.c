// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
#define NUMBER_N (sizeof numbers / sizeof *numbers)

static struct sigaction before[NUMBER_N];
static volatile sig_atomic_t came;

static void on_signal(int number)
{
    came = number;
}

void interrupt_begin(void)
{
    const struct sigaction action = {.sa_handler = on_signal};
    came = 0;
    for (size_t i = 0; i < NUMBER_N; i++) {
        sigaction(numbers[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) // as under nohup
            sigaction(numbers[i], &action, NULL);
    }
}

bool interrupt_came(void)
{
    return came != 0;
}

void interrupt_obeyed(void)
{
    came = 0;
}

void interrupt_end(void)
{
    for (size_t i = 0; i < NUMBER_N; i++)
        sigaction(numbers[i], &before[i], NULL);
    if (came)
        raise(came);
}
