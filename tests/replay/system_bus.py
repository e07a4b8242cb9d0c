# SPDX-License-Identifier: GPL-3.0-or-later
"""A system bus of one's own: the real dbus-daemon, with the policy that is shipped and the rules that
Debian's bus has, and clients of it, spoken by hand."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess

import pytest

import rig

POLICY = pathlib.Path(os.environ["PSOASMON_SYSTEMD"]) / "org.psoasmon.Monitor1.conf"
DEBIANS = pathlib.Path("/usr/share/dbus-1/system.conf")
NAME, PATH = "org.psoasmon.Monitor1", "/org/psoasmon/Monitor1"
DRIVER = "org.freedesktop.DBus"

# Who there is, for the bus alone: in a mount namespace it sees other /etc/passwd and /etc/group.
OWNER, MEMBER, STRANGER, GROUP = 64101, 64102, 64103, 64110
PASSWD = (f"root:x:0:0::/:/bin/sh\npsoasmon:x:{OWNER}:{GROUP}::/:/bin/sh\n"
          f"sleeper:x:{MEMBER}:{MEMBER}::/:/bin/sh\nstranger:x:{STRANGER}:{STRANGER}::/:/bin/sh\n")
GROUPS = (f"root:x:0:\npsoasmon:x:{GROUP}:sleeper\nsleeper:x:{MEMBER}:\n"
          f"stranger:x:{STRANGER}:\n")


def user(uid, *groups):
    gid = groups[0] if groups else uid
    return {"user": uid, "group": gid, "extra_groups": list(groups[1:])}


root = user(0)
owner = user(OWNER, GROUP)
member = user(MEMBER, MEMBER, GROUP)
stranger = user(STRANGER)


class SystemBus:
    """A dbus-daemon with Debian's rules for a system bus and ours."""

    def __init__(self, directory):
        self.directory = directory
        self.socket = directory / "bus"
        self.address = f"unix:path={self.socket}"
        (directory / "policy").mkdir(exist_ok=True)
        shutil.copy(POLICY, directory / "policy")
        (directory / "passwd").write_text(PASSWD)
        (directory / "group").write_text(GROUPS)
        # Debian's, but for where it is and who runs it.
        text = DEBIANS.read_text()
        for gone in (r"<user>.*?</user>", r"<fork/>", r"<pidfile>.*?</pidfile>", r"<syslog/>",
                     r"<standard_system_servicedirs/>", r"<servicehelper>.*?</servicehelper>",
                     r"<include [^>]*>.*?</include>", r"<includedir>/etc.*?</includedir>"):
            text = re.sub(gone, "", text, flags=re.S)
        text = re.sub(r"<listen>.*?</listen>", f"<listen>{self.address}</listen>", text)
        text = re.sub(r"<includedir>system.d</includedir>",
                      f"<includedir>{directory}/policy</includedir>", text)
        assert f"{directory}/policy" in text and "<deny own=" in text
        (directory / "bus.conf").write_text(text)
        self.process = None
        self.start()

    def start(self):
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        here = self.directory
        with open(here / "dbus-stderr", "ab") as errors:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-ec",
                 f"mount --bind {here}/passwd /etc/passwd; mount --bind {here}/group /etc/group; "
                 f"exec dbus-daemon --nofork --config-file={here}/bus.conf"],
                stdin=subprocess.DEVNULL, stderr=errors)

        def answers():
            assert self.process.poll() is None, (here / "dbus-stderr").read_text()
            try:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
                    one.connect(str(self.socket))
                return True
            except OSError:
                return False
        rig.wait_for(answers, "the bus")
        os.chmod(self.socket, 0o777)
        assert "nknown" not in (here / "dbus-stderr").read_text()  # users, groups, elements

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(rig.DEADLINE_S)

    def client(self, who):
        return Client(str(self.socket), who)


def available():
    """Skips the test, by name of what is missing."""
    rig.another_user()
    if not shutil.which("dbus-daemon") or not DEBIANS.exists():
        pytest.skip("dbus-daemon is not installed")
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        pytest.skip("no mount namespace can be made here")


# ---- messages ----

METHOD_CALL, METHOD_RETURN, ERROR, SIGNAL = 1, 2, 3, 4
FIELD_PATH, FIELD_INTERFACE, FIELD_MEMBER, FIELD_ERROR, FIELD_REPLY = 1, 2, 3, 4, 5
FIELD_DESTINATION, FIELD_SENDER, FIELD_SIGNATURE = 6, 7, 8


def pad_to(data, n):
    return data + b"\0" * (-len(data) % n)


def string(text):
    data = text.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def strings(*texts):
    data = b""
    for text in texts:
        data = pad_to(data, 4) + string(text)
    return data


