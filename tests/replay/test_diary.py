# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon diary, beside a psoasmond that holds the database and without one."""
import csv
import io
import json
import pathlib
import struct

import pytest

import rig
from bus import ERROR, METHOD_RETURN, greet
from terminal import Terminal
from test_labels import ask, string

DAY = "2026-01-06"
ENTRIES = "SELECT day, pain, place, side, stiffness, sitting_s, massage, note FROM diary ORDER BY day"
TAGS = "SELECT day, tag FROM diary JOIN diary_tags ON id = diary_id ORDER BY day, tag"


@pytest.fixture(scope="module")
def a_night(tmp_path_factory):
    directory = tmp_path_factory.mktemp("diary")
    config, database, frames = (directory / name for name in ("none.conf", "nights.db", "frames"))
    config.write_text("")
    assert rig.psoasmon("simulate", "--plan", "supine:400", "--rate", "1", "--output",
                        frames).returncode == 0
    assert rig.psoasmon("replay", "--config", config, "--database", database, "--pad", "virtual",
                        "--rate", "1", "--start", "2026-01-05T22:30:00Z", frames).returncode == 0
    return config, database


@pytest.fixture
def here(a_night, tmp_path):
    """A database that nobody records into."""
    assert rig.psoasmon("backup", "--database", a_night[1], tmp_path / "d.db").returncode == 0
    return a_night[0], tmp_path / "d.db"


@pytest.fixture
def there(daemon, pad):
    """One that a psoasmond holds."""
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00Z", port=pad.path,
               pad="virtual").ready()
    d.wait_connected()
    d.where = d.config, d.database
    return d


def diary(where, *arguments):
    return rig.psoasmon("diary", "--config", where[0], "--database", where[1], *arguments)


def written(where, *arguments):
    answer = diary(where, "--day", DAY, *arguments)
    assert (answer.returncode, answer.stderr) == (0, "")
    return answer.stdout


