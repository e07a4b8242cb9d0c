# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile text in every field of the diary: kept as given or refused, and harmless in every output,
also where somebody else put it into the database."""
import contextlib
import csv
import html.parser
import io
import json
import os
import re
import sqlite3
import subprocess
import unicodedata
import xml.etree.ElementTree

import pytest

TEXTS = ("place", "side", "note", "tag")
NUMBERS = ("pain", "stiffness", "sitting", "sport", "strain", "massage", "new-pillow", "new-mattress")
DAY = "2025-01-20"  # with no entry: that of every ninth night is missing

KEPT = {
    "formula": b"=HYPERLINK(\"http://x\")", "plus": b"+1+cmd|' /C calc'!A0", "minus": b"-1",
    "at": b"@SUM(A1)", "apostrophe": b"'=1", "comma": b"a,b", "quotes": b"say \"hi\"",
    "script": b"</li></style><script>alert(1)</script>", "image": b"<img src=x onerror=alert(1)>",
    "attribute": b"\" onload=\"alert(1)", "entity": b"&amp;&#x1b;[2J", "comment": b"--><!-- ]]>",
    "sql": b"'); DROP TABLE diary --", "format": b"%s%n%*d", "shell": b"$(reboot)`reboot`",
    "json": b"{\"a\":[1]}\\u001b", "emoji": "sp\u00e4t \U0001f634".encode(),
    "right to left": "\u05db\u05d0\u05d1".encode(),
}
REFUSED = {
    "escape": b"\x1b[2J", "title": b"\x1b]0;owned\x07", "bell": b"a\x07", "delete": b"\x7f",
    "return": b"a\rb", "c1": "a\u009b31m".encode(), "override": "\u202egnp.exe".encode(),
    "isolate": "\u2066a".encode(), "invalid": b"a\xffb", "overlong": b"\xc0\xaf",
    "surrogate": b"\xed\xa0\x80", "cut": b"a\xe2\x82", "megabyte": b"x" * 120_000,
}


def for_field(field, text):
    """; separates tags, and is in none of them."""
    return text.replace(b";", b":") if field == "tag" else text


class Diary:
    """A diary of 42 nights that may be written to."""

    def __init__(self, nights, directory):
        self.nights, self.path = nights, directory / "diary.db"
        self.path.write_bytes(nights.database("diary").read_bytes())

    def ask(self, verb, *arguments, given=None):
        return subprocess.run(
            [os.environ["PSOASMON"], verb, "--config", self.nights.directory / "empty.conf",
             "--database", self.path, *arguments], input=given, capture_output=True, timeout=60,
            check=False, env=dict(os.environ, LANGUAGE="", LC_ALL="C.UTF-8", COLUMNS="80"))

    def said(self, verb, *arguments):
        done = self.ask(verb, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()  # whatever it is, it is UTF-8

    def rows(self, query, *values):
        with contextlib.closing(sqlite3.connect(self.path)) as database, database:
            return database.execute(query, values).fetchall()

    def kept(self, field):
        if field == "tag":
            return self.rows("SELECT tag FROM diary_tags JOIN diary ON id = diary_id WHERE day = ?",
                             DAY)
        return self.rows(f"SELECT {field} FROM diary WHERE day = ?", DAY)


@pytest.fixture
def diary(nights, tmp_path):
    return Diary(nights, tmp_path)


def is_harmless(text):
    """Nothing steers a terminal or the order of reading."""
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
               for c in text)


def assert_refused(done):
    assert done.returncode in (1, 2), done.stdout
    line = done.stderr.decode()
    assert line.endswith("\n") and line.count("\n") == 1 and len(line) < 600
    assert is_harmless(line) and line.startswith("psoasmon: ")


def column(field):
    return {"tag": "tags", "sitting": "sitting_s", "sport": "sport_s"}.get(field,
                                                                          field.replace("-", "_"))


# ---- in ----

FREE = ("place", "note", "tag")  # a side is one of four words


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_text_is_kept_as_given(diary, kind):
    """By option, then by file, into all fields at once."""
    texts = [for_field(field, KEPT[kind]) for field in FREE]
    options = [part for field, text in zip(FREE, texts) for part in (f"--{field}", text)]
    # With the apostrophe that export puts in front of a formula.
    cells = [b"'" + text if re.match(rb"'*[=+\-@]", text) else text for text in texts]
    file = b"day,place,note,tags\n%s,%s\n" % (DAY.encode(), b",".join(
        b'"%s"' % cell.replace(b'"', b'""') for cell in cells))
    for arguments, given in ((("--day", DAY, *options), None), (("--import", "-"), file)):
        done = diary.ask("diary", *arguments, given=given)
        assert (done.returncode, done.stderr) == (0, b"")
        assert is_harmless(done.stdout.decode())
        assert [diary.kept(field) for field in FREE] == [[(text.decode(),)] for text in texts]
        with contextlib.closing(sqlite3.connect(diary.path)) as database, database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("DELETE FROM diary WHERE day = ?", (DAY,))
    for option in ("--side", KEPT[kind]), ("--day", KEPT[kind]):
        assert_refused(diary.ask("diary", "--pain", "1", *option))
    assert [diary.kept(field) for field in FREE] == [[], [], []]


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("field", TEXTS)
def test_what_steers_or_is_no_text_is_refused(diary, field, kind):
    file = b"day,%s\n%s,\"%s\"\n" % (column(field).encode(), DAY.encode(), REFUSED[kind])
    for arguments, given in ((("--day", DAY, f"--{field}", REFUSED[kind]), None),
                             (("--import", "-"), file)):
        assert_refused(diary.ask("diary", *arguments, given=given))
        assert diary.kept(field) == []


@pytest.mark.parametrize("field", NUMBERS)
def test_an_option_that_is_a_number_takes_no_text(diary, field):
    for text in KEPT["sql"], KEPT["format"], REFUSED["escape"], REFUSED["invalid"]:
        done = diary.ask("diary", "--day", DAY, b"--%s=%s" % (field.encode(), text))
        assert done.returncode == 2 and done.stdout == b""
        assert is_harmless(done.stderr.decode()) and done.stderr.count(b"\n") == 1
    assert diary.rows("SELECT * FROM diary WHERE day = ?", DAY) == []


@pytest.mark.parametrize("field", TEXTS + NUMBERS)
def test_a_file_with_what_no_option_can_hold_is_refused(diary, field):
    words = [b"x" * 1_000_000, b"a\0b"]
    for word in words if field in TEXTS else [*words, KEPT["sql"]]:
        file = b"day,%s\n%s,\"%s\"\n" % (column(field).encode(), DAY.encode(), word)
        assert_refused(diary.ask("diary", "--import", "-", given=file))
    assert diary.rows("SELECT * FROM diary WHERE day = ?", DAY) == []


# ---- out ----

class Elements(html.parser.HTMLParser):
    """The names of a page's elements and attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.names, self.attributes, self.text = set(), set(), ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def full(nights, tmp_path_factory):
    """Every text that is kept: as a tag of many mornings, so that reports name it, as place and
    note."""
    diary = Diary(nights, tmp_path_factory.mktemp("texts"))
    with contextlib.closing(sqlite3.connect(diary.path)) as database, database:
        ids = [row[0] for row in database.execute("SELECT id FROM diary ORDER BY day")]
        for i, text in enumerate(KEPT.values()):
            # Sixteen tags an entry are all there may be.
            database.executemany("INSERT INTO diary_tags (diary_id, tag) VALUES (?, ?)",
                                 [(one, for_field("tag", text).decode())
                                  for one in ids[20 + i % 2::2]])
            database.execute("UPDATE diary SET place = ?1, note = ?1 WHERE id = ?2",
                             (text.decode(), ids[i]))
    return diary


