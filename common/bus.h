// SPDX-License-Identifier: GPL-3.0-or-later
// The live interface's names, shared by psoasmond (which serves it) and psoasmon (which asks).
// docs/bus.md describes the properties.
#ifndef PSOASMON_BUS_H
#define PSOASMON_BUS_H

#include <stddef.h>

#define BUS_NAME "org.psoasmon.Monitor1"
#define BUS_PATH "/org/psoasmon/Monitor1"
#define BUS_INTERFACE "org.psoasmon.Monitor1"

// The socket of a psoasmond in the foreground lies beside its database: DATABASE-bus.
#define BUS_SOCKET_SUFFIX "-bus"

#endif
