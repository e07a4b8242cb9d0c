# SPDX-License-Identifier: GPL-3.0-or-later
"""`psoasmon stretch` at a terminal, with a sleeper who does what it says, or does not. The pad sends
a frame a second of its own time, and the next only when the terminal has answered the one before."""
import os
import pathlib
import re
import signal

import pytest

import rig
from bus import ERROR, greet
from terminal import Terminal
from test_labels import ask
from test_lead import simulate

START = "2026-01-05T18:30:00Z"
START_S = 1767637800
# PmatData, experiment I: nine people, each in all positions, a file a position.
PEOPLE = pathlib.Path(os.environ["PSOASMON_RECORDINGS"]) / "pmat"
RECORDED = {"supine": 1, "supine_knees_raised": 10, "supine_right_knee": 11,
            "supine_left_knee": 12, "right_fetal": 13, "left_fetal": 14}
# What the model takes for lying flat, surely and from the first frame to the last: it cannot be held,
# and as the wrong side it is told as what it looks like.
UNSEEN = {("S7", "supine_left_knee")}
STRETCHES = ("supine_left_knee", "supine_right_knee", "left_fetal", "right_fetal",
             "supine_legs_raised", "supine_knees_raised")
MIRROR = {"supine_left_knee": "supine_right_knee", "supine_right_knee": "supine_left_knee",
          "left_fetal": "right_fetal", "right_fetal": "left_fetal"}
HOLDS = "SELECT position, asked_s, held_s, wrong_side_s, end_s - start_s FROM stretch_holds ORDER BY number"
SESSIONS = "SELECT day, start_s, timezone, start_utc_offset_s, pad, finished FROM stretch_sessions"
# The model needs some seconds to be sure of a change.
NEAR_S = 2


@pytest.fixture(scope="module")
def lying(tmp_path_factory):
    """Two minutes of frames in each position, and of an empty bed."""
    directory = tmp_path_factory.mktemp("lying")
    frames = {"empty": [rig.virtual_frame(rig.NOBODY)] * 120}
    for position in (*STRETCHES, "supine"):
        data = simulate(f"{position}:180", directory / position)
        size = len(data) // 180
        frames[position] = [data[i * size:(i + 1) * size] for i in range(60, 180)]
    return frames


class Mat:
    """psoasmond, its pad, somebody on it, and the terminal they look at."""

    def __init__(self, daemon, pad, lying, terminals, name="virtual"):
        self.pad, self.lying, self.terminals = pad, lying, terminals
        self.d = daemon("--rate", "1", "--start", START, port=pad.path, pad=name).ready()
        self.d.wait_connected()
        self.sent = 0

    def stretch(self, *holds, rest=10, options=()):
        plan = self.d.directory / "plan.ini"
        plan.write_text(f"[stretch]\nrest = {rest}\n[holds]\n" +
                        "".join(f"{position} = {seconds}\n" for position, seconds in holds))
        self.t = Terminal("stretch", "--config", self.d.config, "--database", self.d.database,
                          "--plan", plan, *options)
        self.terminals.append(self.t)
        self.t.wait("Stop where it hurts.")
        return self.t

    def clock_s(self):
        """How far the terminal's clock has come, which the first frame starts."""
        shown = re.findall(r"\r +([0-9]+):([0-9]{2})  ", self.t.text)
        return 60 * int(shown[-1][0]) + int(shown[-1][1]) if shown else -1

    def lie(self, position, seconds, until=None):
        """So many frames, each of them answered; fewer where the terminal says `until`."""
        for i in range(seconds):
            before, shown_s = len(self.t.text), self.clock_s()
            self.pad.send(self.lying[position][i % len(self.lying[position])])
            self.sent += 1
            while self.clock_s() <= shown_s:
                if not self.t.read_more():
                    return i + 1
            if until and until in self.t.text[before:]:
                return i + 1
        return seconds

    def kept(self):
        return self.d.rows(HOLDS)


