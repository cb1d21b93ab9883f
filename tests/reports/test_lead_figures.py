"""Pictures for who leads a line: the same every time, inside their box, in words that stay words."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from labelcast.reports import numbers, style
from labelcast.reports.drawing import Drawing
from labelcast.reports.floor import pools
from labelcast.reports.lead.queue_week import draw_queue_week
from labelcast.reports.lead.split_bars import Look, Split, draw_splits
from labelcast.reports.lead.time_figure import draw_time_use, hours_of, time_splits, time_use_words
from labelcast.reports.lead.wait_figure import draw_wait_parts, wait_parts_words, wait_splits
from labelcast.reports.reading import Reading, read
from labelcast.sim.line import Line
from labelcast.sim.replicate import Runs, replicate

Draw = Callable[[Reading, int], Drawing]
ALL: list[Draw] = [draw_queue_week, draw_wait_parts, draw_time_use]
SVG = "{http://www.w3.org/2000/svg}"


def boxes(svg: str) -> list[tuple[str, float, float, float]]:
    """Each text that is not turned with its left and right end, at six pixels a letter, and its baseline."""
    found = []
    for element in ElementTree.fromstring(svg.encode()).iter(f"{SVG}text"):
        if "rotate(-90" in element.attrib.get("transform", "") or "x" not in element.attrib:
            continue
        text = "".join(element.itertext())
        x, length = float(element.attrib["x"]), 6.0 * len(text)
        anchor = re.search(r"text-anchor: (\w+)", element.attrib.get("style", ""))
        left = x - length * {"middle": 0.5, "end": 1.0}.get(anchor[1] if anchor else "start", 0.0)
        found.append((text, left, left + length, float(element.attrib["y"])))
    return found


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_equal_runs_give_equal_bytes(one: Runs, draw: Draw, width: int) -> None:
    """No date, no creator, no order of memory."""
    svg = style.svg(draw(read([one])[0], width))
    assert svg == style.svg(draw(read([one])[0], width))
    assert "dc:date" not in svg


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_texts_stay_in_the_figure_and_apart(one: Runs, draw: Draw, width: int) -> None:
    """Every text begins and ends inside, and no two on one line touch."""
    found = boxes(style.svg(draw(read([one])[0], width)))
    assert found
    for text, left, right, _ in found:
        assert left >= -6, text
        assert right <= width + 6, text
    for text, left, right, y in found:
        for other, begin, end, height in found:
            if (text, left) != (other, begin) and abs(y - height) < 6:
                assert right <= begin + 4 or end <= left + 4, (text, other)


@pytest.mark.parametrize("draw", ALL)
def test_names_stay_text(hostile: list[Runs], draw: Draw) -> None:
    """Markup in the names of scenarios, stages and pools is no markup of the figure."""
    for reading in read(hostile):
        svg = style.svg(draw(reading, style.WIDE))
        ElementTree.fromstring(svg.encode())
        assert "<script" not in svg
        assert "<img" not in svg


def test_waits_are_their_parts(make_line: Callable[..., Line]) -> None:
    """Each bar is as long as the KPI of the wait, its parts are the KPIs of its parts, and as printed they add up."""
    reading = read([replicate(make_line(backlog=90), replications=3, processes=1)])[0]
    splits = wait_splits(reading)
    assert [row.title for row in splits] == ["annotate", "review"]
    for row in splits:
        assert row.whole == pytest.approx(reading.kpis[f"wait_h.{row.title}"].mean, rel=1e-12)
        assert dict(row.parts)["off shift"] == reading.kpis[f"wait_h.{row.title}.off_shift"].mean
        assert dict(row.parts)["hand-off"] == reading.kpis[f"wait_h.{row.title}.handoff"].mean
        whole = numbers.adding_up([row.whole], 0 if row.whole >= 100 else 1 if row.whole >= 10 else 2)[0]
        assert sum(float(size.replace(",", "")) for size in row.sizes) == pytest.approx(float(whole.replace(",", "")))
        assert f"{row.title}: {row.told}, of which {row.words}" in wait_parts_words(reading)


def test_a_table_has_the_hours_of_the_picture(make_line: Callable[..., Line]) -> None:
    """To the digit; what is known of nobody has no hours."""
    reading = read([replicate(make_line(backlog=90), replications=3, processes=1)])[0]
    table = pools([reading])
    columns = {name: table.columns.index(f"{name}, h") for name in ("busy", "idle", "off")}
    for row, split in zip(table.groups[0].rows, time_splits(reading), strict=True):
        printed = {name.partition(" ")[0]: size for (name, _), size in zip(split.parts, split.sizes, strict=True)}
        assert row.title == split.title
        assert {name: row.cells[place].text for name, place in columns.items()} == {
            name: printed[name] for name in columns
        }
    assert set(hours_of(reading, "annotators")) <= {
        f"{name}_h" for name in ("busy", "idle", "training", "absent", "off")
    }
    assert hours_of(reading, "nobody") == {}


def test_time_is_all_of_everyones(make_line: Callable[..., Line]) -> None:
    """Of a pool that stays the same, the parts sum to headcount times the mean length of the runs; without the time off
    shift, to what is paid."""
    reading = read([replicate(make_line(backlog=90), replications=3, processes=1)])[0]
    days = reading.kpis["finish_days"].mean
    for row in time_splits(reading):
        headcount = next(pool.headcount for pool in reading.line.pools if pool.name == row.title)
        assert row.whole == pytest.approx(24 * days * headcount, rel=1e-9)
        paid = row.whole - dict(row.parts)["off shift"]
        assert paid == pytest.approx(reading.kpis[f"paid_h.{row.title}"].mean, rel=1e-9)
        assert row.words in time_use_words(reading)


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_many_small_parts_are_named_in_the_figure(width: int) -> None:
    """Five parts too short for their names stand below the bar, inside, none upon another."""
    parts = (*((f"a part, number {k}", 0.1) for k in range(5)), ("the rest", 99.0))
    looks = {name: Look(k) for k, (name, _) in enumerate(parts)}
    found = boxes(style.svg(draw_splits("small", [Split("row", "100 h", parts)], looks, "time, h", width)))
    named = [each for each in found if each[0].startswith("a part")]
    assert len(named) == 5
    assert all(left >= 0 and right <= width for _, left, right, _ in named)
    assert len({(left, y) for _, left, _, y in named}) == 5
