# SPDX-License-Identifier: GPL-3.0-or-later
"""What psoasmon says in other languages: all of it is translated, from what the sources say now; it
is spoken where it is asked for; and what programs read is the same in every language."""
import functools
import os
import pathlib
import re
import shutil
import subprocess

import pytest

PSOASMON = os.environ["PSOASMON"]
SOURCE = pathlib.Path(os.environ["PSOASMON_SOURCE"])
BUILD = pathlib.Path(PSOASMON).parent.parent
PO = SOURCE / "po"
LANGUAGES = [line for line in (PO / "LINGUAS").read_text().splitlines() if line[:1] != "#"]
HERE = {name: value for name, value in os.environ.items()
        if name not in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES")}
GERMAN = {"LC_ALL": "C.UTF-8", "LANGUAGE": "de"}
ENGLISH = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
WEEK = "--week=2025-01-08"


def keywords():
    """How the sources mark words, as the build says it."""
    return re.findall(r"'(--keyword=[^']+)'", (PO / "meson.build").read_text())


@functools.cache
def speaks_in_c_utf8():
    """Whether this C library gives C.UTF-8 another language: it did in Debian 12, in 13 it does not."""
    spoken = subprocess.run([tool("gettext"), "-d", "psoasmon", "On the back, legs long"],
                            capture_output=True, text=True,
                            env={**HERE, **GERMAN, "TEXTDOMAINDIR": BUILD / "po"})
    return "Rückenlage" in spoken.stdout


def run(*arguments, language=None, columns=80):
    german = "de" in "".join((language or {}).values()) and language.get("LC_ALL") != "C"
    if german and not speaks_in_c_utf8():
        pytest.skip("this C library speaks German only where a German locale is installed")
    return subprocess.run([PSOASMON, *map(str, arguments)], capture_output=True,
                          env={**HERE, "COLUMNS": str(columns), **(language or {})})


def say(*arguments, **options):
    answer = run(*arguments, **options)
    return (answer.stdout + answer.stderr).decode()


def tool(name):
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


@pytest.fixture(scope="session")
def nights(tmp_path_factory):
    path = tmp_path_factory.mktemp("nights") / "nights.db"
    subprocess.run([os.environ["PSOASMON_MAKE_DATABASE"], "two-weeks", path], check=True)
    return path


# ---- the files ----

@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_is_translated(language):
    checked = subprocess.run([tool("msgfmt"), "--check", "--statistics", "-o", os.devnull,
                              PO / f"{language}.po"], capture_output=True, text=True,
                             env={**HERE, "LC_ALL": "C"})
    assert checked.returncode == 0, checked.stderr
    assert re.fullmatch(r"\d+ translated messages\.", checked.stderr.strip()), checked.stderr


def test_every_source_with_words_is_listed():
    listed = set((PO / "POTFILES").read_text().split())
    marked = {str(path.relative_to(SOURCE)) for room in ("cli", "core") for path in
              (SOURCE / room).rglob("*.c") if re.search(r"\b(_|N_)\(\"", path.read_text())}
    assert marked <= listed and len(marked) > 40
    assert all((SOURCE / path).exists() for path in listed)


def messages(text):
    """What is to be translated, each with its context and plural."""
    text = re.sub(r'"\n"', "", text)
    return set(re.findall(r'^((?:msgctxt ".*"\n)?msgid ".*"\n(?:msgid_plural ".*"\n)?)msgstr', text,
                          re.M))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_new_or_gone(language):
    found = subprocess.run([tool("xgettext"), "--from-code=UTF-8", *keywords(), "--no-wrap", "-f",
                            "po/POTFILES", "-o", "-"], cwd=SOURCE, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    source = messages(found.stdout)
    translated = messages((PO / f"{language}.po").read_text())
    assert sorted(source - translated) == [] and sorted(translated - source) == []


# ---- what is said ----

@pytest.mark.parametrize("environment, german", [
    pytest.param(GERMAN, True, id="LANGUAGE"),
    # No such locale is installed on a small Debian; its language is spoken all the same.
    pytest.param({"LANG": "de_DE.UTF-8"}, True, id="LANG"),
    pytest.param({"LC_ALL": "de_AT.UTF-8"}, True, id="LC_ALL"),
    pytest.param({"LC_ALL": "C", "LANGUAGE": "de"}, False, id="C"),
    pytest.param({}, False, id="nothing"),
    pytest.param({"LANG": "xx_XX.UTF-8"}, False, id="unknown"),
    pytest.param(ENGLISH, False, id="English"),
])
def test_the_language_that_is_asked_for(environment, german):
    expected = "Rückenlage, Beine lang" if german else "On the back, legs long"
    assert expected in say("positions", language=environment)


def verbs():
    return re.findall(r"^  ([a-z]+) ", say("--help", language=ENGLISH), re.M)


def options(text):
    """What stands in the option column of a help."""
    return re.findall(r"^  (--\S+(?: (?!  )\S+)?)(?=  |$)", text, re.M)


def test_helps_fit_and_have_the_same_options():
    assert len(verbs()) > 15
    for verb in verbs():
        german, english = (say("help", verb, language=l) for l in (GERMAN, ENGLISH))
        assert german != english and "@" not in german, verb
        assert options(german) == options(english), verb
        assert max(map(len, german.splitlines())) <= 80, verb


@pytest.mark.parametrize("arguments", [
    (WEEK,), ("--night=2025-01-11",), ("--month=2025-01-08",), ("--year=2025-01-08",)])
def test_reports_fit(arguments, nights):
    text = say("report", *arguments, "--database", nights, language=GERMAN)
    assert "psoasfreundlich" in text and "Rückenlage" in text
    assert max(map(len, text.splitlines())) <= 80
    # What is empty in English is empty in German.
    assert "Project-Id-Version" not in text


def test_columns_stand_below_each_other(nights):
    text = say("report", "--night=2025-01-11", "--database", nights, language=GERMAN)
    [head] = re.findall("^ +│.*$", text, re.M)
    lanes = re.findall(r"^[* ] \w.* +\d:\d\d$", text.split("VON")[0], re.M)
    assert len(lanes) > 8
    assert len({len(lane) for lane in lanes}) == 1 and len(lanes[0]) > len(head)


@pytest.mark.parametrize("arguments", [
    ("report", WEEK, "--json", "--bouts"), ("report", WEEK, "--csv"), ("export",),
    ("report", "--night", "--somnopose", "-"), ("positions", "--json"), ("report", "--js"),
])
def test_what_programs_read_is_the_same(arguments, nights):
    database = () if arguments[0] == "positions" else ("--database", nights)
    german, english = (run(*arguments, *database, language=l) for l in (GERMAN, ENGLISH))
    assert english.returncode == 0 and german.stdout == english.stdout and english.stdout


def test_errors_are_one_line(nights):
    for arguments, status in ((("bla",), 2), (("report", "--alert", "x"), 2),
                              (("report", "--week=2020-01-01", "--database", nights), 3)):
        answer = run(*arguments, language=GERMAN)
        assert answer.returncode == status and len(answer.stderr.splitlines()) == 1
        assert answer.stderr != run(*arguments, language=ENGLISH).stderr


def test_the_page_says_its_language(nights):
    german, english = (say("report", WEEK, "--html", "-", "--database", nights, language=l)
                       for l in (GERMAN, ENGLISH))
    assert '<html lang="de">' in german and '<html lang="en">' in english
    assert "Was sich geändert hat" in german or "Verglichen mit vorher" in german


def test_a_week_is_that_of_the_locale(nights, tmp_path):
    """In every form, so that all say the same numbers; the configuration has the last word."""
    if not pathlib.Path("/usr/share/i18n/locales/en_US").exists():
        pytest.skip("the sources of locales are not installed (Debian's package locales)")
    subprocess.run([tool("localedef"), "-i", "en_US", "-f", "UTF-8", tmp_path / "en_US.UTF-8"],
                   check=True)
    american = {"LOCPATH": str(tmp_path), "LC_ALL": "en_US.UTF-8"}
    report = ("report", WEEK, "--database", nights)
    assert "Week of Sunday 5 to Saturday 11 January 2025" in say(*report, language=american)
    assert '"from": "2025-01-05"' in say(*report, "--json", language=american)
    assert "Week of Monday 6 to Sunday 12 January 2025" in say(*report, language=ENGLISH)
    # And so are its hours, in every width.
    for columns in 80, 200:
        text = say(*report, language=american, columns=columns)
        assert re.search(r"10:58pm-6:0[67]am", text)
        assert max(map(len, text.splitlines())) <= columns
    assert "10:58pm" not in say("report", WEEK, "--csv", "--database", nights, language=american)
    config = tmp_path / "psoasmon.conf"
    config.write_text("[report]\nweek = monday\nclock = 24\n")
    text = say(*report, "--config", config, language=american)
    assert "Week of Monday 6" in text and "22:58-06:07" in text