@pytest.fixture
def mat(daemon, pad, lying, terminals):
    return Mat(daemon, pad, lying, terminals)


def no_night(d):
    assert d.rows("SELECT count(*) FROM nights") == [(0,)]


def test_a_whole_session(mat):
    """Every stretch held at once and for as long as it is asked for: the pad's time, to two seconds."""
    t = mat.stretch(*((position, 20) for position in STRETCHES))
    truth = []
    for position in STRETCHES:
        # Reading what is asked for, somewhere else; then held.
        mat.lie("supine", 6)
        truth.append(mat.lie(position, 60, "Held after"))
        mat.lie("supine", 10)
    assert t.finish() == 0, t.text
    assert mat.d.rows(SESSIONS) == [("2026-01-05", START_S, "Europe/Berlin", 3600, "virtual", 1)]
    kept = mat.kept()
    assert [row[:2] for row in kept] == [(position, 20) for position in STRETCHES]
    for (_, asked, held, wrong, _), lay in zip(kept, truth):
        assert abs(held - lay) <= NEAR_S and abs(held - asked) <= NEAR_S and wrong <= NEAR_S
    assert re.search(r"\n1[0-9]{2} s held, and kept\.", t.text)
    no_night(mat.d)
    # Their rest over, they lie there still: that is a night.
    mat.pad.send(b"".join(mat.lying["supine"] * 4))
    mat.d.wait_frames(mat.sent + 480)
    assert mat.d.stop() == 0
    (start_s,), = mat.d.rows("SELECT start_s FROM nights")
    assert abs(start_s - (START_S + mat.sent)) <= 2


@pytest.mark.parametrize("position", MIRROR)
def test_the_wrong_side_is_told_and_not_counted(mat, position):
    t = mat.stretch((position, 15), options=("--bell",))
    mat.lie(MIRROR[position], 30, "THE OTHER SIDE")
    assert "THE OTHER SIDE" in t.text and "\a" in t.text
    mat.lie(MIRROR[position], 10)
    wrong = mat.sent
    lay = mat.lie(position, 60, "Held after")
    assert t.finish() == 0, t.text
    (_, _, held, wrong_side, lasted), = mat.kept()
    assert abs(held - lay) <= NEAR_S and abs(wrong_side - wrong) <= NEAR_S
    assert abs(lasted - mat.sent) <= NEAR_S


@pytest.mark.parametrize("person", ["S1", "S2", "S3", "S4", "S5", "S7", "S8", "S9", "S10"])
def test_people(person, daemon, pad, terminals):
    """Somebody real, who first lies on the wrong side, then gets up, then does as they are told."""
    if not (PEOPLE / person).is_dir():
        pytest.skip(f"no recordings: {PEOPLE / person} is not there")
    # The first three frames of a file are no frames.
    lying = {position: (PEOPLE / person / f"{n}.txt").read_bytes().splitlines(True)[3:60]
             for position, n in RECORDED.items()}
    lying["empty"] = [rig.pmat_frame(rig.NOBODY)]
    mat = Mat(daemon, pad, lying, terminals, "pmat")
    holds = [position for position in RECORDED
             if position != "supine" and (person, position) not in UNSEEN]
    t = mat.stretch(*((position, 20) for position in holds))
    lay, wrong = {}, {}
    for position in holds:
        at = len(t.text)
        seen = position in MIRROR and (person, MIRROR[position]) not in UNSEEN
        lay_wrong = mat.lie(MIRROR[position], 12) if position in MIRROR else 0
        wrong[position] = lay_wrong if seen else 0
        assert ("THE OTHER SIDE" in t.text[at:]) == seen, (position, t.text[at:])
        assert seen or "that looks like supine" in t.text[at:] or lay_wrong == 0
        mat.lie("empty", 12)
        lay[position] = mat.lie(position, 80, "Held after")
        mat.lie("supine", 10)
    assert t.finish() == 0, t.text
    for position, _, held, wrong_side, _ in mat.kept():
        assert abs(held - lay[position]) <= NEAR_S, (position, held, lay[position])
        assert abs(wrong_side - wrong[position]) <= NEAR_S, (position, wrong_side)
    no_night(mat.d)


