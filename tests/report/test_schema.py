# SPDX-License-Identifier: GPL-3.0-or-later
"""report --json against docs/report.schema.json, which other programs go by."""
import copy
import json
import os
import pathlib

import jsonschema
import pytest

SCHEMA = json.loads(pathlib.Path(os.environ["PSOASMON_DOCS"], "report.schema.json").read_text())

REPORTS = [
    ("two-weeks", "--week"),
    ("two-weeks", "--week=2025-01-05", "--bouts"),  # a nap, and the first nights of all
    ("two-weeks", "--month", "--bouts"),
    ("two-weeks", "--night=2025-01-04", "--bouts"),  # with gaps
    ("two-weeks", "--since", "2025-01-03", "--until", "2025-01-07"),
    ("two-years", "--year"),
    ("clock-changes", "--night", "--bouts"),
    ("travelled", "--week", "--bouts"),  # one night is open
    ("hostile", "--week", "--bouts"),
    ("labelled", "--night", "--bouts"),
    ("breathing", "--night"),
    ("diary", "--week"),
    ("diary", "--since", "2025-01-01"),
    ("diary", "--week=2025-01-27"),  # with advice
    ("diary", "--night"),
]


def strict(schema):
    """The same, but for programs that want to know of every field."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(closed.get("properties"), dict) and "type" in closed:
        closed["additionalProperties"] = False
    return closed


def document(nights, report):
    done = nights.report(report[0], "--json", *report[1:])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def complaints(schema, instance):
    return [f"{error.json_path}: {error.message}"
            for error in jsonschema.Draft202012Validator(schema).iter_errors(instance)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
def test_reports_keep_to_it_and_it_names_every_field(nights, report):
    assert complaints(strict(SCHEMA), document(nights, report)) == []


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
def test_what_is_said_adds_up(nights, report):
    """What a schema cannot say."""
    said = document(nights, report)
    period = said["period"]
    for night in said["nights"]:
        assert period["from"] <= night["day"] <= period["to"]
        assert night["recorded_s"] + night["unrecorded_s"] == night["in_bed_s"]
        assert night["friendly_s"] == sum(night["positions"][p] for p in said["friendly_set"])
    for field in "in_bed_s", "recorded_s", "friendly_s", "turns", "exits", "unknown_s":
        assert said["totals"][field] == sum(night[field] for night in said["nights"])
    assert said["totals"]["nights"] == len(said["nights"])
    assert said["totals"]["days"] == len({night["day"] for night in said["nights"]})
    held = [day["stretched_s"] for day in said["awake"] if day["stretched_s"] is not None]
    assert said["totals"]["stretched_s"] == (sum(held) if held else None)
    for field in "pain", "stiffness", "sitting_s":
        told = [day[field] for day in said["awake"] if day[field] is not None]
        assert said["totals"][field] == (pytest.approx(sum(told) / len(told), abs=0.5)
                                         if told else None)


def paths(value, at=()):
    """Every place in a document."""
    yield at
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(min(len(value), 1)):
            yield from paths(value[key], at + (key,))


def changed(value, at, change):
    value = copy.deepcopy(value)
    holder = value
    for key in at[:-1]:
        holder = holder[key]
    change(holder, at[-1])
    return value


def test_it_notices_whatever_is_missing_or_of_another_kind(nights):
    """Each field of a report taken away, then made something that none of them may be."""
    said = document(nights, ("diary", "--week", "--bouts"))
    assert not complaints(SCHEMA, said)
    noticed = 0
    for at in list(paths(said)):
        if not at:
            continue
        broken = changed(said, at, lambda holder, key: holder.__setitem__(key, {"a": -1}))
        assert complaints(SCHEMA, broken), f"{at} may be anything"
        if isinstance(at[-1], str):
            broken = changed(said, at, lambda holder, key: holder.pop(key))
            assert complaints(SCHEMA, broken), f"{at} may be missing"
        noticed += 1
    assert noticed > 80


def test_readers_pass_over_fields_to_come(nights):
    said = document(nights, ("two-weeks", "--week", "--bouts"))
    for at in (("a",), ("period", "a"), ("nights", 0, "a"), ("totals", "a")):
        assert not complaints(SCHEMA, changed(said, at, lambda h, k: h.__setitem__(k, "new")))
