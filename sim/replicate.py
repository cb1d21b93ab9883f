"""Replications of a line, run in processes, and what is kept of each. The number of processes changes no result."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from .curves import Curves, curves
from .kpis import kpis
from .ledger import ledger
from .line import Line
from .log import Log
from .plan import Plan
from .reference import run
from .statistics import Summary, summarise, wilson
from .store import write_log

HOUR_MS = 3_600_000

MOST_HOURS = 5_000
"""Longer curves are thinned to every second, fourth, .. hour."""

GOAL_KPIS = {"finish_days": "p_deadline", "cost": "p_budget", "accuracy": "p_accuracy", "on_time": "p_on_time"}
"""The chance that answers for a goal on a KPI."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Runs:
    """What replications of a line gave.

    kpis: a row a replication (index "replication"), a column a KPI.  ledger: the ledgers, stacked, with a column
    replication.  curves: one a replication, all on the same hours.
    """

    line: Line
    seed: int
    level: float
    kpis: pd.DataFrame
    ledger: pd.DataFrame
    curves: list[Curves]


@dataclass(frozen=True, eq=False)
class _One:
    kpis: dict[str, float]
    ledger: pd.DataFrame
    curves: Curves
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
    ones: list[_One] = []

    def logs() -> Iterator[Log]:
        for one in _all(line, replications, seed, processes, log_to is not None):
            ones.append(_One(one.kpis, one.ledger, one.curves, None))
            if progress is not None:
                progress(len(ones), replications)
            if one.log is not None:
                yield one.log

    if log_to is not None:
        write_log(log_to, logs())
    else:
        for _ in logs():
            raise AssertionError("a log came that nobody asked for")
    index = pd.RangeIndex(replications, name="replication")
    tables = [one.ledger.assign(replication=number) for number, one in enumerate(ones)]
    stacked = pd.concat(tables, ignore_index=True)
    return Runs(
        line=line,
        seed=seed,
        level=level,
        kpis=pd.DataFrame([one.kpis for one in ones], index=index),
        ledger=stacked[["replication", *stacked.columns.drop("replication")]],
        curves=_aligned([one.curves for one in ones]),
    )


def summaries(runs: Runs) -> dict[str, Summary]:
    """Each KPI over the replications: mean with its interval, and percentiles. For each goal also the chance to meet
    it, with Wilson's interval; an unfinished project has not met its deadline."""
    found = {name: summarise(runs.kpis[name].to_numpy(), runs.level) for name in runs.kpis.columns}
    for goal in runs.line.goals:
        if goal.kpi not in runs.kpis.columns or goal.kpi not in GOAL_KPIS:
            continue
        values = runs.kpis[goal.kpi].to_numpy()
        if np.isnan(values).any():
            found[GOAL_KPIS[goal.kpi]] = Summary(math.nan, math.nan, math.nan)
            continue
        met = int((values >= goal.value).sum() if goal.relation == ">=" else (values <= goal.value).sum())
        found[GOAL_KPIS[goal.kpi]] = Summary(met / values.size, *wilson(met, values.size, runs.level))
    return found


def _all(line: Line, replications: int, seed: int, processes: int | None, keep_log: bool) -> Iterator[_One]:
    """The replications in order."""
    workers = min(processes or os.cpu_count() or 1, replications)
    if workers == 1:
        plan = Plan.of(line)
        for replication in range(replications):
            yield _one(plan, seed, replication, keep_log)
        return
    # spawn: forking a process that has started threads (Numba, Arrow) may hang.
    executor = ProcessPoolExecutor(workers, get_context("spawn"), _start, (line, seed, keep_log))
    try:
        yield from executor.map(_work, range(replications))
        executor.shutdown()
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise


_task: tuple[Plan, int, bool] | None = None


def _start(line: Line, seed: int, keep_log: bool) -> None:
    """Prepares a worker process: the plan is made once. Ctrl-C is the parent's affair."""
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task = (Plan.of(line), seed, keep_log)


def _work(replication: int) -> _One:
    assert _task is not None
    plan, seed, keep_log = _task
    return _one(plan, seed, replication, keep_log)


def _one(plan: Plan, seed: int, replication: int, keep_log: bool) -> _One:
    log = run(plan, seed, replication)
    line = plan.line
    money = ledger(log, {pool.name: pool.contract for pool in line.pools}, line.currency)
    hours = -(-log.provenance.ended_at // HOUR_MS)
    return _One(kpis(log, money), money, curves(log, hours), log if keep_log else None)


def _aligned(all_curves: Sequence[Curves]) -> list[Curves]:
    """The curves on the hours of the longest one; what is past an end stays as it was."""
    longest = max(curve.hours.size for curve in all_curves)
    step = 1
    while (longest - 1) // step + 1 > MOST_HOURS:
        step *= 2
    count = -(-(longest - 1) // step) + 1
    at = np.arange(count) * step

    def taken(values: np.ndarray) -> np.ndarray:
        return np.pad(values, (0, max(0, int(at[-1]) + 1 - values.size)), mode="edge")[at]

    return [
        Curves(at, taken(curve.delivered), {stage: taken(wait) for stage, wait in curve.waiting.items()})
        for curve in all_curves
    ]
