"""When a change that costs work at first has made up for it: how far it falls behind, how long, and what it nets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..sim.errors import ScenarioRefused
from ..sim.line import Line
from ..sim.replicate import Runs
from ..sim.statistics import Difference, Floats, Summary, paired, summarise, wilson
from .matched import check_runs

Ints = NDArray[np.int64]

HOURS_A_WEEK = 168
MINUTES = 60.0


@dataclass(frozen=True, eq=False)
class Fall:
    """Of each replication. deepest: items behind at most.  area: items behind, summed over time, item-weeks.
    week: from which on it is never behind again, and is ahead at some time; 0 where it never was behind, infinite where
    it never gets ahead."""

    deepest: Floats
    area: Floats
    week: Floats


@dataclass(frozen=True, eq=False)
class CatchUp:
    """names: before and after.  fall: by replication.  even: share of replications in which it catches up, with
    Wilson's interval.  deepest, area: over replications.  training, saved, net: hours, after less before, by pairs:
    paid training and mentoring; active time that the items delivered after would have taken more before; the second
    less the first.  items: delivered at the end, after less before."""

    names: tuple[str, str]
    fall: Fall
    even: Summary
    deepest: Summary
    area: Summary
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


def falls(before: Sequence[Ints], after: Sequence[Ints]) -> Fall:
    """How items delivered after fall behind those delivered before; of each replication, at each whole hour."""
    rows = [_fall(*_alike(one, other)) for one, other in zip(before, after, strict=True)]
    deepest, area, week = np.array(rows, np.float64).reshape(-1, 3).T
    return Fall(deepest, area, week)


def _alike(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Curves of one length: the shorter stays as it was."""
    size = max(one.size, other.size)
    return tuple(np.pad(each, (0, size - each.size), mode="edge") for each in (one, other))  # type: ignore[return-value]


def _fall(before: Ints, after: Ints) -> tuple[float, float, float]:
    behind = before - after
    late = np.flatnonzero(behind > 0)
    if not late.size:
        return 0.0, 0.0, 0.0
    area = float(np.maximum(behind, 0).sum()) / HOURS_A_WEEK
    over = int(late[-1]) + 1
    ahead = bool((behind[over:] < 0).any())
    return float(behind.max()), area, over / HOURS_A_WEEK if ahead else np.inf


def catch_up(before: Runs, after: Runs) -> CatchUp:
    """Raises ScenarioRefused where the two cannot be paired, or begin on different dates."""
    check_runs([before, after])
    if before.line.origin != after.line.origin:
        told = f"{before.line.name} on {before.line.start:%Y-%m-%d}, {after.line.name} on {after.line.start:%Y-%m-%d}"
        raise ScenarioRefused(f"both must begin together, but do so on different dates: {told}. Give them one `start`.")
    fall = falls([one.delivered for one in before.curves], [one.delivered for one in after.curves])
    level, many = before.level, fall.week.size
    caught = int(np.isfinite(fall.week).sum())
    training = [_training(each) for each in (before, after)]
    each = [one.kpis["active_min_per_item"].to_numpy(np.float64) for one in (before, after)]
    items = [one.kpis["items_delivered"].to_numpy(np.float64) for one in (before, after)]
    saved = (each[0] - each[1]) * items[1] / MINUTES
    more = training[1] - training[0]
    nothing = np.zeros(many)
    return CatchUp(
        (before.line.name, after.line.name),
        fall,
        Summary(caught / many, *wilson(caught, many, level)),
        summarise(fall.deepest, level),
        summarise(fall.area, level),
        paired(more, nothing, level),
        paired(saved, nothing, level),
        paired(saved - more, nothing, level),
        paired(items[1], items[0], level),
    )


def _training(runs: Runs) -> Floats:
    """Hours in training and mentoring of all pools."""
    names = [name for name in runs.kpis.columns if name.startswith("training_h.")]
    return np.asarray(runs.kpis[names].sum(axis=1), np.float64)
