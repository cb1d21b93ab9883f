"""Pictures for who leads a line: the same every time, inside their box, in words that stay words."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from labelcast.reports import style
from labelcast.reports.lead.queue_week import queue_week_figure
from labelcast.reports.reading import Reading, read
from labelcast.sim.replicate import Runs

Draw = Callable[[Reading, int], str]
ALL: list[Draw] = [queue_week_figure]
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
    svg = draw(read([one])[0], width)
    assert svg == draw(read([one])[0], width)
    assert "dc:date" not in svg


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_texts_stay_in_the_figure_and_apart(one: Runs, draw: Draw, width: int) -> None:
    """Every text begins and ends inside, and no two on one line touch."""
    found = boxes(draw(read([one])[0], width))
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
        svg = draw(reading, style.WIDE)
        ElementTree.fromstring(svg.encode())
        assert "<script" not in svg
        assert "<img" not in svg
