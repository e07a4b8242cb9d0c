# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in a real Chromium: it asks nobody, says nothing to the console, shows the right numbers
in either theme and on a phone, and can be read without a mouse and without colour.

With PSOASMON_SCREENSHOTS the pictures of what was seen go into that directory.
"""
import json
import os
import pathlib

import pytest

import browser as chromium

pytestmark = pytest.mark.skipif(
    bool(chromium.missing()),
    reason=f"no {' and no '.join(chromium.missing())}: ./dev browser installs them")

WIDTHS = {"wide": 1000, "phone": 390}
THEMES = ("light", "dark")
REPORTS = {
    "week": ("two-weeks", "--week"),
    "night": ("two-weeks", "--night=2025-01-04"),
    "year": ("two-years", "--year"),
    "tags": ("tags", "--week"),
    "diary": ("diary", "--week=2025-01-27"),
}
TAB = "\ue004"


@pytest.fixture(scope="module")
def window():
    with chromium.browser() as found:
        yield found


@pytest.fixture(scope="module")
def pages(nights, tmp_path_factory):
    """The reports' pages by name."""
    place = tmp_path_factory.mktemp("pages")
    for name, (kind, period) in REPORTS.items():
        assert nights.report(kind, period, "--html", place / f"{name}.html").returncode == 0
    return {name: place / f"{name}.html" for name in REPORTS}


def keep_picture(window, name):
    place = os.environ.get("PSOASMON_SCREENSHOTS")
    if place:
        window.picture(pathlib.Path(place, f"{name}.png"))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("report", REPORTS)
def test_loads_without_a_word_or_a_request(window, pages, report, width, theme):
    window.requests()
    window.show(pages[report], WIDTHS[width], theme)
    assert window.logs() == []
    assert [url for url in window.requests() if not url.startswith("data:")] == [
        f"file://{pages[report]}"]
    assert window.run("return document.compatMode") == "CSS1Compat"
    # Nothing is wider than the window: no scrolling sideways but within a table.
    assert window.run("return document.documentElement.scrollWidth") <= WIDTHS[width]
    keep_picture(window, f"page-{report}-{width}-{theme}")


@pytest.mark.parametrize("report", ["week", "night", "year"])
def test_says_the_right_numbers(window, nights, pages, report):
    said = json.loads(nights.report(*REPORTS[report], "--json").stdout)
    window.show(pages[report], WIDTHS["wide"])
    totals = said["totals"]
    share = f"{int(100 * totals['friendly_s'] / totals['recorded_s'] + 0.5)}%"
    assert window.run("return document.querySelector('.share').innerText") == share
    assert share in window.run("return document.querySelector('.lead').innerText")
    rows = window.run("return [...document.querySelectorAll('.nights tbody tr')]"
                      ".map(row => [...row.cells].map(cell => cell.innerText.trim()))")
    if report == "year":
        assert sum(int(row[1]) for row in rows) == totals["days"]
        return
    shown = [row for row in rows if len(row) == 8]
    assert [row[1].split(" ")[0] for row in shown] == [
        f"{night['start'][11:16]}–{night['end'][11:16]}" for night in said["nights"]]
    # The bars' lengths are the hours that the words say.
    if report == "week":
        lengths = window.run(
            "return [...document.querySelectorAll('.wide .item')].map(item => "
            "[...item.querySelectorAll('path.c%d')].map(path => path.getBBox().height))"
            "" % window.run("return +[...document.styleSheets[0].cssRules].find(rule => "
                            "/^\\.c/.test(rule.selectorText) && "
                            "rule.style.fill == 'var(--friendly)').selectorText.slice(2)"))
        bars = [length[0] for length in lengths if length][:len(shown)]
        friendly = [night["friendly_s"] for night in said["nights"]]
        for bar, seconds in zip(bars, friendly, strict=True):
            assert bar / bars[0] == pytest.approx(seconds / friendly[0], abs=0.01)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("report", ["week", "night", "year"])
def test_one_chart_of_each_is_shown(window, pages, report, width):
    window.show(pages[report], WIDTHS[width])
    shown = window.run("return [...document.querySelectorAll('figure')].map(figure => "
                       "[...figure.querySelectorAll('svg')].filter("
                       "svg => svg.getBoundingClientRect().width > 0).length)")
    assert shown and set(shown) == {1}
    # Text is not scaled down to be unreadable.
    assert window.run(
        "return Math.min(...[...document.querySelectorAll('figure svg')]"
        ".map(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
        ".filter(scale => scale > 0))") > 0.9


