# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmond on a system bus: who may ask it, who hears what, and what it makes of a bus that comes
and goes."""
import os
import re
import signal
import struct

import pytest

import rig
from system_bus import (DRIVER, ERROR, GROUP, METHOD_RETURN, NAME, OWNER, PATH, SystemBus,
                        available, member, owner, pad_to, root, string, stranger, strings)

FRAME = rig.virtual_frame(rig.somebody())
EMPTY = rig.virtual_frame(rig.NOBODY)
START_S = 1767652200  # 2026-01-05T22:30:00Z
DENIED = "org.freedesktop.DBus.Error.AccessDenied"


@pytest.fixture
def open_path(tmp_path):
    available()
    for directory in (tmp_path, tmp_path.parent):
        directory.chmod(0o755)
    return tmp_path


@pytest.fixture
def system_bus(open_path):
    bus = SystemBus(open_path)
    yield bus
    if bus.process.poll() is None:
        bus.stop()


@pytest.fixture
def start(daemon, pad, open_path):
    """Starts psoasmond as the unit does: as its own user, asked to be on the bus."""
    def begin(*arguments, option="--system-bus", **how):
        home = open_path / "home"
        if not home.exists():
            home.mkdir(mode=0o750)
            os.chown(home, OWNER, GROUP)
        os.chmod(pad.path, 0o666)
        return daemon(option, "--rate", "1", "--start", "2026-01-05T22:30:00Z", *arguments,
                      port=pad.path, pad="virtual", database=home / "nights.db",
                      user={**owner, "umask": 0o027},
                      environment={"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={open_path}/bus"},
                      **how).ready()
    return begin


def wait_name(bus, name=NAME):
    with bus.client(root) as client:
        return rig.wait_for(lambda: client.owner_of(name), f"{name} on the bus")


@pytest.fixture
def on_bus(system_bus, start, pad):
    """A psoasmond on the bus in the middle of a night; nothing more comes from the pad by itself."""
    d = start()
    d.wait_connected()
    pad.send(FRAME * 60)
    d.wait_frames(60)
    wait_name(system_bus)
    return d


def records_on(d, pad, frames=61):
    """After whatever was done to it."""
    pad.send(FRAME)
    assert d.wait_frames(frames)["pad"]["dropped_frames"] == 0
    assert d.process.poll() is None


@pytest.mark.parametrize("who", [root, owner, member], ids=["root", "owner", "member"])
def test_who_may_read(system_bus, on_bus, who):
    with system_bus.client(who) as client:
        assert client.get("Pad") == "virtual"
        assert client.get("InBed") == 1
        assert client.get("NightDay") == "2026-01-05"
        assert client.get("NightStart") == START_S
        answer = client.call(NAME, PATH, "org.freedesktop.DBus.Introspectable", "Introspect")
        assert b'interface name="org.psoasmon.Monitor1"' in answer.body
        assert client.ask("Flush").type == METHOD_RETURN


def test_a_stranger_may_do_nothing(system_bus, on_bus, pad):
    with system_bus.client(stranger) as client:
        asked = [client.get("Pad"), client.get("Position"), client.ask("Flush"),
                 client.ask("Label", "xs", struct.pack("<q", START_S + 30) + string("prone")),
                 client.ask("Unlabel", "x", struct.pack("<q", START_S + 30)),
                 client.ask("DeleteNight", "xx", struct.pack("<qq", 1, START_S)),
                 client.ask("Reload"), client.ask("Watch"),
                 client.call(NAME, PATH, "org.freedesktop.DBus.Introspectable", "Introspect"),
                 client.call(NAME, PATH, "org.freedesktop.DBus.Peer", "Ping"),
                 # Nor by the connection's own name.
                 client.call(client.owner_of(NAME), PATH, NAME, "Flush")]
        assert [(one.type, one.error) for one in asked] == [(ERROR, DENIED)] * len(asked)
    assert on_bus.rows("SELECT count(*) FROM readings") == [(0,)]
    records_on(on_bus, pad)


@pytest.mark.parametrize("who", [member, stranger], ids=["member", "stranger"])
def test_nobody_else_may_be_psoasmond(system_bus, start, who):
    with system_bus.client(who) as client:
        for name in (NAME, NAME + ".bedroom"):
            answer = client.call(DRIVER, "/org/freedesktop/DBus", DRIVER, "RequestName", "su",
                                 pad_to(string(name), 4) + struct.pack("<I", 0))
            assert (answer.type, answer.error) == (ERROR, DENIED)


def test_the_group_labels_and_does_not_delete(system_bus, on_bus, pad):
    with system_bus.client(member) as client:
        assert client.ask("Flush").type == METHOD_RETURN
        answer = client.ask("Label", "xs", struct.pack("<q", START_S + 30) + string("prone"))
        assert answer.type == METHOD_RETURN, answer.error
        assert on_bus.rows("SELECT position FROM readings") == [("prone",)]
        [(night, start_s)] = on_bus.rows("SELECT id, start_s FROM nights")
        answer = client.ask("DeleteNight", "xx", struct.pack("<qq", night, start_s))
        assert (answer.type, answer.error) == (ERROR, DENIED)
    for who in (owner, root):
        with system_bus.client(who) as client:
            answer = client.ask("DeleteNight", "xx", struct.pack("<qq", night, start_s))
            assert answer.error == "org.psoasmon.Error.NightOpen"
            answer = client.ask("DeleteNight", "xx", struct.pack("<qq", night + 1, start_s))
            assert answer.error == "org.psoasmon.Error.NoNight"
    records_on(on_bus, pad)


def test_absurd_arguments(system_bus, on_bus, pad):
    with system_bus.client(member) as client:
        invalid = "org.freedesktop.DBus.Error.InvalidArgs"
        big = struct.pack("<q", 2**63 - 1), struct.pack("<q", -2**63)
        for answer, errors in (
                (client.ask("Label", "xs", big[0] + string("prone")), "org.psoasmon.Error.NoBout"),
                (client.ask("Label", "xs", big[1] + string("prone")), "org.psoasmon.Error.NoBout"),
                (client.ask("Label", "xs", big[0] + string("upside down")), invalid),
                (client.ask("Label", "xs", big[0] + string("x" * 100000)), invalid),
                (client.ask("Label", "s", string("prone")), invalid),
                (client.ask("Label"), invalid),
                (client.ask("Unlabel", "x", big[0]), "org.psoasmon.Error.NoBout"),
                (client.ask("DeleteNight", "xx", big[0] + big[1]), DENIED),
                (client.ask("DeleteNight", "s", string("all")), invalid),
                (client.ask("Flush", "s", string("now")), invalid),
                (client.ask("Nonsense"), "org.freedesktop.DBus.Error.UnknownMethod"),
                (client.get("Nonsense"), "org.freedesktop.DBus.Error.UnknownProperty"),
                (client.call(NAME, "/elsewhere", NAME, "Flush"),
                 "org.freedesktop.DBus.Error.UnknownObject"),
                (client.call(NAME, PATH, "org.freedesktop.DBus.Properties", "Set", "ssv",
                             pad_to(strings(NAME, "Pad") + b"\x01s\0", 4) + string("other")),
                 "org.freedesktop.DBus.Error.PropertyReadOnly")):
            assert (answer.type, answer.error) == (ERROR, errors)
    with system_bus.client(root) as client:
        assert client.ask("DeleteNight", "xx", big[0] + big[1]).error == "org.psoasmon.Error.NoNight"
    records_on(on_bus, pad)


def test_messages_as_large_as_the_bus_lets_pass(system_bus, on_bus, pad):
    with system_bus.client(member) as client, system_bus.client(member) as other:
        much = string("x" * (31 << 20))
        waiting = [(one, one.send(NAME, PATH, NAME, method, "s", much))
                   for one in (client, other) for method in ("Flush", "DeleteNight")]
        for one, serial in waiting:
            assert one.answer(serial).error == "org.freedesktop.DBus.Error.InvalidArgs"
    assert on_bus.peak_kb() < 64 * 1024  # the unit's MemoryMax
    records_on(on_bus, pad)


def changed(client, *names):
    """Waits until signals have said that the properties changed; returns all that came."""
    came = []

    def told(name):
        return any(one.member == "PropertiesChanged" and name.encode() + b"\0" in one.body
                   for one in came)

    def have():
        came.extend(client.signals())
        return all(map(told, names))
    rig.wait_for(have, lambda: f"signals about {names}; there were {[one.body for one in came]}")
    return came


def test_changes_are_told(system_bus, start, pad):
    d = start()
    d.wait_connected()
    wait_name(system_bus)
    with system_bus.client(member) as client, system_bus.client(stranger) as other:
        client.listen()
        other.listen()
        pad.send(FRAME * 60)
        came = changed(client, "Position", "PositionSince", "InBed", "NightDay", "NightStart")
        assert any(b"2026-01-05" in one.body for one in came)
        pad.send(EMPTY * 30)
        came += changed(client, "Position", "InBed")
        told = [one for one in came if b"Position\0" in one.body and b"empty\0" in one.body]
        assert told and all(NAME.encode() in one.body for one in came)
        assert client.get("Position") == "empty"
        # What always changes is not among it.
        for one in came:
            assert not any(name in one.body for name in (b"Rate\0", b"\0Frames\0", b"Uptime\0",
                                                         b"LastFrameAgeMs\0", b"Confidence\0"))
        assert other.signals() == []


def test_what_changes_is_said_to(system_bus, on_bus):
    """Who reads the description knows what is told and what has to be asked for."""
    with system_bus.client(member) as client:
        text = client.call(NAME, PATH, "org.freedesktop.DBus.Introspectable",
                           "Introspect").body[4:].decode()  # behind its length
    text = text[text.index('<interface name="org.psoasmon.Monitor1"'):]

    def emits(name):
        rest = text[text.index(f'<property name="{name}"'):]
        rest = rest[:rest.index("</property>")]
        return re.findall('EmitsChangedSignal" value="([a-z]+)"', rest)
    assert {name: emits(name) for name in ("Position", "InBedSeconds", "Frames", "Version")} == {
        "Position": [], "InBedSeconds": ["invalidates"], "Frames": ["false"],
        "Version": ["const"]}  # none: each change is told


def test_the_bus_comes_late_and_goes_and_comes(open_path, start, pad):
    d = start()
    d.wait_connected()
    pad.send(FRAME * 60)
    d.wait_frames(60)
    bus = SystemBus(open_path)
    try:
        wait_name(bus)
        for number in (signal.SIGTERM, signal.SIGKILL):
            bus.stop(number)
            assert d.status()["pad"]["frames"] == 60
            bus.start()
            wait_name(bus)
            with bus.client(member) as client:
                assert client.get("Pad") == "virtual"
        # None of it is trouble.
        assert not any("system bus" in line for line in d.told()), d.told()
        records_on(d, pad)
        assert d.stop() == 0
        with bus.client(root) as client:
            assert client.owner_of(NAME) is None
    finally:
        bus.stop()


def test_a_bus_that_does_not_answer_holds_nothing_up(system_bus, on_bus, pad):
    os.kill(system_bus.process.pid, signal.SIGSTOP)
    try:
        records_on(on_bus, pad)
        pad.send(EMPTY * 30)
        on_bus.wait_frames(91)
        assert on_bus.stop() == 0
    finally:
        os.kill(system_bus.process.pid, signal.SIGCONT)


def test_instances_have_names_of_their_own(system_bus, start):
    start(option="--system-bus=bed-2")
    wait_name(system_bus, NAME + ".bed_2d2")
    with system_bus.client(member) as client:
        assert client.get("Pad", NAME + ".bed_2d2") == "virtual"
        assert client.owner_of(NAME) is None
    with system_bus.client(stranger) as client:
        assert client.get("Pad", NAME + ".bed_2d2").error == DENIED


def test_a_name_that_another_has_is_told_once(system_bus, start):
    with system_bus.client(root) as client:
        answer = client.call(DRIVER, "/org/freedesktop/DBus", DRIVER, "RequestName", "su",
                             pad_to(string(NAME), 4) + struct.pack("<I", 0))
        assert answer.type == METHOD_RETURN
        d = start()
        rig.wait_for(lambda: any("another program has the name" in line for line in d.told()),
                     "a line that says so")
        assert d.status()["pad"]["name"] == "virtual"


def test_an_instance_that_is_no_name(daemon, open_path):
    d = daemon("--system-bus=" + "x" * 300, port=open_path / "none", pad="virtual")
    assert d.process.wait(rig.DEADLINE_S) == 1
    assert any("--system-bus" in line for line in d.told())
