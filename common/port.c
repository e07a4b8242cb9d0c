// SPDX-License-Identifier: GPL-3.0-or-later
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

// Majors of the kernel's list of devices (Documentation/admin-guide/devices.txt).
#define MAJOR_MEMORY    1 // /dev/null, /dev/zero
#define MAJOR_CONSOLES  4 // /dev/tty1 to tty63; serial ports from minor 64 on
#define MINOR_SERIAL    64
#define MAJOR_TTY       5 // /dev/tty, /dev/console, /dev/ptmx
#define MAJOR_PTS_FIRST 136
#define MAJOR_PTS_LAST  143

// A UART's divider seldom hits an unusual speed exactly; beyond this no frame gets through.
#define BAUD_TOLERANCE 0.03

struct port {
    int fd;
    bool has_speed;
    bool writable;
    struct sp_port *serial; // null: opened directly, and fd is ours to close
};

int port_fd(const struct port *port)
{
    return port->fd;
}

bool port_has_speed(const struct port *port)
{
    return port->has_speed;
}

void port_free(struct port *port)
{
    if (port->serial) {
        sp_close(port->serial);
        sp_free_port(port->serial);
    } else if (port->fd >= 0) {
        close(port->fd);
    }
    free(port);
}

ssize_t port_read(struct port *port, void *bytes, size_t size)
{
    ssize_t n = read(port->fd, bytes, size);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    return n;
}

int port_write(struct port *port, const struct pad_bytes *words)
{
    if (!port->writable)
        return -EBADF;
    ssize_t n = write(port->fd, words->bytes, words->length);
    return n < 0 && errno != EAGAIN && errno != EINTR ? -errno : 0;
}

static bool is_pseudo_terminal(const struct stat *device)
{
    return major(device->st_rdev) >= MAJOR_PTS_FIRST && major(device->st_rdev) <= MAJOR_PTS_LAST;
}

static bool is_console(const struct stat *device)
{
    return major(device->st_rdev) == MAJOR_TTY ||
           (major(device->st_rdev) == MAJOR_CONSOLES && minor(device->st_rdev) < MINOR_SERIAL);
}

// Something else altogether, and told without opening it, which may do something to it. Where /sys
// says nothing, as of pseudo-terminals, opening it tells.
static bool is_no_terminal(const struct stat *device)
{
    char path[64], target[256];
    snprintf(path, sizeof path, "/sys/dev/char/%u:%u/subsystem", major(device->st_rdev),
             minor(device->st_rdev));
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return major(device->st_rdev) == MAJOR_MEMORY;
    target[length] = '\0';
    const char *slash = strrchr(target, '/');
    return strcmp(slash ? slash + 1 : target, "tty") != 0;
}

// Making the terminal raw that somebody started us from would lock them out of it.
static bool is_our_terminal(const struct stat *device)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        struct stat ours;
        if (fstat(fd, &ours) == 0 && S_ISCHR(ours.st_mode) && ours.st_rdev == device->st_rdev &&
            isatty(fd))
            return true;
    }
    return false;
}

static int check_kind(const struct stat *device, const char *path, struct error *error)
{
    if (S_ISDIR(device->st_mode))
        return error_set(error, -ENOTTY, "%s is a directory, not a serial port", path);
    if (S_ISREG(device->st_mode))
        return error_set(error, -ENOTTY,
                         "%s is a file, not a serial port; psoasmon replay reads "
                         "files",
                         path);
    if (!S_ISCHR(device->st_mode) || is_no_terminal(device))
        return error_set(error, -ENOTTY, "%s is not a serial port", path);
    if (is_console(device))
        return error_set(error, -ENOTTY, "%s is a console, not a pad's port", path);
    if (is_our_terminal(device))
        return error_set(error, -ENOTTY, "%s is the terminal that this runs on", path);
    return 0;
}

static int fail_errno(struct error *error, const char *path)
{
    int code = errno;
    const char *hint = code == EACCES ? " (is this user in the group dialout?)" : "";
    return error_set(error, -code, "cannot open %s: %s%s", path, strerror(code), hint);
}

static int fail_serial(struct error *error, enum sp_return r, const char *path)
{
    errno = r == SP_ERR_FAIL ? sp_last_error_code() : r == SP_ERR_MEM ? ENOMEM : EINVAL;
    return fail_errno(error, path);
}

static int check_baud(struct port *port, unsigned baud, const char *path, struct error *error)
{
    struct sp_port_config *config = NULL;
    int actual = 0;
    bool read = sp_new_config(&config) == SP_OK && sp_get_config(port->serial, config) == SP_OK &&
                sp_get_config_baudrate(config, &actual) == SP_OK;
    sp_free_config(config);
    double off = ((double)actual - (double)baud) / (double)baud;
    if (!read || off > BAUD_TOLERANCE || off < -BAUD_TOLERANCE)
        return error_set(error, -EINVAL, "%s does not take %u baud", path, baud);
    return 0;
}

