"""What waits where, for how long, and in whose hands, as a reader asks for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...scenarios.forecast import Forecast
from ...sim.line import MACHINE
from ...sim.today import unbegun


@dataclass(frozen=True)
class Stand:
    """stage: its name, or "" for what nobody has begun.  waiting, in_hand: items.  middle_h, oldest_h: hours for which
    the middle and the oldest of them have stood there, NaN of none."""

    stage: str
    waiting: int
    in_hand: int
    middle_h: float
    oldest_h: float


def stands(found: Forecast) -> list[Stand]:
    """What nobody has begun first, then the stages of people in order."""
    now, line = found.today.standing.at_ms, found.line
    ages = [
        np.full(items, (now - at_s * 1000.0) / 3_600_000.0)
        for segment in line.segments
        for at_s, items in unbegun(segment, found.today.standing)
    ]
    told = [_of("", np.concatenate(ages) if ages else np.zeros(0), 0)]
    for stage in line.stages:
        if stage.kind in MACHINE:
            continue
        here = [one for one in found.today.standing.waits if one.stage == stage.name]
        since = np.array([(now - one.since_ms) / 3_600_000.0 for one in here])
        told.append(_of(stage.name, since, sum(bool(one.in_hand) for one in here)))
    return told


def _of(stage: str, hours: np.ndarray, in_hand: int) -> Stand:
    if not hours.size:
        return Stand(stage, 0, 0, np.nan, np.nan)
    return Stand(stage, hours.size - in_hand, in_hand, float(np.median(hours)), float(hours.max()))
