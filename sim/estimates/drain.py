"""When a backlog is worked off: the fluid answer on the calendar, work poured in and drawn off without chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..line import Line, Segment, targets
from .fluid import Hours, all_ends, emptied, hours, inflow, last_coming
from .load import Load, items
from .network import Floats
from .people import WEEK_S

WEEK_MS = 1000.0 * WEEK_S

DAY_MS = 86_400_000.0


def drain(line: Line, found: Load) -> float:
    """Seconds from the start until what is there, and what comes for a limited time, is worked off; where work never
    stops coming, until the first moment without a backlog. NaN where there is no such work, or a crowd does a part of
    it; infinity where it is not done by the horizon.

    Each pool works through all that is its own. Then the last items go on through the stages after it, in their hours,
    as often as one of those of the last day must be expected to be sent back.
    """
    if not drains(line):
        return math.nan
    return max(float(done[0]) for done in drained(line, found, [(1.0,)] * len(line.pools)))


def drains(line: Line) -> bool:
    """Whether there is work of which there is an end, and nobody in it of whom nothing is known but that they come."""
    named = {name for stage in line.stages for name, _ in stage.pools}
    if not any(limited(segment) for segment in line.segments) and not line.initial:
        return False
    return all(pool.sessions is None for pool in line.pools if pool.name in named)


def drained(line: Line, found: Load, shares: Sequence[Sequence[float]]) -> list[Floats]:
    """As drain, of what is each pool's own: by pool, with each share of its people, float[shares], seconds."""
    whole = line.horizon_s * 1000.0
    horizon = min(whole, 8 * WEEK_MS)
    done = [np.full(len(some), math.inf) for some in shares]
    while True:
        every = [hours(line, place, horizon) for place in range(len(line.pools))]
        for place, some in enumerate(shares):
            for number in np.flatnonzero(np.isinf(done[place])).tolist():
                done[place][number] = _drained(line, found, place, every, horizon, some[number])
        if all(np.isfinite(one).all() for one in done) or horizon >= whole:
            return [one / 1000.0 for one in done]
        horizon = min(whole, 4.0 * horizon)


def limited(segment: Segment) -> bool:
    """Whether a segment brings work of which there is an end."""
    stream = segment.arrivals
    ends = stream is not None and (stream.items is not None or stream.until_s is not None)
    return bool(segment.backlog or segment.releases or ends)


def _drained(line: Line, found: Load, place: int, every: list[Hours], horizon: float, share: float) -> float:
    """Of a share of a pool's people, in milliseconds; infinity beyond `horizon`."""
    order, pool = _order(line), line.pools[place]
    mine = [number for number, s in enumerate(order) if pool.name in dict(line.stages[s].pools)]
    if not mine:
        return 0.0
    there = every[place]._replace(power=every[place].power * share)
    begun = _through(line, found, every, order[: mine[0]], 0.0, 1.0)
    done = emptied(inflow(line, found, place, begun, horizon), there, last_coming(line, horizon))
    cohort = _items(line, found) * min(1.0, DAY_MS / max(done, 1.0)) if all_ends(line) else 1.0
    done = _through(line, found, every, order[mine[-1] + 1 :], done, cohort)
    latest = _reworked(line, found, every, order, done, cohort)
    return latest if latest < horizon else math.inf


def _items(line: Line, found: Load) -> float:
    return sum(part.sampled * items(part.segment, line.horizon_s) for part in found.parts) + len(line.initial)


def _reworked(line: Line, found: Load, every: list[Hours], order: list[int], at: float, cohort: float) -> float:
    """When the last item is through that is sent back as often as one of the cohort must be expected to be."""
    judges = [s for s in order if "rejected" in line.stages[s].next]
    if not judges:
        return at
    back = targets(line.stages[judges[0]].next["rejected"])[0][0]
    names = [line.stages[s].name for s in order]
    again = order[names.index(back) :] if back in names else []
    returned = sum(weight * part.way.returned for weight, part in zip(found.weights, found.parts, strict=True))
    for _ in range(int((cohort * returned >= 1.0).sum())):
        at = _through(line, found, every, again, at, cohort)
    return at


def _order(line: Line) -> list[int]:
    """Stages in the order in which an item may first come to them."""
    places = {stage.name: place for place, stage in enumerate(line.stages)}
    order = [places[line.first]]
    for place in order:
        for way in line.stages[place].next.values():
            order += [places[name] for name, _ in targets(way) if name in places and places[name] not in order]
    return order


def _through(line: Line, found: Load, every: list[Hours], stages: list[int], at: float, cohort: float) -> float:
    """When an item that is there at `at` has passed these stages unhindered, where one of a cohort comes to them."""
    for s in stages:
        visits = max(float(part.way.visits[2 * s]) for part in found.parts)
        if visits * cohort < 1.0 - 1e-9 or not math.isfinite(at) or not line.stages[s].pools:
            continue
        named = [place for place, pool in enumerate(line.pools) if pool.name in dict(line.stages[s].pools)]
        at = max(_worked(every[place], at, max(float(part.mean[s, place]) for part in found.parts)) for place in named)
    return at


def _worked(there: Hours, at: float, seconds: float) -> float:
    """When work of so many open seconds, begun at `at`, is done."""
    target = np.interp(at, there.moments, there.open_s) + seconds
    return float(np.interp(target, there.open_s, there.moments)) if target < there.open_s[-1] else math.inf
