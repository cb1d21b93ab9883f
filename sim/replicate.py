"""Replications of a line, run in processes, and what is kept of each. The number of processes changes no result."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .curves import Curves, curves
from .kpis import kpis
from .ledger import Terms, ledger
from .line import Line
from .log import Log
from .plan import Plan
from .processes import in_order
from .reference import run
from .statistics import Floats, Summary, summarise, wilson
from .store import write_log

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

MOST_HOURS = 5_000
"""Longer curves are thinned to every second, fourth, .. hour."""

GOAL_KPIS = {"finish_days": "p_deadline", "cost": "p_budget", "accuracy": "p_accuracy", "on_time": "p_on_time"}
"""The chance that answers for a goal on a KPI."""

READY, P_READY = "ready_days.", "p_ready."
"""The KPI of a window, and the chance that answers for it; the window's name follows."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Runs:
    """What replications of a line gave.

    kpis: a row a replication (index "replication"), a column a KPI.  ledger: the ledgers, stacked, with a column
    replication.  curves: one a replication, all on the same hours.  engine: what ran them, as their logs say.
    """

    line: Line
    seed: int
    level: float
    kpis: pd.DataFrame
    ledger: pd.DataFrame
    curves: list[Curves]
    engine: str = "reference"


@dataclass(frozen=True, eq=False)
class _One:
    kpis: dict[str, float]
    ledger: pd.DataFrame
    curves: Curves
    engine: str
    log: Log | None


def replicate(
    line: Line,
    replications: int = 20,
    seed: int = 1,
    processes: int | None = None,
    log_to: Path | None = None,
    progress: Progress | None = None,
    level: float = 0.95,
) -> Runs:
    """Runs replications 0 .. replications - 1 of a line.

    processes: None for one a core; 1 runs in this process.  log_to: writes the logs of all replications there, in
    order.  progress: called with (done, replications).  A script that calls this with more than one process needs the
    usual `if __name__ == "__main__":`, because the processes import it.
    """
    assert replications >= 1
    assert processes is None or processes >= 1
    workers = min(processes or os.cpu_count() or 1, replications)
    job = _Job(line, seed, keep_log=log_to is not None)
    ones: list[_One] = []

    def logs() -> Generator[Log, None, None]:
        """The logs, where they are kept, of the replications in order."""
        with closing(in_order(_one, job, replications, workers)) as found:
            for one in found:
                ones.append(replace(one, log=None))
                if progress is not None:
                    progress(len(ones), replications)
                if one.log is not None:
                    yield one.log

    with closing(logs()) as stream:
        if log_to is not None:
            write_log(log_to, stream)
        else:
            unasked = list(stream)
            assert not unasked
    tables = [one.ledger.assign(replication=number) for number, one in enumerate(ones)]
    stacked = pd.concat(tables, ignore_index=True)
    return Runs(
        line=line,
        seed=seed,
        level=level,
        kpis=pd.DataFrame([one.kpis for one in ones], index=pd.RangeIndex(replications, name="replication")),
        ledger=stacked[["replication", *stacked.columns.drop("replication")]],
        curves=_aligned([one.curves for one in ones]),
        engine=ones[0].engine,
    )


def summaries(runs: Runs) -> dict[str, Summary]:
    """Each KPI over the replications: mean with its interval, and percentiles. For each goal also the chance to meet
    it, and for each window the chance that it is ready by its date, with Wilson's interval; what never finishes has met
    neither."""
    found = {name: summarise(runs.kpis[name].to_numpy(), runs.level) for name in runs.kpis.columns}
    for goal in runs.line.goals:
        if goal.kpi in runs.kpis.columns and goal.kpi in GOAL_KPIS:
            values = runs.kpis[goal.kpi].to_numpy()
            met = values >= goal.value if goal.relation == ">=" else values <= goal.value
            found[GOAL_KPIS[goal.kpi]] = _chance(values, met, runs.level)
    for window in runs.line.windows:
        if READY + window.name in runs.kpis.columns:
            days = runs.kpis[READY + window.name].to_numpy()
            found[P_READY + window.name] = _chance(days, days <= round(window.at_s * 1000) / DAY_MS, runs.level)
    return found


def made_of(chance: str) -> str | None:
    """The KPI whose values a chance over replications is made of; None when the name is of no chance."""
    if chance.startswith(P_READY):
        return READY + chance.removeprefix(P_READY)
    return {name: kpi for kpi, name in GOAL_KPIS.items()}.get(chance)


def _chance(values: Floats, met: NDArray[np.bool_], level: float) -> Summary:
    """The share of replications that met something, withheld where a value is."""
    if np.isnan(values).any():
        return Summary(math.nan, math.nan, math.nan)
    count = int(met.sum())
    return Summary(count / values.size, *wilson(count, values.size, level))


@dataclass(frozen=True)
class _Job:
    """What every process is given."""

    line: Line
    seed: int
    keep_log: bool

    @cached_property
    def plan(self) -> Plan:
        return Plan.of(self.line)

    @cached_property
    def terms(self) -> Terms:
        return Terms.of(self.line)


def _one(job: _Job, replication: int) -> _One:
    log = run(job.plan, job.seed, replication)
    money = ledger(log, job.terms, job.line.currency)
    hours = -(-log.provenance.ended_at // HOUR_MS)
    step = _step(hours)
    state = _every(curves(log, -(-hours // step) * step), step)
    costs = {segment.name: segment.error_costs for segment in job.line.segments}
    values = kpis(log, money if job.terms.pays else None, job.line.windows, costs)
    return _One(values, money, state, log.provenance.engine, log if job.keep_log else None)


def _step(hours: int) -> int:
    """Hours between two points of curves of this length: the least power of two that makes them few enough."""
    step = 1
    while -(-hours // step) >= MOST_HOURS:
        step *= 2
    return step


def _every(all_hours: Curves, step: int) -> Curves:
    waiting = {stage: wait[::step] for stage, wait in all_hours.waiting.items()}
    return Curves(all_hours.hours[::step], all_hours.delivered[::step], waiting)


def _aligned(all_curves: Sequence[Curves]) -> list[Curves]:
    """The curves on the hours of the longest one; what is past an end stays as it was."""
    last = max(int(curve.hours[-1]) for curve in all_curves)
    hours = np.arange(0, last + 1, _step(last))
    aligned = []
    for curve in all_curves:
        own = int(curve.hours[1]) if curve.hours.size > 1 else 1
        at = np.minimum(hours // own, curve.hours.size - 1)
        waiting = {stage: wait[at] for stage, wait in curve.waiting.items()}
        aligned.append(Curves(hours, curve.delivered[at], waiting))
    return aligned