def test_every_part_of_a_chart_is_reached_by_keyboard_and_says_what_it_is(window, pages):
    window.show(pages["week"], WIDTHS["wide"])
    items = window.run("return [...document.querySelectorAll('.wide .item')]"
                       ".map(item => item.querySelector('title').textContent)")
    assert len(items) == 8 + 7  # a bar for each row, a band for each stay
    heard = []
    for _ in items:
        window.press(TAB)
        heard += window.run(
            "const item = document.activeElement.closest('.item');"
            "if (!item) return [];"
            "const tip = item.querySelector('.tip');"
            "return [[item.querySelector('title').textContent, tip.textContent,"
            " getComputedStyle(tip).visibility]]")
    assert [words for words, _, _ in heard] == items
    assert all(tip == words and seen == "visible" for words, tip, seen in heard)


def test_what_a_screen_reader_is_given(window, pages):
    window.show(pages["week"], WIDTHS["wide"])
    nodes = window.devtools("Accessibility.getFullAXTree")["nodes"]
    named = [(node["role"]["value"], node.get("name", {}).get("value", ""))
             for node in nodes if not node["ignored"]]
    images = [name for role, name in named if role in ("image", "img", "graphics-symbol")]
    assert any("h friendly" in name for name in images)
    assert not [1 for role, name in named if role in ("image", "img") and not name]
    assert [name for role, name in named if role == "heading"][0].startswith("Week of")
    assert {"main", "figure", "region", "table", "rowheader", "columnheader"} <= {
        role for role, _ in named}
    ids = window.run("return [...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    assert window.run("return document.documentElement.lang") == "en"


CONTRASTS = """
const lit = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
const light = rgb => 0.2126 * lit(rgb[0]) + 0.7152 * lit(rgb[1]) + 0.0722 * lit(rgb[2]);
const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
const paper = light(numbers(getComputedStyle(document.body).backgroundColor));
return [...document.querySelectorAll('body *')].filter(one =>
    [...one.childNodes].some(node => node.nodeType == 3 && node.textContent.trim()) &&
    !['STYLE', 'TITLE', 'title', 'desc'].includes(one.tagName)).map(one => {
        const style = getComputedStyle(one);
        const ink = light(numbers(one.namespaceURI.endsWith('svg') ? style.fill : style.color));
        const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        return [one.textContent.slice(0, 40), ratio];
    });
"""


@pytest.mark.parametrize("theme", THEMES)
def test_all_text_has_contrast(window, pages, theme):
    for report in "week", "night":
        window.show(pages[report], WIDTHS["wide"], theme)
        found = window.run(CONTRASTS)
        assert len(found) > 100
        assert [text for text, ratio in found if ratio < 4.5] == []
    dark = window.run("return getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") == (theme == "light")


def test_on_paper_it_is_light(window, pages):
    window.show(pages["week"], WIDTHS["wide"], "dark")
    window.devtools("Emulation.setEmulatedMedia", media="print",
                    features=[{"name": "prefers-color-scheme", "value": "dark"}])
    assert window.run("return getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)")
    printed = window.devtools("Page.printToPDF", printBackground=True)
    assert len(printed["data"]) > 10000


def test_hostile_text_is_shown_as_it_is(window, pages):
    window.show(pages["tags"], WIDTHS["wide"])
    assert window.run("return document.scripts.length") == 0
    assert "Europe/<script>" in window.run("return document.body.innerText")


def test_a_chart_alone_is_a_picture(window, nights, tmp_path):
    target = tmp_path / "chart.svg"
    assert nights.report("two-weeks", "--week", "--svg", target).returncode == 0
    for theme in THEMES:
        window.show(target, WIDTHS["wide"], theme)
        assert window.logs() == []
        assert window.run("return document.documentElement.tagName") == "svg"
        assert window.run("return document.querySelectorAll('.item').length") == 8
        keep_picture(window, f"chart-week-{theme}")


def test_a_year_of_every_night_is_small(nights, pages):
    assert pages["year"].stat().st_size < 300_000
    full = nights.report("two-weeks", "--since", "2024-12-13", "--until", "2025-02-12", "--html",
                         "-").stdout  # as many days as get a band each
    assert len(full) < 300_000