def read_string(data, at):
    at += -at % 4
    length, = struct.unpack_from("<I", data, at)
    return data[at + 4:at + 4 + length].decode(), at + 5 + length


class Message:
    def __init__(self, head, data):
        self.type = head[1]
        size, self.serial, fields = struct.unpack("<III", head[4:16])
        self.body = data[fields + -fields % 8:][:size]
        self.fields = {}
        at = 0
        while at < fields:
            at += -at % 8
            code, signature = data[at], chr(data[at + 2])
            at += 4
            if signature in "so":
                self.fields[code], at = read_string(data, at)
            elif signature == "g":
                self.fields[code] = data[at + 1:at + 1 + data[at]].decode()
                at += data[at] + 2
            else:
                at += -at % 4
                self.fields[code], = struct.unpack_from("<I", data, at)
                at += 4

    error = property(lambda self: self.fields.get(FIELD_ERROR))
    member = property(lambda self: self.fields.get(FIELD_MEMBER))


class Client:
    """A connection of one user; a thread of control is not needed: euid counts when it connects."""

    def __init__(self, path, who):
        self.serial, self.kept = 0, []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(rig.DEADLINE_S)
        old = os.getegid(), os.getgroups()
        try:
            os.setgroups(who["extra_groups"])
            os.setegid(who["group"])
            os.seteuid(who["user"])
            self.socket.connect(path)
            self.socket.sendall(b"\0AUTH EXTERNAL " + str(who["user"]).encode().hex().encode() +
                                b"\r\nBEGIN\r\n")
        finally:
            os.seteuid(0)
            os.setegid(old[0])
            os.setgroups(old[1])
        line = b""
        while not line.endswith(b"\r\n"):
            line += self.read(1)
        assert line.startswith(b"OK "), line
        self.unique = read_string(self.call(DRIVER, "/org/freedesktop/DBus", DRIVER,
                                            "Hello").body, 0)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def read(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionResetError
            data += more
        return data

    def receive(self):
        head = self.read(16)
        size, _, fields = struct.unpack("<III", head[4:16])
        return Message(head, self.read(fields + -fields % 8 + size))

    def send(self, destination, path, interface, member, signature="", body=b""):
        self.serial += 1
        fields = b""
        for code, kind, text in ((FIELD_PATH, "o", path), (FIELD_INTERFACE, "s", interface),
                                 (FIELD_MEMBER, "s", member),
                                 (FIELD_DESTINATION, "s", destination),
                                 (FIELD_SIGNATURE, "g", signature)):
            data = (bytes([len(text)]) + text.encode() + b"\0" if kind == "g" else string(text))
            fields = pad_to(fields, 8) + bytes([code, 1]) + kind.encode() + b"\0" + data
        head = b"l\1\0\1" + struct.pack("<III", len(body), self.serial, len(fields)) + fields
        self.socket.sendall(pad_to(head, 8) + body)
        return self.serial

    def call(self, *arguments):
        return self.answer(self.send(*arguments))

    def answer(self, serial):
        while True:
            message = self.receive()
            if message.fields.get(FIELD_REPLY) == serial:
                return message
            self.kept.append(message)

    # ---- psoasmond ----

    def ask(self, member, signature="", body=b"", name=NAME):
        return self.call(name, PATH, NAME, member, signature, body)

    def get(self, name, destination=NAME):
        """A property of type s, b, x or t, or the message that refuses it."""
        answer = self.call(destination, PATH, "org.freedesktop.DBus.Properties", "Get", "ss",
                           strings(NAME, name))
        if answer.type == ERROR:
            return answer
        kind, at = chr(answer.body[1]), 3
        if kind == "s":
            return read_string(answer.body, at)[0]
        size, form = {"b": (4, "<I"), "x": (8, "<q"), "t": (8, "<Q")}[kind]
        return struct.unpack_from(form, answer.body, at + -at % size)[0]

    def listen(self):
        answer = self.call(DRIVER, "/org/freedesktop/DBus", DRIVER, "AddMatch", "s",
                           string(f"type='signal',path='{PATH}'"))
        assert answer.type == METHOD_RETURN

    def signals(self):
        """What has come, up to an answer of the bus that was asked for now: one after the other."""
        self.call(DRIVER, "/org/freedesktop/DBus", DRIVER, "GetId")
        kept, self.kept = self.kept, []
        return [one for one in kept if one.type == SIGNAL and one.fields[FIELD_PATH] == PATH]

    def owner_of(self, name):
        answer = self.call(DRIVER, "/org/freedesktop/DBus", DRIVER, "GetNameOwner", "s",
                           string(name))
        return read_string(answer.body, 0)[0] if answer.type == METHOD_RETURN else None
