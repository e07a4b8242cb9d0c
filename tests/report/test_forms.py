# SPDX-License-Identifier: GPL-3.0-or-later
"""The same nights in every form say the same numbers."""
import contextlib
import csv
import functools
import html
import io
import json
import re
import sqlite3
import stat

import pytest

PERIODS = [
    ("two-weeks", "--week"),
    ("two-weeks", "--week=2025-01-05"),
    ("two-weeks", "--night=2025-01-04"),
    ("two-weeks", "--night=2025-01-10"),  # two stays
    ("two-weeks", "--month"),
    ("two-years", "--year"),
    ("travelled", "--week"),
    ("hostile", "--week"),
    ("diary", "--week"),
    ("diary", "--night"),
    ("diary", "--month=2025-01-20"),
    ("diary", "--since", "2024-12-01"),  # months
]
AWAKE = ("stretched_s", "pain", "stiffness", "sitting_s")


def said(nights, period, *options):
    done = nights.report(*period, *options, columns=200)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


class Forms:
    """A report in each form, as text without what is only there to be looked at."""

    def __init__(self, nights, period):
        self.json = json.loads(said(nights, period, "--json"))
        self.table = said(nights, period)
        self.plain = said(nights, period, "--plain")
        self.rows = list(csv.DictReader(io.StringIO(said(nights, period, "--csv"))))
        self.svg = said(nights, period, "--svg", "-")
        self.page = said(nights, period, "--html", "-")

    def cells(self, heading):
        """The rows of the page's table below that heading."""
        table = re.search(rf"<h2>{heading}</h2>.*?</table>", self.page, re.S).group()
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]:
            yield [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip()
                   for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]


@pytest.fixture(scope="module")
def forms(nights):
    return functools.cache(lambda period: Forms(nights, period))


def clock(seconds):
    minutes = (seconds + 30) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def words(seconds):
    minutes = (seconds + 30) // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def percent(share):
    return f"{int(share * 100 + 0.5)}%"


