# SPDX-License-Identifier: GPL-3.0-or-later
"""`psoasmon live`: the pad on a terminal and in lines, while psoasmond, pad and terminal come and go."""
import json
import os
import signal
import subprocess
import termios

import pytest

import rig
from terminal import Screen, Terminal
from test_watchers import watch

BLOCK = "█"


def pressed(rows, cols):
    """A frame of the virtual pad with weight on a part of it."""
    return rig.virtual_frame([1000 if row in rows and col in cols else 0
                              for row in range(64) for col in range(32)])


HEAD_LEFT = pressed(range(16), range(8))
FEET_RIGHT = pressed(range(48, 64), range(24, 32))


class Room:
    def __init__(self, daemon, pad, terminals):
        self.start, self.pad, self.terminals = daemon, pad, terminals
        self.d = None

    def record(self, port=None):
        self.d = self.start(port=port or self.pad.path, pad="virtual").ready()
        self.d.wait_connected()
        return self.d

    def look(self, *arguments, rows=24, cols=80, **environment):
        """psoasmon live on a terminal of its own, once it shows something."""
        self.t = Terminal("live", "--config", self.d.config, "--database", self.d.database,
                          *arguments, **environment)
        self.terminals.append(self.t)
        self.before = termios.tcgetattr(self.t.fd)
        self.screen = Screen(self.t, rows, cols)
        self.screen.wait(lambda lines: lines[0].startswith("psoasmon live"))
        self.screen.wait_for("position")
        return self.screen

    def show(self, frame):
        """Sends it until it is seen: a watcher gets what comes from now on."""
        rig.wait_for(lambda: self.d.status()["watchers"]["count"] >= 1, "somebody watching")
        self.pad.send(frame)


@pytest.fixture
def room(daemon, pad, terminals):
    return Room(daemon, pad, terminals)


def ended(room):
    """Reads to the end; the exit status. The terminal is as it was."""
    while room.t.read_more():
        pass
    room.screen.answering = False
    room.screen.update()
    assert room.screen.modes == {"25"}  # the cursor is there, the other screen is not
    assert room.t.text.endswith("\x1b[?1049l")
    return room.t.reap()


# ---- the picture ----

def test_the_picture_follows(room):
    room.record()
    screen = room.look()
    lines = screen.lines()
    assert "left" in lines[1] and "head" in lines[1] and "right" in lines[1]
    room.show(HEAD_LEFT)
    lines = screen.wait(lambda lines: any(BLOCK in line for line in lines))
    assert lines[2].startswith("│" + 4 * BLOCK) and BLOCK not in lines[12]
    assert lines[2].partition("│")[2].partition("│")[0].endswith("  ")
    screen.wait_for("last frame now")
    screen.wait_for("load 128.0 on")
    room.pad.send(FEET_RIGHT)
    lines = screen.wait(lambda lines: BLOCK in lines[20])
    assert lines[23].startswith("└") and BLOCK + "│" in lines[22]
    assert BLOCK not in lines[2]
    # Everything is within the terminal (the screen would have refused it), and no colour is there.
    assert not any("38" in look or "48" in look for look in screen.looks)
    room.t.type("q")
    assert ended(room) == 0
    rig.wait_for(lambda: room.d.status()["watchers"]["count"] == 0, "the place free")


@pytest.mark.parametrize("environment, expected", [
    ({"TERM": "xterm-256color", "COLORTERM": ""}, "48;5;230"),
    ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "48;2;255;255;225"),
    ({"TERM": "xterm-256color", "NO_COLOR": "1"}, None),
    ({"TERM": "xterm-256color", "COLORTERM": "", "LC_ALL": "C"}, "48;5;230"),
])
def test_colours(room, environment, expected):
    room.record()
    screen = room.look(**environment)
    room.show(HEAD_LEFT)
    screen.wait_for("load 128.0 on")
    colours = {look for look in screen.looks if "8;" in look}
    assert any(expected in look for look in colours) if expected else not colours
    if environment.get("LC_ALL") == "C":
        assert room.t.text.isascii()


def test_another_size(room):
    room.record()
    screen = room.look(rows=50, cols=200)
    screen.wait(lambda lines: "└" in lines[49])
    for rows, cols in (24, 80), (10, 30), (3, 12), (1, 1), (24, 80):
        screen.resizing = True
        screen.rows, screen.cols = rows, cols
        room.t.resize(rows, cols)
        title = "psoasmon live" + max(0, cols - 20) * " " + "q quits" if cols > 20 else \
            "psoasmon live"[:cols]
        screen.wait(lambda lines: lines[0] == title)
        screen.resizing = False
    screen.wait_for("position")


# ---- what goes wrong ----

def test_what_grows_old_is_told(room):
    room.record()
    screen = room.look()
    room.show(HEAD_LEFT)
    screen.wait_for("last frame now")
    screen.wait_for("last frame 2 s ago")
    assert "2" in screen.looks or any(look.endswith(";2") for look in screen.looks)
    room.pad.send(FEET_RIGHT)
    screen.wait_for("last frame now")


def test_psoasmond_ends_and_begins(room):
    d = room.record()
    screen = room.look()
    room.show(HEAD_LEFT)
    screen.wait_for("last frame now")
    assert d.stop() == 0
    screen.wait_for("psoasmond does not run for")
    room.record()
    room.show(FEET_RIGHT)
    screen.wait(lambda lines: BLOCK in lines[20])
    screen.wait(lambda lines: not any("does not run" in line for line in lines))
    room.d.kill()
    screen.wait_for("psoasmond does not run for")
    room.t.type("q")
    assert ended(room) == 0