static int set_up_serial(struct port *port, unsigned baud, const char *path, struct error *error)
{
    struct sp_port *serial = port->serial;
    enum sp_return r;
    // sp_open leaves IXON as it finds it, and with it on the bytes 0x11 and 0x13 vanish.
    if ((r = sp_set_flowcontrol(serial, SP_FLOWCONTROL_NONE)) != SP_OK ||
        (r = sp_set_bits(serial, 8)) != SP_OK ||
        (r = sp_set_parity(serial, SP_PARITY_NONE)) != SP_OK ||
        (r = sp_set_stopbits(serial, 1)) != SP_OK)
        return fail_serial(error, r, path);
    if (baud == 0)
        return 0;
    // Drivers may refuse an unusual speed, or say yes and take another.
    if (sp_set_baudrate(serial, (int)baud) != SP_OK)
        return error_set(error, -EINVAL, "%s does not take %u baud", path, baud);
    return check_baud(port, baud, path, error);
}

// 1: not a port as libserialport knows them: outside /dev, or without modem lines.
static int open_serial(struct port *port, const char *path, unsigned baud, struct error *error)
{
    struct sp_port *serial;
    if (sp_get_port_by_name(path, &serial) != SP_OK)
        return 1;
    enum sp_return r = sp_open(serial, port->writable ? SP_MODE_READ_WRITE : SP_MODE_READ);
    if (r != SP_OK) {
        bool other_kind = r == SP_ERR_FAIL && sp_last_error_code() == ENOTTY;
        int code = other_kind ? 1 : fail_serial(error, r, path);
        sp_free_port(serial);
        return code;
    }
    port->serial = serial;
    sp_get_port_handle(serial, &port->fd);
    return set_up_serial(port, baud, path, error);
}

static int open_direct(struct port *port, const char *path, unsigned baud, struct error *error)
{
    int mode = port->writable ? O_RDWR : O_RDONLY;
    port->fd = open(path, mode | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port->fd < 0)
        return fail_errno(error, path);
    struct termios raw;
    if (tcgetattr(port->fd, &raw) < 0)
        return error_set(error, -ENOTTY, "%s is not a serial port", path);
    cfmakeraw(&raw);
    raw.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IXANY | INPCK | IUTF8);
    raw.c_cflag &= ~(tcflag_t)(CRTSCTS | CSTOPB);
    raw.c_cflag |= CLOCAL | CREAD;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (baud > 0 && cfsetspeed(&raw, baud) < 0)
        return error_set(error, -EINVAL, "%s does not take %u baud", path, baud);
    if (tcsetattr(port->fd, TCSANOW, &raw) < 0)
        return fail_errno(error, path);
    return 0;
}

// Two programs reading one port would each get half of the bytes. The lock is the one that getty,
// picocom and others ask for; TIOCEXCL keeps out the rest, but outlives us on a pseudo-terminal
// whose other end stays open: a restarted psoasmond could not get in again.
static int claim(struct port *port, const char *path, struct error *error)
{
    if (flock(port->fd, LOCK_EX | LOCK_NB) < 0)
        return error_set(error, -EBUSY, "another program is using %s", path);
    if (port->has_speed)
        ioctl(port->fd, TIOCEXCL);
    return 0;
}

// libserialport refuses links, and the names to rely on are links: /dev/serial/by-id/...
// The caller frees *real.
static int find(const char *path, char **real, struct stat *device, struct error *error)
{
    *real = realpath(path, NULL);
    if (!*real || stat(*real, device) < 0)
        return fail_errno(error, path);
    return check_kind(device, path, error);
}

int port_check(const char *path, struct error *error)
{
    _cleanup_(freep) char *real = NULL;
    struct stat device;
    return find(path, &real, &device, error);
}

// Ports that libserialport does not know have none.
static int set_modem_lines(struct port *port, const struct pad *pad, const char *path,
                           struct error *error)
{
    enum sp_return r = SP_OK;
    if (!port->serial)
        return 0;
    if (pad->dtr != MODEM_LEAVE)
        r = sp_set_dtr(port->serial, pad->dtr == MODEM_ON ? SP_DTR_ON : SP_DTR_OFF);
    if (r == SP_OK && pad->rts != MODEM_LEAVE)
        r = sp_set_rts(port->serial, pad->rts == MODEM_ON ? SP_RTS_ON : SP_RTS_OFF);
    return r == SP_OK ? 0 : fail_serial(error, r, path);
}

int port_open_for(struct port **ret, const char *path, unsigned baud, const struct pad *pad,
                  struct error *error)
{
    _cleanup_(freep) char *real = NULL;
    struct stat device;
    int r = find(path, &real, &device, error);
    if (r < 0)
        return r;

    _cleanup_(port_freep) struct port *port = calloc(1, sizeof *port);
    if (!port)
        return error_set(error, -ENOMEM, "out of memory");
    port->fd = -1;
    port->writable = pad && pad_is_asked(pad);
    port->has_speed = !is_pseudo_terminal(&device);
    r = port->has_speed ? open_serial(port, real, baud, error) : 1;
    if (r > 0)
        r = open_direct(port, real, port->has_speed ? baud : 0, error);
    if (r == 0 && pad)
        r = set_modem_lines(port, pad, path, error);
    if (r == 0)
        r = claim(port, path, error);
    if (r < 0)
        return r;
    *ret = port;
    port = NULL;
    return 0;
}

int port_open(struct port **ret, const char *path, unsigned baud, struct error *error)
{
    return port_open_for(ret, path, baud, NULL, error);
}
