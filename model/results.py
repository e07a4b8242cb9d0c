# SPDX-License-Identifier: GPL-3.0-or-later
"""RESULTS.md, its pictures, and the figures in MODEL_CARD.md."""

import os
import re
import zlib

import numpy as np

import data
import pictures
from beds import EMPTY, FSR16_PERSON, UNKNOWN
from judging import GROUPS, calibration_error, reliability

SETTLED_S = 5  # of a recording, in seconds that are frames: what the filter needs

POSITION_NAMES = [*data.POSITIONS, "empty", "unknown"]
POSTURE_NAMES = [f"{file} {data.PMAT[file]}" for file in data.POSTURE_FILES]

BED_TITLES = {
    "pmat": "PmatData", "mat-40x26": "stand-in, 40 x 26", "mat-30x11": "stand-in, 30 x 11",
    "mattress": "stand-in, under a mattress", "composed": "composed prints",
    "simulated": "simulated sleepers", "popu-over": "PoPu, on the mattress",
    "popu-under": "PoPu, under the mattress", "fsr16": "fsr16",
}

# Beds on which nobody lies still long enough, or at all.
UNFILTERED = ("composed", "simulated")

PUBLISHED = {  # one person or group left out; where there is something to compare with
    "three": "precision 99.0-100 % (Davoodnia & Etemad 2021)",
    "postures": "95.32 % (Doan 2021), 90.56 % (Dam et al. 2021), 87 % (Davoodnia & Etemad 2021)",
    "popu-under": "80-97.1 %, ten algorithms (Serra et al. 2024, other data)",
}


def weights_name(path):
    """As model_weights_name in core/position/model.h."""
    with open(path, "rb") as file:
        content = file.read()
    return f"cnn{int.from_bytes(content[8:12], 'little')}-{zlib.crc32(content[:-4]):08x}"


def percent(right):
    return f"{100 * np.mean(right):.2f} %" if len(right) else "-"


def settled(judged):
    return judged.where(judged.frame >= SETTLED_S)


def worst(judged, how="raw"):
    """(share, person) of whom it is right least often."""
    right = judged.right(how)
    return min((right[judged.person == p].mean(), p) for p in np.unique(judged.person))


def who(person):
    """As the data set calls them; simulated sleepers by their seed."""
    if person < data.POPU_PERSON:
        return f"S{person}"
    if person > data.SIMULATED:
        return f"seed {person - data.SIMULATED}"
    return f"p{person - FSR16_PERSON:02d}"


def worst_cell(judged, how):
    if len(judged) == 0 or len(np.unique(judged.person)) == 1:
        return "-"
    share, person = worst(judged, how)
    return f"{who(person)} {100 * share:.2f} %"


SUMMARY_HEAD = [
    "| test | people | frames | right, single frames | worst person | right, filtered "
    "| worst person | confidence off by | published |", "|---|---|---|---|---|---|---|---|---|"]


def summary_row(title, judged, key="", grouped=False, filtered=True):
    unknown = percent(settled(judged).filtered == UNKNOWN)
    if grouped:
        judged = judged.grouped()
    late = settled(judged)
    smooth = [f"{percent(late.right('filtered'))} ({unknown} unknown)",
              worst_cell(late, "filtered")]
    error = calibration_error(judged.right(), judged.raw_confidence)
    cells = [title, len(np.unique(judged.person)), len(judged), percent(judged.right()),
             worst_cell(judged, "raw"), *(smooth if filtered else ["-", "-"]),
             f"{100 * error:.1f} points", PUBLISHED.get(key, "")]
    return "| " + " | ".join(map(str, cells)) + " |"


def posture_row(figures):
    truth, said, person = figures["postures"]
    shares = [((said == truth)[person == p].mean(), p) for p in np.unique(person)]
    share, lowest = min(shares)
    cells = ["PmatData, all 17 postures", len(shares), len(truth), percent(said == truth),
             f"{who(lowest)} {100 * share:.2f} %", "-", "-", "-", PUBLISHED["postures"]]
    return "| " + " | ".join(map(str, cells)) + " |"


def summary(figures):
    beds = {name: judged.occupied() for name, judged in figures["beds"].items()}
    lines = [
        *SUMMARY_HEAD,
        summary_row("PmatData, back / left / right", beds["pmat"], "three", grouped=True),
        summary_row("PmatData, nine positions", beds["pmat"]),
        posture_row(figures)]
    for when in ("before", "after"):
        lines.append(summary_row(f"PmatData, nine positions, {when} a personal calibration of two "
                                 "minutes", figures[when]))
    lines.append(summary_row("PoPu, 64 x 27 on the mattress, back / left / right / front",
                             beds["popu-over"], grouped=True))
    for name, title in (("mat-40x26", "stand-in for a 40 x 26 mat, head off it"),
                        ("mat-30x11", "stand-in for a 30 x 11 mat"),
                        ("mattress", "stand-in for 12 x 6 cells under a mattress")):
        lines.append(summary_row(f"{title}, back / left / right", beds[name], grouped=True))
        lines.append(summary_row(f"{title}, nine positions", beds[name]))
    return lines + [
        summary_row("PoPu, 12 x 6 under the mattress, back / left / right / front",
                    beds["popu-under"], "popu-under", grouped=True),
        summary_row("fsr16, 4 x 4, back / left / right / front", beds["fsr16"], grouped=True),
        summary_row("composed prints: legs raised, sitting", beds["composed"], filtered=False),
        summary_row("simulated sleepers, twelve positions, by each of the nine folds",
                    beds["simulated"], filtered=False),
    ]