def test_psoasmond_hangs(room):
    room.record()
    screen = room.look()
    room.d.send_signal(signal.SIGSTOP)
    try:
        screen.wait_for("but does not answer")
        room.t.type("q")
        assert ended(room) == 0
    finally:
        room.d.send_signal(signal.SIGCONT)


def test_the_pad_is_unplugged(room, tmp_path):
    # A name that nobody else gets, as the number of a terminal would be.
    port = tmp_path / "pad"
    port.symlink_to(room.pad.path)
    room.record(port=port)
    screen = room.look()
    room.show(HEAD_LEFT)
    screen.wait_for("last frame now")
    port.unlink()
    room.pad.unplug()
    screen.wait_for("the pad is not there")
    room.t.type("q")
    assert ended(room) == 0


def test_no_place_is_left(room):
    room.record()
    others = [watch(room.d) for _ in range(4)]
    screen = room.look()
    screen.wait_for("no picture: ")
    for other in others:
        other.close()
    room.show(HEAD_LEFT)
    screen.wait_for("last frame now")


# ---- its end ----

@pytest.mark.parametrize("keys", ["Q", "\x04"])
def test_keys_that_end_it(room, keys):
    room.record()
    room.look()
    room.t.type(keys)
    assert ended(room) == 0


def test_control_c(room):
    room.record()
    room.look()
    room.t.type("\x03")
    assert ended(room) == -signal.SIGINT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals(room, number):
    room.record()
    room.look()
    os.kill(room.t.pid, number)
    assert ended(room) == -number


def test_the_terminal_goes_away(room):
    room.record()
    room.look()
    os.close(room.t.fd)
    pid, room.t.pid = room.t.pid, None
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in (0, -signal.SIGHUP)
    rig.wait_for(lambda: room.d.status()["watchers"]["count"] == 0, "the place free")


def test_a_terminal_that_takes_nothing_holds_up_nobody(room):
    room.record()
    room.look(TERM="xterm-256color", COLORTERM="truecolor")
    for _ in range(100):
        room.pad.send(HEAD_LEFT)
        room.pad.send(FEET_RIGHT)
    assert room.d.wait_frames(200)["pad"]["dropped_frames"] == 0
    os.kill(room.t.pid, signal.SIGTERM)
    assert ended(room) == -signal.SIGTERM


def test_stopped_and_continued(room):
    room.record()
    screen = room.look()
    at = len(room.t.text)
    os.kill(room.t.pid, signal.SIGTSTP)
    at = room.t.wait("\x1b[?1049l", at)
    os.waitpid(room.t.pid, os.WUNTRACED)
    os.kill(room.t.pid, signal.SIGCONT)
    room.t.wait("\x1b[?1049h", at)
    screen.wait_for("position")
    room.t.type("q")
    assert ended(room) == 0


# ---- lines ----

def lines_of(room, *arguments):
    return subprocess.Popen([rig.PSOASMON, "live", "--config", room.d.config, "--database",
                             room.d.database, *map(str, arguments)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_line_a_second(room):
    room.record()
    process = lines_of(room, "--lines", 2)
    out, errors = process.communicate(timeout=rig.DEADLINE_S)
    assert (process.returncode, errors) == (0, "")
    assert len(out.splitlines()) == 2 and all("no frame yet" in line for line in out.splitlines())
    room.pad.send(rig.virtual_frame(rig.somebody()))
    # On a terminal too, where that is asked for.
    t = Terminal("live", "--database", room.d.database, "--config", room.d.config, "--plain",
                 "--lines", 1)
    room.terminals.append(t)
    assert t.finish() == 0 and "\x1b" not in t.text


def test_json(room):
    room.record()
    process = lines_of(room, "--json", "--cells")
    status = json.loads(process.stdout.readline())
    assert status["type"] == "status" and status["answers"] and status["problem"] is None
    assert status["last_frame_age_ms"] is None and status["pad"]["name"] == "virtual"
    room.show(HEAD_LEFT)
    while (line := json.loads(process.stdout.readline()))["type"] != "map":
        pass
    assert line["number"] == 0 and line["occupied"] and line["load"] == 128
    assert len(line["cells"]) == 64 and [len(row) for row in line["cells"]] == 64 * [32]
    assert line["cells"][0][:9] == 8 * [1] + [0]
    assert line["position"].keys() == {"identifier", "confidence", "since"}
    assert room.d.stop() == 0
    while (line := json.loads(process.stdout.readline())).get("answers") is not False:
        pass
    assert "does not run" in line["problem"] and line["last_frame_age_ms"] >= 0
    process.stdout.close()
    assert process.wait(rig.DEADLINE_S) == -signal.SIGPIPE
    assert process.stderr.read() == ""


def test_bad_usage(tmp_path):
    for arguments in (["--lines", "0"], ["--lines", "x"], ["--cells"], ["extra"], ["--nonsense"]):
        answer = rig.psoasmon("live", *arguments)
        assert answer.returncode == 2 and len(answer.stderr.splitlines()) == 1, arguments


def test_psoasmond_does_not_run(tmp_path):
    (tmp_path / "psoasmon.conf").write_text("")
    answer = rig.psoasmon("live", "--config", tmp_path / "psoasmon.conf", "--database",
                          tmp_path / "nights.db")
    assert answer.returncode == 3 and answer.stdout == ""
    assert answer.stderr.splitlines() == [
        f"psoasmon: psoasmond does not run for {tmp_path}/nights.db"]
