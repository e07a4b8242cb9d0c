#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what psoasmon prints with what it printed when somebody last looked at it.

golden.py [--refresh] PSOASMON MAKE_DATABASE DIRECTORY

Each case is run in a pipe, 80 and 200 columns wide, with and without UTF-8, and compared byte
for byte with DIRECTORY/CASE.WIDTH.ENCODING.txt: standard output, then standard error and the
exit status if there is anything to say. Cases that do not depend on the screen have one file,
DIRECTORY/CASE.txt, and must be the same everywhere.

README.md says how to refresh them.
"""
import argparse
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

LOCALES = {"ascii": "C", "utf8": "C.UTF-8"}
WIDTHS = (80, 200)

DATABASES = ("two-weeks", "two-years", "clock-changes", "travelled", "hostile", "labelled",
             "breathing", "tags", "diary", "empty")

FILES = {
    "empty.conf": "",
    "last-seven.conf": "[report]\nweek = last-seven\n",
    "friendly.conf": "[report]\nfriendly = left_side right_side\n",
    "wrong.conf": "[report]\nweek = someday\n",
    "text.db": "Dear diary, tonight I slept on my left side.\n" * 50,
    "nothing.db": "",
    "plan.ini": "[stretch]\nrest = 5\n[holds]\nleft_fetal = 60\nleft_fetal = 30\n",
    "wrong.ini": "[holds]\nprone = 60\n",
}

# The configuration of the machine that runs the tests is not to matter.
OWN_CONFIGURATION = ("report", "nights", "positions", "label", "calibrate", "backup", "export",
                     "diary", "stretch")

# name, arguments, and whether it depends on the screen. DB and CONF stand for --database and
# --config.
CASES = [
    ("report-week", "report DB=two-weeks", True),
    ("report-week-before", "report --week=2025-01-05 DB=two-weeks", True),
    ("report-last-seven", "report --week=2025-01-09 DB=two-weeks CONF=last-seven", True),
    ("report-night", "report --night DB=two-weeks", True),
    ("report-month", "report --month DB=two-weeks", True),
    ("report-year", "report --year DB=two-years", True),
    ("report-year-leap", "report --year=2024-02-29 DB=two-years", True),
    ("report-dates", "report --since 2025-01-03 --until 2025-01-07 DB=two-weeks", True),
    ("report-bouts", "report --since 2025-01-09 --bouts DB=two-weeks", True),
    ("report-friendly", "report --night CONF=friendly DB=two-weeks", True),
    ("report-clock-forward", "report --night=2025-03-29 DB=clock-changes", True),
    ("report-clock-back", "report --night DB=clock-changes", True),
    ("report-travelled", "report DB=travelled", True),
    ("report-hostile", "report DB=hostile", True),
    ("report-night-gaps", "report --night=2025-01-04 DB=two-weeks", True),
    ("report-night-two-stays", "report --night=2025-01-10 DB=two-weeks", True),
    ("report-awake", "report DB=diary", True),
    ("report-awake-night", "report --night DB=diary", True),
    ("report-awake-months", "report --since 2024-12-01 DB=diary", True),
    ("report-why", "report --why --week=2025-01-27 DB=diary", True),
    ("error-why-month", "report --month --why DB=diary", False),
    ("error-why-plain", "report --plain --why DB=diary", False),
    ("plain-awake", "report --plain DB=diary", False),
    ("csv-awake", "report --csv DB=diary", False),
    ("json-awake", "report --json DB=diary", False),
    ("svg-awake", "report --svg - DB=diary", False),
    ("plain-week", "report --plain DB=two-weeks", False),
    ("plain-week-before", "report --plain --week=2025-01-05 DB=two-weeks", False),
    ("plain-night", "report --plain --night=2025-01-04 DB=two-weeks", False),
    ("plain-year", "report --plain --year DB=two-years", False),
    ("plain-travelled", "report --plain DB=travelled", False),
    ("plain-hostile", "report --plain DB=hostile", False),
    ("csv-week", "report --csv DB=two-weeks", False),
    ("csv-travelled", "report --csv DB=travelled", False),
    ("csv-tags", "report --csv DB=tags", False),
    ("plain-tags", "report --plain DB=tags", False),
    ("csv-hostile", "report --csv DB=hostile", False),
    ("alert-fires", "report --week=2025-01-08 --alert friendly<99% --alert turns_a_night>1 DB=two-weeks", False),
    ("alert-quiet", "report --week=2025-01-08 --alert friendly<1% --alert bedtime>3:00 DB=two-weeks", False),
    ("alert-bad", "report --alert friendly<20 DB=two-weeks", False),
    ("alert-bad-name", "report --alert frendly_share<20% DB=two-weeks", False),
    ("alert-form", "report --alert friendly<20% --json DB=two-weeks", False),
    ("alert-no-night", "report --week=2020-01-01 --alert friendly<20% DB=two-weeks", False),
    ("somnopose-night", "report --somnopose - --night=2025-01-04 DB=two-weeks", False),
    ("svg-week", "report --svg - DB=two-weeks", False),
    ("svg-night", "report --svg - --night=2025-01-04 DB=two-weeks", False),
    ("error-html-nowhere", "report --html nowhere/page.html DB=two-weeks", False),
    ("error-html-directory", "report --html . DB=two-weeks", False),
    ("error-png-none", "report --png - --week=2026-03-04 DB=two-weeks", False),
    ("error-csv-empty", "report --csv DB=empty", False),
    ("error-two-forms", "report --plain --json DB=two-weeks", False),
    ("nights", "nights DB=two-weeks", True),
    ("nights-travelled", "nights DB=travelled", True),
    ("nights-hostile", "nights DB=hostile", True),
    ("nights-naps", "nights --naps DB=tags", True),
    ("nights-week", "nights --plain --week=2025-01-03 --no-naps DB=two-weeks", False),
    ("nights-no-naps", "nights --plain --no-naps DB=tags", False),
    ("nights-since", "nights --plain --since 2025-01-10 --longer 6.55h DB=two-weeks", False),
    ("nights-until", "nights --plain --until 2025-01-01 DB=two-weeks", False),
    ("nights-shorter", "nights --plain --longer 50min --shorter 393min DB=two-weeks", False),
    ("nights-plain", "nights --plain --week DB=two-weeks", False),
    ("nights-plain-hostile", "nights --plain DB=hostile", False),
    ("error-nights-like-that", "nights --naps --longer 5h DB=two-weeks", False),
    ("error-nights-none-that-week", "nights --week=2026-03-04 DB=two-weeks", False),
    ("error-nights-reversed", "nights --since 2025-01-07 --until 2025-01-03 DB=two-weeks", False),
    ("error-nights-length", "nights --longer 4 DB=two-weeks", False),
    ("error-nights-naps", "nights --naps --no-naps DB=two-weeks", False),
    ("error-nights-lengths", "nights --longer 5h --shorter 5h DB=two-weeks", False),
    ("error-nights-delete-week", "nights --delete 2025-01-09 --week DB=two-weeks", False),
    ("report-labelled", "report --night DB=labelled", True),
    ("report-breathing", "report --night DB=breathing", True),
    ("label-list", "label --list DB=labelled", True),
    ("label-list-two-stays", "label --list --night=2025-01-10 DB=two-weeks", True),
    ("label-list-clock-back", "label --list DB=clock-changes", True),
    ("label-list-hostile", "label --list DB=hostile", True),
    ("positions", "positions", True),
    ("positions-pad", "positions --pad jq-bed-32", True),
    ("positions-friendly", "positions CONF=friendly", True),
    ("json-week", "report --json DB=two-weeks", False),
    ("json-bouts", "report --json --bouts --night DB=two-weeks", False),
    ("json-gaps", "report --json --bouts --night=2025-01-04 DB=two-weeks", False),
    ("json-clock-forward", "report --json --bouts --night=2025-03-29 DB=clock-changes", False),
    ("json-clock-back", "report --json --bouts --night DB=clock-changes", False),
    ("json-labelled", "report --json --bouts --night DB=labelled", False),
    ("json-breathing", "report --json --night DB=breathing", False),
    ("json-travelled", "report --json DB=travelled", False),
    ("json-hostile", "report --json DB=hostile", False),
    ("json-friendly", "report --json --night CONF=friendly DB=two-weeks", False),
    ("json-positions", "positions --json", False),
    ("json-positions-pad", "positions --json --pad jq-bed-32", False),
    ("help", "--help", False),
    ("help-backup", "help backup", False),
    ("error-backup-nowhere", "backup DB=two-weeks", False),
    ("error-backup-itself", "backup two-weeks.db DB=two-weeks", False),
    ("error-backup-no-backup", "backup text.db DB=two-weeks", False),
    ("help-doctor", "help doctor", False),
    ("error-doctor-argument", "doctor two-weeks.db", False),
    ("help-export", "help export", False),
    ("export-labelled", "export DB=labelled", False),
    ("export-night-csv", "export --since 2025-01-04 --until 2025-01-04 --format csv --table bouts "
     "DB=two-weeks", False),
    ("export-gaps-csv", "export --format csv --table gaps DB=two-weeks", False),
    ("export-clock-back", "export --table bouts DB=clock-changes", False),
    ("export-hostile", "export --table nights DB=hostile", False),
    ("export-hostile-csv", "export --table nights --format csv DB=hostile", False),
    ("error-export-none", "export DB=empty", False),
    ("error-export-no-night", "export --since 2025-02-01 DB=two-weeks", False),
    ("error-export-reversed", "export --since 2025-01-07 --until 2025-01-03 DB=two-weeks", False),
    ("error-export-csv", "export --format csv DB=two-weeks", False),
    ("error-export-format", "export --format xml DB=two-weeks", False),
    ("error-export-table", "export --table recipes DB=two-weeks", False),
    ("help-probe", "help probe", False),
    ("error-probe-two", "probe one two", False),
    ("error-probe-pad", "probe --pad virtual", False),
    ("error-probe-for", "probe --for ever port", False),
    ("help-capture", "help capture", False),
    ("error-capture-nothing", "capture", False),
    ("error-capture-for", "capture --for 8 port file", False),
    ("error-capture-baud", "capture --baud fast port file", False),
    ("help-classify", "help classify", False),
    ("error-classify-pad", "classify two-weeks.db", False),
    ("error-replay-pad", "replay two-weeks.db DB=empty", False),
    ("help-calibrate", "help calibrate", False),
    ("calibrate-list", "calibrate --list-positions", False),
    ("calibrate-none", "calibrate --show --calibration missing DB=empty", False),
    ("calibrate-damaged", "calibrate --show --calibration text.db DB=empty", False),
    ("error-calibrate-nothing", "calibrate", False),
    ("error-calibrate-undo", "calibrate --undo --calibration missing DB=empty", False),
    ("error-calibrate-two", "calibrate --undo --show", False),
    ("error-calibrate-from", "calibrate --positions --pad pmat", False),
    ("error-calibrate-position", "calibrate --positions --pad pmat --from empty=FILE", False),
    ("error-calibrate-no-file", "calibrate --positions --pad pmat --from prone", False),
    ("error-calibrate-pad", "calibrate --positions --from prone=FILE", False),
    ("error-calibrate-hold", "calibrate --positions --hold empty", False),
    ("error-calibrate-hold-show", "calibrate --show --hold prone", False),
    ("error-calibrate-both", "calibrate --positions --hold prone --from prone=FILE", False),
    ("error-calibrate-rate", "calibrate --positions --rate 2", False),
    ("help-diary", "help diary", False),
    ("diary-list", "diary --list DB=diary", True),
    ("json-diary", "diary --list --json --since 2025-01-07 --until 2025-01-13 DB=diary", False),
    ("diary-csv", "diary --export - DB=diary", False),
    ("error-diary-nothing", "diary DB=diary", False),
    ("error-diary-none", "diary --list DB=two-weeks", False),
    ("error-diary-pain", "diary --pain 11 DB=diary", False),
    ("error-diary-other", "diary --day 2025-01-10 --pain 9 DB=diary", False),
    ("error-diary-two", "diary --list --due DB=diary", False),
    ("error-diary-clear", "diary --clear pain DB=diary", False),
    ("help-stretch", "help stretch", False),
    ("stretch-list", "stretch --list", True),
    ("stretch-list-plan", "stretch --list --plan plan.ini", True),
    ("stretch-history", "stretch --history DB=diary", False),
    ("error-stretch-none", "stretch --history DB=two-weeks", False),
    ("error-stretch-terminal", "stretch DB=diary", False),
    ("error-stretch-plan", "stretch --list --plan wrong.ini", False),
    ("error-stretch-two", "stretch --list --history", False),
    ("help-label", "help label", False),
    ("help-pads", "help pads", False),
    ("help-replay", "help replay", False),
    ("help-simulate", "help simulate", False),
    ("error-simulate-times", "simulate --times", False),
    ("error-simulate-capture", "simulate --capture file --night", False),
    ("error-simulate-no-capture", "simulate --capture two-weeks.db", False),
    ("help-status", "help status", False),
    ("help-live", "help live", False),
    ("help-report", "report --help", False),
    ("help-nights", "nights --help", False),
    ("help-positions", "help positions", False),
    ("error-no-database", "report DB=missing", False),
    ("error-text", "report DB=text", False),
    ("error-nothing", "report DB=nothing", False),
    ("error-directory", "report --database .", False),
    ("error-no-nights", "report DB=empty", False),
    ("error-no-nights-that-week", "report --week=2026-03-04 DB=two-weeks", False),
    ("error-no-night-that-day", "report --json --night=2025-01-08 DB=two-weeks", False),
    ("error-nothing-since", "report --since 2025-02-01 DB=two-weeks", False),
    ("error-reversed", "report --since 2025-01-07 --until 2025-01-03 DB=two-weeks", False),
    ("error-until-alone", "report --until 2025-01-03 DB=two-weeks", False),
    ("error-no-such-date", "report --since 2025-02-29 DB=two-weeks", False),
    ("error-no-date", "report --night=yesterday DB=two-weeks", False),
    ("error-two-periods", "report --week --month DB=two-weeks", False),
    ("error-period-and-dates", "report --week --since 2025-01-03 DB=two-weeks", False),
    ("error-argument", "report yesterday DB=two-weeks", False),
    ("error-option", "report --pdf report.pdf DB=two-weeks", False),
    ("error-option-argument", "report --json=yes DB=two-weeks", False),
    ("error-no-argument", "report --since", False),
    ("error-configuration", "report CONF=wrong DB=two-weeks", False),
    ("error-no-configuration", "report CONF=missing DB=two-weeks", False),
    ("error-nights-none", "nights DB=empty", False),
    ("error-nights-argument", "nights 2025-01-08 DB=two-weeks", False),
    ("error-delete-no-night", "nights --delete 2025-01-08 --yes DB=two-weeks", False),
    ("error-delete-start", "nights --delete 2025-01-10 --start 03:00 --yes DB=two-weeks", False),
    ("error-delete-several", "nights --delete 2025-01-10 --yes DB=two-weeks", False),
    ("error-delete-unasked", "nights --delete 2025-01-09 DB=two-weeks", False),
    ("error-delete-date", "nights --delete yesterday DB=two-weeks", False),
    ("error-delete-none", "nights --yes DB=two-weeks", False),
    ("error-label-position", "label --at 23:10 left_foetal DB=two-weeks", False),
    ("error-label-no-position", "label --at 23:10 DB=two-weeks", False),
    ("error-label-no-time", "label prone DB=two-weeks", False),
    ("error-label-time", "label --at 24:00 prone DB=two-weeks", False),
    ("error-label-time-of-day", "label --at 13:00 prone DB=two-weeks", False),
    ("error-label-gap", "label --at 01:20 --night 2025-01-04 prone DB=two-weeks", False),
    ("error-label-moment", "label --at 2026-01-05T23:10:00Z prone DB=two-weeks", False),
    ("error-label-other-night",
     "label --night 2025-01-11 --at 2025-01-12T23:10:00+01:00 prone DB=two-weeks", False),
    ("error-label-no-night", "label --night 2025-01-08 --at 23:10 prone DB=two-weeks", False),
    ("error-label-none", "label --at 23:10 prone DB=empty", False),
    ("error-label-undo", "label --at 23:10 --undo DB=two-weeks", False),
    ("error-label-list", "label --list --undo DB=two-weeks", False),
    ("error-again-file", "replay --again night.txt DB=two-weeks", False),
    ("error-again-since", "replay --since 2025-01-04 --pad virtual night.bin", False),
    ("error-again-none", "replay --again --until 2024-12-01 CONF=empty DB=two-weeks", False),
    ("error-verb", "reprot", False),
    ("error-no-such-verb", "weather", False),
    ("error-help-verb", "help reprot", False),
    ("error-main-option", "--colour", False),
]


def arguments(words):
    verb, *options = words.split()
    shared = ["--config", "empty.conf"] if verb in OWN_CONFIGURATION else []
    for option in options:
        if option.startswith("CONF="):
            shared = ["--config", option[5:] + ".conf"]
    own = []
    for option in options:
        if option.startswith("DB="):
            own += ["--database", option[3:] + ".db"]
        elif not option.startswith("CONF="):
            own.append(option)
    return [verb, *shared, *own]


def run(program, words, directory, width, locale):
    done = subprocess.run(
        [program, *arguments(words)],
        cwd=directory,
        env={
            "LANGUAGE": "",
            "LC_ALL": LOCALES[locale],
            "COLUMNS": str(width),
            "TERM": "xterm",
            # Not where anybody slept: reports go by the clock beside the bed.
            "TZ": "Pacific/Auckland",
            **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")},
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    output = done.stdout
    if done.stderr:
        output += b"--- standard error\n" + done.stderr
    if done.returncode:
        output += b"--- exit status %d\n" % done.returncode
    return output


def harmless(output):
    """No control character but the line's end, whatever the database holds."""
    text = output.decode("utf-8")  # and never half a character
    return all(c == "\n" or (c >= " " and not "\x7f" <= c <= "\x9f") for c in text)


