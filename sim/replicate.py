"""Replications of a line: the same whoever runs them, extended where they stopped, and precise enough when asked."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .curves import Curves
from .engines import ENGINES, prepare
from .kept import Origin, read_kept, write_kept
from .line import Line
from .log import Log
from .processes import in_order
from .replication import Job, Lines, One, aligned, one
from .statistics import Floats, Summary, summarise, wilson
from .stopping import BATCH, Precision, Reached, over, reached, watched
from .store import write_log
from .witness import tell

DAY_MS = 24 * 3_600_000

GOAL_KPIS = {"finish_days": "p_deadline", "cost": "p_budget", "accuracy": "p_accuracy", "on_time": "p_on_time"}
"""The chance that answers for a goal on a KPI."""

READY, P_READY = "ready_days.", "p_ready."
"""The KPI of a window, and the chance that answers for it; the window's name follows."""

Progress = Callable[[int, int], None]
Looked = Callable[[tuple[Reached, ...]], None]


@dataclass(frozen=True, eq=False)
class Runs:
    """What replications of a line gave.

    kpis: a row a replication (index "replication"), a column a KPI.  ledger: the ledgers, stacked, with a column
    replication.  curves: one a replication, all on the same hours.  engine: what ran them, as their logs say.
    precision: what was asked for, None for a fixed number; reached: what there is of it.
    """

    line: Line
    seed: int
    level: float
    kpis: pd.DataFrame
    ledger: pd.DataFrame
    curves: list[Curves]
    engine: str = "fast"
    precision: Precision | None = None
    reached: tuple[Reached, ...] = ()


def replicate(
    line: Line,
    replications: int | Precision = 20,
    seed: int = 1,
    processes: int | None = None,
    log_to: Path | None = None,
    progress: Progress | None = None,
    level: float = 0.95,
    *,
    engine: str = ENGINES[0],
    executor: Executor | None = None,
    keep: Path | None = None,
    looked: Looked | None = None,
    lines: Lines | None = None,
) -> Runs:
    """Runs replications 0, 1, .. of a line. Who runs them, in what order, and what was kept before change no number.

    replications: how many, or how precise their means must be; whether they are, is in the runs.
    processes: 1 runs in this process; None goes over to a process a core when that is quicker.  executor: runs them
    instead, see in_order.  engine: one of ENGINES.
    keep: a file that finished replications are taken from and, every now and then, at the end and when interrupted,
    written to. It may hold more than are asked for. Raises as read_kept does.
    lines: a line for each replication, of the pools, stages and windows of `line`, which then stands for all of them.
    log_to: writes the logs of all replications there, in order; not with `keep`, which holds no logs.
    progress: called with (done, how many at most).  looked: called with what has been reached, at every look.
    """
    precision = replications if isinstance(replications, Precision) else None
    least, most = (
        (replications.least, replications.most) if isinstance(replications, Precision) else (replications, replications)
    )
    assert least >= 1
    assert processes is None or processes >= 1
    assert keep is None or log_to is None, "kept replications have no logs"
    prepare(engine)  # here, or every process would
    job = Job(line, seed, engine, keep_log=log_to is not None, lines=lines)
    ones: list[One] = []
    kept = _Kept(keep, Origin.of(line, seed, engine, lines)) if keep is not None else None
    stored = kept.stored[:most] if kept is not None else []

    def logs() -> Generator[Log, None, None]:
        """The logs, where they are kept, of the replications in order."""
        yet = in_order(one, job, most, processes, len(stored), executor, least)
        with closing(_after(stored, yet)) as found:
            for each in found:
                ones.append(replace(each, log=None))
                if progress is not None:
                    progress(len(ones), most)
                if kept is not None:
                    kept.extend(ones)
                if each.log is not None:
                    yield each.log
                if precision is not None and precision.looks_at(len(ones)):
                    so_far = _reached(line, ones, level)
                    if looked is not None:
                        looked(so_far)
                    if over(so_far, precision):
                        return

    try:
        with closing(logs()) as stream:
            if log_to is not None:
                write_log(log_to, stream)
            else:
                unasked = list(stream)
                assert not unasked
    finally:
        if kept is not None:
            kept.end(ones)
    tell(line, seed, engine, lines, len(ones))
    return runs_of(line, seed, ones, level, precision)


def runs_of(
    line: Line, seed: int, ones: Sequence[One], level: float = 0.95, precision: Precision | None = None
) -> Runs:
    """Replications 0, 1, .. of a line as runs: kept ones come back as those that were run."""
    tables = [each.ledger.assign(replication=number) for number, each in enumerate(ones)]
    stacked = pd.concat(tables, ignore_index=True)
    return Runs(
        line=line,
        seed=seed,
        level=level,
        kpis=pd.DataFrame([each.kpis for each in ones], index=pd.RangeIndex(len(ones), name="replication")),
        ledger=stacked[["replication", *stacked.columns.drop("replication")]],
        curves=aligned([each.curves for each in ones]),
        engine=ones[0].engine,
        precision=precision,
        reached=_reached(line, ones, level) if precision is not None else (),
    )


class _Kept:
    """The file of what is finished: what was in it, and when to write it again."""

    def __init__(self, path: Path, origin: Origin) -> None:
        self.path, self.origin = path, origin
        self.stored = read_kept(path, origin)
        self.count = len(self.stored)
        self.written = self.took = 0.0

    def extend(self, ones: list[One]) -> None:
        """Writes what is finished after each batch, unless that would take more than a tenth of all the time."""
        if len(ones) % BATCH == 0 and time.perf_counter() - self.written >= 9 * self.took:
            self.end(ones)

    def end(self, ones: list[One]) -> None:
        """Writes what is finished, if it is more than there was."""
        if len(ones) > self.count:
            begun = time.perf_counter()
            write_kept(self.path, self.origin, ones)
            self.count, self.written = len(ones), time.perf_counter()
            self.took = self.written - begun


def _after(stored: list[One], yet: Generator[One, None, None]) -> Generator[One, None, None]:
    with closing(yet):
        yield from stored
        yield from yet


def _reached(line: Line, ones: Sequence[One], level: float) -> tuple[Reached, ...]:
    """How precisely what is watched is known."""
    return reached({kpi: [each.kpis.get(kpi, math.nan) for each in ones] for kpi in watched(line)}, level)


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
