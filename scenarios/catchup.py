"""When a change that costs work at first has made up for it: in items delivered, and in hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..sim.curves import HOUR_MS, Curves
from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.replicate import Runs
from ..sim.replication import aligned
from ..sim.statistics import Difference, Floats, Summary, paired, summarise, wilson
from .matched import check_runs

Ints = NDArray[np.int64]

HOURS_A_WEEK = 168


@dataclass(frozen=True, eq=False)
class Fall:
    """Of each replication. deepest: items behind at most.  area: items behind, summed over time, item-weeks.
    week: from which on it is never behind again, and is ahead at some time; 0 where it never was behind, infinite where
    it never gets ahead."""

    deepest: Floats
    area: Floats
    week: Floats


@dataclass(frozen=True, eq=False)
class Hours:
    """Hours so far, float64[replication, point], after against before. at: of each point, in weeks from the start.
    training: more in training and mentoring.  saved: what people worked less on as many items.  week: by replication,
    from when on the second stays above the first; infinite where it is not above it at the end."""

    at: Floats
    training: Floats
    saved: Floats
    week: Floats

    @property
    def net(self) -> Floats:
        """Hours saved less those spent."""
        return self.saved - self.training


@dataclass(frozen=True, eq=False)
class CatchUp:
    """names: before and after.  level: of confidence.  fall: by replication.  even: share of replications in which it
    catches up, with Wilson's interval.  deepest, area: over replications.  hours: as they go.  pays: share of
    replications in which net hours are above zero from some week to the end.  training, saved, net: at the end, by
    pairs.  items: delivered at the end, after less before."""

    names: tuple[str, str]
    level: float
    fall: Fall
    even: Summary
    deepest: Summary
    area: Summary
    hours: Hours
    pays: Summary
    training: Difference
    saved: Difference
    net: Difference
    items: Difference


def check_work(before: Line, after: Line) -> None:
    """Raises ScenarioRefused where other items come: then what is delivered tells of the work and not of the change."""

    def work(line: Line) -> list[object]:
        return [(one.name, one.backlog, one.releases, one.arrivals) for one in line.segments]

    if work(before) != work(after):
        rule = f"{before.name} and {after.name} need the same work, but other items come, or at other times"
        mend = "Let the second file extend the first, and say the change alone"
        raise ScenarioRefused(f"{rule}. {mend}.")


def falls(before: Sequence[Ints], after: Sequence[Ints], step: int = 1) -> Fall:
    """How items delivered after fall behind those delivered before, of each replication. step: hours between two
    points; the shorter curve stays as it was."""
    rows = [_fall(*_alike(one, other), step / HOURS_A_WEEK) for one, other in zip(before, after, strict=True)]
    deepest, area, week = np.array(rows, np.float64).reshape(-1, 3).T
    return Fall(deepest, area, week)


def _alike(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Curves of one length: the shorter stays as it was."""
    size = max(one.size, other.size)
    return tuple(np.pad(each, (0, size - each.size), mode="edge") for each in (one, other))  # type: ignore[return-value]


def _fall(before: Ints, after: Ints, weeks: float) -> tuple[float, float, float]:
    """Of two curves of one length, whose points lie so many weeks apart."""
    behind = before - after
    late = np.flatnonzero(behind > 0)
    if not late.size:
        return 0.0, 0.0, 0.0
    area = float(np.maximum(behind, 0).sum()) * weeks
    over = int(late[-1]) + 1
    ahead = bool((behind[over:] < 0).any())
    return float(behind.max()), area, over * weeks if ahead else np.inf


def hours_of(before: Sequence[Curves], after: Sequence[Curves]) -> Hours:
    """Hours as they go; all curves on the same points."""
    at = before[0].hours / HOURS_A_WEEK
    pairs = list(zip(before, after, strict=True))
    training = np.array([other.trained - one.trained for one, other in pairs]) / HOUR_MS
    saved = np.array([_spent(one, other.delivered) - other.worked for one, other in pairs]) / HOUR_MS
    return Hours(at, training, saved, np.array([_above(row, at) for row in saved - training]))


def _spent(before: Curves, items: Ints) -> Floats:
    """Milliseconds that as many items as are delivered by each point took before.

    Where before it stood at this many for a while, its point nearest in time counts; items between two points are taken
    to be alike, those beyond its last one to be its mean item. NaN where before nothing was delivered.
    """
    curve, worked = before.delivered, before.worked.astype(np.float64)
    done = int(curve[-1])
    within = np.minimum(items, done)
    first, last = np.searchsorted(curve, within, side="left"), np.searchsorted(curve, within, side="right") - 1
    here = np.clip(np.arange(items.size), first, np.maximum(first, last))
    part = np.where(first <= last, 1.0, (within - curve[last]) / np.maximum(curve[first] - curve[last], 1))
    spent = worked[last] + part * (worked[here] - worked[last])
    mean = worked[-1] / done if done else np.nan
    return np.asarray(np.where(items > done, spent + (items - done) * mean, spent))


def _above(net: Floats, at: Floats) -> float:
    """From when on it stays above zero; infinite where it is not so at the end."""
    low = np.flatnonzero(~(net > 0))
    over = int(low[-1]) + 1 if low.size else 0
    return float(at[over]) if over < at.size else np.inf


def catch_up(before: Runs, after: Runs) -> CatchUp:
    """Raises ScenarioRefused where the two cannot be paired, or begin on different dates."""
    check_runs([before, after])
    if before.line.origin != after.line.origin:
        told = f"{before.line.name} on {before.line.start:%Y-%m-%d}, {after.line.name} on {after.line.start:%Y-%m-%d}"
        raise ScenarioRefused(f"both must begin together, but do so on different dates: {told}. Give them one `start`.")
    level, many = before.level, len(before.curves)
    curves = aligned([*before.curves, *after.curves])
    was, now = curves[:many], curves[many:]
    step = int(curves[0].hours[1]) if curves[0].hours.size > 1 else 1
    fall, hours = falls([one.delivered for one in was], [one.delivered for one in now], step), hours_of(was, now)
    items = [one.kpis["items_delivered"].to_numpy(np.float64) for one in (before, after)]
    nothing = np.zeros(many)
    return CatchUp(
        (before.line.name, after.line.name),
        level,
        fall,
        _finite(fall.week, level),
        summarise(fall.deepest, level),
        summarise(fall.area, level),
        hours,
        _finite(hours.week, level),
        paired(hours.training[:, -1], nothing, level),
        paired(hours.saved[:, -1], nothing, level),
        paired(hours.net[:, -1], nothing, level),
        paired(items[1], items[0], level),
    )


def net_by(found: CatchUp, week: int) -> Difference:
    """Mean net hours so far at the end of a week, counted from 1, with their interval."""
    point = int(np.searchsorted(found.hours.at, week, side="right")) - 1
    net = found.hours.net[:, point]
    return paired(net, np.zeros(net.size), found.level)


def _finite(week: Floats, level: float) -> Summary:
    """The share of replications that have such a week, with Wilson's interval."""
    count = int(np.isfinite(week).sum())
    return Summary(count / week.size, *wilson(count, week.size, level))