def compare(path, output, refresh):
    if refresh:
        path.write_bytes(output)
        return True
    expected = path.read_bytes() if path.exists() else b""
    if output == expected:
        return True
    sys.stdout.writelines(
        difflib.unified_diff(
            expected.decode().splitlines(keepends=True),
            output.decode().splitlines(keepends=True),
            str(path.name),
            "now",
        )
    )
    return False


def check_case(case, options, directory):
    name, words, depends_on_screen = case
    good = True
    for width in WIDTHS:
        for locale in LOCALES:
            output = run(options.psoasmon, words, directory, width, locale)
            first = (width, locale) == (WIDTHS[0], next(iter(LOCALES)))
            suffix = f".{width}.{locale}" if depends_on_screen else ""
            path = options.directory / f"{name}{suffix}.txt"
            refresh = options.refresh and (depends_on_screen or first)
            if not harmless(output):
                print(f"{name}: control characters at {width} columns, {locale}")
                good = False
            if not compare(path, output, refresh):
                print(f"{name}: differs at {width} columns, {locale}")
                good = False
    return good


def check_helps(program, directory):
    """Every verb in the table explains itself, on a terminal of 80 columns."""
    lines = run(program, "--help", directory, 80, "ascii").decode().splitlines()
    blanks = [i for i, line in enumerate(lines) if not line]
    verbs = [line.split()[0] for line in lines[blanks[1] + 1 : blanks[2]]]
    good = "report" in verbs
    for verb in verbs:
        text = run(program, f"help {verb}", directory, 80, "ascii").decode()
        usage = "psoasmon VERB" if verb == "help" else f"psoasmon {verb}"
        if not text.startswith(f"Usage: {usage}") or "--- " in text:
            print(f"help {verb}: no usage, or a failure:\n{text}")
            good = False
        for line in text.splitlines():
            if len(line) > 80:
                print(f"help {verb}: wider than 80 columns: {line}")
                good = False
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--refresh", action="store_true")
    parser.add_argument("psoasmon", type=os.path.abspath)
    parser.add_argument("make_database", type=os.path.abspath)
    parser.add_argument("directory", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psoasmon-") as directory:
        for name, text in FILES.items():
            pathlib.Path(directory, name).write_text(text, encoding="ascii")
        for name in DATABASES:
            subprocess.run(
                [options.make_database, name, f"{name}.db"], cwd=directory, check=True
            )
        bad = [case[0] for case in CASES if not check_case(case, options, directory)]
        helpful = check_helps(options.psoasmon, directory)
    if bad:
        print(f"{len(bad)} of {len(CASES)} cases differ: {' '.join(bad)}")
        print("If that is meant: meson compile -C build refresh-goldens, and read the diff.")
    return 1 if bad or not helpful else 0


if __name__ == "__main__":
    sys.exit(main())
