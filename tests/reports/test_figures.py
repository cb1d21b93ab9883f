"""Figures draw what the runs say, the same every time, in words that stay words."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from xml.etree import ElementTree

import matplotlib
import pytest

from labelcast.reports import figures, palette, panels, style
from labelcast.reports.comparison.figure import trade_offs
from labelcast.reports.inline import inline
from labelcast.reports.reading import Reading, read
from labelcast.scenarios.compare import Comparison
from labelcast.sim.line import Goal, Line
from labelcast.sim.replicate import Runs

BuildLine = Callable[..., Line]
BuildRuns = Callable[..., Runs]
Draw = Callable[[Sequence[Reading], int], str]
ALL: list[Draw] = [figures.burn_up, trade_offs, panels.cost_by_activity, panels.queue_over_time]
SVG = "{http://www.w3.org/2000/svg}"


def settings() -> dict[str, object]:
    """matplotlib's settings but the backend, which reading it would choose."""
    return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != "backend"}


def words(svg: str) -> list[str]:
    """Texts of an SVG."""
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg.encode()).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_a_figure_is_deterministic_and_undated(three: tuple[list[Runs], Comparison], draw: Draw, width: int) -> None:
    """Equal runs give equal bytes, and no date or creator is inside."""
    svg = draw(read(three[0]), width)
    assert svg == draw(read(three[0]), width)
    assert "dc:date" not in svg
    assert "Matplotlib" not in svg


@pytest.mark.parametrize("draw", ALL)
def test_nothing_leaves_the_figure(three: tuple[list[Runs], Comparison], draw: Draw) -> None:
    """Every text begins and ends inside the figure's box, at both widths, at six pixels a letter."""
    for width in (style.WIDE, style.NARROW):
        root = ElementTree.fromstring(draw(read(three[0]), width).encode())
        _, _, right, _ = (float(number) for number in root.attrib["viewBox"].split())
        for element in root.iter(f"{SVG}text"):
            if "rotate(-90" in element.attrib.get("transform", "") or "x" not in element.attrib:
                continue
            x, length = float(element.attrib["x"]), 6.0 * len("".join(element.itertext()))
            anchor = re.search(r"text-anchor: (\w+)", element.attrib.get("style", ""))
            left = x - length * {"middle": 0.5, "end": 1.0}.get(anchor[1] if anchor else "start", 0.0)
            assert left >= -6, (draw, width, "".join(element.itertext()))
            assert left + length <= right + 6, (draw, width, "".join(element.itertext()))


@pytest.mark.parametrize("draw", ALL)
def test_words_on_their_side_stay_in_the_figure(make_line: BuildLine, make_runs: BuildRuns, draw: Draw) -> None:
    """The name of an axis whose numbers have five digits and more stands whole beside them, its letters 11 px high."""
    runs = read([make_runs(make_line(backlog=150_000), rate=30_000.0, cost=2_345_678.0)])
    for width in (style.WIDE, style.NARROW):
        root = ElementTree.fromstring(draw(runs, width).encode())
        for element in root.iter(f"{SVG}text"):
            turned = re.match(r"rotate\(-90 (\S+) ", element.attrib.get("transform", ""))
            assert turned is None or 11 <= float(turned[1]) <= width, (draw, width, element.text)


@pytest.mark.parametrize("draw", ALL)
def test_names_stay_text(hostile: list[Runs], draw: Draw) -> None:
    """Dollars and underscores are no mathematics, markup is no markup, a name in another script raises no warning."""
    svg = draw(read(hostile), style.WIDE)
    ElementTree.fromstring(svg.encode())
    assert any("$x_1$" in text for text in words(svg))
    assert "<script" not in svg


def test_drawing_leaves_no_trace(one: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib's global settings neither change nor matter."""
    calm = figures.burn_up(read([one]))
    before = settings()
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 31.0)
    monkeypatch.setitem(matplotlib.rcParams, "axes.facecolor", "yellow")
    assert figures.burn_up(read([one])) == calm
    monkeypatch.undo()
    assert settings() == before


def test_axes_name_their_units(three: tuple[list[Runs], Comparison]) -> None:
    """Items, tasks, currency and dates of a year and a place are written on the axes."""
    readings = read(three[0])
    assert {"items delivered", "date, 2027 (Europe/Paris)"} <= set(words(figures.burn_up(readings)))
    assert "cost, EUR" in words(trade_offs(readings))
    assert "cost, EUR" in words(panels.cost_by_activity(readings))
    assert "review: tasks waiting" in words(panels.queue_over_time(readings))


