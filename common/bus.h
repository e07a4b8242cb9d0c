// SPDX-License-Identifier: GPL-3.0-or-later
// The live interface's names, shared by psoasmond (which serves it) and psoasmon (which asks), and
// the way to the socket it is served on. docs/bus.md describes the interface.
#ifndef PSOASMON_BUS_H
#define PSOASMON_BUS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>

#define BUS_NAME      "org.psoasmon.Monitor1"
#define BUS_PATH      "/org/psoasmon/Monitor1"
#define BUS_INTERFACE "org.psoasmon.Monitor1"
// On the system bus, the psoasmond of an instance has this behind the name, with a dot between.
#define BUS_NAME_MAX            255
#define BUS_ERROR_COMMIT_FAILED "org.psoasmon.Error.CommitFailed"
#define BUS_ERROR_NO_BOUT       "org.psoasmon.Error.NoBout"
#define BUS_ERROR_NO_LABEL      "org.psoasmon.Error.NoLabel"
#define BUS_ERROR_NO_NIGHT      "org.psoasmon.Error.NoNight"
#define BUS_ERROR_NIGHT_OPEN    "org.psoasmon.Error.NightOpen"
#define BUS_ERROR_TOO_MANY      "org.psoasmon.Error.TooManyWatchers"
#define BUS_ERROR_NO_ENTRY      "org.psoasmon.Error.NoEntry"
#define BUS_ERROR_NO_SESSION    "org.psoasmon.Error.NoSession"
#define BUS_ERROR_STRETCHING    "org.psoasmon.Error.Stretching"
#define BUS_ERROR_REFUSED       "org.psoasmon.Error.ReloadRefused"

// The socket of a psoasmond lies beside its database: DATABASE-bus.
#define BUS_SOCKET_SUFFIX "-bus"

// A socket's address by way of its directory, held open, so that the directory's path may be
// longer than the 108 bytes a socket's address has room for.
struct bus_address {
    int directory;                                        // to be closed by bus_address_done
    char name[sizeof((struct sockaddr_un *)0)->sun_path]; // within the directory
    struct sockaddr_un socket;
    socklen_t length;
};

// The address of DATABASE's socket. A database that is a symbolic link has its socket where it
// points. -ENAMETOOLONG where even the file's name alone is too long; -errno of the directory.
int bus_address(struct bus_address *ret, const char *database);
void bus_address_done(struct bus_address *address);

// Connects to the psoasmond that writes DATABASE and begins the greeting; what is asked meanwhile
// waits for its end. -ENOENT or -ECONNREFUSED: nobody is there; -ETIMEDOUT: somebody is, and takes
// no connection.
int bus_start(sd_bus **ret, const char *database);

// Connects to the psoasmond that writes DATABASE and gets past the greeting, all within
// timeout_us. -ENOENT or -ECONNREFUSED: nobody is there; -ETIMEDOUT: somebody is, and does not
// answer.
int bus_open(sd_bus **ret, const char *database, uint64_t timeout_us);

#endif
