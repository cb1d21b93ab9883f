"""What holds a line up: the effect of each thing that a lead can move, on the same luck; and the rivals of that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..sim.binding import Held, binds, held
from ..sim.estimates.pay import weekly_pay
from ..sim.levers import Lever, more_people, volume
from ..sim.line import Line
from ..sim.paired import Best, Claim, family, with_the_best
from ..sim.registry import kpi_of
from ..sim.replicate import Runs
from ..sim.statistics import Floats, wilson

KPIS = ("throughput_per_week", "finish_days", "on_time", "cost", "accuracy")
"""What a lever is judged by, where the line has it."""

RANKED = "throughput_per_week"

VOLUMES = (0.5, 0.75, 1.0, 1.5, 2.0)
"""Factors on the work, of the map."""

STAFF = (-2, -1, 0, 1, 2, 3)
"""People more, of the map."""

Simulated = Callable[[Line], Runs]


def seen(claim: Claim) -> bool:
    """Whether a difference is claimed and its interval, which holds with all others at once, leaves zero out. Holm's
    steps claim a little more than such intervals show, and what is told beside an interval is not to contradict it."""
    return claim.differs and not claim.low <= 0 <= claim.high


@dataclass(frozen=True, eq=False)
class Effects:
    """base: runs as it is.  claims: of each lever, by KPI: with it less without; one family for each KPI.  best: of
    the levers of one person (or of visits) more, each held against the best of the others in RANKED; empty for fewer
    than two.
    held: over replications, the share of time that each stage held the line up.
    leading: by KPI, the levers that may move it furthest to its better side; the others surely do not.
    """

    base: Runs
    levers: tuple[Lever, ...]
    claims: Mapping[tuple[int, str], Claim]
    best: Mapping[int, Best]
    held: Mapping[str, Held]
    leading: Mapping[str, Collection[int]] = field(default_factory=dict)

    def claim(self, lever: int, kpi: str) -> Claim | None:
        """None where the line has no such KPI, or it is withheld."""
        return self.claims.get((lever, kpi))

    @property
    def order(self) -> list[int]:
        """Levers by what they add to RANKED, the most first."""
        return sorted(range(len(self.levers)), key=lambda k: (-self.gain(k), k))

    def gain(self, lever: int) -> float:
        """Mean of what a lever adds to RANKED."""
        found = self.claim(lever, RANKED)
        return found.difference.mean if found is not None else -np.inf

    def added_pay(self, lever: int) -> float:
        """What people who are paid for their time cost more in a week, by their hours; currency of the line."""
        line = self.base.line
        return weekly_pay(self.levers[lever].apply(line)) - weekly_pay(line)

    @property
    def bottleneck(self) -> int | None:
        """Of the people's levers the one that adds most; None where there is none."""
        people = [k for k in self.order if self.levers[k].kind in ("person", "visits")]
        return people[0] if people else None


def effects(levers: Sequence[Lever], line: Line, simulated: Simulated) -> Effects:
    """Runs the line and each lever. simulated: replications of a line, of the same seed and number always."""
    base = simulated(line)
    moved = [simulated(lever.apply(line)) for lever in levers]
    pairs = {
        (k, kpi): (runs.kpis[kpi].to_numpy(np.float64), base.kpis[kpi].to_numpy(np.float64))
        for k, runs in enumerate(moved)
        for kpi in KPIS
        if kpi in runs.kpis and kpi in base.kpis
    }
    claims: dict[tuple[int, str], Claim] = {}
    for kpi in KPIS:
        found = family({key: pair for key, pair in pairs.items() if key[1] == kpi}, base.level)
        claims |= {key: one for key, one in found.items() if np.isfinite(one.difference.mean)}
    people = [k for k, lever in enumerate(levers) if lever.kind in ("person", "visits")]
    ranked = [k for k in people if (k, RANKED) in claims]
    best = {}
    if len(ranked) > 1:
        against = with_the_best([pairs[k, RANKED][0] for k in ranked], base.level)
        best = dict(zip(ranked, against, strict=True))
    leading = {
        kpi: _leading(kpi, {key[0]: pairs[key][0] for key in claims if key[1] == kpi}, base.level) for kpi in KPIS
    }
    return Effects(base, tuple(levers), claims, best, _held(base), leading)


def _leading(kpi: str, values: Mapping[int, Floats], level: float) -> tuple[int, ...]:
    """values: by lever, of the runs with it."""
    if len(values) < 2:
        return tuple(values)
    sign = -1.0 if kpi_of(kpi).better == "low" else 1.0
    against = with_the_best([sign * each for each in values.values()], level)
    return tuple(k for k, best in zip(values, against, strict=True) if best.among)


def _held(runs: Runs) -> dict[str, Held]:
    """Means over replications."""
    each = [held(curves) for curves in runs.curves]
    return {
        name: Held(
            float(np.mean([one[name].sole for one in each])), float(np.mean([one[name].shifting for one in each]))
        )
        for name in each[0]
    }


@dataclass(frozen=True)
class Cell:
    """With so many times the work and so many people more: the chance of each stage to hold the line up longest, with
    Wilson's interval; of "" that nothing does."""

    volume: float
    more: int
    chances: Mapping[str, tuple[float, float, float]]

    @property
    def likeliest(self) -> str:
        """The stage with the greatest chance."""
        return max(self.chances, key=lambda name: self.chances[name][0])


def places(line: Line, pool: str) -> list[tuple[int, float]]:
    """(people more, factor on the work) of each cell of a map; nobody is left with less than one person."""
    count = {one.name: one.headcount for one in line.pools}[pool]
    return [(more, factor) for more in STAFF if count + more >= 1 for factor in VOLUMES]


def binding_map(line: Line, pool: str, simulated: Simulated, grid: Sequence[tuple[int, float]]) -> list[Cell]:
    """Of each of `places`, which stage binds."""
    cells = []
    for more, factor in grid:
        runs = simulated(more_people(volume(line, factor), pool, more))
        found = [binds(held(curves)) for curves in runs.curves]
        many = len(found)
        chances = {
            name: (found.count(name) / many, *wilson(found.count(name), many, runs.level))
            for name in dict.fromkeys(found)
        }
        cells.append(Cell(factor, more, chances))
    return cells


def busiest(runs: Runs) -> tuple[str, float]:
    """The pool with the highest utilisation, and it; ("", NaN) where none is told."""
    return _greatest(runs, "utilisation.")


def longest_queue(runs: Runs) -> tuple[str, float]:
    """The stage with the most tasks waiting on average."""
    return _greatest(runs, "queue.")


def _greatest(runs: Runs, start: str) -> tuple[str, float]:
    means: dict[str, float] = {}
    for name in runs.kpis.columns:
        if name.startswith(start) and name.count(".") == 1:
            values: Floats = runs.kpis[name].to_numpy(np.float64)
            if np.isfinite(values).all():
                means[name.removeprefix(start)] = float(values.mean())
    best = max(means, key=lambda name: means[name], default="")
    return (best, means[best]) if best else ("", float("nan"))