@pytest.mark.parametrize("period", PERIODS, ids=" ".join)
def test_the_answer(forms, period):
    """The time and its share, from the sums that the JSON has."""
    form = forms(period)
    totals = form.json["totals"]
    a_night = (totals["friendly_s"] + totals["days"] // 2) // totals["days"]
    share = percent(totals["friendly_s"] / totals["recorded_s"])
    single = "night" in period[1]
    answer = (f"{words(a_night)}{'' if single else ' a night'} in psoas-friendly positions: "
              f"{share} of the time recorded.")
    for text in form.table, form.plain, form.svg, form.page:
        assert answer in text
    if form.json["previous"]:
        before = form.json["previous"]
        then = words((before["friendly_s"] + before["days"] // 2) // before["days"])
        compared = f"({then}, {percent(before['friendly_s'] / before['recorded_s'])})"
        for text in form.table, form.plain, form.page:
            assert compared in text
    else:
        for text in form.table, form.plain, form.page:
            assert "Nothing was recorded" in text


def figures_of_table(text):
    """Title: (now, before, change), of the comparison on the terminal."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"([A-Z][^:|]*?) {2,}(\S+)(?: +(\S+))?(?: +(\S+))?(?: +[↑↓])?$", line)
        if match:
            found[match[1]] = tuple(cell for cell in match.groups()[1:] if cell)
    return found


@pytest.mark.parametrize("period", PERIODS, ids=" ".join)
def test_every_figure(forms, period):
    """The terminal's, the page's and the spoken ones, each with the period before."""
    form = forms(period)
    table = figures_of_table(form.table)
    heading = "Compared with before" if form.json["previous"] else "Figures"
    page = {title: tuple(cell for cell in cells if cell and cell not in "↑↓")
            for title, *cells in form.cells(heading)}
    assert len(page) >= 16
    assert page == {title: cells for title, cells in table.items() if title in page}
    assert set(page) <= set(table)
    spoken = dict(re.findall(r"^([^:\n]+): ([^.\n]*(?:\.\d)?)\.(?: Before: .*)?$",
                             form.plain.split("\nFigures:\n")[1].split("\n\n")[0], re.M))
    assert set(spoken) == set(page)
    for title, (now, *_) in page.items():
        # "4 h 01 min" is 4:01.
        match = re.fullmatch(r"(?:(\d+) h )?(\d+) min", spoken[title])
        said_now = f"{int(match[1] or 0)}:{int(match[2]):02}" if match else spoken[title]
        assert said_now == now.replace("-", "not known"), title


@pytest.mark.parametrize("period", PERIODS, ids=" ".join)
def test_every_position(forms, period):
    form = forms(period)
    totals = form.json["totals"]
    spent = [s for p, s in totals["positions"].items() if s and p != "empty"]
    page = list(form.cells("Positions"))
    assert len(page) == len(spent)
    for seconds, (title, _, time, share, _) in zip(sorted(spent, reverse=True), page):
        assert time == clock(seconds)
        name = title.removesuffix(" *")
        friendly = ", psoas-friendly" if title.endswith("*") else ""
        assert f"{name}{friendly}: {words(seconds)}, {share}." in form.plain
        assert re.search(rf"^{'[*]' if friendly else ' '} +{re.escape(name)} .* {time} +{share}",
                         form.table, re.M)


@pytest.mark.parametrize("period", [p for p in PERIODS if p[1] not in ("--year", "--since")],
                         ids=" ".join)
def test_every_night(forms, period):
    form = forms(period)
    assert len(form.rows) == len(form.json["nights"])
    page = [cells for cells in form.cells("Nights") if len(cells) == 8]
    items = re.findall(r"<title>([^<]*in bed)[^<]*</title>", form.svg)
    for row, night, cells in zip(form.rows, form.json["nights"], page, strict=True):
        for field, value in row.items():
            if field.startswith("position_"):
                assert int(value) == night["positions"][field[9:-2]]
            elif field == "friendly_share":
                assert float(value) == pytest.approx(night["friendly_s"] / night["recorded_s"])
            elif field in ("open", "doubtful"):
                assert value == str(int(night[field]))
            elif field not in ("pad", "model", *AWAKE):
                there = night[field]
                assert value == "" if there is None else (
                    value == there if isinstance(there, str) else
                    float(value) == pytest.approx(there, abs=1e-4))
        share = percent(night["friendly_s"] / night["recorded_s"])
        assert cells[2:7] == [clock(night["in_bed_s"]), clock(night["friendly_s"]), share,
                              str(night["turns"]), clock(night["longest_bout_s"])]
        start, end = night["start"][11:16], night["end"][11:16]
        assert f"from {start} to {end}. In bed {words(night['in_bed_s'])}, psoas-friendly " \
               f"{words(night['friendly_s'])}, {share}." in form.plain
        assert re.search(rf"{start}-{end}\S* +{clock(night['in_bed_s'])} +"
                         rf"{clock(night['friendly_s'])} +{share}", form.table)
        if "night" not in period[1]:
            assert any(f"{clock(night['friendly_s'])} h friendly ({share}), "
                       f"{clock(night['in_bed_s'])} h in bed" in item for item in items)


def told_of(day):
    """As tables have it."""
    return ["" if day[field] is None else
            clock(day[field]) if field.endswith("_s") else str(day[field]) for field in AWAKE]


@pytest.mark.parametrize("period", [p for p in PERIODS if p[1] not in ("--year", "--since")],
                         ids=" ".join)
def test_what_was_told_and_done_awake(forms, period):
    form = forms(period)
    awake = {day["day"]: day for day in form.json["awake"]}
    if period[0] != "diary":
        assert not awake
        assert not any("Pain" in text or "PAIN" in text
                       for text in (form.table, form.plain, form.svg, form.page))
        return
    rows = {row["day"]: row for row in form.rows}
    assert awake and set(awake) <= set(rows)
    page = list(form.cells("Awake"))
    assert len(page) == len(rows)  # of each night, told or not
    for (day, row), (when, *cells) in zip(rows.items(), page):
        told = awake.get(day, dict.fromkeys(AWAKE))
        assert int(when.split()[1]) == int(day[-2:])
        assert cells == told_of(told)
        assert [row[field] for field in AWAKE] == [
            "" if told[field] is None else str(told[field]) for field in AWAKE]
        held, pain, stiffness, sitting = told_of(told)
        assert re.search(rf"^{when.replace(' ', ' +')} *{pain}[ █▏▎▍▌▋▊▉]* *{stiffness} *{sitting} *"
                         rf"{held}$", form.table, re.M)
        spoken = [f" {title}: {words(value) if field.endswith('_s') else value}."
                  for title, field, value in zip(("Stretched", "Pain", "Stiffness", "Sitting"),
                                                 AWAKE, map(told.get, AWAKE)) if value is not None]
        line = rf"^\w+ {int(day[-2:])} \w+ 2025{re.escape('.' + ''.join(spoken))}$" if spoken else (
            rf"^\w+ {int(day[-2:])} \w+ 2025: nothing was told\.$")
        assert re.search(line, form.plain, re.M)
        if "night" not in period[1] and spoken:
            shown = "".join(f";{part.removesuffix('.')}" for part in spoken)
            assert re.search(rf" {int(day[-2:])} [^<]*in bed{re.escape(shown)}</title>", form.svg)


def test_what_was_told_a_month(forms):
    """A month's mean; what was stretched, summed up."""
    form = forms(("diary", "--since", "2024-12-01"))
    for when, *cells in form.cells("Awake"):
        month = {"Jan 2025": "2025-01", "Feb 2025": "2025-02"}[when]
        days = [day for day in form.json["awake"] if day["day"].startswith(month)]
        for field, cell in zip(AWAKE, cells, strict=True):
            values = [day[field] for day in days if day[field] is not None]
            mean = sum(values) / (1 if field == "stretched_s" else len(values) or 1)
            assert cell == ("" if not values else clock(round(mean)) if field.endswith("_s")
                            else f"{mean:.1f}")
        _, pain, stiffness, sitting = cells
        assert re.search(rf"^{when} +{pain} .* {stiffness} +{sitting}", form.table, re.M)


def unwrapped(text):
    return re.sub(r"\s+", " ", text)


def listed(form, heading):
    """The page's sentences below that heading."""
    part = re.search(rf"<h2>{heading}</h2>\n<ul class=\"said\">(.*?)</ul>", form.page, re.S)
    return [html.unescape(item) for item in re.findall(r"<li>(.*?)</li>", part[1])] if part else []


@pytest.mark.parametrize("week", ["2025-01-27", "2025-02-10"])
def test_advice(forms, week):
    """At most two sentences, the same in every form; a quiet week gets none, not even a heading."""
    form = forms(("diary", f"--week={week}"))
    advice = [one["text"] for one in form.json["advice"]]
    assert len(advice) == (1 if week == "2025-01-27" else 0)
    assert listed(form, "Advice") == advice
    for text in advice:
        assert text in form.plain and text in unwrapped(form.table)
    if not advice:
        assert not any("Advice" in text for text in (form.table, form.plain, form.page))


@pytest.mark.parametrize("period", PERIODS, ids=" ".join)
def test_what_goes_along_with_pain(forms, period):
    """The numbers that the JSON has, and the same sentences in every form."""
    form = forms(period)
    said_there = listed(form, "What goes along with pain")
    helps = form.json["helps"]
    if not helps:
        assert not said_there
        assert not any("goes along" in text for text in (form.table, form.plain))
        return
    assert len(said_there) == len(helps["changes"]) + 2
    for sentence in said_there:
        assert sentence in form.plain and sentence in unwrapped(form.table)
    friendly = helps["pain_and_friendly_time"]
    assert f"correlation {friendly['rank_correlation']:.2f}, 95% from {friendly['low']:.2f} to " \
           f"{friendly['high']:.2f}; {friendly['nights']} nights" in said_there[0]
    assert ("no connection" in said_there[0]) == (not friendly["claimed"])
    for change, sentence in zip(helps["changes"], said_there[1:]):
        assert f"{change['mornings_before']} mornings before, {change['mornings_since']} since" \
            in sentence or "too few mornings" in sentence
        assert ("Careful" in sentence) == (bool(change["at_the_same_time"]) and
                                           "too few" not in sentence)


def test_what_r_makes_of_the_csv(forms):
    """d <- read.csv("all.csv"); d <- d[!is.na(d$pain), ]
    r <- cor(d$friendly_s, d$pain, method = "spearman")
    tanh(atanh(r) + c(-1, 1) * qnorm(.975) * sqrt((1 + r^2 / 2) / (nrow(d) - 3)))
    t.test(d$pain[d$day >= "2025-01-27"], d$pain[d$day < "2025-01-27"])$conf.int"""
    helps = forms(("diary", "--since", "2024-12-01")).json["helps"]
    friendly, pillow = helps["pain_and_friendly_time"], helps["changes"][0]
    assert friendly["nights"] == 37 and pillow["change"]["since"] == "2025-01-27"
    assert [friendly[key] for key in ("rank_correlation", "low", "high")] == pytest.approx(
        [-0.8383900, -0.9226394, -0.6777665], rel=1e-3)
    assert (pillow["mornings_before"], pillow["mornings_since"]) == (19, 18)
    assert [pillow[key] for key in ("pain_difference", "low", "high")] == pytest.approx(
        [-0.6900585, -1.8415538, 0.4614368], rel=1e-3)


def test_a_night_stretch_by_stretch(nights, forms):
    """Bouts and gaps, in the list, the timeline's words and the page."""
    period = ("two-weeks", "--night=2025-01-04")
    form = forms(period)
    bouts = json.loads(said(nights, period, "--json", "--bouts"))["nights"][0]
    stretches = sorted(bouts["bouts"] + bouts["gaps"], key=lambda one: one["start"])
    page = list(form.cells("The night in words"))
    items = re.findall(r"<title>(\d\d:\d\d to [^<]*)</title>", form.svg)
    assert len(stretches) == len(page) == len(items) == 7
    for stretch, (when, _, what), item in zip(stretches, page, items):
        start, end = stretch["start"][11:16], stretch["end"][11:16]
        assert when == f"{start}–{end}"
        assert item.startswith(f"{start} to {end}, ")
        assert re.search(rf"^From {start} to {end}, .*: ", form.plain, re.M)
        assert re.search(rf"^{start} +{end} ", form.table, re.M)
        if "reason" in stretch:
            assert what.startswith("not recorded: ") and what in item and what in form.plain


def test_what_oscar_gets(nights):
    period = ("two-weeks", "--week")
    stays = json.loads(said(nights, period, "--json", "--bouts"))["nights"]
    lines = said(nights, period, "--somnopose", "-").splitlines()
    assert lines[0] == "timestamp,orientation,inclination,movement"
    sessions = "\n".join(lines[1:]).split("\n-,,,\n")
    assert len(sessions) == len(stays)
    for session, stay in zip(sessions, stays):
        rows = [[int(field) for field in row.split(",")] for row in session.splitlines()]
        times = [row[0] for row in rows]
        assert times == sorted(set(times))
        known = [bout for bout in stay["bouts"] if bout["position"] not in ("empty", "unknown")]
        assert sum(row[3] for row in rows) == len(known)
        seen = {(row[1], row[2]) for row in rows}
        assert ((-90, 0) in seen) == any("left_" in b["position"][:5] for b in known)
        assert ((180, 0) in seen) == any(b["position"] == "prone" for b in known)
    # 22:58 in Berlin on 2025-01-06; 2001-01-01 UTC is 978307200.
    assert int(sessions[0].split(",")[0]) == 1736200680 - 978307200


# ---- files ----

@pytest.mark.parametrize("form", ["--html", "--svg", "--png", "--somnopose"])
def test_a_file_is_replaced_once_it_is_whole_and_nobody_elses_business(nights, tmp_path, form):
    target = tmp_path / "report"
    target.write_text("what was there")
    done = nights.report("two-weeks", form, target)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes() == nights.report("two-weeks", form, "-").stdout != b""
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("form", ["--html", "--svg", "--png", "--somnopose"])
def test_what_cannot_be_written_leaves_what_was_there(nights, tmp_path, form):
    target = tmp_path / "report"
    target.write_text("what was there")
    # A file may not grow here, but for the database's shared memory, which somebody has made.
    with contextlib.closing(sqlite3.connect(nights.database("two-weeks"))) as other:
        other.execute("SELECT count(*) FROM nights").fetchall()
        done = nights.report("two-weeks", form, target, file_limit=1024)
    assert done.returncode == 1
    assert done.stderr.startswith(b"psoasmon: ") and done.stderr.count(b"\n") == 1
    assert str(target).encode() in done.stderr
    assert target.read_text() == "what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_no_file_for_a_week_without_nights(nights, tmp_path):
    done = nights.report("two-weeks", "--week=2026-03-04", "--html", tmp_path / "page.html")
    assert done.returncode == 3
    assert not list(tmp_path.iterdir())


# ---- whatever a database holds ----

@pytest.mark.parametrize("form", [(), ("--plain",), ("--html", "-"), ("--svg", "-"),
                                  ("--somnopose", "-")], ids=" ".join)
@pytest.mark.parametrize("period", ["--week=2025-01-04", "--night=2025-01-04"])
def test_a_night_of_thousands_of_years_is_no_longer_to_show(nights, tmp_path, form, period):
    """A file from somewhere may hold one: not a line an hour of it, nor a row a minute."""
    path = tmp_path / "long.db"
    path.write_bytes(nights.database("two-weeks").read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE nights SET end_s = 253402300799 WHERE day = '2025-01-04'")
        database.execute(
            "UPDATE bouts SET end_s = 253402300799 WHERE position = 'left_side' AND night_id = "
            "(SELECT id FROM nights WHERE day = '2025-01-04')")
    done = nights.report("two-weeks", "--database", path, period, *form)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout) < 200_000


def test_hostile_text_stays_text(nights):
    period = ("tags", "--week")
    form = said(nights, period, "--html", "-")
    assert "Europe/&lt;script&gt;" in form
    assert re.findall(r"<(script|img|iframe|object|a|form|input|base)\b", form) == []
    assert not re.search(r"\son\w+=", form)
    assert not re.search(r"(?:src|href)=\"(?!data:,\")", form)
    rows = list(csv.DictReader(io.StringIO(said(nights, period, "--csv"))))
    assert rows[0]["pad"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["model"] == "'@a,\"b\""
