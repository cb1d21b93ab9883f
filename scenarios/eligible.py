"""Who may work on what: a plan that needs somebody to see what they may not see is infeasible."""

from __future__ import annotations

from collections.abc import Iterator

from ..sim.line import MACHINE, Line, Pool, Segment, Stage
from .problems import listed
from .resolve.work import expected_items
from .routing import Broken
from .views import views


def unmet(line: Line) -> list[Broken]:
    """Segments that nobody may work on at a stage that they come to, with the volume that is not met."""
    broken: list[Broken] = []
    for words, view in views(line):
        for segment in view.segments:
            for stage in view.stages:
                if stage.kind in MACHINE or ("stages", stage.name) in {loc for loc, _ in broken}:
                    continue
                broken += [(("stages", stage.name), f"{words}{why}") for why in _barred(view, segment, stage)]
    return broken


def _barred(line: Line, segment: Segment, stage: Stage) -> Iterator[str]:
    pools = [pool for pool in line.pools if pool.name in dict(stage.pools)]
    if any(may(pool, segment) for pool in pools):
        return
    items = expected_items(segment, line.horizon_s) * segment.sample
    names = listed(pool.name for pool in pools)
    if segment.sensitive and not any(pool.cleared for pool in pools):
        why, mend = f"{segment.name} is sensitive, and none of its pools ({names}) is cleared", "Clear one of them"
    else:
        why, mend = f"nobody of its pools ({names}) may work on {segment.name}", "Raise `masters` of one of them"
    yield f"{why}, so {items:,.0f} items are not met. {mend}, or add a pool."


def may(pool: Pool, segment: Segment) -> bool:
    """Whether somebody of a pool may work on a segment, if it has people."""
    return (pool.cleared or not segment.sensitive) and pool.masters.get(segment.name, 1.0) > 0
