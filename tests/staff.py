"""Rosters of small pools, read as hours: shared by the tests of people."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lines import constant, queue

from labelcast.sim.line import Calendar, Epoch, Pool, Training
from labelcast.sim.log import PRESENCE
from labelcast.sim.plan import Plan
from labelcast.sim.rosters import Roster, roster

HOUR = 3_600_000
DAY = 24 * HOUR
DAY_S = 86_400.0
DAILY = Calendar("daily", "UTC", tuple((d, 9 * 3600, 17 * 3600) for d in range(7)))

Rows = list[tuple[str, float, float]]


def plan_of(
    pools: Sequence[Pool],
    days: float,
    calendars: Sequence[Calendar] = (DAILY,),
    epochs: Sequence[Epoch] = (),
    trainings: Sequence[Training] = (),
    start: datetime = datetime(2027, 1, 4),
    timezone: str = "UTC",
    **more: Any,
) -> Plan:
    """The plan of a line whose first stage is the first pool's; it begins on a Monday."""
    line = queue(1, 10.0, 10, constant(60.0), calendars=(*queue(1, 1.0, 1, constant(1.0)).calendars, *calendars))
    stage = dataclasses.replace(line.stages[0], pools=((pools[0].name, 1.0),))
    return Plan.of(
        dataclasses.replace(
            line,
            pools=tuple(pools),
            stages=(stage,),
            horizon_s=days * DAY_S,
            epochs=tuple(epochs),
            trainings=tuple(trainings),
            start=start,
            timezone=timezone,
            **more,
        )
    )


def rows(found: Roster, worker: int) -> Rows:
    """Presence of one worker: kind, from and to in hours."""
    return [(PRESENCE[kind], start / HOUR, end / HOUR) for start, end, kind in zip(*found.rows[worker], strict=True)]


def shift(found: Roster, worker: int) -> list[tuple[float, float]]:
    """When one worker takes tasks, in hours."""
    spans = found.shift_sets[found.shift_of[worker]]
    return [(s / HOUR, e / HOUR) for s, e in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)]


def day(number: int, *hours: float) -> tuple[float, ...]:
    """Hours of a day as hours from the start."""
    return tuple(24 * number + hour for hour in hours)


__all__ = ["DAILY", "DAY", "DAY_S", "HOUR", "Rows", "day", "plan_of", "roster", "rows", "shift"]
