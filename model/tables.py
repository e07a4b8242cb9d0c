# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures as rows of tables."""

import numpy as np

import data
from beds import EMPTY, FSR16_PERSON, UNKNOWN
from judging import calibration_error, reliability
from stand_ins import MAP_MM, SIZES

SETTLED_S = 5  # of a recording, in seconds that are frames: what the filter needs

BED_TITLES = {
    "pmat": "PmatData", "mat-40x26": "stand-in, 40 x 26", "mat-30x11": "stand-in, 30 x 11",
    "mattress": "stand-in, under a mattress", "composed": "composed prints",
    "simulated": "simulated sleepers", "popu-over": "PoPu, on the mattress",
    "popu-under": "PoPu, under the mattress", "fsr16": "fsr16",
}

# Beds on which nobody lies still long enough, or at all.
UNFILTERED = ("composed", "simulated")

# Made-up prints of no sleeper in a position.
STRANGERS = {"nobody": "animals, things, laundry, drift (made up)",
             "several": "two people side by side (put together)"}

PUBLISHED = {  # one person or group left out; where there is something to compare with
    "three": "precision 99.0-100 % (Davoodnia & Etemad 2021)",
    "postures": "95.32 % (Doan 2021), 90.56 % (Dam et al. 2021), 87 % (Davoodnia & Etemad 2021)",
    "popu-under": "80-97.1 %, ten algorithms (Serra et al. 2024, other data)",
}


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
        if name not in BED_TITLES:
            continue
        for title, part in (("nobody", judged.where(judged.truth == EMPTY)),
                            ("somebody", judged.occupied())):
            if len(part):
                cells = [BED_TITLES[name], title, len(part)]
                cells += [percent(part.raw == what) for what in (EMPTY, UNKNOWN)]
                cells += ["-" if name in UNFILTERED else percent(part.filtered == what)
                          for what in (EMPTY, UNKNOWN)]
                out.append("| " + " | ".join(map(str, cells)) + " |")
    return out


def size_rows(figures):
    """What pads of all sizes tell."""
    out = ["| cells | of mm | back / left / right | nine positions | unknown |",
           "|---|---|---|---|---|"]
    for rows, cols in SIZES:
        judged = figures["beds"][f"size-{rows}x{cols}"].occupied()
        cells = [f"{rows} x {cols}", f"{64 * MAP_MM / rows:.0f} x {32 * MAP_MM / cols:.0f}",
                 percent(judged.grouped().right()), percent(judged.right()),
                 percent(judged.raw == UNKNOWN)]
        out.append("| " + " | ".join(cells) + " |")
    return out


def stranger_rows(figures):
    """How often what is no sleeper in a position is taken for none."""
    out = ["| what is there | frames | unknown | empty | a position |", "|---|---|---|---|---|"]
    for name, title in STRANGERS.items():
        said = figures["beds"][name].raw
        cells = [title, str(len(said)), percent(said == UNKNOWN), percent(said == EMPTY),
                 percent(said < EMPTY)]
        out.append("| " + " | ".join(cells) + " |")
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
        unused = np.array_equal(before.raw_probabilities, after.raw_probabilities)
        cells = [who(person), len(mine), percent(mine.right()), percent(late.right("filtered")),
                 percent((said == truth)[of_posture == person]), percent(before.right()),
                 "not used: no help" if unused else percent(after.right()), weak_files(mine)]
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