def empty_rows(figures):
    """How often nobody is called nobody, and somebody nobody."""
    out = ["| bed | what is there | frames | called empty, single frames | unknown "
           "| empty, filtered | unknown |", "|---|---|---|---|---|---|---|"]
    for name, judged in figures["beds"].items():
        for title, part in (("nobody", judged.where(judged.truth == EMPTY)),
                            ("somebody", judged.occupied())):
            if len(part):
                cells = [BED_TITLES[name], title, len(part)]
                cells += [percent(part.raw == what) for what in (EMPTY, UNKNOWN)]
                cells += ["-" if name in UNFILTERED else percent(part.filtered == what)
                          for what in (EMPTY, UNKNOWN)]
                out.append("| " + " | ".join(map(str, cells)) + " |")
    return out


def weak_files(judged):
    files = {f: judged.right()[judged.file == f].mean() for f in np.unique(judged.file)}
    return ", ".join(f"{f}: {100 * share:.0f} %" for f, share in files.items() if share < 0.98)


def people_rows(figures):
    out = ["| person | frames | single frames | filtered | 17 postures | before calibration "
           "| after | recordings below 98 % |", "|---|---|---|---|---|---|---|---|"]
    pmat = figures["beds"]["pmat"].occupied()
    truth, said, of_posture = figures["postures"]
    for person in np.unique(pmat.person):
        mine, late, before, after = (
            judged.where(judged.person == person)
            for judged in (pmat, settled(pmat), figures["before"], figures["after"]))
        cells = [f"S{person}", len(mine), percent(mine.right()), percent(late.right("filtered")),
                 percent((said == truth)[of_posture == person]), percent(before.right()),
                 percent(after.right()), weak_files(mine)]
        out.append("| " + " | ".join(map(str, cells)) + " |")
    return out


def reliability_rows(judged, late):
    out = ["| what it says | single frames | sure | right | filtered | sure | right |",
           "|---|---|---|---|---|---|---|"]
    columns = [{tenth: [n, f"{100 * sure:.1f} %", f"{100 * share:.1f} %"]
                for tenth, n, sure, share in rows} for rows in (
                    reliability(judged.right(), judged.raw_confidence),
                    reliability(late.right("filtered"), late.filtered_confidence))]
    for tenth in sorted(columns[0] | columns[1]):
        cells = [f"{10 * tenth}-{10 * tenth + 10} %"]
        for column in columns:
            cells += column.get(tenth, ["", "", ""])
        out.append("| " + " | ".join(map(str, cells)) + " |")
    return out


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
    for name, title in (("mattress", "Stand-in for a sheet under a mattress"),
                        ("popu-over", "PoPu, on the mattress"),
                        ("popu-under", "PoPu, under the mattress"),
                        ("fsr16", "Sixteen force-sensing resistors"),
                        ("simulated", "Simulated sleepers")):
        fine = name in ("mattress", "simulated")
        judged = beds[name] if fine else beds[name].grouped()
        names = POSITION_NAMES if fine else GROUPS
        shown.append((name, f"{title}, single frames", judged.truth, judged.raw, names))
    return [confusion_picture(folder, *one) for one in shown]


def reliability_picture(folder, judged, late):
    drawn = pictures.reliability("How far its confidence can be trusted: PmatData", [
        ("single frames", "#0969da", reliability(judged.right(), judged.raw_confidence)),
        ("filtered", "#bc4c00", reliability(late.right("filtered"), late.filtered_confidence))])
    save(folder, "reliability.svg", drawn)
    return "![How often it is right, by how sure it is](results/reliability.svg)"


# ---- the files ----

WHAT = """\
Each of PmatData's people is left out in turn: the networks that judge them were trained by the
shipped weights' recipe on all the others, and have seen nothing of them. PoPu's person is judged,
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
            f"Worst person of PmatData, single frames, nine positions: S{person}, "
            f"{100 * share:.2f} %.", "", "Is somebody there?", "", *empty_rows(figures), "<!-- /figures -->"]


def write_results(figures, how, shipped, path):
    folder = os.path.join(os.path.dirname(path), "results")
    pmat = figures["beds"]["pmat"].occupied()
    late = settled(pmat)
    errors = [100 * calibration_error(j.right(w), getattr(j, f"{w}_confidence"))
              for j, w in ((pmat, "raw"), (late, "filtered"))]
    lines = [
        "# Results", "",
        f"Shipped weights: `{shipped}`", "",
        f"Made by `{how}`.", "", WHAT, "",
        "## In short", "", *block(figures), "",
        "## Each person of PmatData", "", *people_rows(figures), "",
        "## How far its confidence can be trusted", "",
        f"Expected calibration error on PmatData: {errors[0]:.1f} points for single frames, "
        f"{errors[1]:.1f} filtered.", "", *reliability_rows(pmat, late), "",
        reliability_picture(folder, pmat, late), "",
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
