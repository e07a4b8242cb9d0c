# SPDX-License-Identifier: GPL-3.0-or-later
"""RESULTS.md, its pictures, and the figures in MODEL_CARD.md."""

import os
import re
import zlib

import numpy as np

import data
import pictures
from judging import GROUPS, calibration_error, reliability
from tables import (empty_rows, people_rows, reliability_rows, settled, size_rows, stranger_rows,
                    summary, who, worst)

POSITION_NAMES = [*data.POSITIONS, "empty", "unknown"]
POSTURE_NAMES = [f"{file} {data.PMAT[file]}" for file in data.POSTURE_FILES]


def weights_name(path):
    """As model_weights_name in core/position/model.h."""
    with open(path, "rb") as file:
        content = file.read()
    return f"cnn{int.from_bytes(content[8:12], 'little')}-{zlib.crc32(content[:-4]):08x}"


def networks_in(path):
    """How many networks a file of weights holds."""
    with open(path, "rb") as file:
        return int.from_bytes(file.read(16)[12:], "little")


# ---- pictures ----

def counts_of(truth, said, n):
    counts = np.zeros((n, n), int)
    np.add.at(counts, (truth, said), 1)
    return counts


def confusion_picture(folder, name, title, truth, said, names):
    """Without the classes that neither were there nor were said."""
    counts = counts_of(truth, said, len(names))
    used = np.flatnonzero(counts.sum(0) + counts.sum(1))
    drawn = pictures.confusion(title, counts[np.ix_(used, used)], [names[i] for i in used])
    save(folder, f"confusion-{name}.svg", drawn)
    return f"![{title}](results/confusion-{name}.svg)"


def save(folder, name, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(content)


def confusion_pictures(figures, folder):
    beds = {name: judged.occupied() for name, judged in figures["beds"].items()}
    late = settled(beds["pmat"])
    truth, said, _ = figures["postures"]
    three = beds["pmat"].grouped()
    shown = [
        ("three", "PmatData: back, left, right", three.truth, three.raw, GROUPS),
        ("positions", "PmatData: positions, single frames", beds["pmat"].truth, beds["pmat"].raw,
         POSITION_NAMES),
        ("filtered", "PmatData: positions, filtered", late.truth, late.filtered, POSITION_NAMES),
        ("postures", "PmatData: all 17 postures", truth, said, POSTURE_NAMES),
    ]
    for name, title in (("mat-40x26", "Stand-in for a 40 x 26 mat"),
                        ("mat-30x11", "Stand-in for a 30 x 11 mat"),
                        ("mattress", "Stand-in for a sheet under a mattress"),
                        ("popu-over", "PoPu, on the mattress"),
                        ("popu-under", "PoPu, under the mattress"),
                        ("fsr16", "Sixteen force-sensing resistors"),
                        ("simulated", "Simulated sleepers")):
        fine = name in ("mat-40x26", "mat-30x11", "mattress", "simulated")
        judged = beds[name] if fine else beds[name].grouped()
        names = POSITION_NAMES if fine else GROUPS
        shown.append((name, f"{title}, single frames", judged.truth, judged.raw, names))
    return [confusion_picture(folder, *one) for one in shown]


def reliability_pictures(figures, folder):
    beds = {name: judged.occupied() for name, judged in figures["beds"].items()}
    late = settled(beds["pmat"])
    single, filtered = "PmatData, single frames", "PmatData, filtered"
    right = {single: (beds["pmat"].right(), beds["pmat"].raw_confidence),
             filtered: (late.right("filtered"), late.filtered_confidence)}
    others = {title: (beds[name].right(), beds[name].raw_confidence) for name, title in (
        ("mat-40x26", "stand-in, 40 x 26"), ("mat-30x11", "stand-in, 30 x 11"),
        ("mattress", "stand-in, under a mattress"), ("simulated", "simulated sleepers"))}
    shown = []
    for name, title, curves in (("pmat", "PmatData's mat", right),
                                ("others", "other pads, single frames", others)):
        drawn = pictures.reliability(f"How far it can be trusted: {title}", [
            (line, reliability(*of_line)) for line, of_line in curves.items()])
        save(folder, f"reliability-{name}.svg", drawn)
        shown.append(f"![How often it is right, by how sure it is: {title}]"
                     f"(results/reliability-{name}.svg)")
    return shown


# ---- the files ----

WHAT = """\
Each of PmatData's people is left out in turn: the networks that judge them were trained anew by the
shipped weights' recipe, on all the others, and have seen nothing of them. PoPu's person is judged,
on both pads, by networks trained without PoPu; so are fsr16's people, whom nothing is trained on.
The shipped weights themselves were trained on everybody, and are therefore judged by nobody here.

Everything but the 17 postures goes from bytes through the programs' own code (`judge.c`). Single
frames stand alone; filtered ones went through `core/position/filter.c`, count from the sixth second
of a recording on, and are wrong where they are `unknown`. A frame is what its recording is called,
wrong labels included (in S7/12 both legs lie on the mat at first), but for the first sixteen frames
of S7/1: fifteen of an empty bed, and one of lying down.

Stand-ins are made of the person left out: `stand_ins.py` says how. Where the sixteen resistors of
fsr16 lay on the bed is not known; its rows are judged with a guess."""


def block(figures):
    """The part that RESULTS.md and MODEL_CARD.md share, between its marks."""
    share, person = worst(figures["beds"]["pmat"].occupied())
    return ["<!-- figures -->", *summary(figures), "",
            f"Worst person of PmatData, single frames, nine positions: {who(person)}, "
            f"{100 * share:.2f} %.", "",
            "Is somebody there?", "", *empty_rows(figures), "<!-- /figures -->"]


def write_results(figures, how, shipped, path):
    folder = os.path.join(os.path.dirname(path), "results")
    pmat = figures["beds"]["pmat"].occupied()
    late = settled(pmat)
    errors = [100 * calibration_error(j.right(w), getattr(j, f"{w}_confidence"))
              for j, w in ((pmat, "raw"), (late, "filtered"))]
    lines = [
        "# Results", "",
        f"Shipped weights: `{shipped}`", "",
        how, "", WHAT, "",
        "## In short", "", *block(figures), "",
        "## Each person of PmatData", "", *people_rows(figures), "",
        "## No sleeper in a position", "",
        "Prints drawn anew on PmatData's mat, single frames. The networks were trained on others "
        "of the same making: real ones may look otherwise.", "",
        *stranger_rows(figures), "",
        "## By pad size", "",
        "Stand-ins that cover as much as PmatData's mat, single frames, every fifth. A pad with "
        "large or few cells is not asked for nine positions (`core/position/acuity.c`): drawn-up "
        "knees and a raised upper body count as wrong there.", "",
        *size_rows(figures), "",
        "## How far its confidence can be trusted", "",
        f"Expected calibration error on PmatData: {errors[0]:.1f} points for single frames, "
        f"{errors[1]:.1f} filtered.", "", *reliability_rows(pmat, late), "",
        *reliability_pictures(figures, folder), "",
        "## What is taken for what", "", *confusion_pictures(figures, folder), ""]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def update_card(figures, shipped, path):
    """The weights' name, and the figures between the two marks."""
    with open(path, encoding="utf-8") as file:
        card = file.read()
    shared = "\n".join(block(figures))
    card = re.sub("<!-- figures -->.*<!-- /figures -->", lambda _: shared, card, flags=re.DOTALL)
    card = re.sub("Shipped weights: `[^`]*`", f"Shipped weights: `{shipped}`", card)
    with open(path, "w", encoding="utf-8") as file:
        file.write(card)