def entries(where):
    answer = diary(where, "--list", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    return json.loads(answer.stdout)["entries"]


@pytest.mark.parametrize("kind", ["here", "there"])
def test_an_entry_is_written_changed_and_deleted(kind, request):
    where = request.getfixturevalue(kind)
    where = getattr(where, "where", where)
    words = written(where, "--pain", 3, "--place", "lower back", "--side", "left", "--sitting",
                    "8h", "--tag", "knee pillow", "--tag", "mat")
    assert words == (f"{DAY}\n  pain 3 (lower back, left); sat 8 h 00 min; tags: knee pillow, "
                     "mat\n")
    # More is answered later; what is answered stays.
    written(where, "--massage", "--pain", 3)
    answer = diary(where, "--day", DAY, "--pain", 5)
    assert answer.returncode == 2 and "another answer to pain; --edit changes it" in answer.stderr
    assert rig.rows(where[1], ENTRIES) == [(DAY, 3, "lower back", "left", None, 28800, 1, None)]
    written(where, "--edit", "--pain", 5, "--clear", "sitting", "--untag", "mat")
    assert rig.rows(where[1], ENTRIES) == [(DAY, 5, "lower back", "left", None, None, 1, None)]
    assert rig.rows(where[1], TAGS) == [(DAY, "knee pillow")]
    answer = diary(where, "--delete", DAY)
    assert answer.returncode == 2 and "takes --yes" in answer.stderr
    answer = diary(where, "--delete", DAY, "--yes")
    assert answer.returncode == 0 and f"deleted the entry of {DAY}" in answer.stdout
    assert rig.rows(where[1], ENTRIES) == rig.rows(where[1], TAGS) == []
    assert diary(where, "--delete", DAY, "--yes").returncode == 3
    assert diary(where, "--list").returncode == 3


def test_nothing_of_what_was_deleted_stays(there):
    written(there.where, "--note", "nobody else is to know")
    assert diary(there.where, "--delete", DAY, "--yes").returncode == 0
    rig.wait_for(lambda: not any(b"nobody else" in path.read_bytes() for path in
                                 there.directory.glob("nights.db*") if path.is_file()),
                 "the file rewritten")
    assert not any("nobody else" in line for line in there.told())


def test_due(here):
    assert diary(here, "--due").returncode == 0
    answer = diary(here, "--stiffness", 1)
    assert answer.returncode == 0 and diary(here, "--due").returncode == 0
    assert diary(here, "--pain", 0).returncode == 0
    answer = diary(here, "--due")
    assert (answer.returncode, answer.stdout, answer.stderr) == (3, "", "")
    missing = here[0], here[1].with_name("missing.db")
    assert diary(missing, "--due").returncode == 1


def test_days_to_come(here):
    assert diary(here, "--day", "9999-12-31", "--pain", 1).returncode == 2
    assert diary(here, "--day", "1970-01-01", "--pain", 1).returncode == 0


def asked(where, *arguments):
    return Terminal("diary", "--config", where[0], "--database", where[1], "--day", DAY, *arguments)


def answer_all(terminal, *answers):
    """Each answer once its question is there; how it ended."""
    at = 0
    for question, answer in answers:
        at = terminal.wait(question, at)
        at = terminal.wait(": ", at)
        terminal.type(answer + "\n")
    return terminal.finish()


def test_asked_at_a_terminal(here):
    t = asked(here)
    assert answer_all(t, ("Pain this morning", "eleven"), ("Pain this morning", "4"),
                      ("where", "hip"), ("side", ""), ("Stiffness", "2"), ("Hours sat", "7:30"),
                      ("Anything else", "slept "
                       "well")) == 0, t.text
    assert "'eleven' is no whole number from 0 to 10" in t.text
    assert rig.rows(here[1], ENTRIES) == [(DAY, 4, "hip", None, 2, 27000, None, "slept well")]
    # Again: what is answered is shown, kept or taken back. Who has no pain is not asked where.
    t = asked(here, "--edit")
    assert answer_all(t, ("[4]", "0"), ("Stiffness, 0 to 10 [2]", "-"), ("[7:30]", ""),
                      ("[slept well]", "")) == 0, t.text
    assert rig.rows(here[1], ENTRIES) == [(DAY, 0, "hip", None, None, 27000, None, "slept well")]


def test_asked_and_left(here):
    for keys in "\x03", "\x04":
        t = asked(here)
        t.wait("Pain this morning")
        t.type("3\n")
        t.wait("where")
        t.type(keys)
        assert t.finish() != 0
    t = asked(here)
    assert answer_all(t, ("Pain", ""), ("Stiffness", ""), ("Hours", ""), ("Anything", "")) == 2
    assert "nothing is answered" in t.text
    assert rig.rows(here[1], ENTRIES) == []


# ---- hostile text ----

KEPT = ["=HYPERLINK(\"http://x\")", "+1", "-1+1|cmd", "@SUM(A1)", "'=1", "a,b", "say \"hi\"",
        "<script>alert(1)</script>", "&amp;</td>", "'; DROP TABLE diary; --", "%s%n", "späť 😴",
        "$(reboot)", "`reboot`", "{\"a\":1}", "\\x1b[2J", "''"]
REFUSED = ["\x1b[2J", "a\x07", "\u202egnp", "a\x9bb", "\x7f", "a\rb", "x" * 100000]


def test_hostile_text_is_kept_as_given_and_shown_harmless(here, there, tmp_path):
    for where in here, there.where:
        for i, text in enumerate(KEPT):
            day = f"2025-02-{i + 1:02}"
            tag = ("--tag", text) if ";" not in text else ()
            answer = diary(where, "--day", day, "--place", text, "--note", f"{text}\n\t{text}",
                           *tag)
            assert answer.returncode == 0, answer.stderr
            assert all(c.isprintable() or c == "\n" for c in answer.stdout)
        found = entries(where)
        assert [entry["place"] for entry in found] == KEPT
        assert [entry["note"] for entry in found] == [f"{text}\n\t{text}" for text in KEPT]
        assert all(entry["tags"] in ([text], []) for entry, text in zip(found, KEPT))
        listed = diary(where, "--list").stdout
        assert all(c.isprintable() or c == "\n" for c in listed)
        answer = diary(where, "--export", "-")
        for row in list(csv.DictReader(io.StringIO(answer.stdout, newline=""), strict=True)):
            assert not any(value[:1] in ("=", "+", "-", "@") for value in row.values() if value)
        exported = rig.psoasmon("export", "--config", where[0], "--database", where[1], "--table",
                                "diary")
        rows = [json.loads(line) for line in exported.stdout.splitlines()][1:]
        assert [row["place"] for row in rows] == KEPT
        file = tmp_path / "out.csv"
        file.write_text(answer.stdout)
        again = diary(where, "--import", file)
        assert again.stdout == f"{len(KEPT)} entries read, {len(KEPT)} of them known already\n"
    assert not any(text in line for line in there.told() for text in KEPT)


@pytest.mark.parametrize("text", REFUSED, ids=[ascii(text[:8]) for text in REFUSED])
def test_hostile_text_is_refused(here, text):
    for option in "--place", "--note", "--tag", "--side", "--pain", "--sitting", "--clear", "--day":
        answer = diary(here, option, text)
        assert answer.returncode == 2 and answer.stdout == ""
        assert len(answer.stderr.splitlines()) == 1 and len(answer.stderr) < 600
        assert all(c.isprintable() or c == "\n" for c in answer.stderr)
    assert rig.rows(here[1], ENTRIES) == []


# ---- the bus, by hand ----

def aligned(body, n):
    return body + b"\0" * (-len(body) % n)


def entry_body(*items):
    """aa{sv}, one entry: (name, signature, packed value) each. What stands in front is 8 bytes."""
    body = b""
    for name, signature, value in items:
        body = aligned(body, 8) + string(name.encode())
        body += bytes([len(signature)]) + signature.encode() + b"\0"
        body = aligned(body, 8 if signature in "xt" else 4) + value
    inner = struct.pack("<I", len(body))  # at 4, and the entries begin at 8
    return struct.pack("<I", len(inner + body)) + inner + body


def put(there, *items):
    with greet(there) as client:
        return ask(client, "PutDiary", "aa{sv}", entry_body(*items))


A_DAY = ("day", "s", string(DAY.encode()))


def number(value):
    return struct.pack("<q", value)


def test_the_bus_takes_what_is_right(there):
    kind, words = put(there, A_DAY, ("pain", "x", number(7)), ("note", "s", string(b"a\nb")),
                      ("made_s", "x", number(5)))
    assert kind == METHOD_RETURN, words
    assert there.rows(ENTRIES) == [(DAY, 7, None, None, None, None, None, "a\nb")]


@pytest.mark.parametrize("items, words", [
    ([("pain", "x", number(7))], b"day: is missing"),
    ([("day", "s", string(b"today"))], b"not a date"),
    ([A_DAY, ("pain", "x", number(-1))], b"pain: must be 0 to 10"),
    ([A_DAY, ("pain", "x", number(2**62))], b"pain: must be 0 to 10"),
    ([A_DAY, ("pain", "s", string(b"3"))], b"another type than its field has"),
    ([A_DAY, ("agony", "x", number(1))], b"there is no field"),
    ([A_DAY, ("\x1b[2J", "x", number(1))], b"there is no field '?[2J'"),
    ([A_DAY, ("note", "s", string(b"\x1b[2J"))], b"control character"),
    ([A_DAY, ("note", "s", string(b"x" * 100000))], b"longer than 4000 bytes"),
    ([A_DAY, ("note", "s", string(b""))], b"is empty"),
    ([A_DAY, ("made_s", "x", number(-2**63))], b"before 1970"),
], ids=range(11))
def test_the_bus_refuses_what_is_not(there, items, words):
    kind, answer = put(there, *items)
    assert kind == ERROR and words in answer, answer
    assert there.rows(ENTRIES) == []
    with greet(there) as client:
        assert ask(client, "DeleteDiary", "s", string(b"'; DROP"))[0] == ERROR
        assert b"NoEntry" in ask(client, "DeleteDiary", "s", string(DAY.encode()))[1]


# ---- files ----

def test_there_and_back_again(here, there, tmp_path):
    file = tmp_path / "many.csv"
    days = [f"20{year}-{month:02}-{day:02}" for year in (24, 25) for month in range(1, 13)
            for day in range(1, 29)]
    with open(file, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["tags", "day", "pain", "note"])
        for i, day in enumerate(days):
            writer.writerow(["mat;x" if i % 2 else "", day, i % 11, "späť, \"\n" * (i % 3)])
    for where in here, there.where:
        answer = diary(where, "--import", file)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == f"{len(days)} entries read, 0 of them known already\n"
        assert [entry["day"] for entry in entries(where)] == days
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    assert diary(here, "--export", one).returncode == 0
    assert one.stat().st_mode & 0o777 == 0o600
    before = entries(here)
    rig.change(here[1], "DELETE FROM diary_tags", "DELETE FROM diary")
    assert diary(here, "--import", one).returncode == 0
    assert entries(here) == before
    assert diary(here, "--export", other).returncode == 0
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("text, words", [
    ("", "is empty; its first line names the columns"),
    ("pain\n3\n", ":1: no column is named day"),
    ("day,pain\n2025-01-01,3\n2025-02-30,3\n", ":3: day: '2025-02-30' is not a date"),
    ("day,pain\n2025-01-01,3\n\n2025-01-02,11\n", ":4: pain: must be 0 to 10"),
    ("day,note\n2025-01-01,\"a\n\nb\"\n2025-01-02,\"\x1b[2J\"\n", ":5: note: byte 0 is a control"),
    ("day,note\n2025-01-01,\"" + "x" * 1000000 + "\"\n", ":2: note: is longer than 4000 bytes"),
    ("day,\x1b[2J\n", ":1: there is no column '?[2J'"),
    ("day,pain\n2025-01-02,3\n2025-01-01,3\n2025-01-02,3\n", ":4: 2025-01-02 is there twice"),
    ("day,pain\n" + f"{DAY},4\n", f":2: {DAY} has another entry already; --replace"),
    ("day,note\n2025-01-01,\"a\n", ":2: a quotation mark that is not closed"),
], ids=range(10))
def test_a_file_that_is_refused_changes_nothing(here, tmp_path, text, words):
    written(here, "--pain", 3)
    file = tmp_path / "bad.csv"
    file.write_text(text)
    answer = diary(here, "--import", file)
    assert answer.returncode == 1 and words in answer.stderr, answer.stderr
    assert len(answer.stderr.splitlines()) == 1 and "\x1b" not in answer.stderr
    assert len(rig.rows(here[1], ENTRIES)) == 1


def test_replaced(here, tmp_path):
    written(here, "--pain", 3)
    file = tmp_path / "new.csv"
    file.write_text(f"day,pain\n{DAY},4\n")
    assert diary(here, "--import", file, "--replace").returncode == 0
    assert rig.rows(here[1], "SELECT pain FROM diary") == [(4,)]
    # Out of nothing comes nothing, and what is there stays.
    assert diary(here, "--import", tmp_path / "missing.csv").returncode == 1
    target = pathlib.Path(tmp_path / "directory")
    target.mkdir()
    assert diary(here, "--export", target).returncode == 1