def tags_in(text):
    return [kind for kind, word in KEPT.items() if f"'{for_field('tag', word).decode()}'" in text]


def test_on_a_terminal(full):
    for arguments in ((), ("--plain",), ("--night",), ("--month",), ("--why",)):
        assert is_harmless(full.said("report", *arguments))
    assert is_harmless(full.said("diary", "--list"))
    assert tags_in(full.said("report", "--plain")) == list(KEPT)


def test_in_a_spreadsheet(full):
    tables = [full.said("report", "--csv"), full.said("diary", "--export", "-"),
              full.said("export", "--format", "csv", "--table", "diary")]
    for table in tables:
        rows = list(csv.reader(io.StringIO(table, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
        cells = [cell for row in rows[1:] for cell in row]
        assert not any(re.match(r"[=@\t\r]|[+-](?!\d+(\.\d+)?$)", cell) for cell in cells)
        assert is_harmless("".join(cells))


def test_for_programs(full):
    said = json.loads(full.said("report", "--json"))
    tags = [change["change"]["tag"] for change in said["helps"]["changes"]]
    assert {for_field("tag", text).decode() for text in KEPT.values()} <= set(tags)
    entries = json.loads(full.said("diary", "--list", "--json"))["entries"]
    assert [entry["place"] for entry in entries][:len(KEPT)] == [
        text.decode() for text in KEPT.values()]
    for line in full.said("export", "--table", "diary").splitlines():
        json.loads(line)


def test_on_a_page(nights, full):
    plain = Elements(nights.report("diary", "--html", "-").stdout.decode())
    page = full.said("report", "--html", "-")
    found = Elements(page)
    assert found.names == plain.names and found.attributes == plain.attributes
    assert is_harmless(page) and tags_in(found.text) == list(KEPT)


def test_in_a_picture(full):
    for arguments in ((), ("--night",), ("--month",)):
        picture = full.said("report", *arguments, "--svg", "-")
        assert is_harmless(picture)
        names = {one.tag.split("}")[1] for one in xml.etree.ElementTree.fromstring(picture).iter()}
        assert names <= {"svg", "title", "desc", "style", "rect", "path", "text", "tspan", "g",
                         "line"}
        assert full.ask("report", *arguments, "--png", "-").stdout.startswith(b"\x89PNG")


# ---- what somebody else put there ----

# They read alike; what they make of it is above.
OUTPUTS = [("report",), ("report", "--json"), ("diary", "--list"), ("diary", "--export", "-")]


@pytest.mark.parametrize("field", ["place", "note", "side", "tag", "day", "pain"])
def test_a_database_from_somewhere_is_shown_harmless_or_refused(diary, field):
    words = [REFUSED[kind] for kind in ("escape", "c1", "override", "invalid")]
    words += [b"x" * 1_000_000, b""]
    for text in words if field != "pain" else [99, -1, 2**62]:
        with contextlib.closing(sqlite3.connect(diary.path)) as database, database:
            database.execute("PRAGMA ignore_check_constraints = ON")
            value = "CAST(?1 AS TEXT)" if field != "pain" else "?1"
            if field == "tag":
                database.execute("DELETE FROM diary_tags WHERE diary_id = 40 OR diary_id = 30")
                database.execute(f"INSERT INTO diary_tags VALUES (30, {value})", (text,))
            else:
                database.execute(f"UPDATE diary SET {field} = {value} WHERE id = 30", (text,))
        for output in OUTPUTS:
            done = diary.ask(*output)
            assert done.returncode in (0, 1), done.stderr
            assert is_harmless(done.stdout.decode()) and len(done.stdout) < 2_000_000
            if done.returncode:
                assert_refused(done)