def test_nothing_counts_while_nobody_lies_there(mat):
    t = mat.stretch(("supine_left_knee", 30), ("left_fetal", 20))
    mat.lie("empty", 20)
    assert "nobody is on the pad" in t.text
    lay = mat.lie("supine_left_knee", 15)
    mat.lie("empty", 20)
    lay += mat.lie("supine_left_knee", 40, "Held after")
    mat.lie("empty", 10)
    # Out of the position for two minutes, and it is passed over.
    mat.lie("empty", 140, "Passed over after 0 s.")
    assert t.finish() == 0, t.text
    kept = mat.kept()
    assert abs(kept[0][2] - lay) <= NEAR_S and kept[1][2:4] == (0, 0)
    assert 118 <= kept[1][4] <= 122
    no_night(mat.d)


def test_another_position_does_not_count(mat):
    t = mat.stretch(("supine_legs_raised", 20))
    mat.lie("left_fetal", 10)
    assert "that looks like left_fetal" in t.text
    t.type("q")
    assert t.finish() == 1
    assert "nothing was held: nothing was kept" in t.text
    assert mat.kept() == []


@pytest.mark.parametrize("how", ["q", "\x03", "hang-up", "killed"])
def test_it_can_be_left_at_any_time(mat, how):
    t = mat.stretch(("supine_left_knee", 15), ("supine_right_knee", 60), ("left_fetal", 60), rest=8)
    first = mat.lie("supine_left_knee", 40, "Held after")
    mat.lie("supine", 8)
    second = mat.lie("supine_right_knee", 25)
    if how == "hang-up":
        os.kill(t.pid, signal.SIGHUP)
    elif how == "killed":
        os.kill(t.pid, signal.SIGKILL)
    else:
        t.type(how)
    assert t.finish() == {"q": 0, "\x03": -signal.SIGINT, "hang-up": -signal.SIGHUP,
                          "killed": -signal.SIGKILL}[how]
    kept = mat.kept()
    assert mat.d.rows(SESSIONS)[0][-1] == 0
    assert abs(kept[0][2] - first) <= NEAR_S
    if how != "killed":  # which takes the hold in progress along
        assert len(kept) == 2 and abs(kept[1][2] - second) <= NEAR_S
    rig.wait_for(lambda: mat.d.status()["watchers"]["count"] == 0, "the place free")


def test_enter_goes_on(mat):
    t = mat.stretch(("supine_left_knee", 60), ("left_fetal", 15), rest=5)
    mat.lie("supine_left_knee", 20)
    t.type("\n")
    t.wait("Passed over")
    mat.lie("left_fetal", 40, "Held after")
    assert t.finish() == 0, t.text
    kept = mat.kept()
    assert abs(kept[0][2] - 20) <= NEAR_S and kept[1][0] == "left_fetal"


def test_frames_that_are_missing_are_not_held(mat):
    t = mat.stretch(("supine_left_knee", 40))
    lay = mat.lie("supine_left_knee", 20)
    damaged = bytearray(mat.lying["supine_left_knee"][0])
    damaged[-1] ^= 1
    mat.pad.send(bytes(damaged) * 9)
    mat.sent += 9
    lay += mat.lie("supine_left_knee", 60, "Held after")
    assert t.finish() == 0, t.text
    (_, _, held, _, lasted), = mat.kept()
    assert abs(held - lay) <= NEAR_S and abs(lasted - lay - 9) <= NEAR_S


