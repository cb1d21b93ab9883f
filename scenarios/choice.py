"""The best of several plans by one KPI: those that may be it are run on, until the choice keeps its promise."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..sim.errors import Infeasible, ScenarioRefused
from ..sim.line import Line
from ..sim.registry import kpi_of
from ..sim.replicate import Runs, replicate
from ..sim.selection import Procedure, Rule, Selection, select
from ..sim.statistics import Floats
from ..sim.stopping import BATCH
from .matched import check_lines, values_of
from .problems import listed
from .together import FIRST, Simulating, folder_of, kept_in
from .tolerance import Tolerance

PROCEDURES: tuple[Procedure, ...] = ("good", "kn")


@dataclass(frozen=True)
class Promise:
    """What is asked for. kpi: of which the best mean is wanted.  within: how much of it does not matter.
    most: replications of a plan at most."""

    kpi: str
    within: Tolerance
    confidence: float = 0.95
    procedure: Procedure = "good"
    most: int = 1_000

    def __post_init__(self) -> None:
        assert kpi_of(self.kpi).better != "none", "neither more nor less of it is better"
        assert self.most >= FIRST


@dataclass(frozen=True, eq=False)
class Choice:
    """What was chosen, and what that rests on.

    zone: the promise's amount in the KPI's unit.  runs: of each plan in the order given, as many as were made.
    places: in `runs`, of the plans that the selection is of; the others have no mean and are left out.
    """

    promise: Promise
    zone: float
    runs: tuple[Runs, ...]
    places: tuple[int, ...]
    found: Selection

    @property
    def chosen(self) -> Runs | None:
        """The plan that the promise is kept of; None where the runs allowed did not suffice."""
        return None if self.found.chosen is None else self.runs[self.places[self.found.chosen]]

    @property
    def leader(self) -> Runs:
        """The plan with the best mean of those that have not fallen out: the chosen one, if there is one."""
        return self.runs[self.places[self.found.leader]]

    @property
    def spent(self) -> int:
        """Replications of all plans together."""
        return sum(len(each.kpis) for each in self.runs)

    def values(self, runs: Runs) -> Floats:
        """The KPI of a plan by replication, as it was compared. float[R]"""
        return values_of([self.runs[0], runs], (self.promise.kpi,))[runs.line.name][self.promise.kpi]


Looked = Callable[[Selection], None]


def choose(
    lines: Sequence[Line],
    promise: Promise,
    seed: int = 1,
    processes: int | None = None,
    *,
    keep: Path | None = None,
    progress: Simulating | None = None,
    looked: Looked | None = None,
) -> Choice:
    """Runs plans on the same luck, FIRST replications of each and then more of those that may be the best.

    keep: a folder in which what is finished is kept, as of simulate().  looked: called at each look.
    A zone that is a share is one of the first plan's mean over its first replications, to two digits, and stays.
    How many more are run hangs on the numbers alone, so a kept folder and any number of processes give the same.
    A plan without a number in some replication has no mean: it is left out, and what it had outdone is run on.
    Raises ScenarioRefused where plans cannot be compared or no plan has the KPI, Infeasible where none has a mean.
    """
    check_lines(lines)
    zone = None
    with folder_of(keep) as folder:

        def run(line: Line, number: int) -> Runs:
            tell = None if progress is None else progress(line, number)
            kept = kept_in(folder, line.name)
            return replicate(line, number, seed, processes, progress=tell, level=promise.confidence, keep=kept)

        runs = [run(line, FIRST) for line in lines]
        while True:
            values = _values(runs, promise.kpi)
            places = [place for place, one in enumerate(values) if np.isfinite(one).all()]
            if not places:
                raise Infeasible(_no_mean(runs, promise.kpi))
            zone = _zone(promise, values[places[0]]) if zone is None else zone
            rule = Rule(zone, promise.confidence, FIRST, promise.procedure)
            found = select([_gain(promise.kpi) * values[place] for place in places], rule)
            if looked is not None:
                looked(found)
            if found.chosen is not None or found.stage >= promise.most:
                return Choice(promise, zone, tuple(runs), tuple(places), found)
            number = min(promise.most, _next(found))
            for one in found.left:
                place = places[one]
                if len(runs[place].kpis) < number:
                    runs[place] = run(lines[place], number)


def _gain(kpi: str) -> float:
    return -1.0 if kpi_of(kpi).better == "low" else 1.0


def _values(runs: Sequence[Runs], kpi: str) -> list[Floats]:
    """By plan. Raises ScenarioRefused where none has the KPI."""
    found = values_of(runs, (kpi,))
    if any(kpi not in each for each in found.values()):
        names = listed(each.line.name for each in runs)
        raise ScenarioRefused(f"--best {kpi}: none of {names} has it, or work never ends. Name another KPI.")
    return [each[kpi] for each in found.values()]


def _zone(promise: Promise, values: Floats) -> float:
    """The amount in the KPI's unit, two digits of a share. values: of the first plan that has a mean."""
    mean = float(values[:FIRST].mean())
    zone = promise.within.of(mean)
    if zone == 0 or not math.isfinite(zone):
        raise ScenarioRefused(f"--within: must be above 0, but a share of {mean:g} is {zone:g}. Write an amount.")
    return float(f"{zone:.1e}") if promise.within.relative else zone


def _next(found: Selection) -> int:
    """How many replications to look at next: as many as seem to be enough, in whole batches, at most as many again."""
    asked = min(2 * found.stage, found.enough)
    return max(found.stage + BATCH, BATCH * math.ceil(asked / BATCH))


def _no_mean(runs: Sequence[Runs], kpi: str) -> list[str]:
    rule = f"{kpi} has no mean, as some run does not finish by the horizon, or nothing tells of it"
    return [f"{each.line.name}: {rule}. Give it more people or time, or name another KPI." for each in runs]
