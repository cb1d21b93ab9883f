"""The line as it is from each date on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from ..sim.line import Epoch, Line


def views(line: Line) -> Iterator[tuple[str, Line]]:
    """The line at the start and at each change, every headcount the largest that it has from then on; with the words
    for that time, "" for the start.

    An item may wait for people who come later, so the largest headcount ahead is what a rule about people asks for.
    """
    steps = [line]
    for epoch in line.epochs:
        steps.append(_from(steps[-1], epoch))
    ahead: dict[str, int] = {}
    merged: list[Line] = []
    for step in reversed(steps):
        for pool in step.pools:
            ahead[pool.name] = max(ahead.get(pool.name, 0), pool.headcount)
        pools = tuple(dataclasses.replace(pool, headcount=ahead[pool.name]) for pool in step.pools)
        merged.append(dataclasses.replace(step, pools=pools))
    words = ["", *(f"from {_day(line, epoch.at_s)} on, " for epoch in line.epochs)]
    yield from zip(words, reversed(merged), strict=True)


def _from(line: Line, epoch: Epoch) -> Line:
    """The line with the parts that an epoch gives."""
    return dataclasses.replace(
        line,
        segments=line.segments if epoch.segments is None else epoch.segments,
        calendars=line.calendars if epoch.calendars is None else epoch.calendars,
        pools=line.pools if epoch.pools is None else epoch.pools,
        stages=line.stages if epoch.stages is None else epoch.stages,
    )


def _day(line: Line, at_s: float) -> str:
    """The local date of a moment, with its time if that is not midnight."""
    at = (line.origin.astimezone(UTC) + timedelta(seconds=at_s)).astimezone(ZoneInfo(line.timezone))
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%dT%H:%M}"
