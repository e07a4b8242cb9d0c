# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures as docs/capture-files.md describes them, read and written without a line of psoasmon's."""
import struct
import zlib

HEAD = struct.Struct("<8sIIq32sI")


def seal(previous, data):
    """Data and its checksum."""
    return data + struct.pack("<I", zlib.crc32(previous[-4:] + data))


def write(pad, start_us, records, baud=0):
    """The bytes of a capture of (microseconds since the start, bytes) records."""
    head = HEAD.pack(b"PSOASCAP", 1, baud, start_us, pad.encode(), 0)
    pieces = [head + struct.pack("<I", zlib.crc32(head))]
    before_us = 0
    for time_us, data in records:
        pieces.append(seal(pieces[-1], struct.pack("<IH", time_us - before_us, len(data)) + data))
        before_us = time_us
    return b"".join(pieces)


def read(path):
    """The pad's name, the baud rate, the start, and the records of a file that is whole."""
    data = path.read_bytes()
    magic, version, baud, start_us, pad, zero = HEAD.unpack_from(data)
    assert (magic, version, zero) == (b"PSOASCAP", 1, 0)
    assert struct.unpack_from("<I", data, HEAD.size) == (zlib.crc32(data[:HEAD.size]),)
    at, time_us, records = HEAD.size + 4, 0, []
    while at < len(data):
        after_us, length = struct.unpack_from("<IH", data, at)
        end = at + 6 + length
        assert struct.unpack_from("<I", data, end) == (zlib.crc32(data[at - 4:end]),)
        time_us += after_us
        records.append((time_us, data[at + 6:end]))
        at = end + 4
    return pad.rstrip(b"\0").decode(), baud, start_us, records
