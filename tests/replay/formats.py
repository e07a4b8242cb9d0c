# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pads in pads/ send, written from what is known of their formats and from nothing else:
neither the simulator nor a pad file is asked. A picture is a list of rows, the head's first, as
somebody sees it who looks at the mat from above."""
import struct


def flat(picture):
    return [cell for row in picture for cell in row]


def columns(picture):
    return [list(column) for column in zip(*picture)]


def u8(cells):
    return bytes(cells)


def u16le(cells):
    return struct.pack(f"<{len(cells)}H", *cells)


def u16be(cells):
    return struct.pack(f">{len(cells)}H", *cells)


def crc16_modbus(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return struct.pack("<H", crc)


JQ_SYNC = bytes.fromhex("AA550399")


def jq_rows(picture):
    """The picture begins with the row that comes as number 15; from row 17 on it goes back from 14."""
    wire = [None] * 32
    for row, number in enumerate(list(range(15, 32)) + list(range(14, -1, -1))):
        wire[number] = picture[row]
    return wire


def jq_bed_32(picture, number):
    return JQ_SYNC + u8(flat(jq_rows(picture)))


def jq_bed(picture, number):
    return JQ_SYNC + u8(flat(picture))


def jq_first(picture, number):
    return JQ_SYNC + bytes([number % 256]) + u8(flat(jq_rows(picture)))


def jq_last(picture, number):
    return JQ_SYNC + u8(flat(jq_rows(picture))) + bytes([number % 256])


def jq_small(picture, number):
    # What the upper four bits hold is not known.
    return u16le([cell | (number % 16) << 12 for cell in flat(picture)]) + bytes.fromhex(
        "AA00550003009900")


def sensing_mat(picture, number):
    entries = [(x, y, value) for y, row in enumerate(picture) for x, value in enumerate(row) if value]
    return b"N\n" + struct.pack(">H", len(entries)) + bytes([number % 256, 0xEE]) + b"".join(
        struct.pack(">BBH", *entry) for entry in entries)


def sensing_tex(picture, number):
    swapped = columns(picture)
    frame = b""
    for number, column in enumerate(columns(swapped)):
        values = [4095 - cell | 0x1000 for cell in column]
        frame += b"M" + bytes([len(column), number]) + struct.pack(f"<{len(values)}h", *values) + b"\n"
    return frame


def raw(picture, number):
    return u8(flat(picture))


def snowboard(picture, number):
    return ",".join(map(str, flat(picture))).encode() + b"\r\n"


def m1616(picture, number):
    return b"\xAA\xAB\xAC" + u16be(flat(picture)) + bytes([1, 2, number % 256, 4])


def bb_aa(picture, number):
    frame = b"\xBB\xAA\x00\x02" + u16le(flat(picture))
    return frame + crc16_modbus(frame)


def wax(picture, number):
    frame = bytes([0xAA, 0x55, number % 256, 0xC0])
    frame += b"".join(cell.to_bytes(3, "big") for cell in flat(picture))
    return frame + bytes([sum(frame) % 256, 0x0D])


def pico(picture, number):
    return u8(flat(picture)) + b"\xFF\xFE\xFE\xFF"


def meet_matt(picture, number):
    return u16be(flat([row[::-1] for row in picture]))


def column_16(picture, number):
    banner = b"Pressure mat v1\r\nready, send A\r\n" if number == 0 else b""
    return banner + u8(flat(columns(picture)))


def sensitronics(picture, number):
    cells, frame = flat(picture), b""
    while cells:
        zeros = next((i for i, cell in enumerate(cells) if cell), len(cells))
        zeros = min(zeros, 255)
        frame += bytes([0, zeros]) if zeros else bytes([cells[0]])
        cells = cells[zeros or 1:]
    return frame + b"\xFF"


class WiReSens:
    """Pieces of 120 cells, which go on over the end of a frame; they are numbered."""

    def __init__(self):
        self.rest, self.start, self.sequence = [], 0, 0

    def __call__(self, picture, number):
        self.rest += flat(picture)
        cells, sent = len(flat(picture)), b""
        while len(self.rest) >= 120:
            values, self.rest = self.rest[:120], self.rest[120:]
            sent += struct.pack("<bH120HI", 3, self.start, *values, self.sequence) + b"wr"
            self.start = (self.start + 120) % cells
            self.sequence += 1
        return sent


def fsr(picture, number):
    blocks = [picture[2 * i + r][2 * j + c] for i in range(2) for j in range(2)
              for r in range(2) for c in range(2)]
    return "".join(f"{cell}\r\n" for cell in blocks).encode() + b"---\r\n"


def tab(picture, number):
    numbers = [1023 - cell for cell in flat(columns(picture))]
    return "\t".join(map(str, numbers)).encode() + b"\t\r\n"


def tab_lines(picture, number):
    return b"".join("\t".join(str(1023 - cell) for cell in column).encode() + b"\r\n"
                    for column in columns(picture))


def mattress(picture, number):
    heading = ",".join([f"ch{i}" for i in range(32)] + ["ppg", "us"]) + "\r\n" if number == 0 else ""
    cells = [4095 - cell for i, row in enumerate(picture) for cell in (row[::-1] if i % 2 else row)]
    line = ",".join(map(str, cells + [51234.5, 4294000000 + number * 74074]))
    return (heading + line + "\r\n").encode()



def diy(picture, number):
    """What firmware/ of the wiring page sends: seen from the foot, column 0 at the left."""
    frame = b"PSM1" + struct.pack("<H", number % 65536) + u16le(flat(picture))
    return frame + crc16_modbus(frame)


# name: rows, columns, the largest value, what makes a frame
FORMATS = {
    "jq-bed-32": (32, 32, 255, jq_bed_32),
    "jq-bed-16": (16, 16, 255, jq_bed),
    "jq-bed-64": (64, 64, 255, jq_bed),
    "jq-small-12bit": (32, 32, 4095, jq_small),
    "jq-bed-32-extra-first": (32, 32, 255, jq_first),
    "jq-bed-32-extra-last": (32, 32, 255, jq_last),
    "sensing-mat-48": (48, 48, 4095, sensing_mat),
    "sensing-mat-80": (80, 28, 4095, sensing_mat),
    "sensing-tex-16": (16, 16, 4095, sensing_tex),
    "kitronyx-ms9758": (16, 10, 255, raw),
    "kitronyx-snowboard": (16, 10, 255, snowboard),
    "m1616": (16, 16, 4095, m1616),
    "bb-aa-16": (16, 16, 4095, bb_aa),
    "diy-16x16": (16, 16, 1023, diy),
    "wax-arr-i": (8, 8, 4095, wax),
    "pico-mat": (28, 56, 255, pico),
    "meet-matt": (56, 19, 1023, meet_matt),
    "column-16": (16, 16, 255, column_16),
    "sensitronics-32": (32, 32, 254, sensitronics),
    "wiresens-32": (32, 32, 4095, WiReSens()),
    "fsr-4x4": (4, 4, 1023, fsr),
    "tab-9x9": (9, 9, 1023, tab),
    "mattress-32ch": (4, 8, 4095, mattress),
}
