# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmond's bus, spoken by hand: what a library would never say can be said, too."""
import os
import socket
import struct

import rig

HELLO = b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n"
AUTH = HELLO + b"BEGIN\r\n"
NAME = "org.psoasmon.Monitor1"
METHOD_RETURN, ERROR = 2, 3


def connect(d):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(rig.DEADLINE_S)
    client.connect(d.database + "-bus")
    return client


def greet(d, descriptors=False):
    """A connection past its greeting, agreed to carry `descriptors` or not."""
    client = connect(d)
    client.sendall(HELLO + b"NEGOTIATE_UNIX_FD\r\nBEGIN\r\n" if descriptors else AUTH)
    answer = b""
    while answer.count(b"\r\n") < 1 + descriptors:
        answer += client.recv(1024)
    assert answer.startswith(b"OK ") and answer.endswith(b"\r\n")
    assert (b"\r\nAGREE_UNIX_FD" in answer) == descriptors
    return client


def closed_by_peer(client):
    """Reads until the other side hangs up."""
    try:
        while client.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


def call(serial, interface, member, signature="", body=b"", path="/org/psoasmon/Monitor1"):
    """A D-Bus method call, little-endian."""
    def field(code, kind, text):
        data = text.encode()
        if kind == "g":
            return bytes([code, 1]) + b"g\0" + bytes([len(data)]) + data + b"\0"
        return (bytes([code, 1]) + kind.encode() + b"\0" + struct.pack("<I", len(data)) + data +
                b"\0")
    fields = b""
    for one in ((1, "o", path), (2, "s", interface), (3, "s", member),
                *([(8, "g", signature)] if signature else [])):
        fields += b"\0" * (-len(fields) % 8) + field(*one)
    head = b"l\1\0\1" + struct.pack("<III", len(body), serial, len(fields)) + fields
    return head + b"\0" * (-len(head) % 8) + body


def get_all(serial):
    return call(serial, "org.freedesktop.DBus.Properties", "GetAll", "s",
                struct.pack("<I", len(NAME)) + NAME.encode() + b"\0")