def test_a_night_that_is_open_is_not_lengthened(mat):
    """Up in the morning, then on the mat: the night ended before."""
    mat.pad.send(b"".join(mat.lying["supine"] * 4) + mat.lying["empty"][0] * 60)
    mat.d.wait_frames(540)
    mat.sent = 540
    t = mat.stretch(("supine_left_knee", 20))
    mat.lie("supine_left_knee", 60, "Held after")
    assert t.finish() == 0, t.text
    mat.pad.send(mat.lying["empty"][0] * 3700)
    mat.d.wait_frames(mat.sent + 3700)
    assert mat.d.stop() == 0
    assert [end for end, in mat.d.rows("SELECT end_s - start_s FROM nights")] == [
        pytest.approx(480, abs=3)]


def test_one_at_a_time(mat):
    mat.stretch(("supine_left_knee", 20))
    other = Terminal("stretch", "--config", mat.d.config, "--database", mat.d.database)
    mat.terminals.append(other)
    assert other.finish() == 1
    assert "somebody stretches already" in other.text
    with greet(mat.d) as client:  # nor without a way to hand the descriptor over
        kind, words = ask(client, "Stretch")
        assert kind == ERROR and b"NotSupported" in words


def test_history_and_what_is_due(mat):
    where = "--config", mat.d.config, "--database", mat.d.database
    assert rig.psoasmon("stretch", "--due", *where).returncode == 0
    assert rig.psoasmon("stretch", "--history", *where).returncode == 3
    t = mat.stretch(("supine_left_knee", 15))
    mat.lie("supine_left_knee", 60, "Held after")
    assert t.finish() == 0
    shown = rig.psoasmon("stretch", "--history", *where)
    start, = re.findall(r"^(2026-01-05T19:30:00\+01:00)  \d+ s held$", shown.stdout, re.M)
    assert rig.psoasmon("stretch", "--delete", "2026-01-05T19:00:00+01:00", *where).returncode == 1
    assert rig.psoasmon("stretch", "--delete", start, *where).returncode == 0
    assert mat.d.rows(SESSIONS) == mat.kept() == []


def test_psoasmond_does_not_run(tmp_path):
    (tmp_path / "c").write_text("")
    t = Terminal("stretch", "--config", tmp_path / "c", "--database", tmp_path / "nights.db")
    assert t.finish() == 1
    answer = rig.psoasmon("stretch", "--config", tmp_path / "c")
    assert answer.returncode == 2 and "needs a terminal" in answer.stderr


def test_psoasmond_ends_meanwhile(mat):
    t = mat.stretch(("supine_left_knee", 60))
    lay = mat.lie("supine_left_knee", 20)
    assert mat.d.stop() == 0
    assert t.finish() == 1
    assert "psoasmond has ended" in t.text
    (_, _, held, _, _), = mat.kept()  # straight into the database
    assert abs(held - lay) <= NEAR_S


@pytest.mark.parametrize("text, words", [
    ("", "there is no hold in it"),
    ("[holds]\nprone = 30\n", ":2: prone: is no stretch"),
    ("[holds]\nsupine_left_knee = 4\n", ":2: supine_left_knee: must be 5 to 900 seconds"),
    ("[holds]\nsupine_left_knee = forever\n", ":2: supine_left_knee: must be 5 to 900"),
    ("[holds]\n\x1b[2J = 30\n", ":2: ?[2J"),
    ("[stretch]\nrest = 301\n", ":2: rest: must be 0 to 300 seconds"),
    ("[stretch]\nmusic = yes\n", ":2: music: there is no such key"),
    ("[holds]\n" + "left_fetal = 30\n" * 65, ":66: left_fetal: is one hold too many"),
    ("[holds]\n" + "left_fetal = 900\n" * 5, ":5: left_fetal: makes it longer than an hour"),
    ("supine_left_knee = 30\n", ":1: "),
], ids=range(10))
def test_a_plan_that_is_refused(tmp_path, text, words):
    plan = tmp_path / "plan"
    plan.write_text(text)
    answer = rig.psoasmon("stretch", "--list", "--plan", plan)
    assert answer.returncode == 1 and words in answer.stderr, answer.stderr
    assert len(answer.stderr.splitlines()) == 1 and "\x1b" not in answer.stderr
