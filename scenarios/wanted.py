"""Whether what is asked for can come at all: the sample, and the items that are wanted on dates."""

from __future__ import annotations

from collections.abc import Iterator

from ..sim.line import GOLD, JUDGES, Line, Segment
from .resolve.work import expected_items
from .routing import Broken
from .views import views


def too_many(line: Line) -> Iterator[Broken]:
    """Numbers of items that are asked for and never come: of the sample as expected, of windows for certain; and a
    sample by a doubt that nobody has."""
    left = sum(expected_items(segment, line.horizon_s) * segment.sample for segment in line.segments)
    if line.sampling is not None and line.sampling.items > left:
        rule = f"asks for {line.sampling.items:,} items, but only {left:,.0f} are expected"
        yield ("sampling",), f"{rule}. Ask for fewer."
    if line.sampling is not None and line.sampling.allocate == "doubt" and not any(s.doubt for s in line.segments):
        rule = "doubt needs a segment whose doubt tells something, but none says any"
        yield ("sampling", "allocate"), f"{rule}. Write `doubt: 0.6` in work, or `allocate: random`."
    yield from _unseen(line)
    steps = [view for _, view in views(line)] if line.windows else []
    for window in line.windows:
        of = "" if window.segment is None else f" of {window.segment}"
        names = [segment.name for segment in line.segments if window.segment in (None, segment.name)]
        most = _most(line, steps, names)
        if most is not None and window.items > most:
            rule = f"wants {window.items:,} items{of}, but at most {most:,} are ever labelled"
            yield ("goals", "windows", window.name, "items"), f"{rule}. Ask for fewer."


def _unseen(line: Line) -> Iterator[Broken]:
    """Charts of what never happens."""
    stages = [*line.stages, *(stage for epoch in line.epochs for stage in epoch.stages or ())]
    for chart in line.charts:
        if chart.watch == GOLD and not any(stage.gold.share for stage in stages):
            rule = "watches test questions, but no stage has any"
            yield ("charts", chart.name, "watch"), f"{rule}. Write `gold: 5%` at an annotate stage."
        elif any(stage.name == chart.watch and stage.kind not in JUDGES for stage in stages):
            rule = f"watches verdicts, but {chart.watch} gives none"
            yield ("charts", chart.name, "watch"), f"{rule}. Name a review or an inspect stage, or gold."


def _most(line: Line, steps: list[Line], names: list[str]) -> int | None:
    """The most items of these segments that a run may label, None where nothing limits how many arrive. steps:
    the line at the start and at each change."""
    most = 0
    for name in names:
        then = [next(one for one in step.segments if one.name == name) for step in steps]
        limits = {_limit(segment) for segment in then}
        if None in limits or len(limits) > 1:
            return None
        if any(segment.sample > 0 for segment in then):
            come = sum(release.items for release in then[0].releases if release.at_s < line.horizon_s)
            most += then[0].backlog + come + max(one for one in limits if one is not None)
    return most if line.sampling is None else min(most, line.sampling.items)


def _limit(segment: Segment) -> int | None:
    """How many items may arrive, apart from releases; None for any number."""
    return 0 if segment.arrivals is None else segment.arrivals.items
