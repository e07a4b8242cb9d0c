# SPDX-License-Identifier: GPL-3.0-or-later
"""From the package to a service that records."""
from bedroom import CONFIG, PORT, SETTINGS
from pad import Plug, Simulator


def install(room):
    """The package, as somebody gets it; the service is enabled and has nothing to do"""
    guest = room.guest
    guest.do("apt-get -q -y install /e2e/old.deb")
    room.same("enabled", guest.run("systemctl is-enabled psoasmond").out.strip(), "enabled")
    room.expect_service("nothing is named yet", ActiveState="inactive", Result="exec-condition", NRestarts="0")
    room.same("failed units", guest.do("systemctl --failed --plain --no-legend").strip(), "")
    [line] = room.journal(f"MESSAGE_ID={room.events['UNCONFIGURED']}") or [{}]
    room.check("it says what to do", CONFIG in line.get("MESSAGE", ""), line)
    room.same("the programs' version", guest.do("psoasmond --version").strip(),
              f"psoasmond {room.version}")
    room.same("systemd-analyze verify", guest.do(
        "systemd-analyze verify psoasmond.service psoasmond@bed.service 2>&1"), "")
    guest.do("usermod -a -G psoasmon reader")


WRONG = [
    ("an unknown key", "[pad]\ncolour = red\n", ":2: colour: unknown key"),
    ("a wrong type", "[night]\naway_s = soon\n", ":2: away_s: 'soon' is no whole number"),
    ("a port that is a file", "[pad]\nname = virtual\nport = /etc/passwd\n",
     ":3: port: /etc/passwd is a file"),
    ("a port that is a FIFO", "[pad]\nname = virtual\nport = /run/e2e/fifo\n",
     ":3: port: /run/e2e/fifo is not a serial port"),
    ("a port that is a console", "[pad]\nname = virtual\nport = /dev/console\n",
     ":3: port: /dev/console is a console"),
    ("a database below a file",
     "[pad]\nname = virtual\nport = /dev/ttyUSB0\n[store]\ndatabase = /etc/passwd/n.db\n",
     ":5: database: /etc/passwd/n.db is below a file"),
]


def refuse_wrong_settings(room):
    """A configuration that is wrong is named by file, line and key"""
    guest = room.guest
    guest.do("mkfifo /run/e2e/fifo")
    for what, text, words in WRONG:
        guest.write(CONFIG, text)
        checked = guest.run("psoasmond --check-config")
        room.check(what, checked.status == 1 and f"psoasmon.conf{words}" in checked.err, checked)
        cursor = room.cursor()
        started = guest.run("systemctl start psoasmond")
        told = room.told_since(cursor, room.events["FAILED"])
        room.check(f"{what}, started", started.status != 0 and told and
                   all(words in line["MESSAGE"] for line in told), started, told)
        guest.do("systemctl stop psoasmond; systemctl reset-failed psoasmond")


def start(room):
    """No pad was ever plugged in, and the kernel has no driver of one: the service waits"""
    guest = room.guest
    guest.write(CONFIG, SETTINGS)
    guest.do("psoasmond --check-config")
    room.same("drivers", guest.do("lsmod | grep usbserial || true"), "")
    guest.do("systemctl start psoasmond")
    room.until_status("the pad to be waited for", lambda s: s["pad"]["state"] == "waiting")
    status = room.status()
    room.check("it says what it waits for", PORT in (status["pad"]["problem"] or ""), status["pad"])
    room.expect_service("it runs and waits", ActiveState="active", SubState="running",
                        Type="notify", User="psoasmon", UMask="0027")
    told = room.show("StatusText")["StatusText"]
    room.check("the manager is told that it waits", "waits for pad virtual" in told, told)


def leave_strangers_alone(room):
    """A stranger on the same chip is plugged in: it gets a name, and nobody opens it"""
    guest = room.guest
    room.foreign = Plug(guest, "foreign", "NOTOURS")
    room.printer = Simulator(room.psoasmon, "supine:100000")
    room.foreign.plug(room.printer)
    guest.until("the stranger's port", lambda: guest.run(
        "test -c /dev/psoasmon/ftdi-NOTOURS").status == 0)
    uptime = room.status()["uptime_s"]
    room.until_status("some tries", lambda s: s["uptime_s"] >= uptime + 12)
    opened = guest.do(f"ls -l /proc/{room.main_pid()}/fd")
    room.check("no port is open", "/dev/tty" not in opened, opened)
    room.same("what it waits for", room.status()["pad"]["state"], "waiting")


def find_the_pad(room):
    """The pad is plugged in while the service waits for it"""
    room.lie("empty")
    room.plug()
    status = room.until_frames("frames", 10)
    room.same("frames dropped", status["pad"]["dropped_frames"], 0)


def take_any_terminal(room):
    """Whatever state its port was left in"""
    guest = room.guest
    guest.do("systemctl stop psoasmond")
    # As somebody's terminal program may have left it: with software flow control on, 0x11 and
    # 0x13 vanish, and these are counts like any other.
    guest.do(f"stty -F {PORT} 9600 ixon ixoff ixany icanon isig icrnl istrip parenb cs7")
    guest.do("systemctl start psoasmond")
    status = room.until_frames("frames", 10)
    room.same("frames dropped", status["pad"]["dropped_frames"], 0)
    links = guest.do("udevadm info -q symlink " + PORT)
    room.check("names that stay", "serial/by-id/" in links and "psoasmon/ftdi-PAD1" in links and
               "psoasmon/ftdi-at-" in links, links)
    room.same("what opened", guest.do(
        f"ls -l /proc/{room.main_pid()}/fd | grep -o '/dev/tty.*' | sort -u").split(),
              [guest.do("readlink -f " + PORT).strip()])
    # root may open what is in use.
    other = guest.run(f"setpriv --reuid stranger --regid stranger --groups dialout cat {PORT}")
    room.check("nobody else gets in", "busy" in other.err.lower(), other)


# What anything else begins with.
SHORT = [install, start, find_the_pad]
CHAPTERS = [install, refuse_wrong_settings, start, leave_strangers_alone, find_the_pad,
            take_any_terminal]
