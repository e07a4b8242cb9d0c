# SPDX-License-Identifier: GPL-3.0-or-later
"""The package is upgraded, removed and purged, while it runs."""
from bedroom import CONFIG, DATABASE


def upgrade(room):
    """An upgrade keeps nights and settings, and goes on recording"""
    guest = room.guest
    nights, settings = guest.do("psoasmon export | sha256sum"), guest.do("cat " + CONFIG)
    pid = room.main_pid()
    guest.do("apt-get -q -y -o Dpkg::Options::=--force-confold install /e2e/new.deb")
    room.same("the version", guest.do("dpkg-query -W -f '${Version}' psoasmon"), room.upgraded)
    room.until_frames("frames after the upgrade")
    room.check("it runs anew", room.main_pid() != pid)
    room.same("settings", guest.do("cat " + CONFIG), settings)
    room.same("nights", guest.do("psoasmon export | sha256sum"), nights)


def remove(room):
    """A removal stops it and keeps the nights; what comes back finds them"""
    guest = room.guest
    nights = guest.do("psoasmon export | sha256sum")
    guest.do("apt-get -q -y remove psoasmon")
    room.same("processes", guest.do("cat /proc/[0-9]*/comm | grep psoasmon || true"), "")
    room.check("the nights stay", guest.run(f"test -s {DATABASE}").status == 0)
    room.check("the settings stay", guest.run(f"test -s {CONFIG}").status == 0)
    room.check("the port's names go", guest.run(
        "udevadm trigger -c change -s tty; udevadm settle; test -e /dev/psoasmon").status != 0)
    guest.do("apt-get -q -y install /e2e/new.deb")
    room.until_frames("frames after its return")
    room.same("nights", guest.do("psoasmon export | sha256sum"), nights)


def purge(room):
    """A purge asks nothing and leaves nothing"""
    guest = room.guest
    guest.do("apt-get -q -y purge psoasmon")
    left = guest.do("find / -xdev -name '*psoasmon*' -not -path '/proc/*' -not -path '/e2e/*' "
                    "-not -path '/var/lib/dpkg/info/*' -not -path '/run/udev/*' || true").split()
    room.same("left", left, [])
    room.same("failed units", guest.do("systemctl --failed --plain --no-legend").strip(), "")
    room.same("dpkg", guest.run("dpkg-query -W -f '${Status}' psoasmon").out, "")
    catalog = guest.do("journalctl --list-catalog 2>/dev/null | grep -c psoasmon || true").strip()
    room.same("in the catalog", catalog, "0")


CHAPTERS = [upgrade, remove, purge]