def test_goals_that_all_share_are_drawn(three: tuple[list[Runs], Comparison]) -> None:
    """A dashed line at deadline, budget and accuracy, named once; a goal that plans have differently, or that lies
    beyond the picture, has none."""
    goals = (Goal("finish_days", "<=", 5.625), Goal("cost", "<=", 1_000.0), Goal("accuracy", ">=", 0.96))
    runs = [replace(one, line=replace(one.line, goals=goals)) for one in three[0]]
    found = words(trade_offs(read(runs)))
    lines = {text for text in found if text.startswith(("end of ", "budget ", "goal "))}
    assert lines == {"end of 9 Jan 2027", "budget 1,000", "goal 96.0%"}
    assert found.count("budget 1,000") == 1
    other = replace(runs[1], line=replace(runs[1].line, goals=(goals[0], replace(goals[1], value=999.0))))
    fewer = words(trade_offs(read([runs[0], other, runs[2]])))
    assert "end of 9 Jan 2027" in fewer
    assert not {text for text in fewer if text.startswith(("budget ", "goal "))}
    far = [replace(one, line=replace(one.line, goals=(Goal("cost", "<=", 1e6),))) for one in runs]
    assert not {text for text in words(trade_offs(read(far))) if text.startswith("budget ")}


def test_lines_are_labelled_directly_and_the_deadline_is_drawn(three: tuple[list[Runs], Comparison]) -> None:
    """Every scenario's name and finish stand in its figure; a goal on the finish is a line with its date."""
    found = words(figures.burn_up(read(three[0])))
    assert {"in-house", "vendor", "mixed", "deadline: end of 9 Jan 2027", "all 600 items"} <= set(found)


def test_idle_money_is_told_apart_without_colour(one: Runs) -> None:
    """Idle cost is hatched and named, last of the activities."""
    svg = panels.cost_by_activity(read([one]))
    assert "pattern" in svg
    named = [text for text in words(svg) if text in ("annotate", "review", "idle, paid")]
    assert named == ["annotate", "review", "idle, paid"]


def test_costs_drawn_are_those_of_the_ledger(one: Runs) -> None:
    """The mean of each activity over replications, in currency units."""
    mean = one.ledger.groupby("activity")["amount"].sum() / len(one.kpis) / 1e6
    found = words(panels.cost_by_activity(read([one])))
    assert f"{mean['annotate']:,.0f}" in found
    assert f"{mean['idle']:,.0f}" in found


@pytest.mark.parametrize("unfinished", [3, 12])
def test_a_line_that_never_ends_is_drawn(
    make_line: Callable[..., Line], make_runs: Callable[..., Runs], unfinished: int
) -> None:
    """Infinite finishes are arrows and words, not errors."""
    readings = read([make_runs(make_line(), unfinished=unfinished), make_runs(make_line("vendor"))])
    for draw in ALL:
        assert draw(readings, style.WIDE)
    told = " ".join(words(figures.burn_up(readings)))
    assert ("not finished by the horizon" if unfinished == 12 else "P80 not finished") in told


def test_an_inlined_figure_follows_the_screen(one: Runs) -> None:
    """Colours of the palette become variables with their light value to fall back on; nothing else changes colour."""
    element = inline(figures.burn_up(read([one])), 'says "so"', "wide")
    assert f"var(--series-0, {palette.series(0)})" in element
    assert set(re.findall(r"(?<!, )#[0-9a-f]{6}", element)) <= {"#000000", "#ffffff"}
    assert "xmlns" not in element
    assert 'aria-label="says &quot;so&quot;"' in element
    assert "DejaVu" not in element


def test_long_names_are_cut_in_the_middle_and_controls_replaced() -> None:
    """Beginning and end survive, which is where names differ."""
    cut = style.name("a" * 40 + "-2027", 20)
    assert len(cut) == 20
    assert cut.endswith("-2027")
    assert style.name("a\x00b\x1bc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


def test_reports_load_matplotlib_only_to_draw() -> None:
    """`labelcast --help` stays quick: importing the pages and the terminal's tables imports no matplotlib."""
    code = "import sys, labelcast.reports.page, labelcast.reports.fit, labelcast.reports.tables; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "labelcast.reports.page" in loaded
    assert "matplotlib" not in loaded
