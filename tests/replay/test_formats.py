# SPDX-License-Identifier: GPL-3.0-or-later
"""Every pad that is known by hearsay: bytes made from what is known of its format alone are read to
the right frames the right way round, and who lies on the left side is called so."""
import json
import os
import pathlib
import random
import subprocess

import pytest

import formats
import rig

PADS = pathlib.Path(os.environ["PSOASMON_PADS"])
FRAMES = os.environ["PSOASMON_FRAMES"]
FRAME_N = 5


def frames(name, data):
    """What is read: counts of each frame, or the cause of its drop; and how many bytes were stray."""
    done = subprocess.run([FRAMES, PADS / f"{name}.pad"], input=data, capture_output=True, check=True)
    *lines, counts = done.stdout.decode().splitlines()
    read = [line if line.startswith("#") else [None if count == "-" else int(count)
                                               for count in line.split()] for line in lines]
    return read, int(counts.split()[2])


def pictures(name, seed, n=FRAME_N):
    rows, cols, largest, _ = formats.FORMATS[name]
    source = random.Random(f"{name} {seed}")
    return [[[source.choice([0, 0, source.randint(0, largest)]) for _ in range(cols)]
             for _ in range(rows)] for _ in range(n)]


def mirrored(picture):
    """From above, with the sleeper on the back, their left is at the right."""
    return [cell for row in picture for cell in row[::-1]]


def send(name, drawn):
    make = formats.FORMATS[name][3]
    if isinstance(make, formats.WiReSens):
        make = formats.WiReSens()
    return b"".join(make(picture, number) for number, picture in enumerate(drawn))


def test_every_untested_pad_is_here():
    untested = {path.stem for path in PADS.glob("*.pad") if "status = untested" in path.read_text()}
    assert untested == set(formats.FORMATS)


@pytest.mark.parametrize("name", formats.FORMATS)
def test_frames_are_read_as_they_were_sent(name):
    drawn = pictures(name, "exact")
    read, stray = frames(name, send(name, drawn))
    if name == "wiresens-32":
        # The last piece of the last frame goes on into the next one, which has not come.
        assert read[-1] == "# short"
        read, drawn = read[:-1], drawn[:-1]
    assert read == [mirrored(picture) for picture in drawn]
    if name not in ("column-16", "mattress-32ch"):  # which greet, and name their columns
        assert stray == 0


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_stream_may_begin_anywhere(name):
    """Half a frame comes first: it costs itself and at most the next one."""
    if formats.FORMATS[name][3] in (formats.raw, formats.meet_matt, formats.column_16):
        pytest.skip("nothing tells where an answer begins but the pause before it")
    drawn = pictures(name, "begin")
    data = send(name, drawn)
    read, _ = frames(name, data[len(data) // FRAME_N // 2:])
    good = [frame for frame in read if not isinstance(frame, str)]
    assert all(mirrored(picture) in good for picture in drawn[2:4])


@pytest.mark.parametrize("position", ["left", "right"])
@pytest.mark.parametrize("name", formats.FORMATS)
def test_who_lies_on_the_left_is_called_so(name, position, tmp_path):
    rows, cols, largest, _ = formats.FORMATS[name]
    simulated = rig.psoasmon("simulate", "--pad", PADS / f"{name}.pad", "--rate", 2, "--seed", 7,
                             "--plan", f"{position}_side:30", "--output", tmp_path / "simulated")
    assert simulated.returncode == 0, simulated.stderr
    bodies, _ = frames(name, (tmp_path / "simulated").read_bytes())
    # Head first and the sleeper's left first, onto a picture seen from above.
    drawn = [[body[row * cols:(row + 1) * cols][::-1] for row in range(rows)] for body in bodies
             if not isinstance(body, str)]
    assert len(drawn) >= 59
    (tmp_path / "sent").write_bytes(send(name, drawn))
    done = rig.psoasmon("classify", "--pad", PADS / f"{name}.pad", "--rate", 2, tmp_path / "sent")
    assert done.returncode == 0, done.stderr
    # Who gets into bed sits first.
    told = [json.loads(line)["position"] for line in done.stdout.splitlines()][20:]
    right, wrong = (sum(word.startswith(side) for word in told)
                    for side in (("left", "right") if position == "left" else ("right", "left")))
    assert wrong == 0, told
    if name != "fsr-4x4":  # sixteen cells leave some sleepers unknown
        assert right > 0.9 * len(told), told


def test_error_codes_are_no_readings():
    picture = pictures("mattress-32ch", "codes", 1)[0]
    line = formats.mattress(picture, 1).decode().split(",")
    expected = mirrored(picture)
    line[0], line[2], line[9] = "-2", "-3", "-4"  # the second row comes backwards
    for row, col in ((0, 0), (0, 2), (1, 6)):
        expected[row * 8 + 7 - col] = None
    assert frames("mattress-32ch", ",".join(line).encode())[0] == [expected]
    line[5] = "-5"
    assert frames("mattress-32ch", ",".join(line).encode())[0] == ["# range"]


def test_lines_may_end_anywhere():
    drawn = pictures("tab-9x9", "lines")
    data = b"".join(formats.tab_lines(picture, 0) for picture in drawn)
    assert frames("tab-9x9", data)[0] == [mirrored(picture) for picture in drawn]


def test_pieces_may_end_with_the_frame():
    """The last piece of a frame shorter than the others, or each of another length."""
    drawn = pictures("wiresens-32", "pieces")
    for lengths in ([120] * 8 + [64], [120, 60, 120, 120, 120, 120, 120, 120, 120, 4], [64] * 16):
        data, sequence = b"", 0
        for picture in drawn:
            cells, start = formats.flat(picture), 0
            for length in lengths:
                data += bytes([0]) + formats.u16le([start] + cells[start:start + length])
                data += sequence.to_bytes(4, "little") + b"wr"
                start += length
                sequence += 1
        assert frames("wiresens-32", data) == ([mirrored(picture) for picture in drawn], 0)
